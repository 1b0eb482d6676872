import type { Connection } from 'mysql2/promise'
import { select } from './mysql-catalog.ts'

const harmless = new Set([
  '',
  'USAGE',
  'SELECT',
  'SHOW VIEW',
  'SHOW DATABASES',
  'PROCESS',
  'REPLICATION CLIENT',
  'BINLOG MONITOR',
  'REPLICATION SLAVE',
])

/**
 * Whether an account can change nothing: by its own rights, and by those of its roles, which it may take on at any time (MySQL 8,
 * MariaDB). Null where the server does not say what a role may do.
 */
export async function isReadOnly(client: Connection, version: string): Promise<boolean | null> {
  const own = await grantsOf(client, 'SHOW GRANTS')
  if (!own.every(isHarmless)) return false
  const roles = own.flatMap(rolesIn)
  if (roles.length === 0) return true
  try {
    if (!/mariadb/i.test(version))
      return (await grantsOf(client, `SHOW GRANTS FOR CURRENT_USER() USING ${roles.join(', ')}`)).every(isHarmless)
    for (const role of roles) {
      // What is shown is what the session may do now.
      await client.query(`SET ROLE ${role}`)
      if (!(await grantsOf(client, 'SHOW GRANTS')).every(isHarmless)) return false
    }
    return true
  } catch {
    return null
  }
}

export const grantsOf = async (client: Connection, statement: string) =>
  (await select(client, statement)).map((row) => Object.values(row)[0] ?? '')

/** `GRANT a, b (c) ON …`; a grant of a role has no ON. */
const isHarmless = (grant: string): boolean =>
  (/^GRANT (.+?) ON /.exec(grant)?.[1] ?? '')
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .every((privilege) => harmless.has(privilege.trim()))

/** "GRANT `a`@`%`,`b`@`%` TO …": names of roles, quoted by the server as it reads them. */
const rolesIn = (grant: string): string[] => {
  const name = '`(?:[^`]|``)+`(?:@`(?:[^`]|``)*`)?'
  const list = new RegExp(`^GRANT (${name}(?:, ?${name})*) TO `).exec(grant)?.[1]
  return list?.match(new RegExp(name, 'g')) ?? []
}
