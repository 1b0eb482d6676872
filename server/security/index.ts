import type { Room } from '../jobs/index.ts'
import { boundRoutes } from './routes.ts'
import { sweepSessionsJob } from './sessions/sweep-sessions.ts'

export { admitSession } from './admit.ts'
export { checkCondition } from './grants/check-condition.ts'
export { openKeyReader } from './grants/look-up-by-key.ts'
export { mintGrant } from './grants/mint-grant.ts'
export { openLakeReader } from './grants/read-lake.ts'
export { recordRefusal } from './record-refusal.ts'
export { openSealer, type Sealer } from './seal.ts'
export { loginKey } from './sessions/login-attempts.ts'
export { hashPassword, makeOneTimePassword } from './sessions/password.ts'
export { startSession } from './sessions/start-session.ts'

export const openSecurity = (): Room => ({ routes: boundRoutes, jobs: [sweepSessionsJob] })
