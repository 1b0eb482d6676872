import { roles } from '#contract/security.ts'
import type { App } from '../server/app.ts'
import { buildCity } from './build-city.ts'
import { enlargeCity } from './enlarge-city.ts'
import { demoPeople } from './organisations.ts'
import { type SettledPerson, settlePeople } from './settle-people.ts'

const dataDir = new URL('../../shared/data/', import.meta.url).pathname

/** Fills an empty store and returns what to print: the accounts with their one-time passwords. */
export async function prepareCity(app: App, city: 'demo' | 'full' | 'none'): Promise<string[]> {
  if (city === 'none')
    return describe(
      await settlePeople(
        app,
        demoPeople.filter((person) => ['system_admin', 'security_admin', 'audit_admin'].includes(person.roles[0]!)),
      ),
    )
  const { people } = await buildCity(app, { dataDir, inventedRows: city === 'full' ? 1_000_000 : 20_000, log: (line) => console.log(line) })
  if (city === 'full') await enlargeCity(app, { systems: 425, entries: 7591, items: 150_000 })
  return describe(people)
}

function describe(people: SettledPerson[]): string[] {
  const lines = people.map((person) => `  ${person.loginName.padEnd(22)}${person.password}  ${roles[person.roles[0]!].zh}，${person.org}`)
  return ['一次性口令（首次登录须修改，只显示这一次）/ one-time passwords, shown once:', ...lines, '']
}
