import { Form, Input } from 'antd'
import { useAction } from '../api/index.ts'
import { ServerForm, useText } from '../ui/index.ts'
import { EntrancePage } from './entrance-page.tsx'
import { useAdoptSession } from './session.tsx'
import { shellText } from './text.ts'

interface Passwords {
  oldPassword: string
  newPassword: string
  again: string
}

/** Asked for at the first sign-in with a one-time password, and from the account menu at any time. */
export function ChangePasswordPage({ isForced, onDone }: { isForced?: boolean; onDone: () => void }) {
  const t = useText(shellText).password
  const adopt = useAdoptSession()
  const change = useAction('change_password', {
    onDone: (session) => {
      adopt(session)
      onDone()
    },
  })
  return (
    <EntrancePage title={t.title} purpose={isForced ? t.forced : t.purpose}>
      <ServerForm<Passwords>
        initial={{}}
        error={change.error}
        isRunning={change.isRunning}
        submitLabel={t.submit}
        onSubmit={({ oldPassword, newPassword }) => change.run({ body: { oldPassword, newPassword } })}
        {...(!isForced && { onCancel: onDone })}
      >
        <Form.Item name="oldPassword" label={t.old} rules={[{ required: true, message: t.old }]}>
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="newPassword" label={t.fresh} extra={t.rule} rules={[{ required: true, min: 12, max: 128, message: t.tooShort }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t.again}
          dependencies={['newPassword']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) => (value === getFieldValue('newPassword') ? Promise.resolve() : Promise.reject(new Error(t.mismatch))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </ServerForm>
    </EntrancePage>
  )
}
