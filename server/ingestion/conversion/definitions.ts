import { quoteIdentifier } from '../../store/index.ts'

/**
 * Named steps of one statement (`WITH … AS name`): a step is written once and used by name, so conversions stay short however
 * often they use their text. The engine works out a step only for the rows that need it.
 */
export interface Definitions {
  steps: string[]
  /** Values of the mapping, as parameters. */
  parameters: Record<string, string[]>
  /** Names a step and returns how to refer to it. */
  define(name: string, sql: string): string
}

export function makeDefinitions(): Definitions {
  const steps: string[] = []
  return {
    steps,
    parameters: {},
    define(name, sql) {
      const quoted = quoteIdentifier(name)
      steps.push(`${sql} AS ${quoted}`)
      return quoted
    },
  }
}

/** The steps as they stand before SELECT; nothing where there are none. */
export const withSql = ({ steps }: Definitions): string => (steps.length > 0 ? `WITH ${steps.join(',\n')}\n` : '')
