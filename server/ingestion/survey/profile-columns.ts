import { Item } from '#contract/catalog.ts'
import type { ColumnProfile } from '#contract/ingestion/survey.ts'
import type { StructureColumn } from '#contract/ingestion/drift.ts'
import type { Profile } from '#contract/profile.ts'
import { codeTables } from '../../kernel/code-tables.ts'
import { maskValue } from '../../kernel/mask.ts'
import type { RawProfile } from '../connectors/profile/profile-sql.ts'
import { guessItem } from '../source/guess-item.ts'
import { detectKind } from './detect-kind.ts'

/** A key is believed only of a table with so many rows. */
const leastRows = 2
const order = ['L1', 'L2', 'L3', 'L4', 'important', 'core'] as const

/** What each column is, and the item that is proposed for it: type from the source, kind and grade by name and values. */
export function profileColumns(
  columns: readonly Omit<StructureColumn, 'identity' | 'looksLike'>[],
  raw: RawProfile,
  { profile, today }: { profile: Profile; today: string },
): { columns: ColumnProfile[]; items: Item[] } {
  const { detectorThreshold, sensitiveLevels } = profile.grading
  const taken = new Set<string>()
  const hasKey = columns.some(({ isKey }) => isKey)
  const profiled = columns.map((column, i) => {
    const measured = raw.columns[i]!
    const values = raw.rows.map((row) => row[i] ?? null)
    const texts = [...new Set(values.filter((value): value is string => value !== null && value !== ''))].slice(0, 5)
    const guessed = guessItem({ ...column, samples: texts }, i, taken)
    taken.add(guessed.code)
    const found = detectKind(values, detectorThreshold.value, today)
    const sensitiveKind = found?.kind ?? guessed.sensitiveKind
    const isCandidateKey = raw.sampled >= leastRows && measured.distinct === raw.sampled && measured.values === raw.sampled
    const shown = (value: string | null) => showValue(profile, sensitiveKind, value)
    const told: ColumnProfile = {
      name: column.name,
      type: column.type,
      nulls: raw.sampled - measured.values,
      distinct: measured.distinct,
      min: shown(measured.min),
      max: shown(measured.max),
      shortest: measured.shortest,
      longest: measured.longest,
      digits: measured.digits,
      wide: measured.wide,
      isCandidateKey,
      sensitiveKind,
      rate: found?.rate ?? null,
      samples: texts.map((text) => shown(text.slice(0, 60))!),
    }
    const least = sensitiveLevels[sensitiveKind].value
    const level = order.indexOf(least) > order.indexOf(guessed.level as never) ? least : guessed.level
    return { told, item: Item.parse({ ...guessed, sensitiveKind, level, dictionary: dictionaryOf(column, texts) }) }
  })
  // Where nothing is declared, the first column that could be the key is proposed for it.
  const key = hasKey ? -1 : profiled.findIndex(({ told, item }) => told.isCandidateKey && ['C', 'I', 'N'].includes(item.dataType))
  return {
    columns: profiled.map(({ told }) => told),
    items: profiled.map(({ item }, i) => (i === key ? { ...item, isKey: true, isRequired: true } : item)),
  }
}

/** Nothing of a sensitive kind is kept as it is: a profile is read more often than its table. */
export function showValue(profile: Profile, kind: Item['sensitiveKind'], value: string | null): string | null {
  if (kind === 'none' || value === null) return value
  const name = profile.sensitiveMasks[kind].value
  // A hash needs a recipient's key, and here there is none.
  return name === 'none' || name === 'hash' ? '＊' : maskValue(profile.masks[name].value, value)
}

/** The national code table whose codes all the values are, where the column's name or comment says the same. */
function dictionaryOf({ name, comment }: Pick<StructureColumn, 'name' | 'comment'>, texts: readonly string[]): string {
  const words: Record<string, RegExp> = { sex: /性别|sex|gender|xb/i, marital: /婚姻|marital|hyzk/i, ethnic: /民族|ethnic|nation|\bmz\b/i }
  const found = Object.entries(codeTables).find(
    ([key, { values }]) => words[key]?.test(`${name} ${comment}`) && texts.length > 0 && texts.every((text) => text in values),
  )
  return found ? `${found[1].zh}代码（${found[1].standard}）` : ''
}
