// Makes a fresh clone runnable: installs what the lock file names when it changed, builds the portal and the agents' program when
// their sources changed (--portal), and installs Debian's browser for the journeys where that is possible (--browser).
// Plain JavaScript: it runs before anything is installed, on Node 20 or newer.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => join(root, ...parts)
const wants = (flag) => process.argv.includes(flag)

function run(command, args, options = {}) {
  const env = { ...process.env, PATH: `${at('node_modules', '.bin')}:${process.env.PATH}` }
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env, ...options })
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} 失败 / failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
}

/** Does the work only when what it depends on changed; a broken-off run leaves no stamp and is repeated. */
function whenChanged(stamp, files, work) {
  const sum = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of files) sum.update(file).update(readFileSync(file))
  const value = sum.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === value) return
  rmSync(stamp, { force: true })
  work()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, value)
}

const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes('/dist/'))
    .sort()

function installBrowser() {
  if (existsSync('/usr/bin/chromium')) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(
      '浏览器用例需要 Debian 的 chromium 和 fonts-noto-cjk；本机不能自动安装 / the browser journeys need chromium and fonts-noto-cjk, which cannot be installed here',
    )
    return
  }
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  run('apt-get', ['update', '-qq'], quiet)
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], quiet)
}

whenChanged(at('node_modules', '.bootstrap'), [at('package-lock.json')], () =>
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
)
if (wants('--portal') && existsSync(at('portal', 'index.html'))) {
  whenChanged(
    at('portal', 'dist', '.bootstrap'),
    [at('package-lock.json'), ...filesUnder(at('portal')), ...filesUnder(at('contract'))],
    () => run('vite', ['build', 'portal', '--logLevel', 'warn']),
  )
  whenChanged(at('dist', '.bootstrap'), [at('package-lock.json'), ...filesUnder(at('server')), ...filesUnder(at('contract'))], () =>
    run('node', ['tools/build-agent.ts']),
  )
}
if (wants('--browser')) installBrowser()
