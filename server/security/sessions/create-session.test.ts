import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestCity, type TestCity } from '#testing/city.ts'
import { hashPassword } from './password.ts'

let city: TestCity
before(async () => {
  city = await openTestCity()
})
after(() => city.close())

test('create_session: the right password signs in, five wrong ones lock', async () => {
  const { personId, org } = await city.as('厦门市交通运输局', 'steward')
  await city.app.plane.db
    .updateTable('security.person')
    .set({ login_key: 'zhao', login_name: 'Zhao', password_hash: await hashPassword('correct horse battery') })
    .where('id', '=', personId)
    .execute()
  const session = await city.visitor.call('create_session', { body: { loginName: 'ＺＨＡＯ', password: 'correct horse battery' } })
  assert.equal(session.org.id, org.id)
  assert.ok(session.scopes.includes('catalog:write'))
  for (let n = 0; n < 5; n++)
    assert.equal((await city.visitor.attempt('create_session', { body: { loginName: 'zhao', password: 'wrong' } })).statusCode, 401)
  const refused = await city.visitor.attempt('create_session', { body: { loginName: 'zhao', password: 'correct horse battery' } })
  assert.equal(refused.statusCode, 429)
  assert.match(refused.json().detail, /15 分钟/)
})
