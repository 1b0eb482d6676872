import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceStructure, StructureColumn } from '#contract/ingestion/drift.ts'
import { compareStructures } from './compare-structures.ts'
import { isWidening } from './widen-type.ts'

const column = (name: string, more: Partial<StructureColumn> = {}): StructureColumn => ({
  name,
  type: 'text',
  nullable: true,
  isKey: false,
  comment: '',
  identity: null,
  looksLike: '',
  ...more,
})
const table = (...columns: StructureColumn[]): SourceStructure => ({ kind: 'table', columns, stamp: null })
const file = (...columns: StructureColumn[]): SourceStructure => ({ kind: 'file', columns, stamp: null })
const mapping = ['id', 'name', 'amount'].map((item) => ({ item, column: item }))
const told = (before: SourceStructure, after: SourceStructure) =>
  compareStructures(before, after, mapping).map(({ kind, column, before, after, effect }) =>
    [kind, column, before, after, effect].join(' '),
  )
const ids = (...names: string[]) => table(...names.map((name, i) => column(name, { identity: `16384.${i + 1}` })))

test('the same structure has no changes', () => {
  assert.deepEqual(told(ids('id', 'name'), ids('id', 'name')), [])
})

test('two columns that swap their names are two renamings where the database knows its columns', () => {
  const swapped = table(column('name', { identity: '16384.1' }), column('id', { identity: '16384.2' }))
  assert.deepEqual(told(ids('id', 'name'), swapped), ['renamed id id name breaking', 'renamed name name id breaking'])
})

test('where it does not, they are a new order that a person must judge; in a file the names go with the data', () => {
  const columns = [column('id'), column('name')] as const
  assert.deepEqual(told(table(...columns), table(columns[1], columns[0])), ['reordered  id, name name, id breaking'])
  assert.deepEqual(told(file(...columns), file(columns[1], columns[0])), ['reordered  id, name name, id none'])
})

test('a column in the place of another of the same type is likely a renaming, one in another place of another type is not', () => {
  const renamed = compareStructures(file(column('id'), column('name')), file(column('id'), column('full_name')), mapping)
  assert.deepEqual(
    renamed.map(({ kind, after, isCertain }) => [kind, after, isCertain]),
    [['renamed', 'full_name', false]],
  )
  assert.deepEqual(told(table(column('id'), column('name')), table(column('id'), column('other'), column('x', { type: 'int' }))), [
    'added x  int compatible',
    'renamed name name other breaking',
  ])
  const unlike = [column('name', { looksLike: 'text' }), column('born', { looksLike: 'date' })] as const
  assert.deepEqual(told(file(column('id'), unlike[0]), file(column('id'), unlike[1])), [
    'dropped name text  breaking',
    'added born  text compatible',
  ])
})

test('a column that was dropped and made anew under its name is not the same column', () => {
  const anew = table(column('id', { identity: '16384.1' }), column('name', { identity: '16384.3' }))
  assert.deepEqual(told(ids('id', 'name'), anew), ['dropped name text  breaking', 'added name  text compatible'])
  // A table that was made anew has its columns by name.
  const other = table(column('name', { identity: '17000.1' }), column('id', { identity: '17000.2' }))
  assert.deepEqual(told(ids('id', 'name'), other), ['reordered  id, name name, id none'])
})

test('types, keys, nulls and comments, with what each does to the mapped items', () => {
  const before = table(
    column('id', { isKey: true, nullable: false }),
    column('name', { type: 'character varying(40)' }),
    column('amount', { type: 'numeric(10,2)' }),
    column('note', { type: 'integer' }),
  )
  const after = table(
    column('id', { nullable: true, comment: '编号' }),
    column('name', { type: 'character varying(80)', isKey: true }),
    column('amount', { type: 'text' }),
    column('note', { type: 'date' }),
  )
  assert.deepEqual(told(before, after), [
    'nullable id NOT NULL NULL compatible',
    'comment id  编号 none',
    'retyped name character varying(40) character varying(80) compatible',
    'retyped amount numeric(10,2) text breaking',
    'retyped note integer date compatible',
    'key  id name breaking',
  ])
})

test('a type is wider only where every value of the old one stays what it was', () => {
  for (const [before, after, expected] of [
    ['integer', 'bigint', true],
    ['bigint', 'integer', false],
    ['numeric(10,2)', 'numeric(12,2)', true],
    ['numeric(10,2)', 'numeric(10,4)', false],
    ['numeric(10,2)', 'numeric', true],
    ['character varying(40)', 'text', true],
    ['text', 'character varying(40)', false],
    ['varchar(40)', 'varchar(39)', false],
    ['integer', 'text', false],
    ['int unsigned', 'int', false],
    ['date', 'timestamp without time zone', false],
  ] as const)
    assert.equal(isWidening(before, after), expected, `${before} → ${after}`)
})
