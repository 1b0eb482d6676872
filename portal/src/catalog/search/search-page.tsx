import { Button, Input, type InputRef, Pagination, Spin } from 'antd'
import { useEffect, useRef } from 'react'
import { searchFacets } from '#contract/catalog.ts'
import { useRoute } from '../../api/index.ts'
import { EmptyState, formatCount, PageHeader, ProblemAlert, useFilters, useText } from '../../ui/index.ts'
import { FacetList } from './facet-list.tsx'
import { SearchHit } from './search-hit.tsx'
import { searchText } from './text.ts'

const limit = 20

export function SearchPage() {
  const t = useText(searchText)
  const [filters, setFilters] = useFilters('q', 'offset', ...searchFacets)
  const offset = Number(filters.offset ?? 0)
  const found = useRoute('search_entries', { query: { ...filters, q: filters.q ?? '', offset, limit } as never }, { keepPrevious: true })
  const narrow = (changed: Parameters<typeof setFilters>[0]) => setFilters({ ...changed, offset: undefined })
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <SearchBox key={filters.q ?? ''} q={filters.q ?? ''} onSearch={(q) => narrow({ q })} />
      <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />
      {found.data && (
        <div className="dt-search">
          <FacetList facets={found.data.facets} chosen={filters} onChoose={narrow} />
          <section aria-label={t.title}>
            <p role="status" className="dt-search-total">
              {t.found(found.data.total)}
              {found.data.items.length > 0 && <span className="dt-muted"> {t.page(offset + 1, offset + found.data.items.length)}</span>}
            </p>
            <Spin spinning={found.isPlaceholderData} delay={300}>
              {found.data.items.length === 0 && <EmptyState why={t.none(filters.q ?? '')} todo={t.noneTodo} />}
              <ol className="dt-hits" start={offset + 1}>
                {found.data.items.map((entry) => (
                  <SearchHit key={entry.id} entry={entry} />
                ))}
              </ol>
            </Spin>
            <Pagination
              hideOnSinglePage
              align="end"
              current={offset / limit + 1}
              pageSize={limit}
              total={found.data.total}
              showSizeChanger={false}
              showTotal={(total) => formatCount(total)}
              onChange={(page) => setFilters({ offset: page > 1 ? String((page - 1) * limit) : undefined })}
            />
          </section>
        </div>
      )}
    </>
  )
}

/** `/` brings the cursor here from anywhere on the page. */
function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const t = useText(searchText)
  const input = useRef<InputRef>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && (event.target.isContentEditable || /^(input|textarea|select)$/i.test(event.target.tagName))
      if (event.key !== '/' || isTyping) return
      event.preventDefault()
      input.current?.focus({ cursor: 'all' })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <search className="dt-search-box">
      <Input.Search
        ref={input}
        aria-label={t.label}
        placeholder={t.placeholder}
        defaultValue={q}
        maxLength={200}
        size="large"
        allowClear
        enterButton={<Button type="primary">{t.submit}</Button>}
        onSearch={(value) => onSearch(value.trim())}
      />
    </search>
  )
}
