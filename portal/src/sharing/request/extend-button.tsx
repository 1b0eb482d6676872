import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useAction } from '../../api/index.ts'
import { NumberField, ServerForm, TextField, useText } from '../../ui/index.ts'
import { requestText } from './text.ts'

/** The bureau's consent to one extension (Order 809 art. 21). */
export function ExtendButton({ requestId }: { requestId: string }) {
  const t = useText(requestText).request
  const [isOpen, setOpen] = useState(false)
  const extend = useAction('extend_request', { invalidates: ['get_request', 'list_requests'], onDone: () => setOpen(false) })
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.extend}</Button>
      <Modal open={isOpen} title={t.extend} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <p>{t.extendAsk}</p>
        <ServerForm<{ days: number; reason: string }>
          initial={{ days: 5 }}
          error={extend.error}
          isRunning={extend.isRunning}
          submitLabel={t.extend}
          onCancel={() => setOpen(false)}
          onSubmit={(body) => extend.run({ params: { requestId }, body })}
        >
          <NumberField name="days" label={t.extendDays} min={1} max={30} required />
          <TextField name="reason" label={t.reason} rows={3} max={500} required />
        </ServerForm>
      </Modal>
    </>
  )
}
