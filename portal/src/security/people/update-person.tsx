import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { Person } from '#contract/security.ts'
import { useAction } from '../../api/index.ts'
import { ConfirmButton, ServerForm, TextField, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'

/** Corrects a name, deactivates or activates an account. */
export function UpdatePerson({ person }: { person: Person }) {
  const t = useText(securityText).people
  const [isOpen, setOpen] = useState(false)
  const update = useAction('update_person', { invalidates: ['list_people'], onDone: () => setOpen(false) })
  const params = { personId: person.id }
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t.edit}
      </Button>
      <ConfirmButton
        size="small"
        danger={person.active}
        label={person.active ? t.deactivate : t.activate}
        question={person.active ? t.deactivateQuestion(person.displayName) : t.activateQuestion(person.displayName)}
        error={update.error}
        onConfirm={() => update.run({ params, body: { active: !person.active } })}
      />
      <Modal open={isOpen} title={person.loginName} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <ServerForm<{ displayName: string }>
          initial={{ displayName: person.displayName }}
          error={update.error}
          isRunning={update.isRunning}
          onSubmit={(body) => update.run({ params, body })}
          onCancel={() => setOpen(false)}
        >
          <TextField name="displayName" label={t.displayName} required max={50} />
        </ServerForm>
      </Modal>
    </>
  )
}
