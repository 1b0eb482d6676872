import type { Plan } from '#contract/ingestion.ts'
import { type Column, DataTable, FieldTable, formatCount, formatShare, useText, wholeList } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { useItemNames } from '../use-item-names.ts'
import { scheduleText } from '../schedule/text.ts'
import { planText } from './text.ts'

/** How a plan is set up, for reading. */
export function PlanTables({ plan }: { plan: Plan }) {
  const shared = useText(ingestionText)
  const t = useText(planText)
  const { mode } = useText(scheduleText)
  const kind = mode.kinds[plan.mode.kind]
  const modeWords =
    plan.mode.kind === 'incremental'
      ? shared.list([kind, plan.mode.column])
      : plan.mode.kind === 'compare' && plan.mode.keepHistory
        ? shared.list([kind, mode.keepHistory])
        : kind
  const nameOf = useItemNames(plan.entryId)
  const columns: Column<Plan['mapping'][number]>[] = [
    { key: 'item', title: t.mapping.item, render: (line) => nameOf(line.item) },
    { key: 'column', title: t.mapping.column, render: (line) => <span className="dt-mono">{line.column}</span> },
    { key: 'conversion', title: t.mapping.conversion, render: (line) => t.mapping.conversions[line.conversion] },
    { key: 'format', title: t.mapping.format, render: (line) => line.format || t.mapping.formatAny },
    { key: 'missing', title: t.mapping.missing, render: (line) => shared.list(line.missing) || '—' },
  ]
  return (
    <>
      <section className="dt-panel">
        <FieldTable
          label={t.page.settings}
          fields={[
            { label: shared.source, value: plan.sourceName },
            { label: shared.object, value: <span className="dt-mono">{plan.object}</span> },
            ...(plan.dialect ? [{ label: t.page.reading, value: <DialectWords dialect={plan.dialect} /> }] : []),
            { label: mode.title, value: modeWords },
            { label: t.verify.how, value: t.verify[plan.verify] },
            { label: t.verify.limit, value: formatShare(plan.quarantineLimit) },
            ...(plan.quarantineRowLimit === null ? [] : [{ label: t.verify.rowLimit, value: formatCount(plan.quarantineRowLimit) }]),
          ]}
        />
      </section>
      <DataTable
        label={t.page.mapping}
        size="small"
        list={wholeList(plan.mapping)}
        columns={columns}
        rowKey={(line) => line.item}
        empty={{ why: t.page.notMapped }}
      />
    </>
  )
}

function DialectWords({ dialect }: { dialect: NonNullable<Plan['dialect']> }) {
  const shared = useText(ingestionText)
  const t = useText(planText).dialect
  const text = dialect.format === 'csv' ? [t.encodings[dialect.encoding], t.delimiters[dialect.delimiter]] : []
  return shared.list([
    dialect.format.toUpperCase(),
    ...text,
    ...(dialect.sheet ? [dialect.sheet] : []),
    ...(dialect.recordPath ? [dialect.recordPath] : []),
  ])
}
