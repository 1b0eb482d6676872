import { Button } from 'antd'
import { useState } from 'react'
import type { Grant } from '#contract/sharing.ts'
import { type Answer, useAction } from '../../api/index.ts'
import { DataTable, ProblemAlert, useText, wholeList } from '../../ui/index.ts'
import { grantText } from './text.ts'

/** The data as this grant shows them. They are fetched only when asked for, since every look is audited. */
export function GrantPreview({ grant }: { grant: Grant }) {
  const t = useText(grantText).page
  const [shown, show] = useState<Answer<'preview_grant'>>()
  const preview = useAction('preview_grant', { onDone: show })
  if (!grant.can.preview) return null
  return (
    <section className="dt-panel">
      <h2>{t.preview}</h2>
      <p className="dt-muted">{t.previewWhy}</p>
      <ProblemAlert error={preview.error} />
      {shown ? (
        <PreviewRows grant={grant} {...shown} />
      ) : (
        <Button onClick={() => preview.run({ params: { grantId: grant.id } })} loading={preview.isRunning}>
          {t.load}
        </Button>
      )}
    </section>
  )
}

interface Row {
  number: number
  values: (string | null)[]
}

function PreviewRows({ grant, columns, rows }: { grant: Grant } & Answer<'preview_grant'>) {
  const t = useText(grantText).page
  const nameOf = (code: string) => grant.items.find((item) => item.item === code)?.name ?? code
  return (
    <DataTable<Row>
      label={t.preview}
      size="small"
      list={wholeList(rows.map((values, number) => ({ number, values })))}
      rowKey={(row) => String(row.number)}
      columns={columns.map((column, at) => ({ key: column, title: nameOf(column), render: (row) => row.values[at] ?? '—' }))}
      empty={{ why: t.previewEmpty, todo: t.previewTodo }}
    />
  )
}
