import type { StateTable } from '#contract/states.ts'
import { useLanguage } from './language.tsx'

export type Tone = 'neutral' | 'progress' | 'good' | 'warning' | 'bad'

/** A word with a tone; the word alone tells, the colour helps. */
export function ToneTag({ tone, children }: { tone: Tone; children: React.ReactNode }) {
  return <span className={`dt-tag dt-tag-${tone}`}>{children}</span>
}

/** A state in the words and tone of its table in the contract. */
export function StateTag<S extends string>({ table, state }: { table: StateTable<S, string>; state: S }) {
  const { language } = useLanguage()
  const { tone, ...words } = table.states[state]
  return <ToneTag tone={tone}>{words[language]}</ToneTag>
}
