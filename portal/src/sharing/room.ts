import { workLists } from '#contract/assessment.ts'
import type { PortalRoom } from '../shell/index.ts'
import { wordsOf } from '../ui/index.ts'
import { grantText } from './grant/text.ts'
import { keyText } from './key/text.ts'
import { requestText } from './request/text.ts'
import { sharingText } from './text.ts'

export const sharingRoom: PortalRoom = {
  name: 'sharing',
  title: wordsOf(sharingText, (t) => t.room),
  pages: [
    {
      page: 'requests_to_handle',
      title: wordsOf(requestText, (t) => t.toHandle.title),
      needs: 'sharing:read',
      load: () => import('./request/request-lists.tsx').then((module) => module.RequestsToHandlePage),
    },
    {
      page: 'my_requests',
      title: wordsOf(requestText, (t) => t.mine.title),
      needs: 'sharing:apply',
      menu: 'work',
      counts: ['my_requests'],
      load: () => import('./request/request-lists.tsx').then((module) => module.MyRequestsPage),
    },
    {
      page: 'requests',
      title: wordsOf(requestText, (t) => t.all.title),
      needs: 'sharing:read',
      menu: 'room',
      load: () => import('./request/request-lists.tsx').then((module) => module.RequestsPage),
    },
    {
      page: 'new_request',
      title: wordsOf(requestText, (t) => t.apply.title),
      needs: 'sharing:apply',
      load: () => import('./request/apply-page.tsx').then((module) => module.ApplyPage),
    },
    {
      page: 'request',
      title: wordsOf(sharingText, (t) => t.number),
      needs: 'sharing:read',
      load: () => import('./request/request-page.tsx').then((module) => module.RequestPage),
    },
    {
      page: 'grants',
      title: wordsOf(grantText, (t) => t.list.title),
      needs: 'sharing:read',
      menu: 'room',
      workTitle: workLists.my_grants,
      load: () => import('./grant/grant-list-page.tsx').then((module) => module.GrantListPage),
    },
    {
      page: 'grant',
      title: wordsOf(sharingText, (t) => t.grantNumber),
      needs: 'sharing:read',
      load: () => import('./grant/grant-page.tsx').then((module) => module.GrantPage),
    },
    {
      page: 'keys',
      title: wordsOf(keyText, (t) => t.title),
      needs: 'sharing:read',
      menu: 'room',
      load: () => import('./key/key-list-page.tsx').then((module) => module.KeyListPage),
    },
  ],
}
