import type { Item } from '#contract/catalog.ts'
import type { LoadMode, PlanInput, SourceSettings } from '#contract/ingestion.ts'
import { fitsMode } from '#contract/source-settings.ts'
import { AppError, type FieldProblem } from '../../kernel/errors.ts'
import { lakeTypeOf, rowColumn } from '../../kernel/lake-types.ts'
import { canConvert, conversionOf } from '../conversion/column-plan.ts'
import { isDayFormat } from '../conversion/convert-date.ts'

/**
 * Whether a mapping can fill the items of an entry, and the mode fits entry and source; every problem at once.
 * @throws invalid `http.invalid_input`
 */
export function checkPlan(
  { object, mapping, mode }: Pick<PlanInput, 'object' | 'mapping' | 'mode'>,
  items: readonly Item[],
  source: SourceSettings['kind'],
): void {
  const problems: FieldProblem[] = []
  const byCode = new Map(items.map((item) => [item.code, item]))
  mapping.forEach((line, i) => {
    const pointer = `/mapping/${i}`
    const item = byCode.get(line.item)
    const params = { item: item?.name ?? line.item }
    if (!item) problems.push({ pointer: `${pointer}/item`, code: 'ingestion.item_unknown', params })
    if (line.item === rowColumn) problems.push({ pointer: `${pointer}/item`, code: 'ingestion.item_reserved', params })
    if (mapping.findIndex((other) => other.item === line.item) !== i)
      problems.push({ pointer: `${pointer}/item`, code: 'ingestion.item_twice', params })
    if (!item) return
    const type = lakeTypeOf(item)
    const conversion = conversionOf(line, type)
    if (!canConvert(conversion, type)) problems.push({ pointer: `${pointer}/conversion`, code: 'ingestion.conversion_mismatch', params })
    const isDay = conversion === 'date' || conversion === 'datetime'
    if (line.format !== '' && !(isDay && isDayFormat(line.format)))
      problems.push({ pointer: `${pointer}/format`, code: 'ingestion.format_unknown', params })
  })
  const mapped = new Set(mapping.map(({ item }) => item))
  for (const item of items)
    if (item.isRequired && !mapped.has(item.code))
      problems.push({ pointer: '/mapping', code: 'ingestion.item_unmapped', params: { item: item.name } })
  problems.push(
    ...(fitsMode(mode.kind, source, object)
      ? checkMode(mode, mapping, items)
      : [{ pointer: '/mode', code: 'ingestion.mode_unfit', params: { source } }]),
  )
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
}

/** Rows are found again by key items that the mapping fills. */
function checkMode(mode: LoadMode, mapping: PlanInput['mapping'], items: readonly Item[]): FieldProblem[] {
  if (mode.kind !== 'incremental' && mode.kind !== 'compare') return []
  const keys = items.filter(({ isKey }) => isKey)
  const isMapped = keys.every(({ code }) => mapping.some(({ item }) => item === code))
  const keyNeeded = { pointer: '/mode', code: 'ingestion.key_needed', params: {} }
  return [...(keys.length > 0 && isMapped ? [] : [keyNeeded]), ...checkWatermark(mode, mapping, items)]
}

/** The watermark is kept as the item that its column fills; a window is a time, so only times have one. */
function checkWatermark(mode: LoadMode, mapping: PlanInput['mapping'], items: readonly Item[]): FieldProblem[] {
  if (mode.kind !== 'incremental') return []
  const { column, windowSeconds } = mode
  const line = mapping.find((each) => each.column === column)
  const item = items.find(({ code }) => code === line?.item)
  const kind = item && lakeTypeOf(item).kind
  const code = !kind
    ? 'ingestion.watermark_unmapped'
    : !['date', 'time', 'integer', 'decimal'].includes(kind)
      ? 'ingestion.watermark_type'
      : windowSeconds > 0 && kind !== 'date' && kind !== 'time'
        ? 'ingestion.window_needs_time'
        : null
  return code ? [{ pointer: '/mode/column', code, params: { column } }] : []
}
