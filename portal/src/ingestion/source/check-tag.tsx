import type { Source } from '#contract/ingestion.ts'
import { ToneTag, useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

export function CheckTag({ check }: { check: Source['check'] }) {
  const t = useText(sourceText).check
  if (!check) return <ToneTag tone="neutral">{t.never}</ToneTag>
  if (!check.ok) return <ToneTag tone="bad">{t.failed}</ToneTag>
  return <ToneTag tone={check.code ? 'warning' : 'good'}>{check.code ? t.advised : t.ok}</ToneTag>
}
