import { Button, type ButtonProps, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../language.tsx'
import { type Failed, ProblemAlert } from '../problem-alert.tsx'
import { uiText } from '../text.ts'

interface ReasonButtonProps {
  label: string
  /** What will happen, and who is told. */
  question: ReactNode
  /** What is asked for: 退回意见, 暂停原因 … */
  reasonLabel: string
  /** Fewest characters; 0: may be left empty. */
  least?: number
  max?: number
  /** Resolves with a value when it is done; with undefined it failed and the dialog stays open. */
  onConfirm: (reason: string) => Promise<unknown>
  error: Failed
  type?: ButtonProps['type']
  danger?: boolean
  icon?: ReactNode
}

/** A button for an act that needs words: an opinion, a reason. */
export function ReasonButton({
  label,
  question,
  reasonLabel,
  least = 2,
  max = 1000,
  onConfirm,
  error,
  danger,
  ...button
}: ReasonButtonProps) {
  const t = useText(uiText)
  const [form] = Form.useForm<{ reason: string }>()
  const [isOpen, setOpen] = useState(false)
  const [isRunning, setRunning] = useState(false)
  const [wasTried, setTried] = useState(false)
  const confirm = async ({ reason }: { reason: string }) => {
    setRunning(true)
    setTried(true)
    const done = await onConfirm(reason.trim())
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
        onOk={() => form.submit()}
        okText={label}
        cancelText={t.cancel}
        okButtonProps={{ danger: danger ?? false, loading: isRunning }}
        destroyOnHidden
      >
        <p>{question}</p>
        <Form form={form} layout="vertical" onFinish={confirm} initialValues={{ reason: '' }} preserve={false}>
          <Form.Item
            name="reason"
            label={reasonLabel}
            rules={[
              { required: least > 0, whitespace: true, message: t.required(reasonLabel) },
              { min: least, message: t.tooShort(least) },
            ]}
          >
            <Input.TextArea rows={4} maxLength={max} showCount autoFocus />
          </Form.Item>
        </Form>
        {wasTried && <ProblemAlert error={error} />}
      </Modal>
    </>
  )
}
