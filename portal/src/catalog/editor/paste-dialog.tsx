import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import type { Item } from '#contract/catalog.ts'
import { itemFields } from '#contract/catalog-fields.ts'
import { useLanguage, useText } from '../../ui/index.ts'
import { type PasteResult, pasteItems } from './paste-items.ts'
import { editorText } from './text.ts'

/** For those who do not know that a table can be pasted into a cell: a place to paste it. */
export function PasteDialog({ items, onPaste }: { items: Item[]; onPaste: (result: PasteResult) => void }) {
  const t = useText(editorText).item
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const take = () => {
    onPaste(pasteItems(items, text))
    setText('')
    setOpen(false)
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.addMany}</Button>
      <Modal
        open={isOpen}
        width={720}
        title={t.pasteTitle}
        okText={t.pasteDo}
        okButtonProps={{ disabled: text.trim() === '' }}
        onOk={take}
        onCancel={() => setOpen(false)}
      >
        <p>{t.pasteHelp}</p>
        <Input.TextArea
          aria-label={t.pasteLabel}
          rows={10}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoFocus
          className="dt-mono"
        />
      </Modal>
    </>
  )
}

const shown = 8

/** The cells that were not understood, the first few by name. */
export function PasteProblems({ problems }: { problems: PasteResult['problems'] }) {
  const t = useText(editorText).item
  const { language } = useLanguage()
  return (
    <>
      <p>{t.problems(problems.length)}</p>
      <ul>
        {problems.slice(0, shown).map(({ row, field, value }) => (
          <li key={`${row}-${field}`}>{t.problem(row, itemFields[field][language], value)}</li>
        ))}
      </ul>
    </>
  )
}
