import type { PortalRoom } from '../shell/index.ts'
import { wordsOf } from '../ui/index.ts'
import { dutyText } from './text.ts'

export const dutyRoom: PortalRoom = {
  name: 'duty',
  title: wordsOf(dutyText, (t) => t.room),
  pages: [
    {
      page: 'clocks',
      title: wordsOf(dutyText, (t) => t.clocks.title),
      needs: 'assessment:read',
      menu: 'room',
      load: () => import('./clock-list-page.tsx').then((module) => module.ClockListPage),
    },
    {
      page: 'calendar',
      title: wordsOf(dutyText, (t) => t.calendar.title),
      needs: 'session',
      menu: 'room',
      load: () => import('./calendar-page.tsx').then((module) => module.CalendarPage),
    },
    {
      page: 'profile',
      title: wordsOf(dutyText, (t) => t.profile.title),
      needs: 'session',
      menu: 'room',
      load: () => import('./profile-page.tsx').then((module) => module.ProfilePage),
    },
  ],
}
