import type { PortalRoom } from '../shell/index.ts'
import { wordsOf } from '../ui/index.ts'
import { assessmentText } from './text.ts'

export const assessmentRoom: PortalRoom = {
  name: 'assessment',
  title: wordsOf(assessmentText, (t) => t.room),
  pages: [
    {
      page: 'my_work',
      title: wordsOf(assessmentText, (t) => t.work.title),
      needs: 'session',
      menu: 'work',
      counts: ['revisions_to_handle', 'requests_to_handle'],
      load: () => import('./my-work-page.tsx').then((module) => module.MyWorkPage),
    },
    {
      page: 'ledger',
      title: wordsOf(assessmentText, (t) => t.ledger.title),
      needs: 'assessment:read',
      menu: 'room',
      load: () => import('./ledger-page.tsx').then((module) => module.LedgerPage),
    },
  ],
}
