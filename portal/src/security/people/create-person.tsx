import { Button, Form, Modal } from 'antd'
import { useState } from 'react'
import { type Answer, type Input, useAction } from '../../api/index.ts'
import { OrganisationSelect } from '../../shell/index.ts'
import { ServerForm, TextField, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'
import { OneTimePassword } from './one-time-password.tsx'

type Values = Input<'create_person'>['body']

export function CreatePerson() {
  const t = useText(securityText).people
  const [isOpen, setOpen] = useState(false)
  const [created, setCreated] = useState<Answer<'create_person'> | null>(null)
  const create = useAction('create_person', {
    invalidates: ['list_people'],
    onDone: (answer) => {
      setOpen(false)
      setCreated(answer)
    },
  })
  const finish = () => {
    setCreated(null)
    // Nothing of the password stays behind in memory.
    create.reset()
  }
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t.create}
      </Button>
      <Modal open={isOpen} title={t.create} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <ServerForm<Values>
          initial={{}}
          error={create.error}
          isRunning={create.isRunning}
          submitLabel={t.create}
          onSubmit={(body) => create.run({ body })}
          onCancel={() => setOpen(false)}
        >
          <TextField name="displayName" label={t.displayName} required max={50} />
          <TextField name="loginName" label={t.loginName} help={t.loginNameHelp} required max={40} />
          <Form.Item name="orgId" label={t.org} rules={[{ required: true, message: t.org }]}>
            <OrganisationSelect placeholder="" />
          </Form.Item>
        </ServerForm>
      </Modal>
      {created && (
        <OneTimePassword title={t.created(created.person.displayName)} password={created.oneTimePassword} next={t.next} onClose={finish} />
      )}
    </>
  )
}
