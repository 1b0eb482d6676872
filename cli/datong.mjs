#!/usr/bin/env node
// Starts the command line on the Node that came with the install (24), whatever Node runs this file.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const own = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const node = existsSync(own) ? own : process.execPath
const { status } = spawnSync(node, [fileURLToPath(new URL('./main.ts', import.meta.url)), ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(status ?? 1)
