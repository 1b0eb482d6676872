import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { UpgradeFailure } from '#contract/ingestion/agent-upgrade.ts'
import {
  dropNote,
  dropOthers,
  isWhole,
  type Program,
  programPath,
  programsFolder,
  readNote,
  writeNote,
} from './ingestion/agent/process/program-folder.ts'
import type { ProgramStart } from './ingestion/agent/process/run-program.ts'
import { lockHome } from './store/lock.ts'

// Loads no room and no engine: it stays beside the program for as long as that runs.

export interface LaunchOptions {
  /** Folder of the agent: its settings, key, programs and spool. It keeps nothing else. */
  home: string
  /** Of this installation, whose own program runs until the city has sent a later one. */
  version: string
  logLevel: string
  signal: AbortSignal
  /** How long a new program has until it has reached the city. */
  trialMs?: number
}

type Launch = Required<LaunchOptions>

interface End {
  code: number
  /** Why, as far as the program could say. */
  detail: string
}

const triesOfOne = 3
const host = fileURLToPath(new URL('./ingestion/agent/process/host-program.ts', import.meta.url))

/**
 * 前置机: runs the agent's program in a process of its own. Where the city has sent another one, that is tried; what ends or stays silent before it
 * has reached the city is put aside, and the former one runs again. Nothing runs that the city did not vouch for, or that has changed since.
 * @returns the exit code: the accepted program's, for the supervisor of the service to decide
 * @throws Error when another process has the folder
 */
export async function launchAgent({ trialMs = 5 * 60_000, ...options }: LaunchOptions): Promise<number> {
  const launch = { trialMs, ...options }
  const { home, signal } = launch
  const lock = await lockHome(home)
  await mkdir(programsFolder(home), { recursive: true, mode: 0o700 })
  try {
    for (;;) {
      await dropOthers(home)
      const candidate = await readNote(home, 'candidate')
      const end = candidate ? await tryOut(launch, candidate) : await runToEnd(launch, await acceptedProgram(launch))
      if (signal.aborted) return 0
      // An accepted program ends when it has downloaded a later one, or for good.
      if (end && !(await readNote(home, 'candidate'))) return end.code
    }
  } finally {
    await lock.release()
  }
}

/** Null: the installation's own, also when the installation itself was replaced: whoever did that wants it to run. */
async function acceptedProgram({ home, version }: Launch): Promise<Program | null> {
  const accepted = await readNote(home, 'accepted')
  if (accepted?.installation !== version) return null
  if (await isWhole(home, accepted)) return accepted
  console.error(`${programPath(home, accepted.sha256)} 已损坏，改用安装的程序 / is damaged: the installed program runs instead`)
  return null
}

/** @returns how it ended, if it was accepted; undefined when it was put aside, or is to be tried again */
async function tryOut(launch: Launch, candidate: Program & { tries: number }): Promise<End | undefined> {
  const { home, version, trialMs, signal } = launch
  const { upgradeId, sha256 } = candidate
  const putAside = async (code: UpgradeFailure['code'], params: UpgradeFailure['params'] = {}) => {
    await writeNote(home, 'outcome', { upgradeId, event: 'fail', error: { code, params } })
    await dropNote(home, 'candidate')
  }
  if (!(await isWhole(home, candidate))) return void (await putAside('ingestion.program_altered'))
  const tries = candidate.tries + 1
  if (tries > triesOfOne) return void (await putAside('ingestion.program_ended', { tries: triesOfOne, detail: 'killed' }))
  // Counted before it begins: a program that takes its launcher with it is not tried for ever.
  await writeNote(home, 'candidate', { ...candidate, tries })
  const child = startProgram(launch, candidate)
  let accepting: Promise<void> | undefined
  let isLate = false
  const tooLate = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, trialMs)
  child.on('message', (said) => {
    if (said !== 'polled') return
    clearTimeout(tooLate)
    accepting ??= accept(home, { upgradeId, sha256, version: candidate.version, installation: version })
  })
  const end = await endOf(child)
  clearTimeout(tooLate)
  await accepting
  if (accepting) return end
  if (signal.aborted) return
  if (isLate) await putAside('ingestion.program_silent', { seconds: Math.round(trialMs / 1000) })
  else if (tries === triesOfOne) await putAside('ingestion.program_ended', { tries, detail: end.detail })
}

async function accept(home: string, accepted: Program & { installation: string }): Promise<void> {
  await writeNote(home, 'accepted', accepted)
  await writeNote(home, 'outcome', { upgradeId: accepted.upgradeId, event: 'run' })
  // Not one that the program has downloaded meanwhile.
  if ((await readNote(home, 'candidate'))?.upgradeId === accepted.upgradeId) await dropNote(home, 'candidate')
}

const runToEnd = (launch: Launch, program: Program | null): Promise<End> => endOf(startProgram(launch, program))

function startProgram({ home, version, logLevel, signal }: Launch, program: Program | null): ChildProcess {
  const path = program && programPath(home, program.sha256)
  const start: ProgramStart = { home, version: program?.version ?? version, sha256: program?.sha256 ?? null, logLevel }
  const child = fork(host, [JSON.stringify({ path, start })])
  const stop = () => child.kill('SIGTERM')
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  child.on('exit', () => signal.removeEventListener('abort', stop))
  return child
}

async function endOf(child: ChildProcess): Promise<End> {
  let detail = ''
  child.on('message', (said) => {
    if (typeof said === 'object' && 'ended' in said) detail = String(said.ended).slice(0, 300)
  })
  // What it said last arrives before the channel closes, which may be after its exit.
  await Promise.all([once(child, 'exit'), once(child, 'disconnect')])
  const { exitCode: code, signalCode: signal } = child
  return { code: code ?? 1, detail: detail || (signal ?? `exit ${code}`) }
}
