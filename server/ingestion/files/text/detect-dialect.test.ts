import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectDialect } from './detect-dialect.ts'
import type { FileDialect } from './file-dialect.ts'

const detected = (sample: string, known: Partial<FileDialect> = {}) => {
  const { dialect, columns, confidence } = detectDialect(sample, known)
  const { delimiter, quote, newline, headerLine, dataLine, trailingDelimiter, columnCount } = dialect
  return `${JSON.stringify(delimiter)} ${quote} ${newline} header ${headerLine} data ${dataLine} columns ${columnCount}${trailingDelimiter ? ' trailing' : ''} ${columns.join('/')} ${confidence >= 0.5 ? 'sure' : 'unsure'}`
}

test('delimiters, quotes and line ends', () => {
  const cases: [string, string][] = [
    ['甲,乙\n1,2\n3,4\n', '"," " lf header 1 data 2 columns 2 甲/乙 sure'],
    ['甲\t乙\r\n1,5\t2\r\n3,5\t4\r\n', '"\\t" " crlf header 1 data 2 columns 2 甲/乙 sure'],
    ['甲;乙\r1,5;2\r3,5;4\r', '";" " cr header 1 data 2 columns 2 甲/乙 sure'],
    ["'甲','乙'\n'a,b','2'\n'c','4'\n", `"," ' lf header 1 data 2 columns 2 甲/乙 sure`],
    ['甲|乙\n"|2\n"x|4\n"|6\n"y|8\n', '"|" null lf header 1 data 2 columns 2 甲/乙 sure'],
    ['甲|乙\n"a|b"|2\n"x|4\nc|6\nd|8\n', '"|" " lf header 1 data 2 columns 2 甲/乙 sure'],
    ['甲\n1\n2\n', '"," " lf header 1 data 2 columns 1 甲 unsure'],
    ['"多行\n表头",乙\n1,"2\n3"\n4,5\n', '"," " lf header 1 data 3 columns 2 多行 表头/乙 sure'],
    ['a,b\n1,2\r3,4\r5,6\n', '"," " mixed header 1 data 2 columns 2 a/b sure'],
  ]
  for (const [sample, expected] of cases) assert.equal(detected(sample), expected, JSON.stringify(sample))
})

test('headers: banners above, comments, none, unnamed and repeated columns', () => {
  const cases: [string, string][] = [
    ['2026 年统计表,,\n单位：人,,\n区划,人数,年份\n思明,1,2026\n湖里,2,2026\n', '"," " lf header 3 data 4 columns 3 区划/人数/年份 sure'],
    ['统计表\n\n区划,人数,年份\n思明,1,2026\n湖里,2,2026\n', '"," " lf header 3 data 4 columns 3 区划/人数/年份 sure'],
    ['# 来源\n# 区划|人数\n思明|1\n湖里|2\n', '"|" " lf header 2 data 3 columns 2 区划/人数 sure'],
    ['# 来源\n区划|人数\n思明|1\n湖里|2\n', '"|" " lf header 2 data 3 columns 2 区划/人数 sure'],
    ['350203,思明区,\n350205,海沧区,\n', '"," " lf header null data 1 columns 3 列1/列2/列3 sure'],
    ['区划,人数,人数,\n思明,1,2,\n湖里,2,3,\n', '"," " lf header 1 data 2 columns 3 trailing 区划/人数/人数_2 sure'],
    ['区划,人数,年份\n思明,1,2,\n湖里,2,3,\n', '"," " lf header 1 data 2 columns 3 trailing 区划/人数/年份 sure'],
    ['区划,,年份,备注,说明\n思明,1,2,a,b\n', '"," " lf header 1 data 2 columns 5 区划/列2/年份/备注/说明 sure'],
    ['名称,类别\n公园,景点\n寺庙,景点\n', '"," " lf header 1 data 2 columns 2 名称/类别 sure'],
    ['公园,景点\n寺庙,景点\n', '"," " lf header null data 1 columns 2 列1/列2 sure'],
    ['名称,类别\n', '"," " lf header 1 data 2 columns 2 名称/类别 sure'],
  ]
  for (const [sample, expected] of cases) assert.equal(detected(sample), expected, JSON.stringify(sample))
})

test('what is known bends the rest', () => {
  assert.equal(detected('a;b,c\n1;2,3\n', { delimiter: ';' }), '";" " lf header 1 data 2 columns 2 a/b,c sure')
  assert.equal(detected('a,b\nc,d\n1,2\n', { headerLine: 2, dataLine: 3 }), '"," " lf header 2 data 3 columns 2 c/d sure')
})
