import { quoteIdentifier } from '../../store/index.ts'

/**
 * Named steps of one statement: a step is written once and used by name, so that conversions stay short however often they use
 * their text. Steps become columns of nested subqueries; as aliases the engine would write them out again at every use. It works a
 * step out only for the rows that need it.
 */
export interface Definitions {
  /** Values of the mapping, as parameters. */
  parameters: Record<string, string[]>
  /** Names a step and returns how to refer to it. */
  define(name: string, sql: string): string
  /** The rows of a FROM clause with every step as a column. */
  over(from: string): string
}

/** A table of a thousand columns makes a statement of megabytes. */
export const longStatement = { max_query_size: 2 ** 28, max_ast_elements: 50_000_000, max_expanded_ast_elements: 50_000_000 }

export function makeDefinitions(): Definitions {
  const steps: { name: string; sql: string; depth: number }[] = []
  return {
    parameters: {},
    define(name, sql) {
      const quoted = quoteIdentifier(name)
      const depth = Math.max(-1, ...steps.filter((step) => sql.includes(step.name)).map((step) => step.depth)) + 1
      steps.push({ name: quoted, sql, depth })
      return quoted
    },
    over(from) {
      const byDepth = Map.groupBy(steps, ({ depth }) => depth)
      const layers = [...byDepth.keys()].sort((one, other) => one - other)
      return layers.reduce(
        (rows, depth) =>
          `(SELECT *, ${byDepth
            .get(depth)!
            .map(({ name, sql }) => `${sql} AS ${name}`)
            .join(', ')} FROM ${rows})`,
        from,
      )
    },
  }
}
