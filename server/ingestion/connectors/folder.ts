import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { SourceSettings } from '#contract/ingestion.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { resolveAllowedPath } from '../files/resolve-allowed-path.ts'
import type { Connector, SourceObjectInfo } from './connector.ts'
import { openFileObjects } from './file-objects.ts'
import { isReadableName } from './readable-names.ts'

const limits = { files: 5000, depth: 6 }

/** A folder of the server inside DATONG_FILES, with the folders below it. */
export function openFolder(
  ctx: Pick<Ctx, 'lake' | 'files'>,
  settings: Extract<SourceSettings, { kind: 'folder' }>,
  roots: readonly string[],
): Connector {
  const folders = () => allowedFolders(roots, settings.path)
  return openFileObjects(ctx, {
    check: async () => ({
      ok: (await folders()).length > 0,
      code: (await folders()).length > 0 ? null : 'ingestion.folder_unknown',
      detail: '',
      serverVersion: null,
      readOnly: true,
    }),
    list: async (most) => (await Promise.all((await folders()).map((folder) => listFiles(folder, most)))).flat(),
    locate: async (object) => ({ path: await resolveAllowedPath(await folders(), object), fileName: object }),
  })
}

/** The named folder inside each allowed one. Judged by where it really is, so that neither `..` nor a link leads out. */
async function allowedFolders(roots: readonly string[], path: string): Promise<string[]> {
  const found: string[] = []
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => null)
    const folder = realRoot && (await realpath(join(realRoot, path)).catch(() => null))
    if (!folder || !realRoot) continue
    const way = relative(realRoot, folder)
    const isInside = way === '' || (way !== '..' && !way.startsWith(`..${sep}`))
    if (isInside && (await stat(folder)).isDirectory()) found.push(folder)
  }
  return found
}

async function listFiles(root: string, most = limits.files): Promise<SourceObjectInfo[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => {
    throw notFound('ingestion.folder_unknown')
  })
  const files = entries
    .filter((entry) => entry.isFile() && isReadableName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => relative(root, path).split(sep).length <= limits.depth)
    .sort()
    .slice(0, most)
  return Promise.all(
    files.map(async (path) => {
      const { size, mtime } = await stat(path)
      const name = relative(root, path)
      return { name, kind: 'file', comment: '', estimatedRows: null, sizeBytes: size, modifiedAt: mtime.toISOString() } as const
    }),
  )
}
