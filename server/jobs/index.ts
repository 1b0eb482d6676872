export { job, openQueue, type Queue } from './jobs.ts'
export type { Room } from './room.ts'
