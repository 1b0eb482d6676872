import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guessColumn } from './guess-type.ts'

test('types of the 2017 guide are guessed from values, codes stay text', () => {
  const cases: [name: string, values: string[], type: string][] = [
    ['人数', ['1', '20', '-3'], 'I'],
    ['面积', ['1.50', '20', '-3.25'], 'N'],
    ['系数', ['1e-5', '2.5E+10'], 'F'],
    ['身份证号', ['350203199001011234'], 'C'],
    ['行政区划代码', ['350203', '350205'], 'C'],
    ['areaCode', ['350203'], 'C'],
    ['序', ['001', '002'], 'C'],
    ['流水', ['20240101000012345'], 'C'],
    ['日期', ['2024-01-02', '2024/1/2', '2024年1月2日', '20240102'], 'D'],
    ['时间', ['2024-01-02 08:30', '2024-01-02T08:30:00+08:00'], 'T'],
    ['有效', ['是', '否'], 'L'],
    ['标志', ['t', 'f'], 'L'],
    ['名称', ['厦门', '1'], 'C'],
    ['说明', ['长'.repeat(501)], 'M'],
    ['空', ['', ''], 'C'],
  ]
  for (const [name, values, type] of cases) assert.equal(guessColumn(name, values).guessedType, type, name)
})

test('marks for missing values count as nulls beside numbers, and stay texts among texts', () => {
  assert.deepEqual(guessColumn('pm10', ['12', '-;', '', null, '15']), {
    guessedType: 'I',
    maxLength: 2,
    nulls: 3,
    missingMarks: ['-;'],
    sampleValues: ['12', '15'],
  })
  assert.deepEqual(guessColumn('备注', ['无', '好', null]), {
    guessedType: 'C',
    maxLength: 1,
    nulls: 1,
    missingMarks: [],
    sampleValues: ['无', '好'],
  })
})
