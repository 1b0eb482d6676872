import { Form, Input } from 'antd'

/** Write-only: the field never holds what is stored. */
export function SecretField({ label, help }: { label: string; help: string }) {
  return (
    <Form.Item name="secret" label={label} extra={help}>
      <Input.Password autoComplete="new-password" maxLength={500} />
    </Form.Item>
  )
}
