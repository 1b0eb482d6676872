import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../kernel/errors.ts'
import { openSealer } from './seal.ts'

const folder = mkdtempSync(join(tmpdir(), 'datong-seal-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const isUnreadable = (error: unknown) => error instanceof AppError && error.code === 'security.secret_unreadable'

test('a sealed text opens again, also after a restart, and no two seals are alike', async () => {
  const sealer = await openSealer(folder)
  const again = await openSealer(folder)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, purpose) => {
      const sealed = sealer.seal(purpose, text)
      assert.equal(again.open(purpose, sealed), text)
      assert.notEqual(sealer.seal(purpose, text), sealed)
    }),
  )
  assert.equal(statSync(join(folder, 'node.key')).mode & 0o777, 0o600)
})

test('another purpose, another key and any changed character are refused, never an empty text', async () => {
  const sealer = await openSealer(folder)
  const other = await openSealer(join(folder, 'other'))
  const sealed = sealer.seal('source:1', '口令')
  assert.throws(() => sealer.open('source:2', sealed), isUnreadable)
  assert.throws(() => other.open('source:1', sealed), isUnreadable)
  assert.throws(() => sealer.open('source:1', ''), isUnreadable)
  assert.throws(() => sealer.open('source:1', sealed.slice(0, 20)), isUnreadable)
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
    // The last character of base64url may carry bits that no byte uses.
    if (Buffer.from(changed.slice(11), 'base64url').equals(Buffer.from(sealed.slice(11), 'base64url')) && at > 10) continue
    assert.throws(() => sealer.open('source:1', changed), isUnreadable, `character ${at}`)
  }
})

test('derived keys differ by purpose, holder and node, and stay the same', async () => {
  const [one, other] = [await openSealer(folder), await openSealer(join(folder, 'other'))]
  const keys = [one.derive('mask', 'a'), one.derive('mask', 'b'), one.derive('link', 'a'), other.derive('mask', 'a')]
  assert.equal(new Set(keys).size, 4)
  assert.equal(one.derive('mask', 'a'), keys[0])
})

test('a key that others can read, or a damaged one, stops the start with what to do', async () => {
  const path = join(folder, 'node.key')
  chmodSync(path, 0o644)
  await assert.rejects(openSealer(folder), /chmod 600/)
  chmodSync(path, 0o600)
  writeFileSync(path, 'short')
  await assert.rejects(openSealer(folder), /damaged/)
})
