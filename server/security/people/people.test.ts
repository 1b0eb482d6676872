import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Role, roles } from '#contract/security.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { sessionCookie } from '../../http/index.ts'

let city: TestCity
let system: Client
let security: Client
before(async () => {
  city = await openTestCity()
  system = await city.as('厦门市数据管理局', 'system_admin')
  security = await city.as('厦门市数据管理局', 'security_admin')
})
after(() => city.close())

let made = 0
const create = async (orgName = '厦门市交通运输局') =>
  system.call('create_person', { body: { loginName: `lin${++made}`, displayName: '林某', orgId: (await city.org(orgName)).id } })
const code = (answer: Awaited<ReturnType<Client['attempt']>>) => [answer.statusCode, answer.json().code]
const assign = (personId: string, orgId: string, ...held: Role[]) =>
  security.attempt('assign_roles', { params: { personId }, body: { orgId, roles: held } })

test('a new person gets a password that is shown once and stored nowhere', async () => {
  const { person, oneTimePassword } = await create()
  assert.deepEqual([person.memberships[0]!.roles, person.mustChangePassword], [[], true])
  const session = await city.visitor.call('create_session', { body: { loginName: person.loginName, password: oneTimePassword } })
  assert.deepEqual([session.mustChangePassword, session.scopes], [true, []])
  const tables = await Promise.all(
    (['platform.event', 'security.person', 'security.session'] as const).map((table) =>
      city.app.plane.db.selectFrom(table).selectAll().execute(),
    ),
  )
  assert.ok(!JSON.stringify(tables).includes(oneTimePassword))
})

test('a login name is taken in every spelling of it', async () => {
  const { person } = await create()
  const { id: orgId } = await city.org('厦门市交通运输局')
  for (const loginName of [person.loginName.toUpperCase(), person.loginName.replace('lin', 'ｌｉｎ'), ` ${person.loginName} `]) {
    const answer = await system.attempt('create_person', { body: { loginName, displayName: '别人', orgId } })
    assert.deepEqual(code(answer), [409, 'security.login_taken'], loginName)
  }
  const hidden = await system.attempt('create_person', { body: { loginName: 'li\u200bn1', displayName: '别人', orgId } })
  assert.equal(hidden.statusCode, 400)
})

test('of two who add the same login name at once, one succeeds', async () => {
  const { id: orgId } = await city.org('厦门市交通运输局')
  const answers = await Promise.all(
    ['twin', 'ＴＷＩＮ', 'Twin'].map((loginName) => system.attempt('create_person', { body: { loginName, displayName: '某', orgId } })),
  )
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 409, 409])
})

test('no person holds two of the three administrators, in one organisation or over several', async () => {
  const administrators = (Object.keys(roles) as Role[]).filter((role) => roles[role].exclusive)
  assert.equal(administrators.length, 3)
  const [home, other] = [await city.org('厦门市交通运输局'), await city.org('厦门市卫生健康委员会')]
  for (const one of administrators)
    for (const two of administrators.filter((role) => role !== one)) {
      const { person } = await create()
      assert.deepEqual(code(await assign(person.id, home.id, one, two)), [409, 'security.admins_separated'])
      assert.equal((await assign(person.id, home.id, one, 'steward')).statusCode, 200)
      assert.deepEqual(code(await assign(person.id, other.id, two)), [409, 'security.admins_separated'])
      assert.equal((await assign(person.id, other.id, one)).statusCode, 200)
      // An organisation that is out of use does not make room for a second office.
      await city.app.plane.db.updateTable('security.org').set({ active: false }).where('id', '=', home.id).execute()
      assert.deepEqual(code(await assign(person.id, other.id, two)), [409, 'security.admins_separated'])
      await city.app.plane.db.updateTable('security.org').set({ active: true }).where('id', '=', home.id).execute()
      assert.equal((await assign(person.id, home.id)).statusCode, 200)
      assert.equal((await assign(person.id, other.id, two)).statusCode, 200)
    }
})

test('two administrators for one person at once: at most one is given', async () => {
  const [home, other] = [await city.org('厦门市交通运输局'), await city.org('厦门市卫生健康委员会')]
  for (let n = 0; n < 5; n++) {
    const { person } = await create()
    const answers = await Promise.all([assign(person.id, home.id, 'system_admin'), assign(person.id, other.id, 'audit_admin')])
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 409])
  }
})

test('nobody gives roles to himself, resets himself or takes himself out of use', async () => {
  const params = { personId: security.personId }
  assert.deepEqual(code(await assign(security.personId, security.org.id, 'security_admin', 'steward')), [403, 'security.own_roles'])
  assert.deepEqual(code(await security.attempt('reset_password', { params })), [409, 'security.own_account'])
  const own = await system.attempt('update_person', { params: { personId: system.personId }, body: { active: false } })
  assert.deepEqual(code(own), [409, 'security.own_account'])
})

test('the bureau’s role is held at the bureau only', async () => {
  const { person } = await create()
  const { id: orgId } = await city.org('厦门市交通运输局')
  assert.deepEqual(code(await assign(person.id, orgId, 'bureau_officer')), [400, 'security.role_wrong_org'])
  assert.equal((await assign(person.id, security.org.id, 'bureau_officer')).statusCode, 200)
})

test('a change of roles, a reset, a deactivation and a dissolved organisation each end the sessions at once', async () => {
  const acts: [string, (person: Client) => Promise<unknown>][] = [
    ['roles', ({ personId, org }) => security.call('assign_roles', { params: { personId }, body: { orgId: org.id, roles: ['steward'] } })],
    ['reset', ({ personId }) => security.call('reset_password', { params: { personId } })],
    ['person', ({ personId }) => system.call('update_person', { params: { personId }, body: { active: false } })],
    ['org', ({ org }) => system.call('update_organisation', { params: { orgId: org.id }, body: { active: false } })],
  ]
  for (const [what, act] of acts) {
    const person = await city.as('厦门市撤并测试局', 'data_officer')
    assert.equal((await person.attempt('list_systems')).statusCode, 200)
    await act(person)
    const refused = await city.app.http.inject({ url: '/api/v1/catalog/systems', cookies: { [sessionCookie]: person.token } })
    assert.equal(refused.statusCode, 401, what)
    const left = await city.app.plane.db
      .selectFrom('security.session')
      .select('csrf_token')
      .where('person_id', '=', person.personId)
      .execute()
    assert.equal(left.length, 0, what)
  }
})

test('a locked person is shown as locked and can be unlocked', async () => {
  const { person, oneTimePassword } = await create()
  const body = { loginName: person.loginName, password: 'wrong' }
  for (let n = 0; n < 5; n++) await city.visitor.attempt('create_session', { body })
  const locked = async () =>
    (await security.call('list_people_for_authorisation', { query: { q: person.loginName } })).items.find(({ id }) => id === person.id)
  assert.ok((await locked())?.lockedUntil)
  const unlocked = await security.call('unlock_person', { params: { personId: person.id } })
  assert.equal(unlocked.lockedUntil, null)
  assert.equal((await city.visitor.attempt('create_session', { body: { ...body, password: oneTimePassword } })).statusCode, 200)
})

test('people are listed by organisation and by name, page after page', async () => {
  const org = await city.org('厦门市名册测试局')
  const names = await Promise.all([1, 2, 3, 4, 5].map(() => create(org.name)))
  const seen: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await system.call('list_people', { query: { orgId: org.id, limit: 2, ...(cursor && { cursor }) } })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  }
  assert.deepEqual(seen.toSorted(), names.map(({ person }) => person.id).sort())
  assert.deepEqual((await system.call('list_people', { query: { q: '100%_' } })).items, [])
})

test('organisations are kept without doubles, loops and false codes', async () => {
  const body = {
    name: '厦门市测试一局',
    shortName: '测试一局',
    kind: 'department' as const,
    uscc: '113502000041380071',
    regionCode: '350200',
    parentId: null,
  }
  const one = await system.call('create_organisation', { body })
  const two = await system.call('create_organisation', { body: { ...body, name: '厦门市测试二局', uscc: null, parentId: one.id } })
  assert.deepEqual(code(await system.attempt('create_organisation', { body: { ...body, uscc: null } })), [409, 'security.org_taken'])
  assert.deepEqual(code(await system.attempt('create_organisation', { body: { ...body, name: '另一局' } })), [409, 'security.org_taken'])
  const together = await Promise.all(
    [1, 2, 3].map(() => system.attempt('create_organisation', { body: { ...body, name: '另二局', uscc: null } })),
  )
  assert.deepEqual(together.map(({ statusCode }) => statusCode).sort(), [200, 409, 409])
  const update = (orgId: string, change: object) => system.attempt('update_organisation', { params: { orgId }, body: change })
  const problem = async (orgId: string, change: object) =>
    (await update(orgId, change)).json().errors.map((one: { code: string }) => one.code)
  assert.deepEqual(await problem(one.id, { parentId: two.id }), ['security.org_parent'])
  assert.deepEqual(await problem(one.id, { parentId: one.id }), ['security.org_parent'])
  assert.deepEqual(await problem(two.id, { uscc: '113502000041380070' }), ['security.uscc_check_digit'])
  assert.equal((await update(two.id, { shortName: '二局' })).json().name, '厦门市测试二局')
  assert.deepEqual(code(await update(system.org.id, { active: false })), [409, 'security.own_organisation'])
  await update(two.id, { active: false })
  const listed = async (who: Client) => (await who.call('list_organisations', { query: { q: '测试二局' } })).items.length
  assert.deepEqual([await listed(system), await listed(security)], [1, 0])
})
