import { Button, type ButtonProps, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../language.tsx'
import { type Failed, ProblemAlert } from '../problem-alert.tsx'
import { uiText } from '../text.ts'

interface ConfirmButtonProps {
  /** The act, on the button and on the dialog's own button. */
  label: string
  /** What will happen, and whether it can be undone. */
  question: ReactNode
  /** Resolves with a value when it is done; with undefined it failed and the dialog stays open. */
  onConfirm: () => Promise<unknown>
  error: Failed
  type?: ButtonProps['type']
  size?: ButtonProps['size']
  danger?: boolean
  icon?: ReactNode
  disabled?: boolean
}

/** A button that asks before it acts and keeps the problem in view when the act fails. */
export function ConfirmButton({ label, question, onConfirm, error, danger, ...button }: ConfirmButtonProps) {
  const t = useText(uiText)
  const [isOpen, setOpen] = useState(false)
  const [isRunning, setRunning] = useState(false)
  const [wasTried, setTried] = useState(false)
  const confirm = async () => {
    setRunning(true)
    setTried(true)
    const done = await onConfirm()
    setRunning(false)
    if (done !== undefined) setOpen(false)
  }
  return (
    <>
      <Button
        {...button}
        danger={danger ?? false}
        onClick={() => {
          setTried(false)
          setOpen(true)
        }}
      >
        {label}
      </Button>
      <Modal
        open={isOpen}
        title={label}
        onCancel={() => setOpen(false)}
        onOk={confirm}
        okText={label}
        cancelText={t.cancel}
        okButtonProps={{ danger: danger ?? false, loading: isRunning }}
        destroyOnHidden
      >
        {question}
        {wasTried && <ProblemAlert error={error} />}
      </Modal>
    </>
  )
}
