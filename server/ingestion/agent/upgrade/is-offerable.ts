import type { AgentRow } from '../agent-store.ts'
import type { AgentProgram } from './agent-program.ts'
import { isOpen, type UpgradeRow } from './upgrade-store.ts'

/** Programs that came from a city are known by their digest, the one that an agent was installed with by its version alone. */
export const runs = (agent: AgentRow, { version, sha256 }: AgentProgram): boolean =>
  agent.program_sha256 === null ? agent.version === version : agent.program_sha256 === sha256

/** Whether an agent may be told to run the city's program: it does not yet, and is not on its way there. */
export function isOfferable(program: AgentProgram | null, agent: AgentRow, last: UpgradeRow | undefined): program is AgentProgram {
  if (!program || agent.state !== 'active' || runs(agent, program)) return false
  return !(last && isOpen(last) && last.sha256 === program.sha256)
}
