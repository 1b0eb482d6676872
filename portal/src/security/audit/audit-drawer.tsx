import { Button, Drawer } from 'antd'
import type { RouteSpec } from '#contract/route.ts'
import type { AuditEntry } from '#contract/security.ts'
import { routes } from '#contract/index.ts'
import { messageOf } from '#contract/messages/index.ts'
import { type Field, FieldTable, formatInstant, ToneTag, useLanguage, useText } from '../../ui/index.ts'
import { actionWord } from './action-words.ts'
import type { AuditFilters } from './audit-page.tsx'
import { auditText } from './text.ts'

export const resultTones = { ok: 'good', denied: 'bad', failed: 'warning' } as const

interface AuditDrawerProps {
  entry: AuditEntry | null
  onClose: () => void
  /** Shows all entries of the same person, object or decision. */
  onNarrow: (only: Partial<AuditFilters>) => void
}

/** One audit entry with every field that was written. */
export function AuditDrawer({ entry, onClose, onNarrow }: AuditDrawerProps) {
  const t = useText(auditText)
  const { language } = useLanguage()
  return (
    <Drawer open={entry !== null} onClose={onClose} size={620} title={entry && actionWord(entry.action, language)} destroyOnHidden>
      {entry && (
        <>
          <div className="dt-actions dt-drawer-acts">
            <Button onClick={() => onNarrow({ actorId: entry.actor.id })}>{t.only.actor}</Button>
            {entry.object && (
              <Button onClick={() => onNarrow({ objectType: entry.object!.type, objectId: entry.object!.id })}>{t.only.object}</Button>
            )}
            {entry.decisionId && <Button onClick={() => onNarrow({ decisionId: entry.decisionId! })}>{t.only.decision}</Button>}
          </div>
          <AuditFields entry={entry} />
        </>
      )}
    </Drawer>
  )
}

/** The route that a refusal names by its method and path. */
const findRoute = (route: unknown) => Object.values<RouteSpec>(routes).find(({ method, path }) => `${method} ${path}` === route)

function AuditFields({ entry }: { entry: AuditEntry }) {
  const t = useText(auditText)
  const { language } = useLanguage()
  const { code, route, ...rest } = entry.detail
  const act = findRoute(route)
  // The entry keeps the code, not the values that filled the message at the time.
  const reason = typeof code === 'string' ? messageOf(code, language).replace(/[（(]\{\w+\}[）)]|\{\w+\}/g, '') : ''
  const fields: Field[] = [
    { label: t.fields.seq, value: entry.seq },
    { label: t.at, value: formatInstant(entry.at) },
    { label: t.fields.actor, value: entry.actor.name },
    { label: t.fields.kind, value: t.kinds[entry.actor.kind] },
    { label: t.org, value: entry.org?.name },
    { label: t.result, value: <ToneTag tone={resultTones[entry.result]}>{t.results[entry.result]}</ToneTag> },
    ...(act ? [{ label: t.fields.act, value: act.summary }] : []),
    ...(reason ? [{ label: t.fields.reason, value: reason }] : []),
    { label: t.fields.object, value: [t.objects[entry.object?.type ?? ''], entry.object?.name].filter(Boolean).join(' · ') },
    { label: t.fields.objectId, value: entry.object?.id },
    { label: t.fields.purpose, value: entry.purpose ?? t.noPurpose },
    { label: t.fields.decision, value: entry.decisionId },
    { label: t.fields.address, value: entry.address },
    { label: t.fields.detail, value: Object.keys(rest).length > 0 && <code className="dt-pre">{JSON.stringify(rest, null, 1)}</code> },
    { label: t.fields.requestId, value: <code>{entry.requestId}</code> },
    { label: t.fields.hash, value: <code>{entry.hash}</code> },
  ]
  return <FieldTable label={t.detail} fields={fields} />
}
