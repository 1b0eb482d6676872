import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { FileDialect } from '#contract/ingestion.ts'
import type { Answer } from '../../api/index.ts'
import { type Failed, ProblemAlert, toChoices, useText } from '../../ui/index.ts'
import { PreviewTable } from '../preview-table.tsx'
import { planText } from './text.ts'

interface DialectPanelProps {
  /** How the file is read now; null for a database, which says itself what it holds. */
  dialect: FileDialect | null
  reasons: readonly string[]
  /** What else of the file could be read. */
  sheets: readonly string[]
  shown: Answer<'preview_source_object'> | undefined
  error: Failed
  isReading: boolean
  onRead: (dialect: FileDialect) => void
}

/** The first rows, and for a file what was detected, why, and how to read it otherwise. */
export function DialectPanel({ dialect, reasons, sheets, shown, error, isReading, onRead }: DialectPanelProps) {
  const t = useText(planText)
  return (
    <section className="dt-panel">
      <h2>{t.edit.steps.read}</h2>
      {dialect && (
        <>
          <p className="dt-muted">{t.dialect.purpose}</p>
          <DialectForm key={JSON.stringify(dialect)} dialect={dialect} sheets={sheets} isReading={isReading} onRead={onRead} />
          {reasons.length > 0 && (
            <>
              <h3>{t.dialect.reasons}</h3>
              <ul className="dt-bullets">
                {reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      <h3>{t.dialect.preview}</h3>
      <ProblemAlert error={error} />
      {shown && !error && <PreviewTable label={t.dialect.preview} {...shown} />}
    </section>
  )
}

interface DialectFormProps extends Pick<DialectPanelProps, 'sheets' | 'isReading' | 'onRead'> {
  dialect: FileDialect
}

function DialectForm({ dialect, sheets, isReading, onRead }: DialectFormProps) {
  const t = useText(planText).dialect
  const [draft, setDraft] = useState(dialect)
  const change = (part: Partial<FileDialect>) => setDraft({ ...draft, ...part })
  const isChanged = JSON.stringify(draft) !== JSON.stringify(dialect)
  return (
    <Form layout="vertical" className="dt-dialect">
      {draft.format === 'csv' && <CsvFields draft={draft} change={change} />}
      {(draft.format === 'xlsx' || draft.format === 'sql') && (
        <Form.Item label={draft.format === 'sql' ? t.table : t.sheet} htmlFor="dialect-sheet">
          <Select
            id="dialect-sheet"
            value={draft.sheet}
            options={sheets.map((sheet) => ({ value: sheet, label: sheet }))}
            onChange={(sheet: string) => change({ sheet })}
          />
        </Form.Item>
      )}
      {draft.format === 'xlsx' && <LineFields draft={draft} change={change} />}
      {(draft.format === 'json' || draft.format === 'xml') && (
        <Form.Item label={t.recordPath} htmlFor="dialect-path" extra={t.recordPathHelp}>
          <Input
            id="dialect-path"
            value={draft.recordPath}
            maxLength={200}
            onChange={(event) => change({ recordPath: event.target.value })}
          />
        </Form.Item>
      )}
      <Form.Item label={t.format} htmlFor="dialect-format">
        <Input id="dialect-format" value={draft.format.toUpperCase()} readOnly />
      </Form.Item>
      <Form.Item label=" " colon={false}>
        <Button onClick={() => onRead(draft)} loading={isReading} type={isChanged ? 'primary' : 'default'}>
          {t.apply}
        </Button>
      </Form.Item>
      {isChanged && <p className="dt-warning dt-full-row">{t.changed}</p>}
    </Form>
  )
}

interface FieldsProps {
  draft: FileDialect
  change: (part: Partial<FileDialect>) => void
}

function CsvFields({ draft, change }: FieldsProps) {
  const t = useText(planText).dialect
  return (
    <>
      <Form.Item label={t.encoding} htmlFor="dialect-encoding">
        <Select
          id="dialect-encoding"
          value={draft.encoding}
          options={toChoices(t.encodings)}
          onChange={(encoding) => change({ encoding: encoding as FileDialect['encoding'] })}
        />
      </Form.Item>
      <Form.Item label={t.delimiter} htmlFor="dialect-delimiter">
        <Select
          id="dialect-delimiter"
          value={draft.delimiter}
          options={toChoices(t.delimiters)}
          onChange={(delimiter) => change({ delimiter: delimiter as FileDialect['delimiter'] })}
        />
      </Form.Item>
      <Form.Item label={t.quote} htmlFor="dialect-quote">
        <Select
          id="dialect-quote"
          value={draft.quote}
          options={toChoices(t.quotes)}
          onChange={(quote) => change({ quote: quote as FileDialect['quote'] })}
        />
      </Form.Item>
      <LineFields draft={draft} change={change} />
      <Form.Item label={t.comment} htmlFor="dialect-comment">
        <Input id="dialect-comment" value={draft.comment} maxLength={2} onChange={(event) => change({ comment: event.target.value })} />
      </Form.Item>
    </>
  )
}

function LineFields({ draft, change }: FieldsProps) {
  const t = useText(planText).dialect
  return (
    <>
      <Form.Item label={t.skipLines} htmlFor="dialect-skip">
        <InputNumber
          id="dialect-skip"
          value={draft.skipLines}
          min={0}
          max={1000}
          onChange={(skipLines) => change({ skipLines: skipLines ?? 0 })}
        />
      </Form.Item>
      <Form.Item label=" " colon={false}>
        <Checkbox checked={draft.hasHeader} onChange={(event) => change({ hasHeader: event.target.checked })}>
          {t.hasHeader}
        </Checkbox>
      </Form.Item>
    </>
  )
}
