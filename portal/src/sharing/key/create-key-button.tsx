import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useAction } from '../../api/index.ts'
import { DateField, FieldTable, SecretOnce, ServerForm, TextField, useText } from '../../ui/index.ts'
import { keyText } from './text.ts'

interface KeyForm {
  name: string
  addresses: string
  expiresOn: string
}

/** Asks for a key; its secret is shown once and is gone with the dialog. */
export function CreateKeyButton() {
  const t = useText(keyText)
  const [isOpen, setOpen] = useState(false)
  const [made, setMade] = useState<{ accessKey: string; secret: string }>()
  const create = useAction('create_key', {
    invalidates: ['list_keys'],
    onDone: ({ key, secret }) => setMade({ accessKey: key.accessKey, secret }),
  })
  const close = () => {
    setOpen(false)
    setMade(undefined)
  }
  const submit = ({ name, addresses, expiresOn }: KeyForm) =>
    create.run({ body: { name, expiresOn, allowedAddresses: (addresses ?? '').split(/\s+/).filter(Boolean) } })
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t.create}
      </Button>
      <Modal
        open={isOpen}
        width={680}
        title={t.create}
        footer={null}
        onCancel={close}
        closable={!made}
        mask={{ closable: false }}
        destroyOnHidden
      >
        {made ? (
          <>
            <FieldTable label={t.accessKey} fields={[{ label: t.accessKey, value: <span className="dt-mono">{made.accessKey}</span> }]} />
            <SecretOnce label={t.secret} secret={made.secret} warning={t.secretWarning} />
            <div className="dt-actions">
              <Button type="primary" onClick={close}>
                {t.done}
              </Button>
            </div>
          </>
        ) : (
          <ServerForm<KeyForm>
            initial={{}}
            error={create.error}
            isRunning={create.isRunning}
            submitLabel={t.create}
            onCancel={close}
            onSubmit={submit}
          >
            <TextField name="name" label={t.name} help={t.nameHelp} required max={50} />
            <TextField name="addresses" label={t.addresses} help={t.addressesHelp} rows={3} />
            <DateField name="expiresOn" label={t.expiresOn} required />
          </ServerForm>
        )}
      </Modal>
    </>
  )
}
