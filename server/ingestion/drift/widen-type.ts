/** A type as people write it, taken apart: PostgreSQL's and MySQL's words. */
interface Parsed {
  family: 'integer' | 'decimal' | 'text' | 'float' | null
  size: number
  scale: number
}

const integers: Record<string, number> = {
  tinyint: 1,
  smallint: 2,
  int2: 2,
  mediumint: 3,
  integer: 4,
  int: 4,
  int4: 4,
  bigint: 8,
  int8: 8,
}
const endless = Number.POSITIVE_INFINITY
const texts: Record<string, number> = { tinytext: 63, text: endless, mediumtext: endless, longtext: endless }

function parse(type: string): Parsed {
  const [, word = '', size, scale] = /^([a-z][a-z0-9 ]*?)(?:\((\d+)(?:\s*,\s*(\d+))?\))?$/i.exec(type.trim().toLowerCase()) ?? []
  if (word in integers) return { family: 'integer', size: integers[word]!, scale: 0 }
  if (/^(numeric|decimal)$/.test(word))
    return { family: 'decimal', size: size ? Number(size) - Number(scale ?? 0) : endless, scale: size ? Number(scale ?? 0) : endless }
  if (word in texts) return { family: 'text', size: texts[word]!, scale: 0 }
  if (/^(character varying|varchar|character|char|nvarchar)$/.test(word))
    return { family: 'text', size: size ? Number(size) : endless, scale: 0 }
  if (/^(real|float|float4)$/.test(word)) return { family: 'float', size: 4, scale: 0 }
  if (/^(double precision|double|float8)$/.test(word)) return { family: 'float', size: 8, scale: 0 }
  return { family: null, size: 0, scale: 0 }
}

/** Whether every value of the one type is a value of the other, written the same way. What is not known is not. */
export function isWidening(before: string, after: string): boolean {
  const [one, other] = [parse(before), parse(after)]
  return one.family !== null && one.family === other.family && other.size >= one.size && other.scale >= one.scale
}
