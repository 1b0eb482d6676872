import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { type RouteName, routes } from '#contract/index.ts'
import type { RouteSpec } from '#contract/route.ts'
import { type Role, roles } from '#contract/security.ts'
import { innerIds, objectBuilders, platformIds, signedIds } from '#testing/authorisation-objects.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { mountedRoutes } from '#testing/mounted-routes.ts'
import { sampleOf } from '#testing/sample-of.ts'
import { inProcessClient } from '../http/index.ts'
import { newId } from '../kernel/ids.ts'
import { sql } from '../store/index.ts'

// Every route that the server answers × every kind of caller. Routes come from the contract and the running server, so a new
// one is covered the moment it is bound.

let city: TestCity
let bound: [RouteName, RouteSpec][]
before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  bound = (Object.entries(routes) as [RouteName, RouteSpec][]).filter(([, { method, path }]) =>
    city.app.http.hasRoute({ method, url: path }),
  )
})
after(() => city.close())

const paramsOf = ({ path }: RouteSpec) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)
/** Acceptable input, so that only the caller can be at fault. */
const inputOf = (spec: RouteSpec, params?: Record<string, string>) => ({
  params: (params ?? sampleOf(spec.params)) as never,
  query: sampleOf(spec.query) as never,
  body: sampleOf(spec.body) as never,
})
const guarded = () => bound.filter(([, { needs }]) => needs !== 'public' && needs !== 'signature')
const rolesWith = ({ needs }: RouteSpec) =>
  (Object.keys(roles) as Role[]).filter((role) => (roles[role].scopes as readonly string[]).includes(needs))

/** Everything that is stored, but for what a refusal itself writes: its entry, a counted attempt, an ended session. */
async function digest(): Promise<string> {
  const db = city.app.plane.db
  const { rows: tables } = await sql<{ name: string }>`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not like 'pg%' and table_schema <> 'information_schema'
      and table_schema || '.' || table_name not in ('platform.event', 'platform.chain_head', 'security.login_attempt', 'security.session')
    order by 1`.execute(db)
  const parts: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ sum: string }>`
      select count(*) || ':' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${sql.table(name)} t`.execute(db)
    parts.push(`${name} ${rows[0]!.sum}`)
  }
  return parts.join('\n')
}

type Answer = Awaited<ReturnType<Client['attempt']>>
const refusals: Answer[] = []
async function expectRefusal(answer: Promise<Answer>, status: number, code: string, who: string): Promise<void> {
  const refused = await answer
  assert.deepEqual([refused.statusCode, refused.json().code], [status, code], who)
  refusals.push(refused)
}

test('the server answers nothing that is not declared, and only these without a session', () => {
  const declared = new Set(bound.map(([, { method, path }]) => `${method} ${path}`))
  const undeclared = mountedRoutes(city.app.http).filter((one) => !declared.has(one))
  assert.deepEqual(undeclared, ['GET /', 'GET /healthz', 'GET /index.html', 'GET /openapi.json'])
  const open = bound.filter(([, { needs }]) => needs === 'public').map(([name]) => name)
  assert.deepEqual(open, ['create_session'])
})

test('what programs sign for themselves answers nobody else, whatever session he has', async () => {
  const everything = await city.as('厦门市数据管理局', ...(Object.keys(roles) as Role[]))
  const before = await digest()
  const signed = bound.filter(([, { needs }]) => needs === 'signature')
  assert.ok(signed.length > 1)
  for (const [name, spec] of signed)
    for (const caller of [city.visitor, everything]) assert.equal((await caller.attempt(name, inputOf(spec))).statusCode, 401, name)
  assert.equal(await digest(), before)
})

test('without a session, with an unknown, an ended or an expired one, every route answers 401 and does nothing', async () => {
  const signedOut = await city.as('厦门市交通运输局', 'steward')
  await signedOut.call('remove_session')
  const unknown = inProcessClient(() => city.app.http, { token: 'A'.repeat(43), csrf: 'x' })
  const late = await city.as('厦门市数据管理局', ...(Object.keys(roles) as Role[]))
  const db = city.app.plane.db
  await db
    .updateTable('security.session')
    .set({ expires_at: city.app.system('test').now() })
    .where('person_id', '=', late.personId)
    .execute()
  // An expired session is removed when it is used; each route gets it anew.
  const expired = await db.selectFrom('security.session').selectAll().where('person_id', '=', late.personId).executeTakeFirstOrThrow()
  const before = await digest()
  for (const [name, spec] of guarded()) {
    for (const caller of [city.visitor, unknown, signedOut])
      await expectRefusal(caller.attempt(name, inputOf(spec)), 401, 'security.no_session', name)
    await expectRefusal(late.attempt(name, inputOf(spec)), 401, 'security.session_expired', name)
    await db.insertInto('security.session').values(expired).execute()
  }
  assert.equal(await digest(), before)
})

test('a role that lacks the scope is refused on every route, and so is a person without a role', async () => {
  const holders = new Map<Role | null, Client>([[null, await city.as('厦门市数据管理局')]])
  for (const role of Object.keys(roles) as Role[]) holders.set(role, await city.as('厦门市数据管理局', role))
  const before = await digest()
  for (const [name, spec] of guarded().filter(([, { needs }]) => needs !== 'session')) {
    assert.ok(rolesWith(spec).length > 0, `${name}: no role has ${spec.needs}`)
    for (const [role, holder] of holders) {
      if (role && rolesWith(spec).includes(role)) continue
      await expectRefusal(holder.attempt(name, inputOf(spec)), 403, 'security.missing_scope', `${name} as ${role}`)
    }
  }
  assert.equal(await digest(), before)
})

test('a change without the session’s own CSRF token is refused on every route', async () => {
  const everything = await city.as('厦门市数据管理局', ...(Object.keys(roles) as Role[]))
  const other = await city.as('厦门市数据管理局', 'steward')
  const before = await digest()
  for (const [name, spec] of guarded().filter(([, { method }]) => method !== 'GET'))
    for (const csrf of ['', other.csrf, everything.csrf.slice(0, -1), `${everything.csrf} `]) {
      const forged = inProcessClient(() => city.app.http, { token: everything.token, csrf })
      // A header's outer blanks are not part of it.
      if (csrf.trim() === everything.csrf) continue
      await expectRefusal(forged.attempt(name, inputOf(spec)), 403, 'http.csrf', name)
    }
  assert.equal(await digest(), before)
})

test('every refusal left exactly one entry, with the caller in it', async () => {
  assert.ok(refusals.length > 500)
  const db = city.app.plane.db
  const ids = refusals.map((refused) => refused.json().instance as string)
  const rows = await db
    .selectFrom('platform.event')
    .select(['request_id', 'action', 'result', 'actor_kind'])
    .where('request_id', 'in', ids)
    .execute()
  const byRequest = Map.groupBy(rows, (row) => row.request_id)
  for (const [i, id] of ids.entries()) {
    const found = byRequest.get(id) ?? []
    assert.deepEqual(
      found.map(({ action, result }) => [action, result]),
      [['security.refused', 'denied']],
    )
    assert.equal(found[0]!.actor_kind, refusals[i]!.statusCode === 403 ? 'person' : 'system')
  }
})

test('no spelling of a path reaches a handler without a session', async () => {
  await city.app.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = city.app.http.server.address() as AddressInfo
  const before = await digest()
  const statuses = new Map<number, number>()
  for (const [name, spec] of guarded()) {
    const path = spec.path.replace(/:\w+/g, newId())
    for (const mutated of spellings(path)) {
      const status = await callRaw(port, spec.method, mutated)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      assert.ok(status >= 400 && status < 500, `${name}: ${spec.method} ${mutated} answers ${status}`)
    }
  }
  assert.ok((statuses.get(401) ?? 0) > 0 && (statuses.get(404) ?? 0) > 0, JSON.stringify([...statuses]))
  assert.equal(await digest(), before)
})

/** What proxies, frameworks and people have read as the same path (OpenMetadata CVE-2024-28255 and its kin). */
function spellings(path: string): string[] {
  const last = path.lastIndexOf('/')
  const [front, back] = [path.slice(0, last), path.slice(last + 1)]
  return [
    ...[
      ';x',
      ';a=b',
      '/',
      '//',
      '/.',
      '/./',
      '/..',
      '.',
      '..',
      '%00',
      '%20',
      '%09',
      '%0a',
      '.json',
      '.html',
      '?',
      '??',
      '%3f',
      '%23',
      '~',
      '*',
      '%',
      '%zz',
      '\\',
    ],
    ...['/%2e', '/%2e%2e', '/..;/', '/%2e%2e%2f', ';/healthz', '/../healthz', '%2f..%2fhealthz'],
  ]
    .map((suffix) => path + suffix)
    .concat(
      [
        '/',
        '/.',
        '/./',
        '//',
        '/x/..',
        '/healthz/..',
        '/healthz/../',
        '/healthz;',
        '/openapi.json%2f..',
        '/assets/..',
        '/index.html/..',
        '/%2e',
        '/api/v1/security/sessions/..%2f..%2f..%2f..',
      ].map((prefix) => prefix + path),
      [
        `${front}%2f${back}`,
        `${front};/${back}`,
        `${front}/./${back}`,
        `${front}//${back}`,
        `${front}/x/../${back}`,
        `${front}\\${back}`,
        `${front}%252f${back}`,
      ],
      [
        path.toUpperCase(),
        path.replace('/api', '/API'),
        path.replace('/v1', '/v1;v1%2fsecurity%2fsessions'),
        encodeURIComponent(path),
        `/${encodeURIComponent(path.slice(1))}`,
      ],
    )
}

/** Sends a path as it is: URL classes would tidy it up. */
const callRaw = (port: number, method: string, path: string): Promise<number> =>
  new Promise((done, fail) => {
    const headers = method === 'GET' ? {} : { 'content-type': 'application/json', 'content-length': '2' }
    const call = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      response.resume()
      response.on('end', () => done(response.statusCode!))
    })
    call.on('error', (error) => fail(new Error(`${method} ${path}: ${error.message}`)))
    call.end(method === 'GET' ? undefined : '{}')
  })

test('objects of another organisation: hidden ones do not exist, visible ones cannot be changed', async () => {
  const needed = new Set(guarded().flatMap(([, spec]) => paramsOf(spec)))
  const placed = (name: string) => [...platformIds, ...innerIds, ...signedIds].includes(name) || name in objectBuilders
  assert.deepEqual(
    [...needed].filter((name) => !placed(name)),
    [],
    'add these to testing/authorisation-objects.ts',
  )
  // A department that was given every office: none of them reaches beyond its own things.
  const outsider = await city.as('厦门市教育局', ...(Object.keys(roles) as Role[]).filter((role) => !roles[role].exclusive))
  for (const param of [...needed].filter((name) => name in objectBuilders)) {
    for (const { id, to } of await objectBuilders[param]!(city)) {
      const before = await digest()
      for (const [name, spec] of guarded().filter(([, one]) => paramsOf(one).includes(param))) {
        const answerFor = (value: string) => outsider.attempt(name, inputOf(spec, { ...(sampleOf(spec.params) as object), [param]: value }))
        const [answer, nobody] = [await answerFor(id), await answerFor(newId())]
        const told = (one: Answer) => [one.statusCode, one.headers['content-type'], { ...one.json(), instance: '' }]
        if (to === 'hidden') assert.deepEqual(told(answer), told(nobody), `${name} tells that the object exists`)
        if (to === 'hidden') assert.equal(answer.statusCode, 404, name)
        if (to === 'visible' && spec.method !== 'GET')
          assert.ok([403, 404].includes(answer.statusCode), `${name}: ${answer.statusCode} ${answer.body}`)
        assert.ok(answer.statusCode < 500, name)
      }
      assert.equal(await digest(), before, `${param} ${to}`)
    }
  }
})

test('whoever holds the right role passes the door of every route, and no input that fits its schema breaks it', async () => {
  for (const [name, spec] of guarded()) {
    const role = spec.needs === 'session' ? ('steward' as const) : rolesWith(spec)[0]!
    const holder = await city.as('厦门市数据管理局', role)
    const answer = await holder.attempt(name, inputOf(spec))
    assert.ok(answer.statusCode < 500, `${name}: ${answer.body}`)
    assert.notEqual(answer.statusCode, 401, name)
    if (answer.statusCode === 403)
      assert.ok(!['security.missing_scope', 'http.csrf'].includes(answer.json().code), `${name}: ${answer.body}`)
  }
})
