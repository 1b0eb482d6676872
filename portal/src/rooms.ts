import type { PortalRoom } from './shell/index.ts'
import { assessmentRoom } from './assessment/room.ts'

/** The rooms in the order of the menu. */
export const rooms: PortalRoom[] = [assessmentRoom]
