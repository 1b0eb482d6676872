import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { sessionCookie } from '../server/http/index.ts'
import { type Client, openTestCity, type TestCity } from './city.ts'

const executablePath = '/usr/bin/chromium'
const portalDir = new URL('../portal/dist/', import.meta.url).pathname

/** Why no browser can be driven here; CI has no such excuse. */
export function whyNoBrowser(): string | false {
  const why = !existsSync(executablePath)
    ? 'no chromium at /usr/bin/chromium: apt-get install chromium fonts-noto-cjk'
    : !existsSync(join(portalDir, 'index.html'))
      ? 'the portal is not built: npm run build:portal'
      : false
  if (why && process.env.CI === 'true') throw new Error(why)
  return why
}

export const widths = { desktop: { width: 1440, height: 900 }, narrow: { width: 1024, height: 768 } }

export interface BrowserCity {
  city: TestCity
  origin: string
  /** Where the pictures go; printed when the city closes. */
  pictures: string
  /** A page in which this person is signed in; without one, a visitor's. Errors of the page's console fail `close`. */
  open(client: Client | null, path: string, size?: keyof typeof widths): Promise<Page>
  /** Takes a picture and has axe-core look at the page. @throws when it finds anything serious or critical */
  inspect(page: Page, name: string): Promise<void>
  close(): Promise<void>
}

/** A real city on a port with the built portal, and a browser. */
export async function openBrowserCity(options: Parameters<typeof openTestCity>[0] = {}): Promise<BrowserCity> {
  const city = await openTestCity({ ...options, portalDir })
  const origin = await city.app.http.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none'],
  })
  const pictures = process.env.PICTURES ?? mkdtempSync(join(tmpdir(), 'datong-pictures-'))
  const complaints: string[] = []
  return {
    city,
    origin,
    pictures,
    open: async (client, path, size = 'desktop') => {
      const page = await (await openContext(browser, origin, client, size)).newPage()
      page.setDefaultTimeout(60_000)
      page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`))
      page.on('console', (message) => {
        // A refused request is the server's answer, which the page shows; everything else is the page's own fault.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(`${path}: ${message.text()}`)
      })
      await page.goto(origin + path)
      return page
    },
    inspect: async (page, name) => {
      await page.evaluate('window.scrollTo(0, 0)')
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
      await judge(page, name)
    },
    close: async () => {
      await browser.close()
      await city.close()
      if (complaints.length > 0) throw new Error(`the browser's console:\n${complaints.join('\n')}`)
    },
  }
}

async function openContext(browser: Browser, origin: string, client: Client | null, size: keyof typeof widths): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: widths[size],
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  if (client) await context.addCookies([{ name: sessionCookie, value: client.token, url: origin, sameSite: 'Strict', httpOnly: true }])
  return context
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  impact: string | null
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** axe-core with the rules of WCAG 2.1 A and AA. */
async function judge(page: Page, name: string): Promise<void> {
  await page.evaluate(axeSource)
  const violations = (await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then((found) => found.violations)",
  )) as Violation[]
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  if (grave.length > 0)
    throw new Error(
      `${name}: ${grave.map(({ id, help, nodes }) => `${id} (${help})\n  ${nodes.map((node) => `${node.html.slice(0, 300)} — ${node.failureSummary ?? ''}`).join('\n  ')}`).join('\n')}`,
    )
}
