// A path that a user names is read only when the file that it really is lies inside an allowed folder (reliability A21).
import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { notFound } from '../../kernel/errors.ts'

const MAX_PATH_BYTES = 4096
/** Names that mean a device on Windows, where a copy of the file may be opened, and device folders of Unix. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i

/**
 * The real path of a regular file inside one of `allowedFolders` (absolute paths). `named` is absolute, or relative to the first folder
 * that has it. Symbolic links are followed first and judged by where they lead; NFC and NFD spellings of a name are both tried.
 * @throws `file.path_not_allowed`, the same for a file that lies outside and for one that is not there: nothing is told about the disk
 */
export async function resolveAllowedPath(allowedFolders: readonly string[], named: string): Promise<string> {
  if (isSane(named)) {
    for (const folder of allowedFolders) {
      const root = await realpath(folder).catch(() => undefined)
      if (root === undefined) continue
      for (const spelling of new Set([named, named.normalize('NFC'), named.normalize('NFD')])) {
        const path = resolve(root, spelling)
        // By its text first, so that not even the existence of a file outside is asked for; then by what the path really is.
        const found = isInside(root, path) || isInside(resolve(folder), path) ? await findInside(root, path) : undefined
        if (found !== undefined) return found
      }
    }
  }
  throw notFound('file.path_not_allowed')
}

function isSane(named: string): boolean {
  const isPlain = named.length > 0 && Buffer.byteLength(named) <= MAX_PATH_BYTES && !/\p{Cc}|\p{Cs}/u.test(named)
  // Backslashes are separators to some programs and letters to others: no allowed name needs one.
  return isPlain && !named.includes('\\') && !named.split('/').some((part) => DEVICE_NAME.test(part))
}

async function findInside(root: string, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path)
    if (!isInside(root, real)) return undefined
    const found = await stat(real)
    // A second name of a file cannot be told from the first: a hard link may have been made to something outside.
    return found.isFile() && found.nlink === 1 ? real : undefined
  } catch {
    return undefined
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
