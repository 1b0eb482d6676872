import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { SourceSettings } from '#contract/ingestion.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { resolveAllowedPath } from '../files/resolve-allowed-path.ts'
import type { Connector, SourceObjectInfo } from './connector.ts'
import { openFileObjects } from './file-objects.ts'
import type { TablePlace } from './lakehouse/choose-version.ts'
import { recogniseTables } from './lakehouse/recognise-tables.ts'
import { withTables } from './lakehouse/with-tables.ts'
import { isReadableName } from './readable-names.ts'

const limits = { files: 5000, depth: 6 }

/** A folder of the server inside DATONG_FILES, with the folders below it. */
export function openFolder(
  ctx: Pick<Ctx, 'lake' | 'files'>,
  settings: Extract<SourceSettings, { kind: 'folder' }>,
  roots: readonly string[],
): Connector {
  const folders = () => allowedFolders(roots, settings.path)
  const files = openFileObjects(ctx, {
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
  return withTables(ctx.lake, files, async (object) => {
    const [folder] = await allowedFolders(await folders(), object)
    if (!folder) throw notFound('ingestion.object_unknown', { object })
    return placeOf(folder)
  })
}

/** A table's folder. What its metadata name is looked up below it, by the rule that holds for every file. */
const placeOf = (folder: string): TablePlace => ({
  list: async (name) => {
    const [inside] = await allowedFolders([folder], name)
    const entries = inside ? await readdir(inside, { withFileTypes: true }) : []
    const files = entries.filter((entry) => entry.isFile())
    return Promise.all(
      files.map(async (file) => ({ name: `${name}/${file.name}`, sizeBytes: (await stat(join(inside!, file.name))).size })),
    )
  },
  locate: async (name) => ({ path: await resolveAllowedPath([folder], name), version: null }),
})

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
  const names = entries
    .filter((entry) => entry.isFile() && isReadableName(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  const { tables, others } = recogniseTables(names)
  const found = [
    ...tables.map(({ name, newest }) => ({ name, kind: 'table' as const, path: newest })),
    ...others.map((name) => ({ name, kind: 'file' as const, path: name })),
  ]
    .filter(({ path }) => path.split(sep).length <= limits.depth)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, most)
  return Promise.all(
    found.map(async ({ name, kind, path }) => {
      const { size, mtime } = await stat(join(root, path))
      const sizeBytes = kind === 'file' ? size : null
      return { name, kind, comment: '', estimatedRows: null, sizeBytes, modifiedAt: mtime.toISOString() }
    }),
  )
}
