import type { SharingRequest } from '#contract/sharing.ts'
import { useRoute } from '../../api/index.ts'
import { FieldTable, formatCount, useText } from '../../ui/index.ts'
import { ConditionList } from '../condition-list.tsx'
import { sharingText } from '../text.ts'
import { requestText } from './text.ts'

/** What is asked and, once it is answered, what was decided, side by side. */
export function RequestTables({ request }: { request: SharingRequest }) {
  const t = useText(requestText).request
  const entry = useRoute('get_entry', { params: { entryId: request.entry.id } })
  const nameOf = (code: string) => entry.data?.content.items.find((item) => item.code === code)?.name ?? code
  return (
    <div className="dt-columns">
      <section className="dt-panel">
        <h2>{t.content}</h2>
        <ContentTable content={request.content} nameOf={nameOf} />
      </section>
      {request.decision && (
        <section className="dt-panel">
          <h2>{t.decision}</h2>
          <DecisionTable decision={request.decision} nameOf={nameOf} />
        </section>
      )}
    </div>
  )
}

type NameOf = (code: string) => string

function ContentTable({ content, nameOf }: { content: SharingRequest['content']; nameOf: NameOf }) {
  const shared = useText(sharingText)
  const { request: t, apply } = useText(requestText)
  return (
    <FieldTable
      label={t.content}
      fields={[
        { label: apply.basis, value: content.basis },
        { label: apply.scenario, value: content.scenario },
        { label: apply.usePurpose, value: content.purpose },
        { label: t.items, value: shared.list(content.items.map(nameOf)) },
        { label: t.rows, value: <ConditionList rows={content.rows} nameOf={nameOf} /> },
        { label: t.period, value: content.from && content.to && t.fromTo(content.from, content.to) },
        { label: apply.callsPerDay, value: formatCount(content.callsPerDay) },
        { label: apply.contact, value: content.contact },
      ]}
    />
  )
}

function DecisionTable({ decision, nameOf }: { decision: NonNullable<SharingRequest['decision']>; nameOf: NameOf }) {
  const shared = useText(sharingText)
  const { request: t, apply, decide } = useText(requestText)
  const items = decision.items.map(({ item, mask }) =>
    mask === 'none' ? nameOf(item) : shared.masked(nameOf(item), shared.mask[mask] ?? mask),
  )
  return (
    <FieldTable
      label={t.decision}
      fields={[
        { label: t.opinion, value: decision.opinion },
        { label: t.items, value: shared.list(items) },
        { label: t.rows, value: <ConditionList rows={decision.rows} nameOf={nameOf} /> },
        { label: t.period, value: t.fromTo(decision.from, decision.to) },
        { label: apply.callsPerDay, value: formatCount(decision.callsPerDay) },
        { label: decide.maxRows, value: formatCount(decision.maxRowsPerCall) },
      ]}
    />
  )
}
