import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { newId } from '../../kernel/ids.ts'
import { emit, inTx, sql, verifyChain } from '../../store/index.ts'

let city: TestCity
let auditor: Client
before(async () => {
  city = await openTestCity({ now: '2026-11-20T01:00:00Z' })
  auditor = await city.as('厦门市审计局', 'audit_admin')
})
after(() => city.close())

const record = (event: Parameters<typeof emit>[1]) => inTx(city.app.system('test'), async (ctx) => emit(ctx, event))

test('the auditor finds who saw what under which decision', async () => {
  const decisionId = newId()
  city.setNow('2026-11-20T15:59:59.500Z')
  const object = { type: 'grant', id: newId(), name: '公交线路' }
  await record({ action: 'sharing.records_read', object, decisionId, purpose: '核验', isData: true, detail: { rows: 12 } })
  city.setNow('2026-11-20T16:00:00Z')
  await record({ action: 'sharing.grant_suspended', object, decisionId, result: 'failed' })
  const seqs = async (query: object) => (await auditor.call('list_audit', { query })).items.map(({ action }) => action)
  assert.deepEqual(await seqs({ decisionId }), ['sharing.grant_suspended', 'sharing.records_read'])
  assert.deepEqual(await seqs({ decisionId, dataOnly: 'true' }), ['sharing.records_read'])
  assert.deepEqual(await seqs({ objectType: 'grant', objectId: object.id, result: 'failed' }), ['sharing.grant_suspended'])
  // Days are those of Asia/Shanghai: 16:00 UTC is the next one.
  assert.deepEqual(await seqs({ decisionId, to: '2026-11-20' }), ['sharing.records_read'])
  assert.deepEqual(await seqs({ decisionId, from: '2026-11-21' }), ['sharing.grant_suspended'])
  const [entry] = (await auditor.call('list_audit', { query: { dataOnly: 'true', decisionId } })).items
  assert.deepEqual([entry!.purpose, entry!.object, entry!.detail, entry!.actor.kind], ['核验', object, { rows: 12 }, 'system'])
})

test('pages run backwards over the whole chain, without gap or double', async () => {
  for (let n = 0; n < 7; n++) await record({ action: 'test.paged' })
  const seen: number[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await auditor.call('list_audit', { query: { limit: 3, ...(cursor && { cursor }) } })
    seen.push(...page.items.map(({ seq }) => seq))
    cursor = page.next
  }
  assert.deepEqual(
    seen,
    Array.from({ length: seen.length }, (_, i) => seen.length - i),
  )
  assert.equal((await auditor.attempt('list_audit', { query: { cursor: '1;drop' } })).statusCode, 400)
})

test('an export is the filtered entries, safe to open in a spreadsheet, and an entry itself', async () => {
  await record({ action: 'test.exported', object: { type: 'x', id: '1', name: '=HYPERLINK("http://x")' }, purpose: '+1, "引"' })
  const file = await auditor.call('export_audit', { query: { action: 'test.exported' } })
  const lines = file.bytes.toString().trim().split('\r\n')
  assert.equal(lines.length, 2)
  assert.match(lines[1]!, /"'=HYPERLINK\(""http:\/\/x""\)"/)
  assert.match(lines[1]!, /'\+1/)
  assert.match(file.fileName, /^审计记录-2026-11-21\.csv$/)
  const [entry] = (await auditor.call('list_audit', { query: { action: 'security.audit_exported' } })).items
  assert.equal(entry!.detail.action, 'test.exported')
  assert.equal(entry!.actor.id, auditor.personId)
})

test('a chain that grows while it is walked is intact', async () => {
  const writing = (async () => {
    for (let n = 0; n < 30; n++) await record({ action: 'test.growing' })
  })()
  const checks = await Promise.all(Array.from({ length: 5 }, () => auditor.call('verify_audit')))
  await writing
  assert.ok(checks.every(({ intact }) => intact))
})

test('every tampering is found, and the first number that does not hold is named', async () => {
  const db = city.app.plane.db
  const { seq: last } = await db.selectFrom('platform.chain_head').select('seq').executeTakeFirstOrThrow()
  const columns = Object.keys((await db.selectFrom('platform.event').selectAll().limit(1).executeTakeFirstOrThrow()) as object).filter(
    (name) => name !== 'seq',
  )
  const text = sql<string>`'x'`
  const changes: Record<string, ReturnType<typeof sql>> = {
    at: sql`at + interval '1 microsecond'`,
    org_id: sql`case when org_id is null then gen_random_uuid() end`,
    is_data: sql`not is_data`,
    actor_kind: sql`case actor_kind when 'key' then 'person' else 'key' end`,
    result: sql`case result when 'ok' then 'denied' else 'ok' end`,
  }
  const seq = fc.integer({ min: 1, max: last })
  const tampering = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('edit' as const), seq, column: fc.constantFrom(...columns) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), seq }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert' as const), seq, at: fc.constantFrom(0, -7, last + 1, last + 50) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('swap' as const), seq, other: seq }).filter((one) => one.seq !== one.other) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), seq }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('head' as const), by: fc.integer({ min: 1, max: 5 }) }) },
  )
  await fc.assert(
    fc.asyncProperty(tampering, async (act) => {
      const undo = new Error('undo')
      const check = await db
        .transaction()
        .execute(async (tx) => {
          const inside = tx.withoutPlugins()
          let firstBad: number
          if (act.kind === 'edit') {
            const change = changes[act.column] ?? sql`coalesce(${sql.ref(act.column)}, '') || ${text}`
            await sql`update platform.event set ${sql.ref(act.column)} = ${change} where seq = ${act.seq}`.execute(inside)
            firstBad = act.seq
          } else if (act.kind === 'delete') {
            await sql`delete from platform.event where seq = ${act.seq}`.execute(inside)
            firstBad = act.seq
          } else if (act.kind === 'insert') {
            const row = sql`jsonb_populate_record(e, jsonb_build_object('seq', ${act.at}::bigint))`
            await sql`insert into platform.event select (r).* from (select ${row} as r from platform.event e where seq = ${act.seq}) as s`.execute(
              inside,
            )
            firstBad = act.at <= 0 ? 1 : last + 1
          } else if (act.kind === 'swap') {
            await sql`update platform.event set seq = -1 where seq = ${act.seq}`.execute(inside)
            await sql`update platform.event set seq = ${act.seq} where seq = ${act.other}`.execute(inside)
            await sql`update platform.event set seq = ${act.other} where seq = -1`.execute(inside)
            firstBad = Math.min(act.seq, act.other)
          } else if (act.kind === 'truncate') {
            await sql`delete from platform.event where seq >= ${act.seq}`.execute(inside)
            firstBad = act.seq
          } else {
            await sql`update platform.chain_head set seq = seq - ${act.by}`.execute(inside)
            firstBad = last - act.by + 1
          }
          const found = await verifyChain(inside as never)
          assert.deepEqual([found.intact, found.firstBadSeq], [false, firstBad], JSON.stringify(act))
          throw undo
        })
        .catch((error) => {
          if (error !== undo) throw error
        })
      return check
    }),
    { numRuns: 1000 },
  )
  const after = await auditor.call('verify_audit')
  assert.deepEqual([after.intact, after.entries, after.firstBadSeq], [true, last, null])
})

test('a broken chain is told to the auditor and written down', async () => {
  const db = city.app.plane.db
  const bad = await db
    .selectFrom('platform.event')
    .select(['seq', 'actor_name'])
    .where('action', '=', 'test.paged')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirstOrThrow()
  const rename = (actor_name: string) => db.updateTable('platform.event').set({ actor_name }).where('seq', '=', bad.seq).execute()
  await rename('别人')
  const check = await auditor.call('verify_audit')
  assert.deepEqual([check.intact, check.firstBadSeq, check.entries], [false, bad.seq, bad.seq - 1])
  const [entry] = (await auditor.call('list_audit', { query: { action: 'security.audit_verified', limit: 1 } })).items
  assert.deepEqual([entry!.result, entry!.detail.firstBadSeq], ['failed', bad.seq])
  await rename(bad.actor_name)
})

test('an export of thousands of entries is whole', async () => {
  await inTx(city.app.system('test'), async (ctx) => {
    for (let n = 0; n < 2500; n++) emit(ctx, { action: 'test.many', detail: { n } })
  })
  const file = await auditor.call('export_audit', { query: { action: 'test.many' } })
  assert.equal(file.bytes.toString().trim().split('\r\n').length, 2501)
})
