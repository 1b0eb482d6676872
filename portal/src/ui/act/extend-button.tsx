import { Button, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { NumberField, TextField } from '../form/form-fields.tsx'
import { ServerForm } from '../form/server-form.tsx'
import { useText } from '../language.tsx'
import type { Failed } from '../problem-alert.tsx'
import { uiText } from '../text.ts'

interface ExtendButtonProps {
  /** What follows, and who is told. */
  question: ReactNode
  /** Working days. */
  most: number
  size?: 'small'
  error: Failed
  isRunning: boolean
  /** Resolves with undefined where it failed: the dialog stays open. */
  onConfirm: (extension: { days: number; reason: string }) => Promise<unknown>
}

/** The authority's consent to one extension of a deadline (Order 809 art. 17, 21). */
export function ExtendButton({ question, most, size, error, isRunning, onConfirm }: ExtendButtonProps) {
  const t = useText(uiText).extend
  const [isOpen, setOpen] = useState(false)
  const confirm = async (extension: { days: number; reason: string }) => {
    if ((await onConfirm(extension)) !== undefined) setOpen(false)
  }
  return (
    <>
      <Button {...(size && { size })} onClick={() => setOpen(true)}>
        {t.label}
      </Button>
      <Modal open={isOpen} title={t.label} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <p>{question}</p>
        <ServerForm<{ days: number; reason: string }>
          initial={{ days: Math.min(5, most) }}
          error={error}
          isRunning={isRunning}
          submitLabel={t.label}
          onCancel={() => setOpen(false)}
          onSubmit={confirm}
        >
          <NumberField name="days" label={t.days} min={1} max={most} required />
          <TextField name="reason" label={t.reason} rows={3} max={500} required />
        </ServerForm>
      </Modal>
    </>
  )
}
