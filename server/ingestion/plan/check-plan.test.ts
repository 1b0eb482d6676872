import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Item } from '#contract/catalog.ts'
import { type LoadMode, MappingColumn, type SourceSettings } from '#contract/ingestion.ts'
import { AppError } from '../../kernel/errors.ts'
import { checkPlan } from './check-plan.ts'

const item = (code: string, isKey: boolean, dataType = 'C') => Item.parse({ code, name: code, dataType, length: 20, isKey })
const line = (code: string) => MappingColumn.parse({ item: code, column: code })

function problemsOf(mode: LoadMode, source: SourceSettings['kind'], { hasKey = true, isMapped = true, object = 'o' } = {}): string[] {
  try {
    checkPlan(
      { object, mode, mapping: [line('name'), line('changed'), ...(isMapped ? [line('id')] : [])] },
      [item('id', hasKey), item('name', false), item('changed', false, 'T')],
      source,
    )
    return []
  } catch (error) {
    assert.ok(error instanceof AppError)
    return error.details.problems!.map(({ pointer, code }) => `${pointer} ${code}`)
  }
}

const incremental: LoadMode = { kind: 'incremental', column: 'changed', windowSeconds: 0 }
const compare: LoadMode = { kind: 'compare', keepHistory: false }

test('a mode that finds rows by key needs a key that is mapped', () => {
  for (const mode of [incremental, compare]) {
    assert.deepEqual(problemsOf(mode, 'postgresql'), [])
    assert.deepEqual(problemsOf(mode, 'mysql', { hasKey: false }), ['/mode ingestion.key_needed'])
    assert.deepEqual(problemsOf(mode, 'mysql', { isMapped: false }), ['/mode ingestion.key_needed'])
  }
})

test('a mode fits its kind of source', () => {
  assert.deepEqual(problemsOf({ kind: 'append' }, 'folder', { hasKey: false }), [])
  assert.deepEqual(problemsOf({ kind: 'append' }, 'postgresql'), ['/mode ingestion.mode_unfit'])
  assert.deepEqual(problemsOf(compare, 'upload'), [])
  assert.deepEqual(problemsOf(incremental, 'folder'), ['/mode ingestion.mode_unfit'])
  assert.deepEqual(problemsOf({ kind: 'stream' }, 'folder'), ['/mode ingestion.mode_unfit'])
  // What is new in a table can be told, in a file it cannot; SQLite is copied as a whole.
  assert.deepEqual(problemsOf(incremental, 'folder', { object: 'lake/orders/' }), [])
  assert.deepEqual(problemsOf({ kind: 'append' }, 'folder', { object: 'lake/orders/' }), ['/mode ingestion.mode_unfit'])
  for (const source of ['s3', 'sftp', 'hdfs', 'http', 'sqlite', 'agent', 'kafka'] as const)
    assert.deepEqual(problemsOf(incremental, source), ['/mode ingestion.mode_unfit'])
  assert.deepEqual(problemsOf(compare, 'kafka'), ['/mode ingestion.mode_unfit'])
  assert.deepEqual(problemsOf({ kind: 'append' }, 'kafka'), [])
})

test('a watermark is a column that is mapped to a date, a time or a number; only times have a window', () => {
  assert.deepEqual(problemsOf({ ...incremental, column: 'other' }, 'postgresql'), ['/mode/column ingestion.watermark_unmapped'])
  assert.deepEqual(problemsOf({ ...incremental, column: 'name' }, 'postgresql'), ['/mode/column ingestion.watermark_type'])
  assert.deepEqual(problemsOf({ ...incremental, windowSeconds: 60 }, 'postgresql'), [])
})
