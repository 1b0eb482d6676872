import { Button, Modal } from 'antd'
import { SecretOnce, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'

interface OneTimePasswordProps {
  /** What was done. */
  title: string
  password: string
  /** Who acts next. */
  next?: string
  onClose: () => void
}

/** A one-time password on its only appearance: it closes by the button alone. */
export function OneTimePassword({ title, password, next, onClose }: OneTimePasswordProps) {
  const t = useText(securityText).people
  return (
    <Modal
      open
      title={title}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t.done}
        </Button>
      }
    >
      <SecretOnce label={t.oneTime} secret={password} warning={t.oneTimeWarning} />
      {next && <p>{next}</p>}
    </Modal>
  )
}
