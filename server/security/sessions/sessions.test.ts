import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { inProcessClient, sessionCookie } from '../../http/index.ts'
import { hashPassword } from './password.ts'
import { sweepSessionsJob } from './sweep-sessions.ts'

const password = '鹭岛公共数据 correct horse 7'
let city: TestCity
let hash: string
before(async () => {
  city = await openTestCity({ now: '2026-11-20T01:00:00Z' })
  hash = await hashPassword(password)
})
after(() => city.close())

let made = 0
/** A person with a known password. */
async function settle(roles: Parameters<TestCity['as']>[1][] = ['steward']): Promise<Client & { login: string }> {
  const client = await city.as('厦门市交通运输局', ...roles)
  const login = `zhao${++made}`
  await city.app.plane.db
    .updateTable('security.person')
    .set({ login_key: login, login_name: login, password_hash: hash })
    .where('id', '=', client.personId)
    .execute()
  return { ...client, login }
}
const signIn = (loginName: string, text = password) => city.visitor.attempt('create_session', { body: { loginName, password: text } })
/** A client of the session that an answer set. */
const clientOf = (answer: Awaited<ReturnType<typeof signIn>>) => {
  const token = answer.cookies.find(({ name }) => name === sessionCookie)!.value
  return { token, ...inProcessClient(() => city.app.http, { token, csrf: answer.json().csrfToken }) }
}
const codeOf = (answer: Awaited<ReturnType<typeof signIn>>) => [answer.statusCode, answer.json().code]

test('a login name is the same in capitals, in full width and with spaces around', async () => {
  const { login, org } = await settle()
  for (const spelled of [login, login.toUpperCase(), ` ${login}`, login.replace('zhao', 'ＺＨａｏ')]) {
    const answer = await signIn(spelled)
    assert.equal(answer.statusCode, 200, spelled)
    assert.equal(answer.json().org.id, org.id)
  }
})

test('five wrong passwords lock a name for a quarter of an hour, whether or not it is somebody’s', async () => {
  const { login } = await settle()
  for (const name of [login, 'nobody-here']) {
    for (let n = 0; n < 5; n++) assert.deepEqual(codeOf(await signIn(name, 'wrong')), [401, 'security.wrong_credentials'])
    const refused = await signIn(name)
    assert.deepEqual(codeOf(refused), [429, 'security.locked'])
    assert.match(refused.json().detail, /15 分钟/)
    assert.equal(refused.headers['retry-after'], '900')
  }
  city.setNow('2026-11-20T01:15:01Z')
  assert.equal((await signIn(login)).statusCode, 200)
})

test('of 40 guesses at once five are looked at', async () => {
  const { login } = await settle()
  await city.app.plane.db.deleteFrom('security.login_attempt').execute()
  const answers = await Promise.all(Array.from({ length: 40 }, () => signIn(login, 'wrong')))
  assert.equal(answers.filter(({ statusCode }) => statusCode === 401).length, 5)
  // The address has its own limit, which an office does not reach by signing in rightly.
  await city.app.plane.db.deleteFrom('security.login_attempt').execute()
})

test('signing in rightly never uses up the attempts of an address', async () => {
  const { login } = await settle()
  for (let n = 0; n < 22; n++) assert.equal((await signIn(login)).statusCode, 200)
})

test('a wrong password leaves one entry that names the account, and the caller is not told whether it exists', async () => {
  const { login, personId } = await settle()
  const [known, unknown] = [await signIn(login, 'wrong'), await signIn('nobody-at-all', 'wrong')]
  const strip = (answer: typeof known) => ({ ...answer.json(), instance: '' })
  assert.deepEqual(strip(known), strip(unknown))
  const entries = await city.app.plane.db.selectFrom('platform.event').selectAll().where('request_id', '=', known.json().instance).execute()
  assert.deepEqual(
    entries.map(({ action, object_id, result }) => [action, object_id, result]),
    [['security.refused', personId, 'denied']],
  )
})

test('a session ends after 15 idle minutes, and after half a day of work', async () => {
  const { login } = await settle()
  city.setNow('2026-11-20T02:00:00Z')
  const idle = clientOf(await signIn(login))
  city.setNow('2026-11-20T02:15:00Z')
  assert.equal((await idle.attempt('get_session')).statusCode, 200)
  city.setNow('2026-11-20T02:30:01Z')
  assert.deepEqual(codeOf(await idle.attempt('get_session')), [401, 'security.session_expired'])
  const busy = clientOf(await signIn(login))
  const start = Date.parse('2026-11-20T02:30:01Z')
  for (let minute = 0; minute < 720; minute += 10) {
    city.setNow(new Date(start + minute * 60_000).toISOString())
    assert.equal((await busy.attempt('get_session')).statusCode, 200)
  }
  city.setNow(new Date(start + 720 * 60_000).toISOString())
  assert.equal((await busy.attempt('get_session')).statusCode, 401)
  city.setNow('2026-11-20T03:00:00Z')
})

test('signing out ends the token, and every sign-in makes another', async () => {
  const { login } = await settle()
  const [one, other] = [clientOf(await signIn(login)), clientOf(await signIn(login))]
  assert.notEqual(one.token, other.token)
  await one.call('remove_session')
  assert.equal((await one.attempt('get_session')).statusCode, 401)
  assert.equal((await other.attempt('get_session')).statusCode, 200)
})

test('a person acts for one organisation at a time, and the token changes with it', async () => {
  const person = await settle()
  const second = await city.org('厦门市思明区')
  await city.app.plane.db
    .insertInto('security.membership')
    .values({ person_id: person.personId, org_id: second.id, roles: ['data_officer'] })
    .execute()
  const first = clientOf(await signIn(person.login))
  const switched = await first.attempt('switch_organisation', { body: { orgId: second.id } })
  const acting = clientOf(switched)
  const session = await acting.call('get_session')
  assert.deepEqual([session.org.id, session.roles, session.memberships.length], [second.id, ['data_officer'], 2])
  assert.equal((await first.attempt('get_session')).statusCode, 401)
  const foreign = await city.org('厦门市卫生健康委员会')
  assert.deepEqual(codeOf(await acting.attempt('switch_organisation', { body: { orgId: foreign.id } })), [403, 'security.no_membership'])
  const chosen = await city.visitor.call('create_session', { body: { loginName: person.login, password, orgId: second.id } })
  assert.equal(chosen.org.id, second.id)
})

test('a one-time password opens nothing but the change of password; so does one past its age', async () => {
  const { login, personId } = await settle()
  const db = city.app.plane.db
  const set = (columns: object) => db.updateTable('security.person').set(columns).where('id', '=', personId).execute()
  for (const columns of [{ must_change_password: true }, { must_change_password: false, password_changed_at: '2026-08-01T00:00:00Z' }]) {
    await set(columns)
    const client = clientOf(await signIn(login))
    assert.equal((await client.call('get_session')).mustChangePassword, true)
    for (const name of ['list_systems', 'list_organisations', 'list_calendar_years'] as const)
      assert.deepEqual(codeOf(await client.attempt(name)), [403, 'security.password_must_change'])
  }
  const client = clientOf(await signIn(login))
  const body = { oldPassword: password, newPassword: '海沧湾 2026 Xin-kouling' }
  const changed = clientOf(await client.attempt('change_password', { body }))
  assert.equal((await changed.call('get_session')).mustChangePassword, false)
  assert.equal((await changed.attempt('list_organisations')).statusCode, 200)
})

test('a change of password ends every other session, and is refused for weak, used and self-naming ones', async () => {
  const { login } = await settle()
  const elsewhere = clientOf(await signIn(login))
  let client = clientOf(await signIn(login))
  const change = (newPassword: string, oldPassword = password) => client.attempt('change_password', { body: { oldPassword, newPassword } })
  const refusal = async (text: string) => (await change(text)).json().errors[0]?.code
  assert.deepEqual(codeOf(await change('Haicang-Wan-2026', 'not the old one')), [403, 'security.wrong_old_password'])
  assert.equal(await refusal('Password1234'), 'security.password_simple')
  assert.equal(await refusal(`Xin-${login.toUpperCase()}-2026!!`), 'security.password_has_name')
  assert.equal(await refusal(password), 'security.password_used')
  assert.equal((await elsewhere.attempt('get_session')).statusCode, 200)
  let current = password
  for (let n = 0; n < 5; n++) {
    const next = `Haicang-Wan-Qiao-${n}7`
    const answer = await change(next, current)
    assert.equal(answer.statusCode, 200, answer.body)
    client = clientOf(answer)
    current = next
  }
  assert.equal((await elsewhere.attempt('get_session')).statusCode, 401)
  assert.equal((await change('Haicang-Wan-Qiao-07', current)).statusCode, 400)
  assert.equal((await change(password, current)).statusCode, 200, 'the sixth before is forgotten')
})

test('what has ended is swept away, what lives stays', async () => {
  const { login } = await settle()
  const client = clientOf(await signIn(login))
  await sweepSessionsJob.run(city.app.system('sweep'), {})
  assert.equal((await client.attempt('get_session')).statusCode, 200)
  city.setNow('2026-11-22T03:00:00Z')
  await sweepSessionsJob.run(city.app.system('sweep'), {})
  const left = await city.app.plane.db
    .selectFrom('security.session')
    .select('token_hash')
    .where('expires_at', '<', new Date('2026-11-22T03:00:00Z'))
    .execute()
  assert.equal(left.length, 0)
})
