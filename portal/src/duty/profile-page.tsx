import { Alert, Input, Tooltip } from 'antd'
import { useState } from 'react'
import { type Answer, useRoute } from '../api/index.ts'
import { type Column, DataTable, EmptyState, Loaded, PageHeader, ToneTag, useLanguage, useText, wholeList } from '../ui/index.ts'
import { describe, labelOf, wordOf } from './profile-words.ts'
import { dutyText } from './text.ts'

type Value = Answer<'get_profile'>['values'][number]

export function ProfilePage() {
  const t = useText(dutyText).profile
  const { language } = useLanguage()
  const [sought, setSought] = useState('')
  const query = useRoute('get_profile', {})
  const shown = (query.data?.values ?? []).filter(
    (value) =>
      !sought ||
      [
        wordOf(value.key.split('.')[0]!, language),
        labelOf(value.key, language),
        describe(value.key, value.value, language),
        value.cite,
      ].some((text) => text.includes(sought)),
  )
  const groups = [...Map.groupBy(shown, ({ key }) => key.split('.')[0]!)]
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <Alert type="info" className="dt-problem" title={t.readOnly} />
      <Loaded query={query}>
        {(profile) => (
          <>
            <search className="dt-filters">
              <Input.Search
                aria-label={t.search}
                placeholder={t.search}
                allowClear
                onSearch={(text) => setSought(text.trim())}
                className="dt-filter-search"
              />
              <span className="dt-muted">{t.name(profile.name)}</span>
            </search>
            {groups.length === 0 && <EmptyState why={t.empty} />}
            {groups.map(([group, values]) => (
              <section key={group} className="dt-panel">
                <h2>{wordOf(group, language)}</h2>
                <ValueTable group={group} values={values} />
              </section>
            ))}
          </>
        )}
      </Loaded>
    </>
  )
}

function ValueTable({ group, values }: { group: string; values: Value[] }) {
  const t = useText(dutyText).profile
  const { language } = useLanguage()
  const columns: Column<Value>[] = [
    { key: 'key', title: t.key, width: '26%', render: ({ key }) => labelOf(key, language) },
    { key: 'value', title: t.value, width: '34%', render: ({ key, value }) => describe(key, value, language) },
    {
      key: 'cite',
      title: t.cite,
      render: (value) => (
        <>
          {value.cite}
          {value.isUnsure && <Mark word={t.unsure} why={value.note ?? t.unsureWhy} />}
          {value.isExpired && <Mark word={t.expired} why={t.expiredWhy} />}
        </>
      ),
    },
  ]
  return (
    <DataTable
      label={wordOf(group, language)}
      size="small"
      list={wholeList(values)}
      columns={columns}
      rowKey={({ key }) => key}
      empty={{ why: t.empty }}
    />
  )
}

function Mark({ word, why }: { word: string; why: string }) {
  return (
    <Tooltip title={why}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be readable by keyboard */}
      <span tabIndex={0} className="dt-mark">
        <ToneTag tone="warning">{word}</ToneTag>
      </span>
    </Tooltip>
  )
}
