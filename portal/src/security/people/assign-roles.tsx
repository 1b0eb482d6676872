import { Alert, App, Button, Checkbox, Form, Modal } from 'antd'
import { useState } from 'react'
import { type OrgKind, type Person, type Role, roleOrgKinds, roles } from '#contract/security.ts'
import { scopes } from '#contract/scopes.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { OrganisationSelect } from '../../shell/index.ts'
import { ServerForm, ToneTag, useLanguage, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'

interface Values {
  orgId: string
  roles: Role[]
}

/** A person's roles at one organisation. The server separates the three administrators; the dialog says so beforehand. */
export function AssignRoles({ person }: { person: Person }) {
  const t = useText(securityText).authorisation
  const { message } = App.useApp()
  const [isOpen, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const heldAt = (orgId: string | undefined): Role[] => person.memberships.find(({ org }) => org.id === orgId)?.roles ?? []
  const first = person.memberships[0]?.org
  const assign = useAction('assign_roles', {
    invalidates: ['list_people_for_authorisation'],
    onDone: () => {
      message.success(t.saved)
      setOpen(false)
    },
  })
  return (
    <>
      <Button size="small" type="primary" ghost onClick={() => setOpen(true)}>
        {t.assign}
      </Button>
      <Modal
        open={isOpen}
        title={t.assignTitle(person.displayName)}
        footer={null}
        onCancel={() => setOpen(false)}
        destroyOnHidden
        width={680}
      >
        <p className="dt-muted">{t.assignHelp}</p>
        <ServerForm<Values>
          form={form}
          initial={{ orgId: first?.id, roles: heldAt(first?.id) }}
          error={assign.error}
          isRunning={assign.isRunning}
          submitLabel={t.submit}
          onSubmit={(body) => assign.run({ params: { personId: person.id }, body })}
          onCancel={() => setOpen(false)}
          onValuesChange={(changed) => {
            // Each organisation has its own roles.
            if ('orgId' in changed) form.setFieldValue('roles', heldAt(changed.orgId))
          }}
        >
          <RoleFields form={form} firstName={first?.name} />
        </ServerForm>
      </Modal>
    </>
  )
}

function RoleFields({ form, firstName }: { form: ReturnType<typeof Form.useForm<Values>>[0]; firstName: string | undefined }) {
  const t = useText(securityText)
  const { language } = useLanguage()
  const orgId = Form.useWatch('orgId', form)
  const kind = useRoute('list_organisations', { query: { limit: 1000 } }).data?.items.find((org) => org.id === orgId)?.kind
  return (
    <>
      <Form.Item name="orgId" label={t.people.org} rules={[{ required: true, message: t.people.org }]}>
        <OrganisationSelect clearable={false} nameOfValue={firstName} />
      </Form.Item>
      <Form.Item name="roles" label={t.authorisation.roles}>
        <Checkbox.Group className="dt-roles">
          {(Object.keys(roles) as Role[]).map((role) => (
            <Checkbox key={role} value={role} disabled={!fits(role, kind)}>
              <strong>{roles[role][language]}</strong>{' '}
              {roles[role].exclusive && <ToneTag tone="warning">{t.authorisation.exclusive}</ToneTag>}
              <span className="dt-muted dt-role-scopes">
                {fits(role, kind)
                  ? t.authorisation.mayDo + roles[role].scopes.map((scope) => (language === 'zh' ? scopes[scope] : scope)).join(' · ')
                  : t.authorisation.notHere}
              </span>
            </Checkbox>
          ))}
        </Checkbox.Group>
      </Form.Item>
      <Alert type="info" className="dt-problem" title={t.authorisation.exclusiveHelp} />
    </>
  )
}

const fits = (role: Role, kind: OrgKind | undefined) => !kind || (roleOrgKinds[role]?.includes(kind) ?? true)
