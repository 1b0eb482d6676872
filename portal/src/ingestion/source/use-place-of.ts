import type { SourceSettings } from '#contract/ingestion.ts'
import { placeOf } from '#contract/source-settings.ts'
import { useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

/** Where a source is, on one line. */
export function usePlaceOf(): (settings: SourceSettings) => string {
  const t = useText(sourceText).list
  return (settings) => (settings.kind === 'upload' ? t.uploads : placeOf(settings) || t.root)
}
