import { createHmac } from 'node:crypto'
import type { Mask, MaskShape } from '#contract/mask.ts'
import { addressPattern, HAN } from './address-pattern.ts'

/**
 * What masks mean, once: `maskValue` in TypeScript and `maskSql` in the lake's SQL are built from the same rule and give
 * the same text (mask.test.ts compares them on the engine). Missing values stay missing and empty ones empty; everything
 * else that does not have the expected shape becomes four stars. Patterns keep to what JavaScript and RE2 read alike: no
 * `.`, no `\d`, no look-around, letters as ranges.
 */
type Rule =
  /** Keep the first and last characters of a value that matches, one star for each other one, of which there are at least `hides`. */
  | { kind: 'keep'; pattern: string; start: number; end: number; hides: number }
  /** The first pattern that matches says what is shown; `$1`, `$2` are its groups. */
  | { kind: 'rewrite'; cases: readonly (readonly [pattern: string, shown: string])[] }
  | { kind: 'band'; width: number }
  | { kind: 'hash' }

const HIDDEN = '****'

const shapes: Record<Exclude<MaskShape, 'any'>, string> = {
  citizen_id: '^(?:[0-9]{17}[0-9Xx]|[0-9]{15})$',
  bank_card: '^[0-9]{12,19}$',
  licence_plate: '^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]$',
  travel_document: '^(?:[A-Z]{1,2}[0-9]{7,10}|[0-9]{8})$',
}
/** Of a value of no particular shape at least half is hidden; a very long one is hidden altogether. */
const shapeOf = (shape: MaskShape, kept: number) => (shape === 'any' ? `^[\\s\\S]{${Math.max(1, 2 * kept)},200}$` : shapes[shape])

const BAND = '^([0-9]{1,15})(?:\\.[0-9]*)?$'
const rewrite = (...cases: (readonly [string, string])[]): Rule => ({ kind: 'rewrite', cases })

function toRule(mask: Mask): Rule {
  switch (mask.kind) {
    case 'full':
      return rewrite()
    case 'hash':
      return { kind: 'hash' }
    case 'keep':
      return { ...mask, pattern: shapeOf(mask.shape, mask.start + mask.end), hides: mask.shape === 'any' ? 1 : 3 }
    case 'name':
      return { kind: 'keep', pattern: `^[${HAN}·]{2,20}$`, start: 1, end: 0, hides: 1 }
    case 'phone':
      return rewrite(
        ['^(1[3-9][0-9])[0-9]{4}([0-9]{4})$', '$1****$2'],
        ['^(0(?:10|2[0-9]|[3-9][0-9]{2}))-?[0-9]{4,5}([0-9]{3})$', '$1-****$2'],
      )
    case 'address':
      return rewrite([addressPattern(mask.to), `$1${HIDDEN}`])
    case 'date':
      return mask.to === 'year'
        ? rewrite(['^([0-9]{4})-[0-9]{2}-[0-9]{2}(?:[ T][0-9:.]{5,15}Z?)?$', '$1-**-**'], ['^([0-9]{4})[0-9]{4}$', '$1****'])
        : rewrite(['^([0-9]{4}-[0-9]{2})-[0-9]{2}(?:[ T][0-9:.]{5,15}Z?)?$', '$1-**'], ['^([0-9]{6})[0-9]{2}$', '$1**'])
    case 'email':
      return rewrite(['^([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9.-]{1,200})$', '$1***@$2'])
    case 'ip':
      return rewrite(['^((?:[0-9]{1,3}\\.){3})[0-9]{1,3}$', '$1*'])
    case 'truncate': {
      const decimals = mask.decimals === 0 ? '' : `\\.[0-9]{0,${mask.decimals}}`
      return rewrite([`^(-?[0-9]{1,15}${decimals})${mask.decimals === 0 ? '\\.' : ''}[0-9]*$`, '$1'], ['^(-?[0-9]{1,15})$', '$1'])
    }
    case 'band':
      return { kind: 'band', width: mask.width }
  }
}

const requireKey = (key: string | undefined): string => {
  if (!key) throw new Error('a hash mask needs a key')
  return key
}

/** One value as it may be seen. `key`: the recipient's key, for hash masks only. */
export function maskValue(mask: Mask, value: string | null, key?: string): string | null {
  if (value === null || value === '') return value
  // The engine stores UTF-8: half a surrogate pair can only be hidden.
  if (!value.isWellFormed()) return HIDDEN
  const rule = toRule(mask)
  if (rule.kind === 'hash') return createHmac('sha256', requireKey(key)).update(value).digest('hex')
  if (rule.kind === 'keep') return keepEnds(rule, value)
  if (rule.kind === 'band') {
    const amount = new RegExp(BAND).exec(value)?.[1]
    const from = amount === undefined ? null : Math.floor(Number(amount) / rule.width) * rule.width
    return from === null ? HIDDEN : `${from}-${from + rule.width}`
  }
  const match = rule.cases.find(([pattern]) => new RegExp(pattern, 'u').test(value))
  return match ? value.replace(new RegExp(match[0], 'u'), match[1]) : HIDDEN
}

function keepEnds({ pattern, start, end, hides }: Extract<Rule, { kind: 'keep' }>, value: string): string {
  const characters = [...value]
  const hidden = characters.length - start - end
  if (hidden < hides || !new RegExp(pattern, 'u').test(value)) return HIDDEN
  return [...characters.slice(0, start), '*'.repeat(hidden), ...characters.slice(start + hidden)].join('')
}

/**
 * The same as an expression of the lake: text, missing where the column is. `column` is an expression from the quoting
 * builder, never user text; a hash reads its key from the query parameter `mask_key`, so that no key stands in the SQL.
 */
export function maskSql(mask: Mask, column: string): string {
  const text = `toString(${column})`
  return `if(isNull(${text}), NULL, if(${text} = '', '', ${ruleSql(toRule(mask), text)}))`
}

function ruleSql(rule: Rule, text: string): string {
  switch (rule.kind) {
    case 'hash':
      return `lower(hex(HMAC('sha256', ${text}, {mask_key:String})))`
    case 'keep': {
      const hidden = `(lengthUTF8(${text}) - ${rule.start + rule.end})`
      const shown = `concat(leftUTF8(${text}, ${rule.start}), repeat('*', greatest(${hidden}, 0)), rightUTF8(${text}, ${rule.end}))`
      return `if(match(${text}, ${quote(rule.pattern)}) AND ${hidden} >= ${rule.hides}, ${shown}, '${HIDDEN}')`
    }
    case 'band': {
      const from = `intDiv(toUInt64OrZero(extract(${text}, ${quote(BAND)})), ${rule.width}) * ${rule.width}`
      return `if(match(${text}, ${quote(BAND)}), concat(toString(${from}), '-', toString(${from} + ${rule.width})), '${HIDDEN}')`
    }
    case 'rewrite':
      return rule.cases.reduceRight(
        (otherwise, [pattern, shown]) =>
          `if(match(${text}, ${quote(pattern)}), replaceRegexpOne(${text}, ${quote(pattern)}, ${quote(shown.replaceAll('$', '\\'))}), ${otherwise})`,
        `'${HIDDEN}'`,
      )
  }
}

/** A constant of this file as a string literal of the engine. */
const quote = (constant: string): string => `'${constant.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
