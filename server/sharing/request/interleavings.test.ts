import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { applyFor, type SharedData, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'

let city: TestCity
let provider: SharedData
let second: Client
let consumer: { steward: Client; officer: Client }
before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  provider = await shareEntry(city, '厦门市民政局', { name: '人员信息', items: [{ code: 'id', name: '编号', dataType: 'C', length: 32 }] })
  second = await city.as('厦门市民政局', 'data_officer')
  consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
})
after(() => city.close())

const outcomes = { approve: 'approved', again: 'approved', refuse: 'refused', withdraw: 'withdrawn', return: 'returned' } as const
type Act = keyof typeof outcomes

test('of acts that exclude each other exactly one happens, in whatever order they come in (A11)', async () => {
  const some = fc.shuffledSubarray(Object.keys(outcomes) as Act[], { minLength: 2 })
  await fc.assert(
    fc.asyncProperty(some, fc.scheduler(), async (acts, scheduler) => {
      const requestId = await applyFor(consumer, provider.entryId, { items: ['id'] })
      const params = { requestId }
      const { suggestion: body } = await provider.officer.call('get_request', { params })
      const reason = { reason: '不属于履职所需' }
      const run: Record<Act, () => Promise<{ statusCode: number }>> = {
        approve: () => provider.officer.attempt('approve_request', { params, body: body! }),
        again: () => second.attempt('approve_request', { params, body: body! }),
        refuse: () => provider.officer.attempt('refuse_request', { params, body: reason }),
        withdraw: () => consumer.steward.attempt('withdraw_request', { params }),
        return: () => second.attempt('return_request', { params, body: reason }),
      }
      const started = acts.map((act) => scheduler.schedule(Promise.resolve(), act).then(async () => ({ act, ...(await run[act]()) })))
      await scheduler.waitAll()
      const ended = await Promise.all(started)
      const happened = ended.filter(({ statusCode }) => statusCode === 200).map(({ act }) => act)
      // Withdrawing what was returned is a second, lawful step.
      const isChain = happened.length === 2 && happened.includes('return') && happened.includes('withdraw')
      assert.ok(happened.length === 1 || isChain, `${happened}`)
      assert.ok(
        ended.every(({ statusCode }) => statusCode === 200 || statusCode === 409),
        JSON.stringify(ended),
      )
      const { state, grantId } = await consumer.steward.call('get_request', { params })
      assert.equal(state, isChain ? 'withdrawn' : outcomes[happened[0]!])
      const grants = await city.app.plane.db.selectFrom('sharing.data_grant').select('id').where('request_id', '=', requestId).execute()
      assert.deepEqual(
        grants.map(({ id }) => id),
        state === 'approved' ? [grantId] : [],
      )
      const clocks = await city.app.plane.db.selectFrom('duty.clock').select('state').where('object_id', '=', requestId).execute()
      assert.deepEqual(
        clocks.map((clock) => clock.state),
        [{ approved: 'met', refused: 'met', withdrawn: 'cancelled', returned: 'paused' }[state as 'approved']],
      )
    }),
    { numRuns: 40 },
  )
})
