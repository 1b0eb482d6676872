import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { checkCitizenId, checkUscc, hasOrgCode, sexOfCitizenId } from '../server/kernel/check-digits.ts'
import { codeTables } from '../server/kernel/code-tables.ts'
import { type EnterpriseDirt, enterpriseDirt, generateEnterprises } from './enterprises.ts'
import { type Generated, scatter } from './generate.ts'
import { generatePeople, type PersonDirt, personDirt } from './people.ts'

type Row = Record<string, string>
async function read(generated: Generated<string>): Promise<Row[]> {
  let text = ''
  for await (const chunk of generated.chunks()) text += chunk
  return parse(text, { columns: true, trim: false })
}

const exists = (date: string) => /^\d{4}-\d{2}-\d{2}$/.test(date) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
const isFullWidth = (text: string) => /[０-９]/.test(text)

/** Every fault of a row that a checker finds who knows the standards and not the generator. */
function personFaults(row: Row): PersonDirt[] {
  const id = row.citizen_id!
  const fault = checkCitizenId(id, '2026-01-01')
  const born = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`
  const found: Record<PersonDirt, boolean> = {
    missing_id: id === '',
    wrong_length: /^\d{17}$/.test(id),
    full_width_digits: isFullWidth(id),
    scientific_notation: /E\+/.test(id),
    bad_check_digit: fault === 'check',
    missing_name: row.name === '',
    trailing_spaces: row.name !== row.name!.trimEnd(),
    impossible_date: !exists(row.birth_date!),
    birth_date_mismatch: fault === null && exists(row.birth_date!) && born !== row.birth_date,
    sex_mismatch: fault === null && sexOfCitizenId(id) !== row.sex,
    unknown_ethnic_code: !(row.ethnic! in codeTables.ethnic.values),
    bad_phone: !/^1[3-9]\d{9}$/.test(row.phone!),
  }
  return personDirt.filter((kind) => found[kind])
}

function enterpriseFaults(row: Row): EnterpriseDirt[] {
  const code = row.uscc!
  const found: Record<EnterpriseDirt, boolean> = {
    missing_code: code === '',
    wrong_length: code.length === 17,
    full_width_digits: isFullWidth(code),
    forbidden_letter: /^[0-9A-Z]{18}$/.test(code) && /[IOSVZ]/.test(code),
    lower_case: /[a-z]/.test(code),
    bad_check_digit: checkUscc(code) === 'check',
    missing_name: row.name === '',
    trailing_spaces: row.name !== row.name!.trimEnd(),
    impossible_date: !exists(row.founded_on!),
    approved_before_founded: row.approved_on! < row.founded_on!,
    capital_in_words: Number.isNaN(Number(row.capital)),
  }
  return enterpriseDirt.filter((kind) => found[kind])
}

/** Counts by kind; a row that is wholly there before counts as a duplicate and nothing else. */
function tallyOf(rows: Row[], key: string, faultsOf: (row: Row) => string[]) {
  const tally: Record<string, number> = {}
  const seen = new Set<string>()
  for (const row of rows) {
    const text = JSON.stringify(row)
    const faults = seen.has(text) ? ['duplicate_row'] : faultsOf(row)
    assert.ok(faults.length <= 1, `one fault a row: ${faults} in ${text}`)
    for (const fault of faults) tally[fault] = (tally[fault] ?? 0) + 1
    seen.add(text)
  }
  const keys = [...seen].map((text) => JSON.parse(text)[key]).filter((value) => /^[0-9A-Z]{18}$/.test(value))
  assert.equal(new Set(keys).size, keys.length, 'different rows have different keys')
  return tally
}

for (const seed of [1, 20261122]) {
  test(`persons: an independent check finds exactly the dirt that was planted (seed ${seed})`, async () => {
    const generated = generatePeople({ seed, rows: 20_000, dirtRate: 0.065, header: 'code' })
    const rows = await read(generated)
    assert.equal(rows.length, 20_000)
    assert.equal(generated.tally.duplicate_row, 100)
    assert.deepEqual(tallyOf(rows, 'citizen_id', personFaults), { ...generated.tally })
  })

  test(`enterprises: an independent check finds exactly the dirt that was planted (seed ${seed})`, async () => {
    const generated = generateEnterprises({ seed, rows: 20_000, dirtRate: 0.06, header: 'code' })
    const rows = await read(generated)
    assert.equal(rows.length, 20_000)
    assert.deepEqual(tallyOf(rows, 'uscc', enterpriseFaults), { ...generated.tally })
    assert.ok(rows.filter((row) => checkUscc(row.uscc!) === null).every((row) => hasOrgCode(row.uscc!)))
  })
}

test('the same seed gives the same text, another seed another, and the header says what was asked', async () => {
  const [a, b, c] = await Promise.all([7, 7, 8].map((seed) => read(generatePeople({ seed, rows: 500 }, '630100'))))
  assert.deepEqual(a, b)
  assert.notDeepEqual(a, c)
  assert.deepEqual(Object.keys(a![0]!).slice(0, 3), ['公民身份号码', '姓名', '性别代码'])
  assert.match(a![0]!.户籍地址!, /^西宁市/)
})

test('numbers belong to nobody: region codes, organisation codes and phone prefixes that were never given out', async () => {
  for (const row of await read(generatePeople({ seed: 3, rows: 2000, dirtRate: 0, header: 'code' }))) {
    assert.match(row.citizen_id!, /^35029[0-5]/)
    assert.match(row.phone!, /^154/)
  }
  for (const row of await read(generateEnterprises({ seed: 3, rows: 2000, dirtRate: 0, header: 'code' })))
    assert.match(row.uscc!, /^91350200YA/)
})

test('scattering visits every number once', () => {
  for (const size of [1, 2, 10, 997, 1000]) {
    const numbers = scatter(size, size - 1)
    assert.equal(new Set(Array.from({ length: size }, () => numbers.next().value)).size, size)
  }
})

test('a table that cannot hold so much dirt, or so many different rows, is refused', () => {
  assert.throws(() => generatePeople({ seed: 1, rows: 100, dirtRate: 1 }), RangeError)
  assert.throws(() => generatePeople({ seed: 1, rows: 1e9 }), RangeError)
  assert.throws(() => generatePeople({ seed: 1, rows: 0 }), RangeError)
})
