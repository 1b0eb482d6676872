import { Alert, Button, Pagination } from 'antd'
import { type ClipboardEvent, useCallback, useRef, useState } from 'react'
import type { Item } from '#contract/catalog.ts'
import { itemFields } from '#contract/catalog-fields.ts'
import { EmptyState, useLanguage, useText } from '../../ui/index.ts'
import { type ItemField, itemColumns, newItem } from './item-columns.ts'
import { cellId, ItemRow } from './item-row.tsx'
import { PasteDialog, PasteProblems } from './paste-dialog.tsx'
import { type PasteResult, pasteItems } from './paste-items.ts'
import { editorText } from './text.ts'

const rowsShown = 100

interface ItemEditorProps {
  items: Item[]
  onChange: (items: Item[]) => void
  /** Pointers of the last check, as `/items/3/code`. */
  wrongPointers: string[]
  /** Which hundred is shown; a problem that is gone to may lie on another. */
  shownPage: number
  onPage: (page: number) => void
}

/** The items as a table to type in, to paste into, to reorder. */
export function ItemEditor({ items, onChange, wrongPointers, shownPage, onPage }: ItemEditorProps) {
  const t = useText(editorText).item
  const latest = useRef(items)
  latest.current = items
  const change = useCallback((next: Item[]) => onChange(next), [onChange])
  const [pasted, setPasted] = useState<(PasteResult & { before: Item[] }) | null>(null)
  const acts = useRef({
    change: (index: number, changed: Partial<Item>) => change(latest.current.with(index, { ...latest.current[index]!, ...changed })),
    move: (index: number, by: 1 | -1) =>
      change(latest.current.with(index, latest.current[index + by]!).with(index + by, latest.current[index]!)),
    remove: (index: number) => change(latest.current.toSpliced(index, 1)),
  }).current
  const takePaste = (result: PasteResult) => {
    setPasted({ ...result, before: items })
    onChange(result.items)
  }
  const onPaste = (event: ClipboardEvent<HTMLElement>) => {
    const text = event.clipboardData.getData('text/plain')
    const { row, field } = (event.target as HTMLElement).dataset
    if (row === undefined || !/[\t\n]/.test(text.trimEnd())) return
    event.preventDefault()
    takePaste(pasteItems(items, text, { row: Number(row), field: field as ItemField }))
  }
  const add = () => {
    onChange([...items, newItem()])
    onPage(Math.ceil((items.length + 1) / rowsShown))
    setTimeout(() => document.getElementById(cellId(items.length, 'name'))?.focus())
  }
  return (
    <>
      <div className="dt-table-head">
        <span>{t.count(items.length)}</span>
        <span className="dt-muted">{t.hint}</span>
        <span className="dt-actions">
          <Button onClick={add}>{t.add}</Button>
          <PasteDialog items={items} onPaste={takePaste} />
        </span>
      </div>
      {pasted && (
        <Alert
          type={pasted.problems.length > 0 ? 'warning' : 'success'}
          className="dt-problem"
          title={t.pasted(pasted.rows)}
          description={pasted.problems.length > 0 && <PasteProblems problems={pasted.problems} />}
          closable={{ onClose: () => setPasted(null) }}
          action={
            <Button
              size="small"
              onClick={() => {
                onChange(pasted.before)
                setPasted(null)
              }}
            >
              {t.undo}
            </Button>
          }
        />
      )}
      {items.length === 0 ? (
        <EmptyState why={t.empty} />
      ) : (
        <ItemTableBody items={items} shownPage={shownPage} wrongPointers={wrongPointers} acts={acts} onPaste={onPaste} />
      )}
      <Pagination
        hideOnSinglePage
        size="small"
        current={shownPage}
        pageSize={rowsShown}
        total={items.length}
        onChange={onPage}
        showSizeChanger={false}
      />
    </>
  )
}

interface ItemTableBodyProps extends Pick<ItemEditorProps, 'items' | 'shownPage' | 'wrongPointers'> {
  acts: Parameters<typeof ItemRow>[0]['acts']
  onPaste: (event: ClipboardEvent<HTMLElement>) => void
}

function ItemTableBody({ items, shownPage, wrongPointers, acts, onPaste }: ItemTableBodyProps) {
  const t = useText(editorText)
  const { language } = useLanguage()
  const first = (shownPage - 1) * rowsShown
  const wrongOf = (index: number) =>
    wrongPointers
      .filter((pointer) => pointer.startsWith(`/items/${index}/`))
      .map((pointer) => pointer.split('/')[3])
      .join(' ')
  return (
    <div className="dt-sheet">
      <table aria-label={t.sections.items} onPaste={onPaste}>
        <thead>
          <tr>
            <th scope="col">#</th>
            {itemColumns.map(({ field, width }) => (
              <th key={field} scope="col" style={{ minWidth: width }}>
                {itemFields[field][language]}
              </th>
            ))}
            <th scope="col" aria-label={t.item.remove('')} />
          </tr>
        </thead>
        <tbody>
          {items.slice(first, first + rowsShown).map((item, offset) => (
            <ItemRow
              // biome-ignore lint/suspicious/noArrayIndexKey: an item has no identity before it has a code; rows are controlled
              key={first + offset}
              item={item}
              index={first + offset}
              isLast={first + offset === items.length - 1}
              wrong={wrongOf(first + offset)}
              acts={acts}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export const pageOfItem = (index: number) => Math.floor(index / rowsShown) + 1
