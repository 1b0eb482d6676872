import { Checkbox, Form, InputNumber, Radio, Select } from 'antd'
import type { LoadMode, SourceSettings } from '#contract/ingestion.ts'
import { fitsMode } from '#contract/source-settings.ts'
import { useText } from '../../ui/index.ts'
import { scheduleText } from '../schedule/text.ts'

interface ModeFieldsProps {
  mode: LoadMode
  sourceKind: SourceSettings['kind'] | undefined
  object: string
  columns: readonly string[]
  /** A share, 0–1; shown in percent. */
  deletionLimit: number
  onMode: (mode: LoadMode) => void
  onDeletionLimit: (limit: number) => void
}

const kinds = ['full', 'incremental', 'compare', 'append', 'stream'] as const
const modeOf: { [K in LoadMode['kind']]: Extract<LoadMode, { kind: K }> } = {
  full: { kind: 'full' },
  incremental: { kind: 'incremental', column: '', windowSeconds: 600 },
  compare: { kind: 'compare', keepHistory: false },
  append: { kind: 'append' },
  stream: { kind: 'stream' },
}

/** How a load meets what is there, each choice with what it is good for. */
export function ModeFields({ mode, sourceKind, object, columns, deletionLimit, onMode, onDeletionLimit }: ModeFieldsProps) {
  const t = useText(scheduleText).mode
  // The server has the last word.
  const fits = (kind: LoadMode['kind']) => sourceKind === undefined || fitsMode(kind, sourceKind, object)
  return (
    <section className="dt-panel">
      <h2>{t.title}</h2>
      <p className="dt-muted">{t.purpose}</p>
      <Form layout="vertical">
        <Form.Item>
          <Radio.Group
            value={mode.kind}
            onChange={(event) => onMode(modeOf[event.target.value as LoadMode['kind']])}
            className="dt-choices"
            aria-label={t.title}
          >
            {kinds.map((kind) => (
              <Radio key={kind} value={kind} disabled={!fits(kind)}>
                {t.kinds[kind]}
                <span className="dt-muted dt-choice-help">{fits(kind) ? t.help[kind] : t.unfit}</span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        {mode.kind === 'incremental' && <IncrementalFields mode={mode} columns={columns} onMode={onMode} />}
        {mode.kind === 'compare' && (
          <Form.Item extra={t.keepHistoryHelp}>
            <Checkbox checked={mode.keepHistory} onChange={(event) => onMode({ ...mode, keepHistory: event.target.checked })}>
              {t.keepHistory}
            </Checkbox>
          </Form.Item>
        )}
        {(mode.kind === 'full' || mode.kind === 'compare') && (
          <Form.Item label={t.deletion} htmlFor="plan-deletion" extra={t.deletionHelp}>
            <InputNumber
              id="plan-deletion"
              min={0}
              max={100}
              value={Number((deletionLimit * 100).toFixed(4))}
              onChange={(percent) => onDeletionLimit((percent ?? 0) / 100)}
            />
          </Form.Item>
        )}
      </Form>
    </section>
  )
}

type Incremental = Extract<LoadMode, { kind: 'incremental' }>

function IncrementalFields({ mode, columns, onMode }: { mode: Incremental; columns: readonly string[]; onMode: (mode: LoadMode) => void }) {
  const t = useText(scheduleText).mode
  return (
    <>
      <Form.Item
        label={t.column}
        htmlFor="plan-mode-column"
        extra={t.columnHelp}
        {...(mode.column === '' && { validateStatus: 'error' as const, help: t.columnMissing })}
      >
        <Select
          id="plan-mode-column"
          aria-label={t.column}
          value={mode.column || undefined}
          options={columns.map((column) => ({ value: column, label: column }))}
          showSearch
          onChange={(column: string) => onMode({ ...mode, column })}
        />
      </Form.Item>
      <Form.Item label={t.windowMinutes} htmlFor="plan-mode-window" extra={t.windowHelp}>
        <InputNumber
          id="plan-mode-window"
          min={0}
          max={31 * 1440}
          value={Math.round(mode.windowSeconds / 60)}
          onChange={(minutes) => onMode({ ...mode, windowSeconds: (minutes ?? 0) * 60 })}
        />
      </Form.Item>
    </>
  )
}
