// Retakes docs/pictures from the demo city in a real browser: `npm run pictures`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildCity } from '../demo/build-city.ts'
import { openBrowserCity } from '../testing/browser.ts'
import { buildPerson } from '../testing/build-people.ts'
import type { Role } from '../contract/security.ts'
import { portalPath } from '../contract/portal-paths.ts'
import { inProcessClient } from '../server/http/index.ts'

const target = new URL('../docs/pictures/', import.meta.url).pathname
mkdirSync(target, { recursive: true })
const browser = await openBrowserCity()
const { app } = browser.city
await buildCity(app, { dataDir: new URL('../../shared/data/', import.meta.url).pathname, inventedRows: 20_000, log: console.log })

/** Somebody of an organisation of the demo city. */
async function somebody(orgName: string, role: Role) {
  const org = await app.plane.db
    .selectFrom('security.org')
    .select(['id', 'name', 'kind'])
    .where('name', '=', orgName)
    .executeTakeFirstOrThrow()
  const person = await buildPerson(app, org, [role])
  return { org, ...person, ...inProcessClient(() => app.http, person) }
}

const bureau = await somebody('厦门市数据管理局', 'bureau_officer')
const steward = await somebody('厦门市公安局', 'steward')
const officer = await somebody('厦门市公安局', 'data_officer')
for (let tries = 0; tries < 240; tries++) {
  const { items } = await bureau.call('list_loads', {})
  if (items.every(({ state }) => state === 'succeeded' || state === 'failed')) break
  await sleep(500)
}
const { items: entries } = await steward.call('list_entries', { query: { orgId: steward.org.id } })
const { items: loads } = await steward.call('list_loads', {})
const { items: requests } = await officer.call('list_requests_to_handle', {})

const pictures: [name: string, who: typeof bureau, path: string][] = [
  ['ledger', bureau, portalPath('ledger')],
  ['search', bureau, `${portalPath('search')}?q=${encodeURIComponent('信息')}`],
  ['entry', steward, portalPath('entry', { entryId: entries[0]!.id })],
  ['load', steward, portalPath('load', { loadId: loads[0]!.id })],
  ['request', officer, portalPath('request', { requestId: requests[0]!.id })],
]
for (const [name, who, path] of pictures) {
  const page = await browser.open(who, path)
  await page.waitForLoadState('networkidle')
  await sleep(1500)
  await page.screenshot({ path: join(target, `${name}.png`) })
  await page.close()
}
await browser.close()
process.exit(0)
