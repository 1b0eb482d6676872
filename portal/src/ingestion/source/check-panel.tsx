import { Alert, Button } from 'antd'
import type { Source } from '#contract/ingestion.ts'
import { sourceKinds } from '#contract/source-settings.ts'
import { useAction } from '../../api/index.ts'
import { type Field, FieldTable, formatInstant, ProblemAlert, ToneTag, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { sourceText } from './text.ts'
import { usePlaceOf } from './use-place-of.ts'

/** Where the source is, and what the last check found. */
export function CheckPanel({ source }: { source: Source }) {
  const check = useAction('check_source', { invalidates: ['get_source', 'list_sources', 'list_source_objects', 'list_source_statements'] })
  const t = useText(sourceText)
  const placeOf = usePlaceOf()
  const fields = useCheckFields(source)
  return (
    <section className="dt-panel">
      <div className="dt-table-head">
        <h2>{t.page.connection}</h2>
        {source.can.check && (
          <div className="dt-actions">
            <Button onClick={() => check.run({ params: { sourceId: source.id } })} loading={check.isRunning}>
              {t.check.act}
            </Button>
          </div>
        )}
      </div>
      <ProblemAlert error={check.error} />
      <div role="status">
        {!source.check && <Alert type="info" showIcon className="dt-problem" title={t.check.never} description={t.check.neverTodo} />}
        {source.check?.code && (
          <Alert type={source.check.ok ? 'warning' : 'error'} showIcon className="dt-problem" title={source.check.detail} />
        )}
        <FieldTable label={t.page.connection} fields={[{ label: t.list.place, value: placeOf(source.settings) }, ...fields]} />
      </div>
    </section>
  )
}

/** Facts of the check; files have no server, so there is less to say about them. */
function useCheckFields({ check, settings, hasSecret }: Source): Field[] {
  const shared = useText(ingestionText)
  const t = useText(sourceText).check
  const { hasSecret: takesSecret, holds } = sourceKinds[settings.kind]
  const isServer = holds === 'tables' && takesSecret
  const secret = takesSecret ? [{ label: t.secret, value: hasSecret ? t.hasSecret : t.noSecret }] : []
  if (!check) return secret
  const at = { label: t.at, value: formatInstant(check.at) }
  if (!isServer || !check.ok) return [...secret, at]
  const rights =
    check.readOnly === null ? (
      shared.unknown
    ) : (
      <ToneTag tone={check.readOnly ? 'good' : 'warning'}>{check.readOnly ? t.isReadOnly : t.isNotReadOnly}</ToneTag>
    )
  const isClockWrong = check.code === 'ingestion.clock_skew'
  return [
    ...secret,
    at,
    { label: t.version, value: check.serverVersion },
    { label: t.readOnly, value: rights },
    { label: t.clock, value: isClockWrong ? <ToneTag tone="warning">{check.detail}</ToneTag> : t.clockGood },
  ]
}
