import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { runPlan } from '#testing/await-load.ts'
import { passGates } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import { startPostgres, type TestServer } from '#testing/postgres.ts'
import { citizenIdCheck } from '../../kernel/check-digits.ts'
import { planAccepted } from './plan-accepted.ts'
import { runSurvey } from './run-survey.ts'

const owner = '厦门市民政局'
let city: TestCity
let server: TestServer
let client: pg.Client
let steward: Client
let sourceId: string
before(async () => {
  city = await openTestCity()
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
  const ids = Array.from({ length: 300 }, (_, i) => {
    const body = `35020319900101${String(i + 100).slice(-3)}`
    return body + citizenIdCheck(body)
  })
  await client.query(`create table person (num int, sfz text, contact text, sex char(1), score numeric(6,2), born date, note text)`)
  await client.query(
    `insert into person select i, ($1::text[])[i], '138000' || (10000 + i), (i % 2 + 1)::text, i / 10.0, date '1990-01-01' + i,
       case when i % 3 = 0 then '备注' || i end from generate_series(1, 300) i`,
    [ids],
  )
  await client.query(`comment on table person is '婚姻登记人员'; comment on column person.sex is '性别'`)
  await client.query(`create table office (id int primary key, title varchar(40)); insert into office values (1, '甲'), (2, '乙')`)
  await client.query('create table empty_one (id int)')
  steward = await city.as(owner, 'steward')
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  sourceId = (await steward.call('create_source', { body: { name: '登记库', settings } })).id
})
after(async () => {
  await client.end()
  await server.stop()
  await city.close()
})

async function survey(id = sourceId) {
  let found = await steward.call('start_survey', { params: { sourceId: id } })
  for (let tries = 0; found.finishedAt === null; tries++) {
    assert.ok(tries < 600, 'the survey did not end')
    await sleep(100)
    found = await steward.call('get_survey', { params: { surveyId: found.id } })
  }
  return found
}
const tablesOf = async (surveyId: string) => (await steward.call('list_survey_tables', { params: { surveyId } })).items
const profileOf = async (surveyId: string, object: string) =>
  steward.call('get_survey_profile', { params: { surveyId }, query: { object } })

let first: string
test('every table is looked at once, and what its values look like is told; nothing sensitive is kept as it is', async () => {
  const found = await survey()
  first = found.id
  assert.deepEqual([found.state, found.total, found.done, found.error], ['done', 3, 3, null])
  assert.deepEqual(
    (await tablesOf(first)).map(({ object, news, state, sampledRows, proposedName }) => [object, news, state, sampledRows, proposedName]),
    [
      ['empty_one', 'new', 'profiled', 0, 'empty_one'],
      ['office', 'new', 'profiled', 2, 'office'],
      ['person', 'new', 'profiled', 300, '婚姻登记人员'],
    ],
  )
  const { columns, items } = await profileOf(first, 'person')
  const by = Object.fromEntries(columns.map((column) => [column.name, column]))
  assert.deepEqual([by.num!.min, by.num!.max, by.num!.distinct, by.num!.isCandidateKey], ['1', '300', 300, true])
  assert.deepEqual([by.sfz!.sensitiveKind, by.sfz!.rate, by.sfz!.shortest, by.sfz!.longest], ['citizen_id', 1, 18, 18])
  assert.deepEqual([by.contact!.sensitiveKind, by.contact!.rate, by.contact!.digits], ['phone', 1, 300])
  assert.deepEqual([by.note!.nulls, by.note!.distinct, by.note!.wide, by.note!.isCandidateKey], [200, 100, 100, false])
  assert.deepEqual([by.born!.min, by.born!.max, by.score!.max], ['1990-01-02', '1990-10-28', '30.00'])
  const kept = JSON.stringify([by.sfz, by.contact])
  assert.doesNotMatch(kept, /19900101|1380001\d{4}/)
  const proposed = Object.fromEntries(items.map((item) => [item.code, item]))
  assert.deepEqual([proposed.num!.isKey, proposed.num!.isRequired, proposed.num!.dataType], [true, true, 'I'])
  assert.match(proposed.sex!.dictionary, /GB\/T 2261\.1/)
  assert.equal(proposed.sfz!.level, city.app.system('test').profile.grading.sensitiveLevels.citizen_id.value)
})

test('accepted, tables become drafts with their mapping; published, they have their plan and can be loaded', async () => {
  const accept = (tables: object[]) => steward.attempt('accept_survey_tables', { params: { surveyId: first }, body: { tables } as never })
  const tables = [{ object: 'person', name: '婚姻登记当事人', leftOut: ['note'], kinds: { num: 'other' } }, { object: 'office' }]
  assert.deepEqual((await accept(tables)).json(), { accepted: 2 })
  assert.equal((await accept([{ object: 'office' }])).json().code, 'ingestion.survey_table_done')
  const person = (await tablesOf(first)).find(({ object }) => object === 'person')!
  const { content } = await steward.call('get_revision', { params: { revisionId: person.revisionId! } })
  assert.equal(content.name, '婚姻登记当事人')
  assert.deepEqual(
    content.items.map(({ code, sensitiveKind }) => `${code} ${sensitiveKind}`),
    ['num other', 'sfz citizen_id', 'contact phone', 'sex none', 'score none', 'born none'],
  )
  await planAccepted(city.app.system('test'))
  assert.equal((await tablesOf(first)).find(({ object }) => object === 'office')!.planId, null)

  const office = (await tablesOf(first)).find(({ object }) => object === 'office')!
  const revisionId = office.revisionId!
  const revision = await steward.call('get_revision', { params: { revisionId } })
  const complete = { abstract: '办事窗口', secrecyReview: '经评估不涉及国家秘密和工作秘密，可以共享', privacyReview: '不涉及个人信息' }
  await steward.call('update_revision', {
    params: { revisionId },
    body: { content: { ...revision.content, ...complete, name: '办事窗口' }, edit: revision.edit },
  })
  const officer = await city.as(owner, 'data_officer')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  await passGates({ entryId: office.entryId!, revisionId, steward, officer, bureau })
  await planAccepted(city.app.system('test'))
  const planned = (await tablesOf(first)).find(({ object }) => object === 'office')!
  assert.equal(planned.state, 'planned')
  const load = await runPlan(steward, planned.planId!)
  assert.deepEqual([load.state, load.written], ['succeeded', 2])
})

test('the next survey tells what is new, changed and gone', async () => {
  await client.query('drop table empty_one; create table fresh (id int); alter table office add column phone text')
  const { id } = await survey()
  assert.deepEqual(
    (await tablesOf(id)).map(({ object, news }) => `${object} ${news}`),
    ['empty_one gone', 'fresh new', 'office changed', 'person same'],
  )
})

test('a profile leaves an audit entry, others see no survey, the bureau its state only', async () => {
  const { db } = city.app.plane
  const count = async () =>
    (await db.selectFrom('platform.event').select('seq').where('action', '=', 'ingestion.profile_read').execute()).length
  const before = await count()
  await profileOf(first, 'person')
  assert.equal(await count(), before + 1)
  const params = { surveyId: first }
  const stranger = await city.as('厦门市水利局', 'steward')
  assert.equal((await stranger.attempt('get_survey', { params })).statusCode, 404)
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  assert.equal((await bureau.call('get_survey', { params })).done, 3)
  assert.equal((await bureau.attempt('get_survey_profile', { params, query: { object: 'person' } })).statusCode, 403)
})

test('a cancelled survey begins no further table; a source that is away fails it with words', async () => {
  const { id } = await steward.call('start_survey', { params: { sourceId } })
  assert.equal((await steward.call('cancel_survey', { params: { surveyId: id } })).state, 'cancelled')
  await runSurvey(city.app.system('test'), null as never, id)
  assert.equal((await steward.call('get_survey', { params: { surveyId: id } })).state, 'cancelled')
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: 1, database: 'x', user: 'x' } as const
  const { id: away } = await steward.call('create_source', { body: { name: '不通', settings } })
  const failed = await survey(away)
  assert.deepEqual([failed.state, failed.error?.code], ['failed', 'ingestion.source_unreachable'])
})

if (!hasMariadb() && process.env.CI === 'true') throw new Error('Debian package mariadb-server is not installed')
test('MariaDB is profiled by the same measures', {
  skip: hasMariadb() ? false : 'Debian package mariadb-server is not installed',
}, async () => {
  const other = await startMariadb()
  const connection = await mysql.createConnection({ uri: other.url, charset: 'utf8mb4', multipleStatements: true })
  try {
    await connection.query(
      `CREATE DATABASE city CHARACTER SET utf8mb4; USE city; CREATE TABLE t (n int, price decimal(8,2), town varchar(40), day date, raw json);
       INSERT INTO t SELECT seq, seq / 4, IF(seq % 2, '集美', '同安'), '2020-01-01' + INTERVAL seq DAY, '{"a":1}' FROM seq_1_to_50`,
    )
    const settings = { kind: 'mysql', host: '127.0.0.1', port: other.port, database: 'city', user: 'datong' } as const
    const { id } = await steward.call('create_source', { body: { name: '另一库', settings } })
    const found = await survey(id)
    assert.deepEqual(
      (await tablesOf(found.id)).map(({ object, error }) => [object, error]),
      [['t', null]],
    )
    const { columns, sampledRows } = await profileOf(found.id, 't')
    assert.equal(sampledRows, 50)
    assert.deepEqual(
      columns.map(({ name, min, max, distinct, wide, isCandidateKey }) => [name, min, max, distinct, wide, isCandidateKey]),
      [
        ['n', '1', '50', 50, 0, true],
        ['price', '0.25', '12.50', 50, 0, true],
        ['town', '同安', '集美', 2, 50, false],
        ['day', '2020-01-02', '2020-02-20', 50, 0, true],
        ['raw', '{"a":1}', '{"a":1}', 1, 0, false],
      ],
    )
  } finally {
    connection.destroy()
    await other.stop()
  }
})
