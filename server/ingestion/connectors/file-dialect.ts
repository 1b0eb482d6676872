import type { FileDialect } from '#contract/ingestion.ts'
import type { DescribeFileInput } from '../files/describe-file.ts'
import type { FileReading } from '../files/file-description.ts'

type Known = NonNullable<DescribeFileInput['known']>

/** What a steward has decided about a file, as the reader of files takes it; the rest is detected. */
export function toKnown(dialect: FileDialect): Known {
  const { format, encoding, delimiter, quote, skipLines, comment, hasHeader, sheet } = dialect
  const line = skipLines + 1
  switch (format) {
    case 'xlsx':
      return {
        format,
        sheet: { ...(sheet !== '' && { sheet }), ...(hasHeader ? { headerRow: line } : { headerRow: null, dataRow: line }) },
      }
    case 'csv': {
      // Under comment lines the header is found again: it may be the last of them, or stand below them.
      const found = comment !== '' ? {} : { headerLine: line }
      const header = hasHeader ? found : { headerLine: null, headerInComment: false, dataLine: line }
      return { format, encoding, dialect: { delimiter, quote: quote === '' ? null : quote, ...header } }
    }
    case 'sql':
      return { format, encoding, table: sheet }
    case 'xml':
      return { format, encoding, recordPath: dialect.recordPath }
    case 'json':
    case 'jsonl':
    case 'geojson':
      return { format: 'json' }
    default:
      return { format }
  }
}

/** What was detected, as a steward sees and changes it. */
export function toContract(reading: FileReading, fileName: string): FileDialect {
  const base = {
    encoding: 'utf-8',
    delimiter: ',',
    quote: '"',
    skipLines: 0,
    comment: '',
    hasHeader: true,
    sheet: '',
    recordPath: '',
  } as const
  switch (reading.format) {
    case 'csv': {
      const { delimiter, quote, headerLine, headerInComment, dataLine } = reading.dialect
      const known = [',', ';', '\t', '|'].includes(delimiter) ? (delimiter as FileDialect['delimiter']) : ','
      return {
        ...base,
        format: 'csv',
        encoding: reading.encoding,
        delimiter: known,
        quote: quote ?? '',
        skipLines: (headerLine ?? dataLine) - 1,
        comment: headerInComment ? '#' : '',
        hasHeader: headerLine !== null || headerInComment,
      }
    }
    case 'xlsx':
      return {
        ...base,
        format: 'xlsx',
        sheet: reading.sheet.sheet,
        hasHeader: reading.sheet.headerRow !== null,
        skipLines: (reading.sheet.headerRow ?? reading.sheet.dataRow) - 1,
      }
    case 'sql':
      return { ...base, format: 'sql', encoding: reading.encoding, sheet: reading.table }
    case 'xml':
      return { ...base, format: 'xml', encoding: reading.encoding, recordPath: reading.recordPath.join('/') }
    case 'json':
      return {
        ...base,
        format: reading.isGeoJson ? 'geojson' : /\.(jsonl|ndjson)$/.test(fileName) ? 'jsonl' : 'json',
        recordPath: reading.recordsAt ?? '',
      }
    default:
      return { ...base, format: reading.format }
  }
}
