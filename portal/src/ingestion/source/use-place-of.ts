import type { SourceSettings } from '#contract/ingestion.ts'
import { useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

/** Where a source is, on one line. */
export function usePlaceOf(): (settings: SourceSettings) => string {
  const t = useText(sourceText).list
  return (settings) => {
    if (settings.kind === 'upload') return t.uploads
    if (settings.kind === 'folder') return settings.path || t.root
    return `${settings.host}:${settings.port}/${settings.database}`
  }
}
