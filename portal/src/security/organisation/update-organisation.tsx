import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { Org, OrgInput } from '#contract/security.ts'
import { useAction } from '../../api/index.ts'
import { ConfirmButton, ServerForm, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'
import { OrganisationFields, toOrgInput } from './organisation-fields.tsx'

/** Changes, deactivates or activates one organisation. */
export function UpdateOrganisation({ org }: { org: Org }) {
  const t = useText(securityText).organisation
  const [isOpen, setOpen] = useState(false)
  const update = useAction('update_organisation', { invalidates: ['list_organisations'], onDone: () => setOpen(false) })
  const params = { orgId: org.id }
  const { name, shortName, kind, uscc, regionCode, parentId } = org
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t.edit}
      </Button>
      <ConfirmButton
        size="small"
        danger={org.active}
        label={org.active ? t.deactivate : t.activate}
        question={org.active ? t.deactivateQuestion(name) : t.activateQuestion(name)}
        error={update.error}
        onConfirm={() => update.run({ params, body: { active: !org.active } })}
      />
      <Modal open={isOpen} title={name} footer={null} onCancel={() => setOpen(false)} destroyOnHidden width={640}>
        <ServerForm<OrgInput>
          initial={{ name, shortName, kind, uscc, regionCode, parentId }}
          error={update.error}
          isRunning={update.isRunning}
          onSubmit={(values) => update.run({ params, body: toOrgInput(values) })}
          onCancel={() => setOpen(false)}
        >
          <OrganisationFields />
        </ServerForm>
      </Modal>
    </>
  )
}
