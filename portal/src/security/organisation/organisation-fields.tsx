import { Form } from 'antd'
import { OrganisationSelect } from '../../shell/index.ts'
import { ChoiceField, TextField, toChoices, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'

export function OrganisationFields() {
  const t = useText(securityText).organisation
  return (
    <>
      <TextField name="name" label={t.name} required max={200} />
      <div className="dt-form-columns">
        <TextField name="shortName" label={t.shortName} required max={20} />
        <ChoiceField name="kind" label={t.kind} choices={toChoices(t.kinds)} required />
        <TextField name="uscc" label={t.uscc} help={t.usccHelp} max={18} />
        <TextField name="regionCode" label={t.region} required max={6} />
      </div>
      <Form.Item name="parentId" label={t.parent}>
        <OrganisationSelect placeholder="" />
      </Form.Item>
    </>
  )
}

/** Empty texts of the form are "none" for the server. */
export const toOrgInput = <T extends { uscc?: string | null; parentId?: string | null }>(values: T): T => ({
  ...values,
  uscc: values.uscc?.trim() || null,
  parentId: values.parentId ?? null,
})
