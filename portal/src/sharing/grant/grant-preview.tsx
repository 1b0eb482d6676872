import { Button } from 'antd'
import { useState } from 'react'
import type { Grant } from '#contract/sharing.ts'
import { useRoute } from '../../api/index.ts'
import { DataTable, Loaded, useText, wholeList } from '../../ui/index.ts'
import { sharingText } from '../text.ts'

/** The data as this grant shows them. It is fetched only when asked for, since every look is audited. */
export function GrantPreview({ grant }: { grant: Grant }) {
  const t = useText(sharingText).grant
  const [isWanted, setWanted] = useState(false)
  if (!grant.can.preview) return null
  return (
    <section className="dt-panel">
      <h2>{t.preview}</h2>
      <p className="dt-muted">{t.previewWhy}</p>
      {isWanted ? <PreviewRows grant={grant} /> : <Button onClick={() => setWanted(true)}>{t.load}</Button>}
    </section>
  )
}

function PreviewRows({ grant }: { grant: Grant }) {
  const t = useText(sharingText).grant
  const query = useRoute('preview_grant', { params: { grantId: grant.id } })
  return (
    <Loaded query={query}>
      {({ columns, rows }) => (
        <DataTable
          label={t.preview}
          size="small"
          list={wholeList(rows.map((values, number) => ({ number, values })))}
          rowKey={(row) => String(row.number)}
          columns={columns.map((column, at) => ({
            key: column,
            title: grant.items.find((item) => item.item === column)?.name ?? column,
            render: (row) => row.values[at] ?? '—',
          }))}
          empty={{ why: t.previewEmpty, todo: t.previewTodo }}
        />
      )}
    </Loaded>
  )
}
