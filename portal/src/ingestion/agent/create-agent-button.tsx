import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useAction } from '../../api/index.ts'
import { SecretOnce, ServerForm, TextField, useText } from '../../ui/index.ts'
import { agentText } from './text.ts'

const configOf = (code: string) =>
  JSON.stringify(
    {
      city: window.location.origin,
      code,
      connections: {
        main: { kind: 'postgresql', host: '10.0.0.8', port: 5432, database: 'app', schema: 'public', user: 'datong_read', password: '…' },
      },
    },
    null,
    2,
  )

/** Registers an agent; its one-time code is shown once, as the settings that the department needs. */
export function CreateAgentButton() {
  const t = useText(agentText)
  const [isOpen, setOpen] = useState(false)
  const [code, setCode] = useState<string>()
  const create = useAction('create_agent', { invalidates: ['list_agents'], onDone: (made) => setCode(made.code) })
  const close = () => {
    setOpen(false)
    setCode(undefined)
  }
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
        closable={!code}
        mask={{ closable: false }}
        destroyOnHidden
      >
        {code ? (
          <>
            <SecretOnce label={t.code} secret={code} warning={t.codeWarning} />
            <p>{t.config}</p>
            <pre className="dt-mono">{configOf(code)}</pre>
            <div className="dt-actions">
              <Button type="primary" onClick={close}>
                {t.done}
              </Button>
            </div>
          </>
        ) : (
          <ServerForm<{ name: string }>
            initial={{}}
            error={create.error}
            isRunning={create.isRunning}
            submitLabel={t.create}
            onCancel={close}
            onSubmit={({ name }) => create.run({ body: { name } })}
          >
            <TextField name="name" label={t.name} help={t.nameHelp} required max={200} />
          </ServerForm>
        )}
      </Modal>
    </>
  )
}
