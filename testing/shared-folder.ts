// Real data and published vectors stand beside the project in ../shared and are never copied into it.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../shared')

/** Path of a file or folder in ../shared. */
export const sharedPath = (...parts: string[]) => join(root, ...parts)

/** Options for a test that needs ../shared: skipped with a reason where it is missing, failed where CI=true. */
export function needsShared(part: 'data' | 'vectors'): { skip?: string } {
  if (existsSync(join(root, part))) return {}
  if (process.env.CI === 'true') throw new Error(`../shared/${part} is missing`)
  return { skip: `../shared/${part} is not on this machine` }
}
