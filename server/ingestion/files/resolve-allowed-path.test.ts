import assert from 'node:assert/strict'
import { link, mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { resolveAllowedPath } from './resolve-allowed-path.ts'

let base = ''
let allowed = ''
before(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'datong-path-')))
  allowed = join(base, 'in')
  await mkdir(join(allowed, '民政局'), { recursive: true })
  await mkdir(join(base, 'in-other'))
  for (const path of ['secret.csv', 'in-other/x.csv', 'in/a.csv', 'in/民政局/街道.csv', `in/${'é'.normalize('NFD')}.csv`])
    await writeFile(join(base, path), 'x')
  await symlink(join(base, 'secret.csv'), join(allowed, 'link.csv'))
  await symlink(base, join(allowed, 'up'))
  await symlink(join(allowed, 'a.csv'), join(allowed, 'inner.csv'))
  await symlink(allowed, join(base, 'alias'))
  await link(join(base, 'secret.csv'), join(allowed, 'hard.csv'))
})

const refused = { code: 'file.path_not_allowed', kind: 'not_found' }

test('a file inside is found by relative or absolute path, in either spelling, through a link that stays inside', async () => {
  for (const [named, found] of [
    ['a.csv', 'a.csv'],
    ['民政局/街道.csv', '民政局/街道.csv'],
    ['./民政局/../a.csv', 'a.csv'],
    ['inner.csv', 'a.csv'],
    ['é.csv'.normalize('NFC'), 'é.csv'.normalize('NFD')],
  ]) {
    assert.equal(await resolveAllowedPath([allowed], named!), join(allowed, found!))
  }
  assert.equal(await resolveAllowedPath([join(base, 'alias')], join(base, 'alias/a.csv')), join(allowed, 'a.csv'))
  assert.equal(await resolveAllowedPath([join(base, 'missing'), allowed], 'a.csv'), join(allowed, 'a.csv'))
})

test('what leads outside is refused like what is not there', async () => {
  const names = [
    '../secret.csv',
    'link.csv',
    'up/secret.csv',
    'hard.csv',
    '民政局/../../secret.csv',
    '../in-other/x.csv',
    join(base, 'secret.csv'),
    '/etc/passwd',
    '/proc/self/environ',
    '..\\secret.csv',
    '%2e%2e/secret.csv',
    '..%c0%afsecret.csv',
    'a.csv\0.txt',
    'a.csv\n',
    '',
    '.',
    '..',
    '/',
    '民政局',
    'con',
    'NUL.csv',
    'x/../aux',
    'a'.repeat(5000),
    `${'../'.repeat(500)}etc/passwd`,
    '\ud800',
  ]
  for (const name of names) await assert.rejects(resolveAllowedPath([allowed], name), refused, JSON.stringify(name.slice(0, 40)))
  await assert.rejects(resolveAllowedPath([], 'a.csv'), refused)
})

test('no text whatever resolves to a file outside', async () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '//',
    '\\',
    'a.csv',
    'in',
    'up',
    'link.csv',
    'hard.csv',
    'secret.csv',
    '民政局',
    '%2e',
    '\0',
    ' ',
    base,
    allowed,
    'é',
  )
  const inside = new Set([join(allowed, 'a.csv'), join(allowed, '民政局/街道.csv')])
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 8 }),
      fc.constantFrom('/', ''),
      async (pieces, glue) => {
        const found = await resolveAllowedPath([allowed], pieces.join(glue)).catch((error) => {
          assert.equal(error.code, refused.code)
        })
        if (found !== undefined) assert.ok(inside.has(found), found)
      },
    ),
    { numRuns: 3000 },
  )
})
