import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bench, median, round, spreadOf } from './bench.ts'
import { signIn, startCityProcess } from './city-process.ts'

/** The ledger page's one request at 425 systems, 7,591 entries, 150,000 items, as the bureau sees it. */
export const ledger: Bench = {
  name: 'ledger',
  figure: 'ledger page at --city full: server time ≤ 100 ms',
  async run(rounds) {
    const home = mkdtempSync(join(tmpdir(), 'datong-bench-'))
    const city = await startCityProcess(home, ['--city', 'full'])
    await sleep(60_000)
    const get = await signIn(city, 'shuju')
    const medians: number[] = []
    let numbers: unknown
    for (let done = 0; done < rounds; done++) {
      const times: number[] = []
      for (let call = 0; call < 20; call++) {
        const started = performance.now()
        const response = await get('/api/v1/assessment/ledger')
        const answer = (await response.json()) as { numbers?: unknown }
        times.push(performance.now() - started)
        if (!response.ok) throw new Error(JSON.stringify(answer))
        numbers = answer.numbers
      }
      medians.push(median(times))
    }
    await city.stop()
    rmSync(home, { recursive: true, force: true })
    const value = median(medians)
    return [
      {
        name: 'ledger',
        value: round(value),
        unit: 'ms',
        goal: '≤ 100 ms',
        pass: value <= 100,
        rounds,
        spread: spreadOf(medians),
        detail: { numbers },
      },
    ]
  },
}
