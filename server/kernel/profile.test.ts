import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { loadProfile, profileIds } from './load-profile.ts'
import { clockTerms, isPastCycle, listProfileValues, resolveProfile } from './profile.ts'

const profilesUrl = new URL('../../profiles/', import.meta.url)
const readYaml = (name: string): Record<string, unknown> => parse(readFileSync(new URL(`${name}.yaml`, profilesUrl), 'utf8'))
const files = new Map<string, unknown>(profileIds().map((id) => [id, readYaml(id)]))
const [nation, fujian, xiamen, xining] = ['nation', 'fujian', 'xiamen', 'xining'].map(loadProfile) as [P, P, P, P]
type P = ReturnType<typeof loadProfile>
const everyProfile = profileIds().map((id) => [id, loadProfile(id)] as const)

/** Paths of scalars that no citation covers. */
function uncited(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [path]
  if ('cite' in node) return []
  return Object.entries(node).flatMap(([key, child]) => uncited(child, `${path}.${key}`))
}

test('every profile parses, and every value in it has a citation of a registered instrument', () => {
  assert.deepEqual([...files.keys()], ['fujian', 'nation', 'xiamen', 'xining'])
  for (const [id, profile] of everyProfile) {
    const { id: _, extends: __, name, level, regionCode, instruments, ...sections } = profile
    assert.deepEqual(uncited(sections, id), [])
    for (const { key, cite, value } of listProfileValues(profile, '2026-11-22')) {
      assert.ok(cite.length > 4, `${id} ${key}`)
      assert.notEqual(value, undefined, `${id} ${key}`)
    }
  }
})

test('a value without a source, an unknown source, an unknown key, a missing or circular parent are refused by path', () => {
  const withClock = (days: object) =>
    new Map([...files, ['here', { ...readYaml('xining'), id: 'here', extends: 'nation', instruments: {}, clocks: { supply: { days } } }]])
  assert.throws(
    () => resolveProfile(withClock({ value: 5, cite: 'unheard-of', at: 'x' }), 'here'),
    /clocks\.supply\.days\.cite: unknown instrument unheard-of/,
  )
  assert.throws(() => resolveProfile(withClock({ value: 5, cite: 'order-809' }), 'here'), /clocks\.supply\.days\.at/)
  assert.throws(() => resolveProfile(withClock({ value: 5, cite: 'order-809', at: 'x', by: 'y' }), 'here'), /clocks\.supply\.days: .*by/)
  assert.throws(() => resolveProfile(withClock({ value: 0, cite: 'order-809', at: 'x' }), 'here'), /clocks\.supply\.days\.value/)
  assert.throws(() => resolveProfile(files, 'nowhere'), /there is no profile nowhere/)
  assert.throws(
    () => resolveProfile(new Map([...files, ['nation', { ...readYaml('nation'), extends: 'xining' }]]), 'xining'),
    /extends itself/,
  )
})

test('the clocks differ as the sources do (facts §1.6): catalog update 10, Xiamen 7, Xining 20', () => {
  const days = (profile: P, clock: Parameters<typeof clockTerms>[1]) => clockTerms(profile, clock, 'department')?.days ?? null
  assert.deepEqual(
    [nation, fujian, xiamen, xining].map((profile) => days(profile, 'catalog_update')),
    [10, 10, 7, 20],
  )
  for (const profile of [nation, fujian, xiamen, xining]) {
    assert.deepEqual(
      (['catalog_review', 'request_reply_unconditional', 'request_reply_conditional', 'supply', 'verification'] as const).map((clock) =>
        days(profile, clock),
      ),
      [2, 1, 10, 20, 10],
    )
    assert.deepEqual(
      (['catalog_first_review', 'withdrawal_notice', 'dispute', 'data_return'] as const).map((clock) => days(profile, clock)),
      [null, null, null, null],
    )
    assert.equal(clockTerms(profile, 'request_reply_conditional', 'department')?.maxExtensionDays, 10)
    assert.equal(clockTerms(profile, 'catalog_update', 'department')?.maxExtensionDays, 5)
    assert.equal(clockTerms(profile, 'supply', 'department')?.maxExtensionDays, 0)
  }
  assert.deepEqual([days(nation, 'collection'), days(xiamen, 'collection')], [null, 7])
})

test('a clock binds whom its source binds: Order 809 the departments, Xiamen the public-service organisations as well', () => {
  assert.equal(clockTerms(xiamen, 'catalog_update', 'public_service')?.days, 7)
  assert.equal(clockTerms(xiamen, 'supply', 'public_service'), null)
  assert.equal(clockTerms(xining, 'catalog_update', 'public_service'), null)
  assert.equal(clockTerms(nation, 'supply', 'developer'), null)
  assert.match(clockTerms(xiamen, 'catalog_update', 'department')!.citation, /^厦门市一体化公共数据体系建设方案（试行）二（二）2$/)
})

test('classes have their official names, and the third sharing class its basis (facts §12 no. 2 and 3)', () => {
  const open = (profile: P) => Object.values(profile.opening.classes).map(({ value }) => value.zh)
  assert.deepEqual(
    [open(nation), open(xining)],
    [
      ['无条件开放', '有条件开放', '不予开放'],
      ['无条件开放', '有条件开放', '不予开放'],
    ],
  )
  assert.deepEqual(
    [open(fujian), open(xiamen)],
    [
      ['普遍开放', '依申请开放', '不予开放'],
      ['普遍开放', '依申请开放', '不予开放'],
    ],
  )
  for (const { sharing } of [nation, fujian, xiamen, xining])
    assert.ok(!sharing.classes.not_shared?.value.refusalBasis.includes('national_policy'))
  assert.equal(nation.sharing.classes.temp_not_shared, undefined)
  assert.deepEqual(xiamen.sharing.classes.temp_not_shared?.value.isLegacy, true)
  assert.ok(fujian.sharing.classes.temp_not_shared?.value.refusalBasis.includes('national_policy'))
})

test('levels get stricter with their rank, and core data never leave for operation', () => {
  const levels = Object.values(nation.grading.levels).map(({ value }) => value)
  assert.deepEqual(
    levels.map(({ rank }) => rank),
    [1, 2, 3, 4, 5, 6],
  )
  const width = { unconditional: 2, conditional: 1, not_shared: 0, open: 2, on_application: 1, not_open: 0 }
  for (const [i, level] of levels.slice(1).entries()) {
    assert.ok(width[level.widestSharing] <= width[levels[i]!.widestSharing])
    assert.ok(width[level.widestOpening] <= width[levels[i]!.widestOpening])
  }
  assert.equal(nation.grading.levels.core.value.operation, 'never')
  assert.equal(nation.grading.impact.value.organisation_person.grave, 'L4')
})

test('names, libraries, registration and portals are those of the place (facts §3, §9, §12)', () => {
  assert.deepEqual(
    [nation, fujian, xiamen, xining].map(({ names }) => names.data.value.zh),
    ['政务数据', '公共数据', '公共数据', '政务数据'],
  )
  assert.deepEqual(
    [xiamen, xining].map(({ names }) => names.dataAuthority.value.zh),
    ['市数据管理局', '市大数据管理局'],
  )
  assert.deepEqual(
    xiamen.libraries.base.value.filter(({ status }) => status === 'planned').map(({ code }) => code),
    ['economy'],
  )
  assert.equal(xiamen.libraries.base.value.length, 6)
  assert.equal(xiamen.libraries.theme.value.length, 8)
  assert.deepEqual(
    [nation, fujian, xiamen].map(({ development }) => development.registrationTypes.value.includes('renewal')),
    [false, true, true],
  )
  assert.deepEqual(
    [fujian, xiamen, xining].map(({ development }) => development.ownRegistry.value),
    [true, false, true],
  )
  assert.deepEqual(
    [fujian, xiamen, xining].map(({ opening }) => opening.portal.value),
    ['own', 'province', 'own'],
  )
})

test('data are past their cycle on the day after its last day; irregular data never are', () => {
  assert.equal(isPastCycle(xiamen, 'monthly', '2026-10-01', '2026-11-01'), false)
  assert.equal(isPastCycle(xiamen, 'monthly', '2026-10-01', '2026-11-02'), true)
  assert.equal(isPastCycle(xiamen, 'daily', '2026-11-01', '2026-11-02'), false)
  assert.equal(isPastCycle(xiamen, 'irregular', '2020-01-01', '2026-11-02'), false)
  assert.deepEqual(
    Object.values(nation.catalog.updateCycles).map(({ name }) => name.value.guideCode),
    ['1', '2', '3', '4', '5', null, '6', null],
  )
})

test('values on an expired or doubtful source are shown as such', () => {
  const find = (profile: P, today: string, key: string) => listProfileValues(profile, today).find((value) => value.key === key)!
  assert.equal(find(xiamen, '2026-06-06', 'clocks.catalog_update.days').isExpired, false)
  assert.equal(find(xiamen, '2026-06-07', 'clocks.catalog_update.days').isExpired, true)
  assert.equal(find(nation, '2026-06-07', 'catalog.formats.7').isUnsure, true)
  assert.equal(find(nation, '2026-06-07', 'masks.email').isUnsure, true, 'the instrument itself is doubtful')
  assert.equal(find(nation, '2026-06-07', 'clocks.supply.days').isUnsure, false)
})

test('the example city of profiles/README.md works as it is printed', () => {
  const example = /```yaml\n(id: [\s\S]*?)```/.exec(readFileSync(new URL('README.md', profilesUrl), 'utf8'))![1]!
  const city = parse(example) as { id: string }
  const profile = resolveProfile(new Map([...files, [city.id, city]]), city.id)
  assert.equal(clockTerms(profile, 'request_reply_conditional', 'department')?.days, 5)
  assert.equal(clockTerms(profile, 'collection', 'department')?.days, 15)
  assert.equal(clockTerms(profile, 'supply', 'department')?.days, 20)
})
