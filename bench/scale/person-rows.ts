/** A table like a city's person or business records: what a column is called, its type in the lake, and SQL that invents it from `number`. */
export const columns = [
  { name: '_row', type: 'UInt64', value: 'number + 1', kind: 'row number' },
  {
    name: 'id_number',
    type: 'String',
    value: "concat('3502', leftPad(toString(intHash64(number) % 100000000000000), 14, '0'))",
    kind: 'identity number (18 digits, unique)',
  },
  {
    name: 'name',
    type: 'String',
    value:
      "concat(substringUTF8('陈林黄张李王吴刘蔡杨许郑', 1 + intHash64(number + 1) % 12, 1), substringUTF8('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英', 1 + intHash64(number + 2) % 23, 1), substringUTF8('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英', 1 + intHash64(number + 3) % 23, 1))",
    kind: 'name (3 Chinese characters)',
  },
  {
    name: 'address',
    type: 'String',
    value:
      "concat('厦门市', ['思明区','湖里区','集美区','海沧区','同安区','翔安区'][1 + intHash64(number + 4) % 6], ['嘉禾路','湖滨南路','仙岳路','同集路','滨海西大道','马青路','环东海域大道','金山路'][1 + intHash64(number + 5) % 8], toString(intHash64(number + 6) % 2000), '号', toString(intHash64(number + 7) % 30), '栋', toString(101 + intHash64(number + 8) % 3000), '室')",
    kind: 'address (about 25 characters)',
  },
  {
    name: 'phone',
    type: 'String',
    value: "concat('1', toString(3000000000 + intHash64(number + 9) % 6999999999))",
    kind: 'phone number (11 digits)',
  },
  { name: 'born', type: 'Nullable(Date32)', value: "toDate32('1940-01-01') + intHash64(number + 10) % 30000", kind: 'date' },
  {
    name: 'changed_at',
    type: "Nullable(DateTime64(6, 'UTC'))",
    value: "toDateTime64('2020-01-01 00:00:00', 6, 'UTC') + intDiv(number, 3) + intHash64(number + 11) % 60",
    kind: 'time of change (rising, second)',
  },
  {
    name: 'amount',
    type: 'Nullable(Decimal(18, 2))',
    value: 'toDecimal64(intHash64(number + 12) % 100000000, 2)',
    kind: 'amount (two decimals)',
  },
  { name: 'state_code', type: 'String', value: "['1','2','3','9'][1 + intHash64(number + 13) % 4]", kind: 'code (4 values)' },
  { name: '#digest', type: 'UInt64 CODEC(NONE)', value: 'sipHash64(number)', kind: 'digest of the row (not compressible)' },
] as const

const q = (name: string) => `\`${name}\``

/** CREATE TABLE of the rows, all columns with the same codec but the digest. */
export const tableOf = (table: string, codec: string) =>
  `CREATE TABLE lake.${table} (${columns.map(({ name, type }) => `${q(name)} ${type}${type.includes('CODEC') ? '' : ` CODEC(${codec})`}`).join(', ')}) ENGINE = MergeTree ORDER BY _row`

export const namesOf = columns.map(({ name }) => q(name)).join(', ')
export const valuesOf = (from: string) => `SELECT ${columns.map(({ value, name }) => `${value} AS ${q(name)}`).join(', ')} FROM ${from}`
