import { isDeepStrictEqual } from 'node:util'
import type { SourceStructure } from '#contract/ingestion/drift.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import type { Connector } from '../connectors/connector.ts'
import type { LoadWork } from '../load/load-full.ts'
import { checkDrift } from './check-drift.ts'
import { readStructure } from './read-structure.ts'

/**
 * Runs a load between two looks at the source's structure: before it reads, the structure is compared with the one that the plan
 * was made for; after it has read, it must be the very same, or a column may have changed its name between description and
 * reading. @throws conflict `ingestion.structure_drifted` before; unavailable `ingestion.structure_moved` after: try again
 */
export async function onKnownStructure<T>(
  ctx: Ctx,
  connector: Connector,
  work: LoadWork,
  load: (structure: SourceStructure) => Promise<T>,
): Promise<T> {
  const { object, dialect } = work.plan
  const before = await readStructure(connector, object, dialect)
  await checkDrift(ctx, work, before)
  const refuseMoved = async () => {
    if (!isSame(before, await readStructure(connector, object, dialect))) throw new AppError('unavailable', 'ingestion.structure_moved')
  }
  let loaded: T
  try {
    loaded = await load(before)
  } catch (error) {
    // A structure that moved explains whatever went wrong; a source that is away does not.
    if (!work.signal.aborted) await refuseMoved().catch((moved) => rethrowMoved(moved))
    throw error
  }
  await refuseMoved()
  return loaded
}

function rethrowMoved(error: unknown): void {
  if (error instanceof AppError && error.code === 'ingestion.structure_moved') throw error
}

const isSame = (one: SourceStructure, other: SourceStructure) =>
  one.stamp === other.stamp && isDeepStrictEqual(one.columns.map(declared), other.columns.map(declared))

/** What is guessed from values may differ between two looks. */
const declared = ({ looksLike: _, ...column }: SourceStructure['columns'][number]) => column
