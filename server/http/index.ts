export { type BoundRoute, bind, type Handlers, type Transport } from './bind.ts'
export { toFieldProblems } from './problem.ts'
export { openHttp, sessionCookie } from './server.ts'
export { type InProcessClient, inProcessClient } from './in-process-client.ts'
