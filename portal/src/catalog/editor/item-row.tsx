import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { memo } from 'react'
import type { Item } from '#contract/catalog.ts'
import { itemFields } from '#contract/catalog-fields.ts'
import { useLanguage, useText } from '../../ui/index.ts'
import { catalogWords } from '../words.ts'
import { type ItemField, itemColumns, parseCell } from './item-columns.ts'
import { editorText } from './text.ts'

export interface ItemRowActs {
  change: (index: number, changed: Partial<Item>) => void
  move: (index: number, by: 1 | -1) => void
  remove: (index: number) => void
}

/** The id of a cell, so that a problem of the check can be gone to. */
export const cellId = (index: number, field: string) => `item-${index}-${field}`

interface ItemRowProps {
  item: Item
  index: number
  isLast: boolean
  /** Fields with a problem of the last check. */
  wrong: string
  acts: ItemRowActs
}

/** One item as plain inputs: hundreds of rows stay quick, and every key of a table works. */
export const ItemRow = memo(function ItemRow({ item, index, isLast, wrong, acts }: ItemRowProps) {
  const t = useText(editorText).item
  const wrongFields = wrong.split(' ')
  const name = item.name || t.row(index + 1)
  return (
    <tr>
      <th scope="row">{index + 1}</th>
      {itemColumns.map(({ field }) => (
        <td key={field} className={wrongFields.includes(field) ? 'dt-cell-wrong' : undefined}>
          <ItemCell item={item} index={index} field={field} isWrong={wrongFields.includes(field)} change={acts.change} />
        </td>
      ))}
      <td className="dt-row-acts">
        <Button
          size="small"
          type="text"
          icon={<ArrowUpOutlined />}
          aria-label={t.up(name)}
          disabled={index === 0}
          onClick={() => acts.move(index, -1)}
        />
        <Button
          size="small"
          type="text"
          icon={<ArrowDownOutlined />}
          aria-label={t.down(name)}
          disabled={isLast}
          onClick={() => acts.move(index, 1)}
        />
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t.remove(name)} onClick={() => acts.remove(index)} />
      </td>
    </tr>
  )
})

interface ItemCellProps {
  item: Item
  index: number
  field: ItemField
  isWrong: boolean
  change: ItemRowActs['change']
}

function ItemCell({ item, index, field, isWrong, change }: ItemCellProps) {
  const t = useText(editorText).item
  const words = useText(catalogWords)
  const { language } = useLanguage()
  const { kind } = itemColumns.find((column) => column.field === field)!
  const shared = {
    id: cellId(index, field),
    'data-row': index,
    'data-field': field,
    'aria-label': t.cell(index + 1, itemFields[field][language]),
    'aria-invalid': isWrong || undefined,
  }
  const value = item[field]
  if (kind === 'flag')
    return (
      <input
        {...shared}
        type="checkbox"
        checked={value as boolean}
        onChange={(event) => change(index, { [field]: event.target.checked })}
      />
    )
  if (kind === 'choice') {
    const choices = Object.entries(words[field as 'dataType' | 'level' | 'sensitiveKind'])
    return (
      <select {...shared} value={value as string} onChange={(event) => change(index, { [field]: event.target.value })}>
        {choices.map(([code, label]) => (
          <option key={code} value={code}>
            {label}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      {...shared}
      value={value === null ? '' : String(value)}
      inputMode={kind === 'count' ? 'numeric' : undefined}
      onChange={(event) => {
        const parsed = parseCell(field, kind === 'text' ? '' : event.target.value)
        if (kind === 'text') change(index, { [field]: event.target.value })
        else if (parsed !== undefined) change(index, { [field]: parsed })
      }}
    />
  )
}
