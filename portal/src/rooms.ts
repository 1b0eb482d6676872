import { assessmentRoom } from './assessment/room.ts'
import { catalogRoom } from './catalog/room.ts'
import { dutyRoom } from './duty/room.ts'
import { ingestionRoom } from './ingestion/room.ts'
import { securityRoom } from './security/room.ts'
import { sharingRoom } from './sharing/room.ts'
import type { PortalRoom } from './shell/index.ts'

/** The rooms in the order of the menu. */
export const rooms: PortalRoom[] = [assessmentRoom, catalogRoom, ingestionRoom, sharingRoom, dutyRoom, securityRoom]
