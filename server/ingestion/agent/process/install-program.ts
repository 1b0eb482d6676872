import type { ProgramOrder, UpgradeFailure, UpgradeReport } from '#contract/ingestion/agent-upgrade.ts'
import { isVouched } from '../upgrade/vouch.ts'
import { Altered, type CityClient, LineCut, Refused } from './city-client.ts'
import { dropNote, programPath, readNote, writeNote } from './program-folder.ts'
import type { AgentOptions } from './run-agent.ts'

type Installing = Pick<AgentOptions, 'home' | 'sha256' | 'log' | 'signal'> & { city: CityClient }

const report = (city: CityClient, upgradeId: string, said: UpgradeReport) =>
  city.send('POST', `/agent/v1/upgrades/${upgradeId}/report`, said)

/** Says what became of the last upgrade, until the city has heard it. @throws LineCut */
export async function tellOutcome({ city, home, log }: Installing): Promise<void> {
  const outcome = await readNote(home, 'outcome')
  if (!outcome) return
  const { upgradeId, ...said } = outcome
  try {
    await report(city, upgradeId, said)
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) throw error
    log.warn({ err: error }, 'the city does not take the outcome of an upgrade')
  }
  await dropNote(home, 'outcome')
}

/**
 * Downloads the program that the city ordered, if the city's key for this agent says so and its bytes are those.
 * @returns whether it lies there to be tried: then this program has to end
 * @throws LineCut: the next order begins anew
 */
export async function installProgram(agent: Installing, order: ProgramOrder): Promise<boolean> {
  const { city, home, signal, log } = agent
  const { upgradeId, version, sha256, bytes } = order
  const accepted = await readNote(home, 'accepted')
  // An order that was kept back and is shown again would bring an old program back.
  if (sha256 === agent.sha256 || (accepted && upgradeId <= accepted.upgradeId)) return false
  const fail = async (code: UpgradeFailure['code'], detail = '') => {
    log.error({ order, detail }, code)
    await report(city, upgradeId, { event: 'fail', error: { code, params: { detail } } })
    return false
  }
  try {
    if (!city.cityKey || !isVouched(city.cityKey, city.agentId, order)) return await fail('ingestion.program_not_vouched')
    await report(city, upgradeId, { event: 'download' })
    await city.fetchFile(`/agent/v1/upgrades/${upgradeId}/program`, { path: programPath(home, sha256), bytes, sha256 }, signal)
    await writeNote(home, 'candidate', { upgradeId, version, sha256, tries: 0 })
  } catch (error) {
    if (signal.aborted || error instanceof LineCut || (error instanceof Refused && error.status === 401)) throw error
    if (error instanceof Altered) return await fail('ingestion.program_altered')
    if (!(error instanceof Refused)) return await fail('ingestion.program_not_kept', (error as Error).message.slice(0, 300))
    log.warn({ err: error }, 'the city does not give the program')
    return false
  }
  await report(city, upgradeId, { event: 'install' }).catch((error) => log.warn({ err: error }, 'the new program is tried untold'))
  return true
}
