import { Alert, Button } from 'antd'
import { call } from '../../api/index.ts'
import { formatInstant, ProblemAlert, useText } from '../../ui/index.ts'
import { editorText } from './text.ts'
import type { Draft } from './use-draft.ts'

interface SavePanelProps {
  draft: Draft
  revisionId: string
  onReload: () => void
  onJump: (pointer: string) => void
}

/** Whether the draft is stored; what to do when it is not. */
export function SavePanel({ draft, revisionId, onReload, onJump }: SavePanelProps) {
  const t = useText(editorText)
  const words = {
    saved: t.save.saved(formatInstant(draft.savedAt)),
    changed: t.save.changed,
    saving: t.save.saving,
    failed: t.save.failed,
    conflict: t.save.failed,
  }
  return (
    <section className="dt-panel">
      <div className="dt-save">
        <span role="status">{words[draft.state]}</span>
        <Button size="small" onClick={() => void draft.save()} disabled={draft.state === 'saved'}>
          {t.save.now}
        </Button>
      </div>
      {draft.state === 'conflict' ? (
        <Alert
          type="warning"
          title={t.conflict.title}
          description={
            <>
              <p>{t.conflict.todo}</p>
              <div className="dt-actions">
                <Button size="small" onClick={onReload}>
                  {t.conflict.takeTheirs}
                </Button>
                <Button size="small" onClick={async () => draft.overwrite((await call('get_revision', { params: { revisionId } })).edit)}>
                  {t.conflict.takeMine}
                </Button>
              </div>
            </>
          }
        />
      ) : (
        draft.error && (
          <>
            <p className="dt-muted">{t.save.failedTodo}</p>
            <ProblemAlert error={draft.error} onJump={(pointer) => onJump(pointer.replace(/^\/content(?=\/)/, ''))} />
          </>
        )
      )}
    </section>
  )
}
