import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDb, schemaFingerprint } from '../server/store/index.ts'

/**
 * A dump of an empty, migrated PGlite: opening from it takes under a second where initdb takes six. Kept beside
 * node_modules by the fingerprint of the migrations; two processes that make it at once make the same file.
 */
export async function pgTemplate(): Promise<Blob> {
  const folder = new URL('../node_modules/.cache/datong/', import.meta.url).pathname
  const path = join(folder, `control-${schemaFingerprint()}.tar`)
  if (!existsSync(path)) {
    const home = join(tmpdir(), `datong-template-${process.pid}`)
    const plane = await openDb({ home, isVolatile: true })
    if (!('pglite' in plane.driver)) throw new Error('the template is made by PGlite')
    const dump = await plane.driver.pglite.dumpDataDir('none')
    await plane.close()
    rmSync(home, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${path}.${process.pid}`, Buffer.from(await dump.arrayBuffer()))
    renameSync(`${path}.${process.pid}`, path)
  }
  return new Blob([readFileSync(path)])
}
