import type { Source } from '#contract/ingestion.ts'
import { ToneTag, useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

/** The last check in a word; uploads are here already, there is nothing to reach. */
export function CheckTag({ source: { check, settings } }: { source: Source }) {
  const t = useText(sourceText).check
  if (settings.kind === 'upload') return <ToneTag tone="neutral">{t.needless}</ToneTag>
  if (!check) return <ToneTag tone="neutral">{t.never}</ToneTag>
  if (!check.ok) return <ToneTag tone="bad">{t.failed}</ToneTag>
  return <ToneTag tone={check.code ? 'warning' : 'good'}>{check.code ? t.advised : t.ok}</ToneTag>
}
