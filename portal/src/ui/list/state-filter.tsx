import { Select } from 'antd'
import type { StateTable } from '#contract/states.ts'
import { useLanguage, useText } from '../language.tsx'
import { uiText } from '../text.ts'
import { Filter } from './filter-bar.tsx'

interface StateFilterProps<S extends string> {
  table: StateTable<S, string>
  /** As it stands in the address. */
  state: string | undefined
  onChange: (state: S | undefined) => void
}

/** Which state a list shows; without one, all. */
export function StateFilter<S extends string>({ table, state, onChange }: StateFilterProps<S>) {
  const t = useText(uiText)
  const { language } = useLanguage()
  const states = Object.keys(table.states) as S[]
  return (
    <Filter label={t.state}>
      <Select
        aria-label={t.state}
        value={states.find((known) => known === state)}
        options={states.map((value) => ({ value, label: table.states[value][language] }))}
        allowClear
        placeholder={t.anyState}
        onChange={onChange}
      />
    </Filter>
  )
}
