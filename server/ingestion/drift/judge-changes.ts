import type { DriftPolicy, StructureChange } from '#contract/ingestion/drift.ts'

/**
 * `stop`: nothing is read until a person has decided. `go`: the load runs, and the new structure becomes the known one. `watch`: the
 * load runs, what no longer fits is quarantined row by row, and a person decides about the structure.
 */
export type Verdict = 'stop' | 'go' | 'watch'

/**
 * What a policy makes of changes. Only a changed type can be left to the conversion of each row: a column that is gone, has another
 * name or may be another one would put wrong values under an item in every row, so there no policy goes on.
 */
export function judgeChanges(policy: DriftPolicy, changes: readonly StructureChange[]): Verdict {
  const touching = changes.filter(({ effect }) => effect !== 'none')
  if (touching.length === 0) return 'go'
  if (policy === 'freeze') return 'stop'
  const breaking = touching.filter(({ effect }) => effect === 'breaking')
  if (policy === 'evolve') return breaking.length === 0 ? 'go' : 'stop'
  return breaking.every(({ kind }) => kind === 'retyped') ? 'watch' : 'stop'
}
