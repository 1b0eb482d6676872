import assert from 'node:assert/strict'
import { test } from 'node:test'
import { portalPath } from './portal-paths.ts'

test('portal paths: parameters go into the path, the rest into the query, nothing undefined anywhere', () => {
  assert.equal(portalPath('ledger'), '/assessment/ledger')
  assert.equal(portalPath('edit_revision', { revisionId: 'a/b' }), '/catalog/revisions/a%2Fb/edit')
  assert.equal(portalPath('entries', { problem: 'past_cycle', orgId: undefined }), '/catalog/entries?problem=past_cycle')
  assert.equal(portalPath('entry', { entryId: 'x', tab: 'versions' }), '/catalog/entries/x?tab=versions')
})
