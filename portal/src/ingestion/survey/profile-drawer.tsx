import { Checkbox, Drawer, Select } from 'antd'
import { type SensitiveKind, sensitiveKinds } from '#contract/catalog.ts'
import type { ColumnProfile } from '#contract/ingestion/survey.ts'
import type { z } from 'zod'
import { useRoute } from '../../api/index.ts'
import { type Column, DataTable, formatCount, Loaded, useText, wholeList } from '../../ui/index.ts'
import { surveyText } from './text.ts'

type Kind = z.infer<typeof SensitiveKind>

/** What a steward changes about a proposal before he accepts it. */
export interface Correction {
  name?: string
  leftOut: string[]
  kinds: Record<string, Kind>
}
export const noCorrection: Correction = { leftOut: [], kinds: {} }

interface ProfileDrawerProps {
  surveyId: string
  object: string
  correction: Correction
  onChange: (correction: Correction) => void
  onClose: () => void
}

/** What the values of one table look like, column by column; to correct one is to choose the table. */
export function ProfileDrawer({ surveyId, object, correction, onChange, onClose }: ProfileDrawerProps) {
  const t = useText(surveyText)
  const query = useRoute('get_survey_profile', { params: { surveyId }, query: { object } })
  const columns = useProfileColumns(correction, onChange)
  return (
    <Drawer open title={t.profileOf(object)} onClose={onClose} size={1100}>
      <Loaded query={query}>
        {(profile) => (
          <DataTable
            label={t.profile}
            size="small"
            list={wholeList(profile.columns)}
            columns={columns}
            rowKey={({ name }) => name}
            empty={{ why: t.noColumns }}
          />
        )}
      </Loaded>
    </Drawer>
  )
}

const join = (...parts: (string | number | null)[]) => parts.filter((part) => part !== null).join(' – ')

function useProfileColumns(correction: Correction, onChange: (correction: Correction) => void): Column<ColumnProfile>[] {
  const t = useText(surveyText)
  const keep = (name: string, isKept: boolean) =>
    onChange({ ...correction, leftOut: [...correction.leftOut.filter((one) => one !== name), ...(isKept ? [] : [name])] })
  const kinds = Object.keys(sensitiveKinds).map((value) => ({ value: value as Kind, label: t.kinds[value] ?? value }))
  return [
    {
      key: 'keep',
      title: t.keep,
      render: ({ name }) => (
        <Checkbox
          aria-label={t.keepOf(name)}
          checked={!correction.leftOut.includes(name)}
          onChange={(event) => keep(name, event.target.checked)}
        />
      ),
    },
    {
      key: 'column',
      title: t.column,
      render: ({ name, type, isCandidateKey }) => (
        <>
          <span className="dt-mono">{name}</span>
          <div className="dt-muted">{[type, ...(isCandidateKey ? [t.key] : [])].filter(Boolean).join(' · ')}</div>
        </>
      ),
    },
    { key: 'nulls', title: t.nulls, align: 'right', render: ({ nulls }) => formatCount(nulls) },
    { key: 'distinct', title: t.distinct, align: 'right', render: ({ distinct }) => formatCount(distinct) },
    { key: 'range', title: t.range, render: ({ min, max }) => join(min, max) },
    { key: 'lengths', title: t.lengths, nowrap: true, render: ({ shortest, longest }) => join(shortest, longest) },
    { key: 'samples', title: t.samples, render: ({ samples }) => samples.join(' | ') },
    {
      key: 'kind',
      title: t.kind,
      width: 200,
      render: ({ name, sensitiveKind, rate }) => (
        <>
          <Select
            aria-label={t.kindOf(name)}
            value={correction.kinds[name] ?? sensitiveKind}
            options={kinds}
            style={{ width: '100%' }}
            onChange={(kind) => onChange({ ...correction, kinds: { ...correction.kinds, [name]: kind } })}
          />
          {rate !== null && <div className="dt-muted">{t.rate(Math.round(rate * 100))}</div>}
        </>
      ),
    },
  ]
}
