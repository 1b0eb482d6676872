// Describes JSON, JSON lines and GeoJSON. The engine hands over records as text; their paths are found here, numbers kept digit by digit.
import { open } from 'node:fs/promises'
import { AppError, invalid } from '../../kernel/errors.ts'
import { quoteIdentifier } from '../../store/index.ts'
import { detectEncoding } from './text/detect-encoding.ts'
import { proveUtf8 } from './text/prove-utf8.ts'
import { toColumnNames } from './detect-header.ts'
import { type DescribedColumn, type FileDescription, type Measure, PREVIEW_ROWS, SAMPLE_ROWS } from './file-description.ts'
import { guessColumn } from './guess-type.ts'

const HEAD_BYTES = 2 ** 20
const MAX_DEPTH = 6
const MAX_COLUMNS = 10_000
const MAX_SURVEYED_OBJECTS = 50

/** @throws `file.json_not_utf8` `file.json_damaged` `file.json_no_records` `file.undecodable` */
export async function describeJson(path: string, measure: Measure): Promise<FileDescription> {
  const { encoding, markBytes } = await detectEncoding(path)
  // RFC 8259 §8.1 knows no other encoding, and the engine would take any bytes.
  if (encoding !== 'utf-8' || markBytes > 3) throw invalid('file.json_not_utf8', { encoding })
  const recordsAt = await findRecords(path, measure)
  const source = sourceOf(path, recordsAt)
  const sample = await ask<{ record: string }>(measure, `SELECT record FROM (${source.sql}) LIMIT {limit:UInt32}`, {
    ...source.parameters,
    limit: SAMPLE_ROWS,
  })
  if (sample.length === 0) throw invalid('file.json_no_records')
  const records = sample.map(({ record }) => parseExact(record))
  const { total, isUtf8, keys } = await surveyRecords(source, records, measure)
  if (!isUtf8) await proveUtf8(path)
  const paths = withKeys(findPaths(records), keys)
  const names = toColumnNames(
    paths.map((path) => path.join('.')),
    paths.length,
  )
  const isGeoJson = recordsAt === 'features' && paths.some(([first]) => first === 'geometry')
  const rows = records.map((record) => paths.map((keys) => textAt(record, keys)))
  return {
    reading: { format: 'json', recordsAt, isGeoJson },
    columns: paths.map((path, column): DescribedColumn => {
      const name = names[column]!
      return {
        name,
        path,
        ...guessColumn(
          name,
          rows.map((row) => row[column] ?? null),
        ),
      }
    }),
    previewRows: rows.slice(0, PREVIEW_ROWS),
    estimatedRows: total,
    isRowCountExact: true,
    confidence: 0.95,
    reasons: [
      recordsAt === null ? { code: 'file.reason.json_records' } : { code: 'file.reason.json_records_at', params: { key: recordsAt } },
    ],
    defects: [],
  }
}

/**
 * `{"features":[{…},{…}]}` → `features`; null where the records are the top-level objects. The candidates are read off the first
 * megabyte, the engine decides: only a key of the outermost object answers.
 */
async function findRecords(path: string, measure: Measure): Promise<string | null> {
  const handle = await open(path)
  const buffer = Buffer.alloc(HEAD_BYTES)
  const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0).finally(() => handle.close())
  const head = buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\ufeff/, '')
    .trimStart()
  if (!head.startsWith('{')) return null
  const tops = await ask<{ n: string }>(measure, "SELECT count() AS n FROM (SELECT 1 FROM file({path:String}, 'JSONAsString') LIMIT 2)", {
    path,
  })
  if (Number(tops[0]?.n) !== 1) return null
  const keys = new Set([...head.matchAll(/"([^"\\]{1,64})"\s*:\s*\[\s*\{/g)].map((match) => match[1]!))
  for (const key of [...keys].slice(0, 20)) {
    const structure = `${quoteIdentifier(key)} Array(String)`
    const counted = await measure<{ n: string }>(
      `SELECT length(${quoteIdentifier(key)}) AS n FROM file({path:String}, 'JSONEachRow', {structure:String})`,
      { path, structure },
    ).catch(() => [])
    if (Number(counted[0]?.n) > 0) return key
  }
  return null
}

interface RecordSource {
  /** Gives one column `record`: the JSON text of each record, exact. */
  sql: string
  parameters: Record<string, string>
}

function sourceOf(path: string, recordsAt: string | null): RecordSource {
  if (recordsAt === null) return { sql: "SELECT json AS record FROM file({path:String}, 'JSONAsString')", parameters: { path } }
  return {
    sql: `SELECT arrayJoin(${quoteIdentifier(recordsAt)}) AS record FROM file({path:String}, 'JSONEachRow', {structure:String})`,
    parameters: { path, structure: `${quoteIdentifier(recordsAt)} Array(String)` },
  }
}

/**
 * One pass over all records: counts them, proves their characters (the engine takes any bytes for a JSON string; measured, 26.7), and
 * finds keys on the first two levels that the sample does not show.
 */
async function surveyRecords(
  source: RecordSource,
  records: unknown[],
  measure: Measure,
): Promise<{ total: number; isUtf8: boolean; keys: string[][] }> {
  const objects = new Set(records.flatMap((record) => (isObject(record) ? Object.keys(record).filter((key) => isObject(record[key])) : [])))
  const inner = [...objects].slice(0, MAX_SURVEYED_OBJECTS)
  const columns = inner.map((_, i) => `groupUniqArrayArray(${MAX_COLUMNS})(JSONExtractKeys(record, {key${i}:String})) AS inner${i}`)
  const survey = async (parser: Parser) => {
    const [found] = await ask<Record<string, string[]> & { total: string; unknown: string; bad: string }>(
      measure,
      `SELECT count() AS total, countIf(NOT isValidUTF8(record)) AS bad, countIf(empty(keys)) AS unknown,
         groupUniqArrayArray(${MAX_COLUMNS})(keys) AS top${columns.map((column) => `, ${column}`).join('')}
       FROM (SELECT record, JSONExtractKeys(record) AS keys FROM (${source.sql}))`,
      { ...source.parameters, ...Object.fromEntries(inner.map((key, i) => [`key${i}`, key])) },
      parser,
    )
    return found!
  }
  // The quick parser finds no key at all in a record with an integer beyond 64 bits; the slow one does (measured, 26.7).
  const quick = await survey('simdjson')
  const found = quick.unknown === '0' ? quick : await survey('rapidjson')
  const tops = found.top!.filter((key) => !objects.has(key)).map((key) => [key])
  return {
    total: Number(found.total),
    isUtf8: found.bad === '0',
    keys: [...tops, ...inner.flatMap((key, i) => (found[`inner${i}`] ?? []).map((below) => [key, below]))],
  }
}

type Parser = 'simdjson' | 'rapidjson'

/** Adds what the sample did not show, unless it lies on the way to or below a column that is there. */
function withKeys(paths: string[][], keys: string[][]): string[][] {
  const isOnTheWay = (short: string[], long: string[]) => short.every((key, depth) => long[depth] === key)
  const added = keys.filter((key) => !paths.some((path) => isOnTheWay(key, path) || isOnTheWay(path, key))).sort()
  const all = [...paths, ...added]
  if (all.length > MAX_COLUMNS) throw invalid('file.too_many_columns', { found: all.length, limit: MAX_COLUMNS })
  if (all.some((path) => path.some((key) => key === '' || key.includes('\0')))) throw invalid('file.json_bad_key')
  return all
}

/** The engine's message may quote values, so only the place is handed on. */
async function ask<Row>(
  measure: Measure,
  sql: string,
  parameters: Record<string, string | number>,
  parser: Parser = 'rapidjson',
): Promise<Row[]> {
  try {
    return await measure<Row>(sql, parameters, { settings: { allow_simdjson: parser === 'simdjson' ? 1 : 0 } })
  } catch (cause) {
    const row = /at row (\d+)/.exec(String(cause))?.[1]
    throw new AppError('invalid', 'file.json_damaged', { cause, params: { row: row ?? '?' } })
  }
}

/** Source text access (ECMA-262 2026), which TypeScript does not know yet: a number of 23 digits stays 23 digits. */
const exactJson = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source: string }) => unknown): unknown
  rawJSON(text: string): { rawJSON: string }
  isRawJSON(value: unknown): value is { rawJSON: string }
}

const parseExact = (text: string): unknown =>
  exactJson.parse(text, (_, value, context) => (typeof value === 'number' ? exactJson.rawJSON(context.source) : value))

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !exactJson.isRawJSON(value)

/** What stands at one key in the records of the sample. */
interface Place {
  inner: Map<string, Place>
  holdsValue: boolean
}

/** Nested objects are entered; where a key holds an object in one record and a value in another, it is one column of JSON text. */
function findPaths(records: unknown[]): string[][] {
  const root: Place = { inner: new Map(), holdsValue: false }
  const visit = (place: Place, value: unknown, depth: number) => {
    if (!isObject(value) || depth === MAX_DEPTH) {
      place.holdsValue ||= value !== null
      return
    }
    for (const [key, below] of Object.entries(value)) {
      const next = place.inner.get(key) ?? { inner: new Map(), holdsValue: false }
      place.inner.set(key, next)
      visit(next, below, depth + 1)
    }
  }
  for (const record of records) visit(root, record, 0)
  const leaves = (place: Place, path: string[]): string[][] =>
    place.holdsValue || place.inner.size === 0 ? [path] : [...place.inner].flatMap(([key, below]) => leaves(below, [...path, key]))
  return [...root.inner].flatMap(([key, place]) => leaves(place, [key]))
}

function textAt(record: unknown, path: string[]): string | null {
  let value = record
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : null
  if (value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
