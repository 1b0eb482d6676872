import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  checkBankCard,
  checkCitizenId,
  checkOrgCode,
  checkUscc,
  citizenIdCheck,
  hasOrgCode,
  luhnCheck,
  mod37Hybrid36Check,
  mod37Radix2Check,
  orgCodeCheck,
  sexOfCitizenId,
  upgradeCitizenId,
  usccCheck,
} from './check-digits.ts'

const today = '2026-11-22'

test('citizen identity numbers: the vectors of facts §6.1 hold', () => {
  for (const id of ['11010519491231002X', '440524188001010014', '350203199003070014', '350206200001011226', '630102198511203339'])
    assert.equal(checkCitizenId(id, id === '440524188001010014' ? '1949-10-01' : today), null, id)
  assert.equal(checkCitizenId('440524188001010014', today), 'age', 'a well-known example, of a person who would be 146')
  const faults = {
    '350203199003070015': 'check',
    '35020319900307001': 'length',
    '35020319900307001４': 'characters',
    '11010519491231002x': 'characters',
    '350203199002300014': 'date',
    '350203199013070014': 'date',
    '350203202612310016': 'future',
    '': 'length',
  }
  for (const [id, fault] of Object.entries(faults)) assert.equal(checkCitizenId(id, today), fault, id)
  assert.deepEqual([sexOfCitizenId('350203199003070014'), sexOfCitizenId('350206200001011226')], ['1', '2'])
})

test('an old number of 15 digits gets its century and its check digit', () => {
  assert.equal(upgradeCitizenId('350203900307001'), '350203199003070014')
  assert.equal(upgradeCitizenId('350203900230001'), null)
  assert.equal(upgradeCitizenId('35020390030700'), null)
})

test('unified social credit codes: the vectors of facts §6.1 hold, an old organisation code inside is only a warning', () => {
  for (const uscc of [
    '9144030071526726XG',
    '914403001922038216',
    '91330100799655058B',
    '91110000802100433B',
    '91350200MA0000007F',
    '113502000041380071',
  ]) {
    assert.equal(checkUscc(uscc), null, uscc)
    assert.ok(hasOrgCode(uscc), uscc)
  }
  assert.equal(checkUscc('91350200MA0000007G'), 'check')
  assert.equal(checkUscc('91350200MA000000O7'), 'characters')
  assert.equal(checkUscc('91350200MA0000007'), 'length')
  const body = '91350200MA0000009'
  assert.equal(checkUscc(body + usccCheck(body)), null)
  assert.equal(hasOrgCode(body + usccCheck(body)), false)
})

test('organisation codes: the vectors of facts §6.1 hold, with or without the hyphen', () => {
  for (const code of ['71526726X', '192203821', '799655058', '802100433', 'MA0000007', '004138007', 'MA000000-7'])
    assert.equal(checkOrgCode(code), null, code)
  assert.deepEqual(['MA0000008', 'MA000000', 'ma0000007'].map(checkOrgCode), ['check', 'length', 'characters'])
})

test('bank cards follow Luhn', () => {
  assert.deepEqual(['4111111111111111', '6222020000000000000', '6222020000000000005', '62220200000'].map(checkBankCard), [
    null,
    null,
    'check',
    'length',
  ])
})

test('ISO 7064: MOD 37-2 and MOD 37,36 give the published check characters', () => {
  assert.equal(mod37Radix2Check('791350200MA0000001135021BH95JZY'), 'K')
  assert.equal(mod37Radix2Check('G123498654321'), 'H', 'the published example of ISBT 128')
  const eLicences = [
    '11100000000013338W011.11430000006122244L.20230000403.001.U',
    '11100000000013338W009.11330105002500287C.2025052201.002.0',
  ]
  for (const id of eLicences) assert.equal(mod37Hybrid36Check(id.slice(0, -2).replaceAll('.', '')), id.at(-1), id)
  assert.equal(mod37Hybrid36Check('A12425GABC1234002'), 'M', 'the published example of GRid')
})

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
const letters = (length: number) => fc.stringMatching(new RegExp(`^[0-9A-HJ-NPQRTUWXY]{${length}}$`))

test('every code finds any one changed character', () => {
  const schemes = [
    { body: digits(17), check: citizenIdCheck, characters: '0123456789' },
    { body: letters(17), check: usccCheck, characters: '0123456789ABCDEFGHJKLMNPQRTUWXY' },
    { body: digits(15), check: luhnCheck, characters: '0123456789' },
    { body: letters(30), check: mod37Radix2Check, characters: '0123456789ABCDEFGHJKLMNPQRTUWXY' },
    { body: letters(30), check: mod37Hybrid36Check, characters: '0123456789ABCDEFGHJKLMNPQRTUWXY' },
  ]
  for (const { body, check, characters } of schemes)
    fc.assert(
      fc.property(body, fc.nat(), fc.nat(), (code, where, by) => {
        const i = where % code.length
        const other = characters[(characters.indexOf(code[i]!) + 1 + (by % (characters.length - 1))) % characters.length]
        assert.notEqual(check(code.slice(0, i) + other + code.slice(i + 1)), check(code))
      }),
    )
  fc.assert(fc.property(letters(8), (code) => assert.equal(checkOrgCode(code + orgCodeCheck(code)), null)))
})
