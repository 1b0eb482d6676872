import { Button } from 'antd'
import { dataTypes, type Item } from '#contract/catalog.ts'
import { conversions } from '#contract/ingestion.ts'
import { type Failed, ProblemAlert, ToneTag, useLanguage, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { dayFormats, type Line } from './mapping-lines.ts'
import { planText } from './text.ts'

interface MappingTableProps {
  items: readonly Item[]
  lines: readonly Line[]
  /** Columns of the source as it is read now. */
  columns: readonly string[]
  sampleOf: (column: string) => string
  onChange: (item: string, part: Partial<Line>) => void
  onMatch: () => void
  isMatching: boolean
  error: Failed
  /** Nothing is converted: only the columns are chosen. */
  isPlain?: boolean
}

/** Item ↔ column. Native controls: an entry may have two thousand items, and the keyboard finds a column by its first letters. */
export function MappingTable({
  items,
  lines,
  columns,
  sampleOf,
  onChange,
  onMatch,
  isMatching,
  error,
  isPlain = false,
}: MappingTableProps) {
  const shared = useText(ingestionText)
  const t = useText(planText).mapping
  const lineOf = new Map(lines.map((line) => [line.item, line]))
  const used = new Set(lines.map(({ column }) => column))
  const lacking = items.filter((item) => item.isRequired && lineOf.get(item.code)?.column === '')
  const unused = columns.filter((column) => !used.has(column))
  return (
    <section className="dt-panel">
      <div className="dt-table-head">
        <h2>{t.title}</h2>
        <span className="dt-muted">{t.summary(lines.filter(({ column }) => column !== '').length, items.length)}</span>
        <div className="dt-actions">
          <Button onClick={onMatch} loading={isMatching}>
            {t.again}
          </Button>
        </div>
      </div>
      <p className="dt-muted dt-form-note">{t.purpose}</p>
      <ProblemAlert error={error} />
      <div className="dt-sheet dt-mapping">
        <table aria-label={t.title}>
          <thead>
            <tr>
              {[t.item, t.type, t.column, t.sample, ...(isPlain ? [] : [t.conversion, t.format, t.missing])].map((title) => (
                <th key={title} scope="col" title={title === t.missing ? t.missingHelp : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => {
              const line = lineOf.get(item.code)
              return line && <MappingRow key={item.code} {...{ item, line, columns, onChange, isPlain }} sample={sampleOf(line.column)} />
            })}
          </tbody>
        </table>
      </div>
      {lacking.length > 0 && <p className="dt-warning">{t.missingRequired(shared.list(lacking.map(({ name }) => name)))}</p>}
      {unused.length > 0 && <p className="dt-muted dt-below">{t.unused(shared.list(unused))}</p>}
    </section>
  )
}

interface MappingRowProps extends Pick<MappingTableProps, 'columns' | 'onChange'> {
  isPlain: boolean
  item: Item
  line: Line
  sample: string
}

function MappingRow({ item, line, columns, sample, onChange, isPlain }: MappingRowProps) {
  const t = useText(planText).mapping
  const { language } = useLanguage()
  const change = (part: Partial<Line>) => onChange(item.code, part)
  const label = (what: string) => t.label(what, item.name)
  const isMapped = line.column !== ''
  const isLacking = item.isRequired && !isMapped
  return (
    <tr>
      <th scope="row" className="dt-mapping-item">
        {item.name} {item.isKey && <ToneTag tone="progress">{t.key}</ToneTag>}{' '}
        {item.isRequired && <ToneTag tone="warning">{t.required}</ToneTag>}
      </th>
      <td className="dt-mapping-fact">{language === 'zh' ? dataTypes[item.dataType] : item.dataType}</td>
      <td className={isLacking ? 'dt-cell-wrong' : undefined}>
        <select aria-label={label(t.column)} value={line.column} onChange={(event) => change({ column: event.target.value })}>
          <option value="">{t.notMapped}</option>
          {line.column !== '' && !columns.includes(line.column) && <option value={line.column}>{line.column}</option>}
          {columns.map((column) => (
            <option key={column} value={column}>
              {column}
            </option>
          ))}
        </select>
      </td>
      <td className="dt-mapping-fact dt-mapping-sample">{sample}</td>
      {!isPlain && <ConversionCells {...{ item, line, onChange }} />}
    </tr>
  )
}

/** How the text of a column becomes the item's value. */
function ConversionCells({ item, line, onChange }: Pick<MappingRowProps, 'item' | 'line' | 'onChange'>) {
  const t = useText(planText).mapping
  const change = (part: Partial<Line>) => onChange(item.code, part)
  const label = (what: string) => t.label(what, item.name)
  const isMapped = line.column !== ''
  const isDay = line.conversion === 'date' || line.conversion === 'datetime' || (line.conversion === 'auto' && 'DT'.includes(item.dataType))
  return (
    <>
      <td>
        <select
          aria-label={label(t.conversion)}
          value={line.conversion}
          disabled={!isMapped}
          onChange={(event) => change({ conversion: event.target.value as Line['conversion'] })}
        >
          {conversions.map((conversion) => (
            <option key={conversion} value={conversion}>
              {t.conversions[conversion]}
            </option>
          ))}
        </select>
      </td>
      <td>
        <select
          aria-label={label(t.format)}
          value={line.format}
          disabled={!isMapped || !isDay}
          onChange={(event) => change({ format: event.target.value })}
        >
          <option value="">{t.formatAny}</option>
          {[...new Set([...dayFormats, line.format])].filter(Boolean).map((format) => (
            <option key={format} value={format}>
              {format}
            </option>
          ))}
        </select>
      </td>
      <td>
        <input
          aria-label={label(t.missing)}
          value={line.missing}
          disabled={!isMapped}
          maxLength={400}
          onChange={(event) => change({ missing: event.target.value })}
        />
      </td>
    </>
  )
}
