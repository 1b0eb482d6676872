import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { OrgInput } from '#contract/security.ts'
import { useAction } from '../../api/index.ts'
import { ServerForm, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'
import { OrganisationFields, toOrgInput } from './organisation-fields.tsx'

export function CreateOrganisation() {
  const t = useText(securityText).organisation
  const [isOpen, setOpen] = useState(false)
  const create = useAction('create_organisation', { invalidates: ['list_organisations'], onDone: () => setOpen(false) })
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t.create}
      </Button>
      <Modal open={isOpen} title={t.create} footer={null} onCancel={() => setOpen(false)} destroyOnHidden width={640}>
        <ServerForm<OrgInput>
          initial={{ kind: 'department', uscc: null, parentId: null }}
          error={create.error}
          isRunning={create.isRunning}
          submitLabel={t.create}
          onSubmit={(values) => create.run({ body: toOrgInput(values) })}
          onCancel={() => setOpen(false)}
        >
          <OrganisationFields />
        </ServerForm>
      </Modal>
    </>
  )
}
