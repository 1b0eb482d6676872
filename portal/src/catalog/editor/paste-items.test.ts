import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newItem } from './item-columns.ts'
import { pasteItems } from './paste-items.ts'

test('a table with column names is read by them, in any order and language', () => {
  const { items, rows, problems } = pasteItems(
    [],
    '信息项代码\t信息项名称\tData type\t是否主键\r\nplate_no\t车牌号\t字符型\t是\r\nkm\t里程\tF\t否\r\n',
  )
  assert.equal(rows, 2)
  assert.deepEqual(problems, [])
  assert.deepEqual(items, [
    { ...newItem(), code: 'plate_no', name: '车牌号', dataType: 'C', isKey: true },
    { ...newItem(), code: 'km', name: '里程', dataType: 'F' },
  ])
})

test('a table without column names fills cells from the one that was pasted into, and adds rows', () => {
  const before = [{ ...newItem(), name: '甲', code: 'a' }]
  const { items } = pasteItems(before, 'b\t数值型\t8\t2\nc\t日期型', { row: 0, field: 'code' })
  assert.equal(items.length, 2)
  assert.deepEqual([items[0]!.name, items[0]!.code, items[0]!.dataType, items[0]!.length, items[0]!.scale], ['甲', 'b', 'N', 8, 2])
  assert.deepEqual([items[1]!.code, items[1]!.dataType], ['c', 'D'])
})

test('a cell that is not understood keeps its default and is named', () => {
  const { items, problems } = pasteItems([], '甲\ta\t长文本\t八\n乙\tb\t整型\t4')
  assert.deepEqual(problems, [
    { row: 1, field: 'dataType', value: '长文本' },
    { row: 1, field: 'length', value: '八' },
  ])
  assert.equal(items[0]!.dataType, 'C')
  assert.equal(items[1]!.dataType, 'I')
})

test('a quoted cell keeps its line breaks and quotes', () => {
  const { items } = pasteItems([], '信息项名称\t信息项代码\t信息项说明\n甲\ta\t"第一行\n说""明"')
  assert.equal(items[0]!.description, '第一行\n说"明')
})
