import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestCity } from '#testing/city.ts'
import { sessionCookie } from '../http/index.ts'

test('behind a proxy that is named, the address it forwards is the caller', async () => {
  const behind = await openTestCity({ env: { DATONG_TRUSTED_PROXIES: '127.0.0.1' } })
  const client = await behind.as('厦门市交通运输局', 'steward')
  const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' }
  const refused = await behind.app.http.inject({
    url: '/api/v1/security/audit',
    headers,
    cookies: { [sessionCookie]: client.token },
  })
  const entry = await behind.app.plane.db
    .selectFrom('platform.event')
    .select('address')
    .where('request_id', '=', refused.json().instance)
    .executeTakeFirstOrThrow()
  // What stands before the proxy's own word anybody could have written.
  assert.equal(entry.address, '203.0.113.9')
  await behind.close()
})
