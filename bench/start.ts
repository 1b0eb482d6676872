import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bench, median, round, spreadOf } from './bench.ts'
import { startCityProcess } from './city-process.ts'

/** Start of an existing demo city to healthy, and its memory after ten idle seconds. */
export const start: Bench = {
  name: 'start',
  figure: 'start to healthy on an existing city ≤ 4 s; idle memory ≤ 1 GiB',
  async run(rounds) {
    const home = mkdtempSync(join(tmpdir(), 'datong-bench-'))
    const first = await startCityProcess(home)
    await sleep(20_000)
    await first.stop()
    const seconds: number[] = []
    const bytes: number[] = []
    for (let round = 0; round < rounds; round++) {
      const city = await startCityProcess(home)
      seconds.push(city.secondsToHealthy)
      await sleep(10_000)
      bytes.push(city.residentBytes())
      await city.stop()
    }
    rmSync(home, { recursive: true, force: true })
    const gib = median(bytes) / 1024 ** 3
    return [
      {
        name: 'start',
        value: round(median(seconds)),
        unit: 's',
        goal: '≤ 4 s',
        pass: median(seconds) <= 4,
        rounds,
        spread: spreadOf(seconds),
        detail: { firstStartSeconds: round(first.secondsToHealthy) },
      },
      { name: 'start.memory', value: round(gib), unit: 'GiB', goal: '≤ 1 GiB', pass: gib <= 1, rounds, spread: spreadOf(bytes) },
    ]
  },
}
