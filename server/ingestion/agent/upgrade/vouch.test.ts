import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openSealer } from '../../../security/index.ts'
import { cityKeyFor, isVouched, vouchFor } from './vouch.ts'

const folder = mkdtempSync(join(tmpdir(), 'datong-vouch-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('an agent believes its own city’s order for itself, and no other word of it', async () => {
  const sealer = await openSealer(join(folder, 'city'))
  const [agent, other] = ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002']
  const parts = { upgradeId: '019a0000-0000-7000-8000-000000000003', version: '1.2.3', sha256: 'ab'.repeat(32), bytes: 1000 }
  const order = vouchFor(sealer, agent, parts)
  const key = cityKeyFor(sealer, agent)
  assert.equal(isVouched(key, agent, order), true)
  // The city has the same key after a restart.
  assert.equal(cityKeyFor(await openSealer(join(folder, 'city')), agent), key)
  for (const altered of [{ upgradeId: other }, { version: '1.2.4' }, { sha256: 'ba'.repeat(32) }, { bytes: 1001 }, { signature: '' }])
    assert.equal(isVouched(key, agent, { ...order, ...altered }), false, JSON.stringify(altered))
  assert.equal(isVouched(key, other, order), false)
  assert.equal(isVouched(key, agent, vouchFor(sealer, other, parts)), false)
  assert.equal(isVouched(key, agent, vouchFor(await openSealer(join(folder, 'another')), agent, parts)), false)
})
