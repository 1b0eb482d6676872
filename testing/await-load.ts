import { setTimeout as sleep } from 'node:timers/promises'
import type { Load } from '../contract/ingestion.ts'
import type { Client } from './city.ts'

/** Waits until a load has ended, as somebody does who watches the page: what is unavailable now is asked for again. */
export async function awaitLoad(client: Client, loadId: string, seconds = 60): Promise<Load> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
    const load = await client.call('get_load', { params: { loadId } }).catch((error: Error & { status?: number }) => {
      if (error.status !== 503) throw error
    })
    if (load && ['succeeded', 'failed', 'cancelled'].includes(load.state)) return load
  }
  throw new Error(`the load ${loadId} did not end within ${seconds} s`)
}

export async function runPlan(client: Client, planId: string): Promise<Load> {
  const { id } = await client.call('start_load', { params: { planId } })
  return awaitLoad(client, id)
}
