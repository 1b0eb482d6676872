import type { Connector } from '../connectors/connector.ts'
import type { FileRow } from './file-store.ts'
import type { FoundFiles } from './find-new-files.ts'

const nothing = { sha256: null, detail: null, read_rows: null, written_rows: null, quarantined_rows: null }

/**
 * What an object that grows holds beyond what was loaded. Pieces come one at a time, and what is told of the others beside them is complete
 * when the last one has come: a backlog does not lie on this node as a whole.
 */
export function findNewPieces(
  find: NonNullable<Connector['newPieces']>,
  object: string,
  { seen, now, signal }: { seen: readonly FileRow[]; now: Date; signal: AbortSignal },
): FoundFiles {
  const others: FileRow[] = []
  async function* fresh() {
    const before = seen.map(({ path, state, origin }) => ({ path, isDone: state === 'loaded' || state === 'lost', origin }))
    for await (const piece of find(object, before, signal)) {
      const { path, origin } = piece
      if (piece.state === 'fresh') {
        const { rows, sha256, sizeBytes, modifiedAt } = piece
        yield { path, origin, rows, sha256, size_bytes: sizeBytes, modified_at: modifiedAt }
      } else {
        const state = piece.state === 'lost' ? 'lost' : 'loaded'
        others.push({ ...nothing, path, origin, size_bytes: 0, modified_at: now, state })
      }
    }
  }
  return { fresh: fresh(), others }
}
