// The process in which the launcher runs a program: the installation's own, or one that the city sent. Such a program is one file and
// brings everything but the engine, a native library, and the drivers of databases, which load parts of themselves as they need them:
// they stay the installation's.
import { registerHooks } from 'node:module'
import type { ProgramStart } from './run-program.ts'

const installed = ['chdb', 'tedious', 'oracledb', 'mongodb']
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, installed.includes(specifier) ? { ...context, parentURL: import.meta.url } : context),
})
// Without its launcher nobody would restart it on a later program, and another launcher may be starting.
process.on('disconnect', () => process.exit(1))

const { path, start } = JSON.parse(process.argv[2]!) as { path: string | null; start: ProgramStart }
try {
  const { runProgram } = path === null ? await import('./run-program.ts') : ((await import(path)) as typeof import('./run-program.ts'))
  await runProgram(start)
  process.exit(0)
} catch (error) {
  const ended = error instanceof Error ? error.message : String(error)
  console.error(ended)
  process.send!({ ended }, () => process.exit(1))
}
