import { createRequire } from 'node:module'

/** Of the whole program, as its package says. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
