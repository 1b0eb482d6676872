// Cell references: `B12` ↔ column 1, row 12.

export const MAX_COLUMNS = 16_384
export const MAX_ROWS = 1_048_576

/** 0 → `A`, 26 → `AA`. */
export function columnLetters(column: number): string {
  let letters = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return letters
}

/** `B12` → { column: 1, row: 12 }, undefined outside of a sheet's bounds. */
export function parseReference(reference: string): { column: number; row: number } | undefined {
  const match = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$/i.exec(reference)
  if (!match) return undefined
  let column = 0
  for (const letter of match[1]!.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  const row = Number(match[2])
  return column <= MAX_COLUMNS && row <= MAX_ROWS ? { column: column - 1, row } : undefined
}
