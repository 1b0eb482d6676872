import type { ComponentType } from 'react'
import type { PortalPage as PageName } from '#contract/portal-paths.ts'
import type { Scope } from '#contract/scopes.ts'
import type { Words } from '../ui/index.ts'

/** One page of a room, as data: the router, the side menu and the home page are made from it. */
export interface PortalPage {
  /** Its address is `portalPaths[page]`. */
  page: PageName
  title: Words
  needs: Scope | 'session'
  /** `work`: among the lists of "my work"; `room`: under the room's own name. Without it: reached by links only. */
  menu?: 'work' | 'room'
  /** What a page of the room's menu is called where it stands among the lists of "my work" too. */
  workTitle?: Words
  /** Keys of `get_my_work` whose sum stands beside the menu item. */
  counts?: string[]
  load: () => Promise<ComponentType>
}

/** A room of the portal; same name and words as the server's. */
export interface PortalRoom {
  name: string
  title: Words
  pages: PortalPage[]
}
