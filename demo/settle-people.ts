import type { App } from '../server/app.ts'
import { type InProcessClient, inProcessClient } from '../server/http/index.ts'
import { newId } from '../server/kernel/ids.ts'
import { hashPassword, loginKey, makeOneTimePassword, startSession } from '../server/security/index.ts'
import { emit, inTx } from '../server/store/index.ts'
import { type DemoPerson, demoOrgs } from './organisations.ts'

export interface SettledPerson extends DemoPerson {
  id: string
  orgId: string
  password: string
}

/** Writes the organisations and posts of the city, each with a password that is shown once and must be changed. */
export async function settlePeople(app: App, people: readonly DemoPerson[]): Promise<SettledPerson[]> {
  const ctx = app.system('demo.settle_people')
  const orgs = demoOrgs.map((org) => ({ ...org, id: newId() }))
  const idOf = new Map(orgs.map((org) => [org.name, org.id]))
  const settled = await Promise.all(
    people.map(async (person) => {
      const password = makeOneTimePassword()
      return { ...person, id: newId(), orgId: idOf.get(person.org)!, password, hash: await hashPassword(password) }
    }),
  )
  await inTx(ctx, async (ctx) => {
    await ctx.db
      .insertInto('security.org')
      .values(
        orgs.map((org) => ({
          id: org.id,
          name: org.name,
          short_name: org.shortName,
          kind: org.kind,
          uscc: org.uscc,
          region_code: org.regionCode,
        })),
      )
      .execute()
    await ctx.db
      .insertInto('security.person')
      .values(
        settled.map((person) => ({
          id: person.id,
          login_key: loginKey(person.loginName),
          login_name: person.loginName,
          display_name: person.displayName,
          password_hash: person.hash,
          password_changed_at: ctx.now(),
        })),
      )
      .execute()
    await ctx.db
      .insertInto('security.membership')
      .values(settled.map((person) => ({ person_id: person.id, org_id: person.orgId, roles: person.roles })))
      .execute()
    emit(ctx, { action: 'security.city_settled', detail: { organisations: orgs.length, people: settled.length } })
  })
  return settled
}

/** Acts as one of them through the whole HTTP stack, with a session of its own that `done` ends. */
export async function actAs(app: App, person: SettledPerson): Promise<InProcessClient & { done(): Promise<void> }> {
  const setMustChange = (value: boolean) =>
    app.plane.db.updateTable('security.person').set({ must_change_password: value }).where('id', '=', person.id).execute()
  await setMustChange(false)
  const session = await inTx(app.system('demo.act_as'), (ctx) => startSession(ctx, person.id, person.orgId))
  const client = inProcessClient(() => app.http, session)
  return {
    ...client,
    done: async () => {
      await client.call('remove_session')
      await setMustChange(true)
    },
  }
}
