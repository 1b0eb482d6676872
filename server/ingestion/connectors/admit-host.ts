import { lookup } from 'node:dns/promises'
import { domainToASCII } from 'node:url'
import ipaddr from 'ipaddr.js'
import { AppError } from '../../kernel/errors.ts'

/** Host names and CIDR ranges of DATONG_SOURCE_HOSTS; `*` is every address that can be a database server. */
export type AllowedHosts = readonly string[]

const refused = (host: string) =>
  new AppError('invalid', 'ingestion.host_not_allowed', { params: { host: host.slice(0, 80) }, actor: 'operator' })
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

/**
 * The address to connect to, or a refusal: the name is resolved once, every address it has is checked, and the caller connects
 * to the address that was checked, so that a second answer of the name server changes nothing (reliability A20).
 * @throws invalid `ingestion.host_not_allowed`; unavailable `ingestion.host_unknown`
 */
export async function admitHost(host: string, allowed: AllowedHosts, resolve: typeof resolveName = resolveName): Promise<string> {
  const literal = parseLiteral(host)
  if (literal) {
    if (!isAllowedAddress(literal, allowed)) throw refused(host)
    return literal.toString()
  }
  const name = domainToASCII(host).toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  // A last label of digits is an address in some spelling (0x7f.1, 2130706433) that C libraries take and we do not.
  if (name === '' || !labels.every((part) => label.test(part)) || /^(0x[0-9a-f]*|\d+)$/.test(labels.at(-1)!)) throw refused(host)
  const isNamed = allowed.some((entry) => entry.toLowerCase() === name)
  const addresses = (await resolve(name)).map((address) => ipaddr.process(address))
  if (addresses.length === 0) throw new AppError('unavailable', 'ingestion.host_unknown', { params: { host: name } })
  const isAdmitted = (address: ipaddr.IPv4 | ipaddr.IPv6) => (isNamed ? isServerAddress(address) : isAllowedAddress(address, allowed))
  if (!addresses.every(isAdmitted)) throw refused(host)
  return addresses[0]!.toString()
}

async function resolveName(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}

/** Only the spellings that mean one thing everywhere: four decimal numbers, or IPv6 in or without brackets. */
function parseLiteral(host: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(host)) return ipaddr.process(host)
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  return bare.includes(':') && !bare.includes('%') && ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare) : null
}

/** Link-local addresses are where clouds keep their machines' credentials; the others are nobody's. */
const nobodys = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal', 'reserved'])
const isServerAddress = (address: ipaddr.IPv4 | ipaddr.IPv6) => !nobodys.has(address.range())

function isAllowedAddress(address: ipaddr.IPv4 | ipaddr.IPv6, allowed: AllowedHosts): boolean {
  return allowed.some((entry) => {
    if (entry === '*') return isServerAddress(address)
    const [range, bits] = ipaddr.isValidCIDR(entry) ? ipaddr.parseCIDR(entry) : ipaddr.isValid(entry) ? [ipaddr.process(entry), null] : []
    if (!range || range.kind() !== address.kind()) return false
    return address.match(range as ipaddr.IPv4, bits ?? (address.kind() === 'ipv4' ? 32 : 128))
  })
}
