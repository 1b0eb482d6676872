import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file as a whole: after any death, a power cut too, there is the old text or the new one. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const partial = `${path}.part`
  const file = await open(partial, 'w', 0o600)
  await file.writeFile(text)
  await file.sync().finally(() => file.close())
  await renameSynced(partial, path)
}

/** For a file that is synced itself. */
export async function renameSynced(from: string, to: string): Promise<void> {
  await rename(from, to)
  const folder = await open(dirname(to), 'r')
  await folder.sync().finally(() => folder.close())
}
