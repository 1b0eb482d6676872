import type { PortalRoom } from '../shell/index.ts'
import { wordsOf } from '../ui/index.ts'
import { editorText } from './editor/text.ts'
import { entryText } from './entry/text.ts'
import { exchangeText } from './exchange/text.ts'
import { revisionText } from './revision/text.ts'
import { searchText } from './search/text.ts'
import { systemText } from './system/text.ts'
import { catalogText } from './text.ts'

export const catalogRoom: PortalRoom = {
  name: 'catalog',
  title: wordsOf(catalogText, (t) => t.room),
  pages: [
    {
      page: 'my_revisions',
      title: wordsOf(revisionText, (t) => t.mine.title),
      needs: 'catalog:write',
      menu: 'work',
      load: () => import('./revision/my-revisions-page.tsx').then((module) => module.MyRevisionsPage),
    },
    {
      page: 'search',
      title: wordsOf(searchText, (t) => t.title),
      needs: 'catalog:read',
      menu: 'room',
      load: () => import('./search/search-page.tsx').then((module) => module.SearchPage),
    },
    {
      page: 'entries',
      title: wordsOf(entryText, (t) => t.list.title),
      needs: 'catalog:read',
      menu: 'room',
      load: () => import('./entry/entry-list-page.tsx').then((module) => module.EntryListPage),
    },
    {
      page: 'systems',
      title: wordsOf(systemText, (t) => t.list.title),
      needs: 'catalog:read',
      menu: 'room',
      load: () => import('./system/system-list-page.tsx').then((module) => module.SystemListPage),
    },
    {
      page: 'new_entry',
      title: wordsOf(editorText, (t) => t.create.title),
      needs: 'catalog:write',
      menu: 'room',
      load: () => import('./editor/create-entry-page.tsx').then((module) => module.CreateEntryPage),
    },
    {
      page: 'import_entries',
      title: wordsOf(exchangeText, (t) => t.title),
      needs: 'catalog:write',
      menu: 'room',
      load: () => import('./exchange/import-entries-page.tsx').then((module) => module.ImportEntriesPage),
    },
    {
      page: 'revisions_to_handle',
      title: wordsOf(revisionText, (t) => t.toHandle.title),
      needs: 'catalog:read',
      load: () => import('./revision/revisions-to-handle-page.tsx').then((module) => module.RevisionsToHandlePage),
    },
    {
      page: 'entry',
      title: wordsOf(entryText, (t) => t.page.tabs.content),
      needs: 'catalog:read',
      load: () => import('./entry/entry-page.tsx').then((module) => module.EntryPage),
    },
    {
      page: 'revision',
      title: wordsOf(revisionText, (t) => t.page.content),
      needs: 'catalog:read',
      load: () => import('./revision/revision-page.tsx').then((module) => module.RevisionPage),
    },
    {
      page: 'edit_revision',
      title: wordsOf(revisionText, (t) => t.page.edit),
      needs: 'catalog:write',
      load: () => import('./editor/edit-revision-page.tsx').then((module) => module.EditRevisionPage),
    },
    {
      page: 'system',
      title: wordsOf(systemText, (t) => t.list.title),
      needs: 'catalog:read',
      load: () => import('./system/system-page.tsx').then((module) => module.SystemPage),
    },
    {
      page: 'new_system',
      title: wordsOf(systemText, (t) => t.create.title),
      needs: 'catalog:write',
      load: () => import('./system/create-system-page.tsx').then((module) => module.CreateSystemPage),
    },
  ],
}
