import { Alert, Button, Form, Input } from 'antd'
import { useAction } from '../api/index.ts'
import { ProblemAlert, useText } from '../ui/index.ts'
import { EntrancePage } from './entrance-page.tsx'
import { useAdoptSession } from './session.tsx'
import { shellText } from './text.ts'

export function SignInPage({ hasExpired }: { hasExpired: boolean }) {
  const t = useText(shellText).signIn
  const adopt = useAdoptSession()
  const signIn = useAction('create_session', { onDone: adopt })
  return (
    <EntrancePage title={t.title} purpose={t.purpose}>
      {hasExpired && !signIn.error && <Alert type="info" showIcon title={t.expired} className="dt-problem" />}
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(values: { loginName: string; password: string }) => signIn.run({ body: values })}
      >
        <Form.Item name="loginName" label={t.loginName} rules={[{ required: true, message: t.loginName }]}>
          <Input autoFocus autoComplete="username" autoCapitalize="none" maxLength={80} />
        </Form.Item>
        <Form.Item name="password" label={t.password} rules={[{ required: true, message: t.password }]}>
          <Input.Password autoComplete="current-password" maxLength={256} />
        </Form.Item>
        <ProblemAlert error={signIn.error} />
        <Button type="primary" htmlType="submit" block size="large" loading={signIn.isRunning}>
          {t.submit}
        </Button>
      </Form>
      <p className="dt-muted">{t.help}</p>
    </EntrancePage>
  )
}
