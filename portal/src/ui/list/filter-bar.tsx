import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../language.tsx'
import { uiText } from '../text.ts'

/** The row of filters above a list, with one button that clears them. */
export function FilterBar({ children, onClear }: { children: ReactNode; onClear?: (() => void) | undefined }) {
  const t = useText(uiText)
  return (
    <search className="dt-filters dt-no-print" aria-label={t.filters}>
      {children}
      {onClear && <Button onClick={onClear}>{t.clearFilters}</Button>}
    </search>
  )
}

/** One filter with its name before it. */
export function Filter({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="dt-filter">
      <span>{label}</span>
      {children}
    </label>
  )
}
