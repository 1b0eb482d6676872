import { Alert, Button, Modal } from 'antd'
import { useState } from 'react'
import { useAction } from '../../api/index.ts'
import { formatCount, formatInstant, ProblemAlert, useText } from '../../ui/index.ts'
import { auditText } from './text.ts'

/** Walks the audit chain and shows what was found. */
export function VerifyAudit() {
  const t = useText(auditText)
  const [isOpen, setOpen] = useState(false)
  const [found, setFound] = useState<{
    entries: number
    intact: boolean
    firstBadSeq: number | null
    head: string
    checkedAt: string
  } | null>(null)
  const verify = useAction('verify_audit', { invalidates: ['list_audit'], onDone: setFound })
  return (
    <>
      <Button
        type="primary"
        onClick={() => {
          setFound(null)
          setOpen(true)
        }}
      >
        {t.verify}
      </Button>
      <Modal
        open={isOpen}
        title={t.verify}
        okText={t.verify}
        okButtonProps={{ loading: verify.isRunning }}
        onOk={() => verify.run({})}
        onCancel={() => setOpen(false)}
      >
        <p>{t.verifyQuestion}</p>
        <ProblemAlert error={verify.error} />
        {found && (
          <Alert
            role="status"
            type={found.intact ? 'success' : 'error'}
            showIcon
            title={found.intact ? t.intact(formatCount(found.entries)) : t.broken(found.firstBadSeq ?? 0)}
            description={
              <>
                {!found.intact && <p>{t.brokenTodo}</p>}
                <p className="dt-pre">{t.checkedAt(formatInstant(found.checkedAt), found.head)}</p>
              </>
            }
          />
        )}
      </Modal>
    </>
  )
}
