import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { sessionCookie } from '../http/index.ts'

let city: TestCity
let steward: Client
before(async () => {
  city = await openTestCity()
  steward = await city.as('厦门市交通运输局', 'steward')
})
after(() => city.close())

const cookies = () => ({ [sessionCookie]: steward.token })
const systems = '/api/v1/catalog/systems'

test('every answer forbids framing, sniffing, foreign scripts and foreign origins', async () => {
  const origin = { origin: 'https://evil.example' }
  for (const url of ['/', '/healthz', '/openapi.json', systems, '/api/v1/nothing', '/api/v1/security/sessions/current']) {
    const { headers } = await city.app.http.inject({ url, headers: origin, cookies: cookies() })
    const policy = String(headers['content-security-policy']).split(';')
    for (const part of ["default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(part), `${url} ${part}`)
    assert.equal(headers['x-content-type-options'], 'nosniff', url)
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin', url)
    assert.equal(headers['access-control-allow-origin'], undefined, url)
    assert.equal(headers['x-powered-by'], undefined, url)
  }
})

test('the session cookie is out of reach of scripts and other sites', async () => {
  const answer = await steward.attempt('remove_session')
  const [cookie] = answer.cookies
  assert.deepEqual([cookie!.name, cookie!.httpOnly, cookie!.sameSite, cookie!.path], [sessionCookie, true, 'Strict', '/'])
  steward = await city.as('厦门市交通运输局', 'steward')
})

test('a forwarded address is not believed', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9' }
  const refused = await city.app.http.inject({ url: '/api/v1/security/audit', headers, cookies: cookies() })
  const entry = await city.app.plane.db
    .selectFrom('platform.event')
    .select(['address', 'actor_id'])
    .where('request_id', '=', refused.json().instance)
    .executeTakeFirstOrThrow()
  assert.deepEqual(entry, { address: '127.0.0.1', actor_id: steward.personId })
})

test('bodies that are no JSON, too large, polluting or of another type are refused in Chinese and do nothing', async () => {
  const send = (payload: string, type = 'application/json') =>
    city.app.http.inject({
      method: 'POST',
      url: systems,
      payload,
      cookies: cookies(),
      headers: { 'content-type': type, 'x-csrf-token': steward.csrf },
    })
  const cases: [string, string, number][] = [
    ['{"name":', 'application/json', 400],
    ['{"name":"x","__proto__":{"scopes":["*"]}}', 'application/json', 400],
    ['{"name":"x","constructor":{"prototype":{"a":1}}}', 'application/json', 400],
    ['{"name":"x","isAdmin":true}', 'application/json', 400],
    ['{"name":"x"}', 'text/plain', 400],
    ['name=x', 'application/x-www-form-urlencoded', 400],
    [JSON.stringify({ name: 'x'.repeat(5 * 1024 * 1024) }), 'application/json', 413],
  ]
  for (const [payload, type, status] of cases) {
    const answer = await send(payload, type)
    assert.equal(answer.statusCode, status, payload.slice(0, 60))
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/)
    assert.match(answer.json().detail, /[一-鿿]/)
  }
  assert.equal(({} as { scopes?: unknown }).scopes, undefined)
  assert.deepEqual((await steward.call('list_systems')).items, [])
})
