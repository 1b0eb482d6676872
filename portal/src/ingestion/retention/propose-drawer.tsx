import { Alert, Drawer } from 'antd'
import { useNavigate } from 'react-router'
import { type DestructionKind, destructionKinds, type EntryStorage } from '#contract/ingestion/retention.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction } from '../../api/index.ts'
import { ChoiceField, ServerForm, TextField, useLanguage, useText } from '../../ui/index.ts'
import { retentionText } from './text.ts'

interface Values {
  kind: DestructionKind
  reason: string
  citation: string
}

export function ProposeDrawer({ line, onClose }: { line: EntryStorage; onClose: () => void }) {
  const t = useText(retentionText).proposal
  const { language } = useLanguage()
  const navigate = useNavigate()
  const propose = useAction('propose_destruction', {
    invalidates: ['list_destructions'],
    onDone: () => navigate(portalPath('destructions')),
  })
  const kinds = Object.entries(destructionKinds).map(([value, words]) => ({ value, label: words[language] }))
  return (
    <Drawer open size={520} title={t.title(line.entryName)} onClose={onClose}>
      <Alert type="warning" showIcon className="dt-problem" title={t.warning} />
      <ServerForm<Values>
        initial={{
          kind: kindOf(line),
          citation: line.retention?.basis ?? '',
        }}
        error={propose.error}
        isRunning={propose.isRunning}
        submitLabel={t.save}
        onCancel={onClose}
        onSubmit={(values) => propose.run({ body: { entryId: line.entryId, ...values } })}
      >
        <ChoiceField name="kind" label={t.kind} help={t.kindHelp} choices={kinds} required />
        <TextField name="reason" label={t.reason} max={1000} rows={3} required />
        <TextField name="citation" label={t.citation} help={t.citationHelp} max={500} rows={2} required />
      </ServerForm>
    </Drawer>
  )
}

/** What the page gives most reason to propose. */
function kindOf({ quarantine, can }: EntryStorage): DestructionKind {
  if (quarantine?.isPast) return 'quarantine'
  return can.destroyEntry ? 'entry' : can.destroyRows ? 'rows' : 'quarantine'
}
