import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { searchFacets } from '#contract/catalog.ts'
import { formatCount, useText } from '../../ui/index.ts'
import { catalogWords } from '../words.ts'
import { searchText } from './text.ts'

type FacetName = (typeof searchFacets)[number]

interface FacetListProps {
  facets: Record<string, { value: string; label: string; count: number }[]>
  chosen: Partial<Record<FacetName, string | undefined>>
  onChoose: (changed: Partial<Record<FacetName, string | undefined>>) => void
}

/** Counted conditions beside the results; one of each kind at a time. */
export function FacetList({ facets, chosen, onChoose }: FacetListProps) {
  const t = useText(searchText)
  const words = useText(catalogWords)
  const labelOf = (name: FacetName, value: string, label: string): string =>
    name === 'provider' ? label : ((words[name] as Record<string, string>)[value] ?? label)
  return (
    <aside className="dt-facets">
      {searchFacets.map((name) => {
        const values = facets[name] ?? []
        if (values.length === 0 && !chosen[name]) return null
        return (
          <section key={name} aria-label={t.facets[name]}>
            <h2>{t.facets[name]}</h2>
            <ul>
              {values.map(({ value, label, count }) => {
                const isChosen = chosen[name] === value
                return (
                  <li key={value}>
                    <Button
                      type="text"
                      size="small"
                      block
                      aria-pressed={isChosen}
                      className={isChosen ? 'dt-facet dt-facet-chosen' : 'dt-facet'}
                      onClick={() => onChoose({ [name]: isChosen ? undefined : value })}
                    >
                      <span>{labelOf(name, value, label)}</span>
                      {isChosen ? <CloseOutlined aria-label={t.clearFacet(t.facets[name])} /> : <span>{formatCount(count)}</span>}
                    </Button>
                  </li>
                )
              })}
            </ul>
          </section>
        )
      })}
    </aside>
  )
}
