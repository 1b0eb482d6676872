import { Button } from 'antd'
import { useEffect, useState } from 'react'
import type { Entry } from '#contract/catalog.ts'
import type { FileDialect, LoadMode, ObjectDescription, Plan, PlanInput } from '#contract/ingestion.ts'
import { type Answer, useAction, useRoute } from '../../api/index.ts'
import { ProblemAlert, useText } from '../../ui/index.ts'
import { DriftPolicyField } from '../drift/drift-policy-field.tsx'
import { DialectPanel } from './dialect-panel.tsx'
import { MappingTable } from './mapping-table.tsx'
import { toLines, toMapping } from './mapping-lines.ts'
import { ModeFields } from './mode-fields.tsx'
import { planText } from './text.ts'
import { VerifyFields } from './verify-fields.tsx'

interface PlanFormProps {
  entry: Entry
  sourceId: string
  description: ObjectDescription
  plan?: Plan
  onSaved: (plan: Plan) => void
}

/** Dialect, mapping, reconciliation: what a load will do, with the first rows in view. */
export function PlanForm({ entry, sourceId, description: detected, plan, onSaved }: PlanFormProps) {
  const t = useText(planText)
  const { object } = detected
  const { items } = entry.content
  const [dialect, setDialect] = useState(plan?.dialect ?? detected.dialect)
  const description = useDescription(sourceId, detected, dialect)
  const [lines, setLines] = useState(() => toLines(items, plan?.mapping ?? []))
  const [verify, setVerify] = useState<PlanInput['verify']>(plan?.verify ?? 'count')
  const [driftPolicy, setDriftPolicy] = useState(plan?.driftPolicy ?? 'freeze')
  const [limit, setLimit] = useState(plan?.quarantineLimit ?? 0.05)
  const [rowLimit, setRowLimit] = useState(plan?.quarantineRowLimit ?? null)
  const [mode, setMode] = useState<LoadMode>(plan?.mode ?? { kind: 'full' })
  const [deletionLimit, setDeletionLimit] = useState(plan?.deletionLimit ?? 0.2)
  const source = useRoute('get_source', { params: { sourceId } })
  const [shown, show] = useState<Answer<'preview_source_object'>>()
  const preview = useAction('preview_source_object', { onDone: show })
  const suggest = useAction('suggest_mapping', { onDone: ({ mapping }) => setLines(toLines(items, mapping)) })
  const invalidates = ['list_plans' as const, 'get_plan' as const, 'get_entry' as const]
  const create = useAction('create_plan', { invalidates, onDone: onSaved })
  const update = useAction('update_plan', { invalidates, onDone: onSaved })

  const match = (as: FileDialect | null) => suggest.run({ body: { entryId: entry.id, sourceId, object, dialect: as } })
  const read = (as: FileDialect | null, isNew: boolean) => {
    setDialect(as)
    void preview.run({ params: { sourceId }, body: { object, dialect: as, limit: 10 } })
    if (isNew) void match(as)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the form opens; afterwards only when asked
  useEffect(() => read(dialect, plan === undefined), [])

  const mapping = toMapping(lines)
  const save = () => {
    const limits = { quarantineLimit: limit, quarantineRowLimit: rowLimit, deletionLimit }
    const body = { entryId: entry.id, sourceId, object, dialect, mapping, verify, ...limits, driftPolicy, mode }
    return plan ? update.run({ params: { planId: plan.id }, body: { ...body, version: plan.version } }) : create.run({ body })
  }
  const failed = create.error ?? update.error
  return (
    <>
      <DialectPanel
        dialect={dialect}
        reasons={description.reasons}
        sheets={description.sheets}
        shown={shown}
        error={preview.error}
        isReading={preview.isRunning}
        onRead={(as) => read(as, true)}
      />
      <MappingTable
        items={items}
        lines={lines}
        columns={shown?.columns ?? description.columns.map(({ name }) => name)}
        sampleOf={sampleOf(shown, description)}
        onChange={(code, part) => setLines(lines.map((line) => (line.item === code ? { ...line, ...part } : line)))}
        onMatch={() => match(dialect)}
        isMatching={suggest.isRunning}
        error={suggest.error}
      />
      <ModeFields
        mode={mode}
        sourceKind={source.data?.settings.kind}
        object={object}
        columns={description.columns.map(({ name }) => name)}
        deletionLimit={deletionLimit}
        onMode={setMode}
        onDeletionLimit={setDeletionLimit}
      />
      <VerifyFields {...{ verify, limit, rowLimit }} onVerify={setVerify} onLimit={setLimit} onRowLimit={setRowLimit} />
      <DriftPolicyField policy={driftPolicy} onPolicy={setDriftPolicy} />
      <ProblemAlert error={failed} labelOf={(pointer) => labelOf(pointer, mapping, items)} />
      <div className="dt-actions">
        <Button
          type="primary"
          onClick={save}
          loading={create.isRunning || update.isRunning}
          disabled={mapping.length === 0 || (mode.kind === 'incremental' && mode.column === '')}
        >
          {t.edit.save}
        </Button>
      </div>
    </>
  )
}

/** The file as the steward reads it now; as it was detected until he changes something. */
function useDescription(sourceId: string, detected: ObjectDescription, dialect: FileDialect | null): ObjectDescription {
  const { object } = detected
  const isChanged = dialect !== null && JSON.stringify(dialect) !== JSON.stringify(detected.dialect)
  const query = { object, dialect: JSON.stringify(dialect) }
  const changed = useRoute('describe_source_object', { params: { sourceId }, query }, { enabled: isChanged })
  return isChanged && changed.data ? changed.data : detected
}

/** The first value of a column that is not empty. */
function sampleOf(shown: Answer<'preview_source_object'> | undefined, description: ObjectDescription) {
  return (column: string): string => {
    const at = shown?.columns.indexOf(column) ?? -1
    const seen = at >= 0 ? shown?.rows.map((row) => row[at]).find(Boolean) : undefined
    return seen ?? description.columns.find(({ name }) => name === column)?.samples[0] ?? ''
  }
}

/** `/mapping/3/format` → the item's name. */
function labelOf(pointer: string, mapping: PlanInput['mapping'], items: readonly { code: string; name: string }[]): string | undefined {
  const at = /^\/mapping\/(\d+)/.exec(pointer)?.[1]
  const code = at && mapping[Number(at)]?.item
  return items.find((item) => item.code === code)?.name
}
