/** One figure: `value` is a ratio or a time in `unit`; `spread` is (max − min) / median over the rounds. */
export interface BenchResult {
  name: string
  value: number
  unit: string
  goal: string
  pass: boolean
  rounds: number
  spread: number
  detail?: Record<string, unknown>
}

export interface Bench {
  name: string
  /** What is measured, in one line, for `--list`. */
  figure: string
  run(rounds: number): Promise<BenchResult[]>
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const spreadOf = (values: readonly number[]): number =>
  Number(((Math.max(...values) - Math.min(...values)) / median(values)).toFixed(3))

/** Rounded for people: three significant digits. */
export const round = (value: number): number => Number(value.toPrecision(3))
