import { Form, Input } from 'antd'

/** Write-only: the field never holds what is stored. `isLong`: it may be a key of several lines. */
export function SecretField({ label, help, isLong }: { label: string; help: string; isLong?: boolean }) {
  return (
    <Form.Item name="secret" label={label} extra={help}>
      {isLong ? (
        <Input.TextArea autoComplete="off" spellCheck={false} rows={3} maxLength={8000} />
      ) : (
        <Input.Password autoComplete="new-password" maxLength={500} />
      )}
    </Form.Item>
  )
}
