// Child of share-keyed.ts: 32 connections that call for keys. Signs before it starts, so that both sides cost the client the same.
import autocannon from 'autocannon'
import { signCall } from '../../testing/sign-call.ts'

export interface Round {
  url: string
  path: string
  key: { accessKey: string; secret: string }
  calls: number
  rows: number
}
export interface RoundResult {
  perSecond: number
  p50Ms: number
  p99Ms: number
  errors: number
}

const connections = 32
/** As the tables are filled. */
const personId = (number: number) => `35${String(number).padStart(16, '0')}`

process.on('message', async ({ url, path, key, calls, rows }: Round) => {
  const share = Math.ceil(calls / connections)
  let signed = 0
  const sign = () => {
    const target = `${path}?id=eq.${personId((++signed * 7_919_777) % rows)}`
    return { method: 'GET' as const, path: target, headers: signCall(key, target) }
  }
  const slices = Array.from({ length: connections }, () => Array.from({ length: share }, sign))
  const run = autocannon({
    url,
    connections,
    amount: share * connections,
    setupClient: (client) => client.setRequests(slices.pop()!),
    timeout: 30,
  })
  const result = await run
  const answer: RoundResult = {
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.non2xx + result.timeouts,
  }
  process.send!(answer)
})
process.send!({ ready: true })
