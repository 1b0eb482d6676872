import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFile } from './check-boundaries.ts'

const planted: [string, string, string][] = [
  ['a later room', 'server/catalog/a.ts', "import { x } from '../sharing/index.ts'"],
  ['a sibling', 'server/ingestion/a.ts', "import type { X } from '../sharing/index.ts'"],
  ['behind the index', 'server/duty/a.ts', "import { x } from '../security/seal.ts'"],
  ['a re-export', 'server/duty/a.ts', "export { x } from '../security/seal.ts'"],
  ['a dynamic import', 'server/duty/a.ts', "await import('../catalog/index.ts')"],
  ['a driver', 'server/catalog/a.ts', "import { sql } from 'kysely'"],
  ['the server in the portal', 'portal/src/shell/a.ts', "import { x } from '../../../server/kernel/ids.ts'"],
  ['the contract looking out', 'contract/a.ts', "import { x } from '../server/kernel/ids.ts'"],
  ['test code', 'server/duty/a.ts', "import { x } from '#testing/city.ts'"],
  ['rows of the lake', 'server/ingestion/a.ts', 'const rows = await ctx.lake.rows<Row>(sql)'],
  ['bytes of the lake', 'server/app.ts', 'lake.bytes(sql, {}, format)'],
  ['a forged grant', 'server/sharing/a.ts', "import type { Grant } from '../kernel/grant.ts'\nconst all = {} as unknown as Grant"],
]
const allowed: [string, string][] = [
  ['server/ingestion/a.ts', "import { x } from '../catalog/index.ts'\nimport type { sql } from 'kysely'\nawait ctx.lake.measure(sql)"],
  ['server/security/grants/read-lake.ts', 'await lake.rows(sql)'],
  ['server/security/a.test.ts', "import fc from 'fast-check'\nimport { x } from '#testing/city.ts'"],
]

test('every planted violation is found', () => {
  for (const [what, path, text] of planted) assert.equal(checkFile(path, text).length, 1, what)
})

test('what the house allows is not reported', () => {
  for (const [path, text] of allowed) assert.deepEqual(checkFile(path, text), [])
})
