import { Button, Drawer, Tabs } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { dataTypes } from '#contract/catalog.ts'
import type { ObjectDescription, SourceColumn } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Answer, useAction, useRoute } from '../../api/index.ts'
import { type Column, DataTable, LinkButton, Loaded, ProblemAlert, ToneTag, useLanguage, useText, wholeList } from '../../ui/index.ts'
import { PreviewTable } from '../preview-table.tsx'
import { ingestionText } from '../text.ts'
import { sourceText } from './text.ts'

/** Structure and first rows of one table or file. */
export function ObjectDrawer({ sourceId, object, onClose }: { sourceId: string; object: string; onClose: () => void }) {
  const t = useText(sourceText)
  const query = useRoute('describe_source_object', { params: { sourceId }, query: { object } })
  return (
    <Drawer
      open
      size={860}
      title={object}
      onClose={onClose}
      extra={<LinkButton to={portalPath('new_plan', { sourceId, object })}>{t.page.plan}</LinkButton>}
    >
      <Tabs
        items={[
          {
            key: 'structure',
            label: t.object.structure,
            children: <Loaded query={query}>{(description) => <Structure description={description} />}</Loaded>,
          },
          { key: 'preview', label: t.object.preview, children: <Preview sourceId={sourceId} object={object} /> },
        ]}
      />
    </Drawer>
  )
}

function Structure({ description }: { description: ObjectDescription }) {
  const shared = useText(ingestionText)
  const t = useText(sourceText).object
  const columns: Column<z.infer<typeof SourceColumn>>[] = [
    {
      key: 'name',
      title: t.column,
      render: (column) => (
        <>
          <span className="dt-mono">{column.name}</span> {column.isKey && <ToneTag tone="progress">{t.key}</ToneTag>}
        </>
      ),
    },
    { key: 'type', title: t.type, render: (column) => <TypeName type={column.type} /> },
    { key: 'nullable', title: t.empty, render: (column) => (column.nullable ? t.nullable : t.required) },
    { key: 'comment', title: t.comment, render: (column) => column.comment || '—' },
    { key: 'samples', title: t.samples, render: (column) => shared.list(column.samples.slice(0, 3)) || '—' },
  ]
  return (
    <>
      {description.reasons.length > 0 && (
        <>
          <h3>{t.reasons}</h3>
          <ul className="dt-bullets">
            {description.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </>
      )}
      <DataTable
        label={t.structure}
        size="small"
        list={wholeList(description.columns)}
        columns={columns}
        rowKey={(column) => column.name}
        empty={{ why: t.noColumns, todo: t.noColumnsTodo }}
      />
    </>
  )
}

/** A file's columns are guessed in the types of the guide; a database names its own. */
function TypeName({ type }: { type: string }) {
  const { language } = useLanguage()
  const word = language === 'zh' && type in dataTypes ? dataTypes[type as keyof typeof dataTypes] : undefined
  return word ?? <span className="dt-mono">{type}</span>
}

function Preview({ sourceId, object }: { sourceId: string; object: string }) {
  const t = useText(sourceText).object
  const [shown, show] = useState<Answer<'preview_source_object'>>()
  const preview = useAction('preview_source_object', { onDone: show })
  if (shown) return <PreviewTable label={t.preview} {...shown} />
  return (
    <>
      <p className="dt-muted">{t.previewWhy}</p>
      <ProblemAlert error={preview.error} />
      <div className="dt-below">
        <Button type="primary" loading={preview.isRunning} onClick={() => preview.run({ params: { sourceId }, body: { object } })}>
          {t.load}
        </Button>
      </div>
    </>
  )
}
