interface Session {
  exec(text: string): Promise<{ rows: Record<string, unknown>[] }[]>
}

/** What is read again after a crash, at most, and about half of what the journal takes on the disk. */
const longestJournal = 128 * 2 ** 20

/**
 * PGlite has no process that makes checkpoints: without this its journal grows until the city is closed, and is read as a whole after a crash.
 * @returns whether one was due
 */
export async function makeCheckpoint(pglite: Session, longest = longestJournal): Promise<boolean> {
  const [grown] = await pglite.exec('select (pg_current_wal_insert_lsn() - redo_lsn)::float8 as bytes from pg_control_checkpoint()')
  const isDue = Number(grown!.rows[0]!.bytes) > longest
  if (isDue) await pglite.exec('checkpoint')
  return isDue
}
