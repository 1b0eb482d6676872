import { Link } from 'react-router'
import { entryStates } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import type { Answer } from '../../api/index.ts'
import { useHasScope, useSession } from '../../shell/index.ts'
import { formatInstant, formatShort, StateTag, ToneTag, useLanguage, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { catalogWords } from '../words.ts'
import { Highlighted } from './highlighted.tsx'
import { searchText } from './text.ts'

type Hit = Answer<'search_entries'>['items'][number]

/** One found entry: what it is, whose, how it is shared, and where the words were found. */
export function SearchHit({ entry }: { entry: Hit }) {
  const t = useText(searchText)
  const shared = useText(catalogText)
  const words = useText(catalogWords)
  const { language } = useLanguage()
  const { org } = useSession()
  const mayApply =
    useHasScope('sharing:apply') && org.id !== entry.provider.id && entry.sharingType !== 'not_shared' && entry.state === 'published'
  const name = entry.highlights.find(({ field }) => field === 'name')
  const others = entry.highlights.filter(({ field }) => field !== 'name' && field !== 'abstract').slice(0, 6)
  const abstract = entry.highlights.find(({ field }) => field === 'abstract')
  return (
    <li className="dt-hit">
      <div className="dt-hit-head">
        <Link to={portalPath('entry', { entryId: entry.id })}>
          {name ? <Highlighted text={name.text} ranges={name.ranges} /> : entry.name}
        </Link>
        {entry.state !== 'published' && <StateTag table={entryStates} state={entry.state} />}
        <ToneTag tone={entry.sharingType === 'not_shared' ? 'bad' : entry.sharingType === 'conditional' ? 'warning' : 'good'}>
          {words.sharingType[entry.sharingType]}
        </ToneTag>
        <ToneTag tone="neutral">{words.level[entry.level]}</ToneTag>
        {mayApply && (
          <Link className="dt-hit-apply" to={portalPath('new_request', { entryId: entry.id })}>
            {t.apply}
          </Link>
        )}
      </div>
      <p className="dt-muted">
        {[
          entry.provider.name,
          entry.code,
          words.updateCycle[entry.updateCycle],
          shared.items(entry.itemCount),
          entry.rows === null ? shared.noData : shared.rows(formatShort(entry.rows, language)),
          ...(entry.loadedAt ? [formatInstant(entry.loadedAt)] : []),
        ].join(' · ')}
      </p>
      <p className="dt-hit-abstract">{abstract ? <Highlighted text={abstract.text} ranges={abstract.ranges} /> : entry.abstract}</p>
      {others.length > 0 && (
        <p>
          {others.map(({ field, text, ranges }) => (
            <span key={field + text} className="dt-hit-match">
              <span className="dt-muted">{t.field[field] ?? t.matched} </span>
              <Highlighted text={text} ranges={ranges} />
            </span>
          ))}
        </p>
      )}
    </li>
  )
}
