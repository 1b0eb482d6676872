import type { XmlValues } from './parse-records.ts'

/** The text of a column in one record; an element that stands there several times is a JSON array of its texts, as in a JSON file. */
export function textAt(values: XmlValues, name: string): string | null {
  const texts = values.get(name)
  if (!texts) return null
  return texts.length === 1 ? texts[0]! : JSON.stringify(texts)
}
