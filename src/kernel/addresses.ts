/** Which addresses of the network may be reached: public ones, and those that the installation names. Pure; `fetch.ts` is the door that asks here. */
import ipaddr from 'ipaddr.js'

export interface Address {
  address: string
  family: 4 | 6
}

/** What an installation allows besides the public internet: names (`*.intern.example`), addresses, ranges (`10.1.0.0/16`). */
export interface Allowed {
  names: Set<string>
  endings: string[]
  ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][]
}

export function allowedFrom(list: readonly string[]): Allowed {
  const allowed: Allowed = { names: new Set(), endings: [], ranges: [] }
  for (const entry of list) {
    const range = rangeOf(entry)
    if (range) allowed.ranges.push(range)
    else if (entry.startsWith('*.')) allowed.endings.push(entry.slice(1).toLowerCase())
    else allowed.names.add(entry.toLowerCase())
  }
  return allowed
}

function rangeOf(entry: string): Allowed['ranges'][number] | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  const address = literal(entry)
  return address && [address, address.kind() === 'ipv4' ? 32 : 128]
}

export const allowsName = (allowed: Allowed, name: string): boolean =>
  allowed.names.has(name) || allowed.endings.some(ending => name.endsWith(ending))

/**
 * A host as a person, a page or a redirect wrote it → as everyone reads it: decimal, octal, hexadecimal and full-width digits folded (WHATWG URL),
 * lower case, without brackets and the dot at its end. Undefined when it is no host.
 */
export function hostOf(written: string): string | undefined {
  const bare = written.trim()
  if (!bare || bare.length > 300 || /[/?#@\\%\s]/.test(bare)) return undefined
  const url = URL.parse(`http://${bare.includes(':') && !bare.startsWith('[') ? `[${bare}]` : bare}/`)
  return url && !url.port ? nameIn(url) : undefined
}

/** The host of an address on the web, in the same form. */
export const nameIn = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

/** An address and nothing else; four plain numbers or the colons of IPv6, never a short form, never with a scope. */
function literal(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (text.includes('%')) return undefined
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text) ? ipaddr.process(text) : undefined
}

export const isLiteral = (host: string): boolean => literal(host) !== undefined

const publicIPv6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * May this address be reached? Only what is global unicast, which leaves out loopback, private and link-local ranges, and every form that wraps another
 * address (NAT64, 6to4, Teredo, IPv4-compatible); an IPv4-mapped one is read as the IPv4 that it is. The answer is the form to connect to.
 */
export function reachable(text: string, allowed: Allowed, named = false): Address | undefined {
  const address = literal(text)
  if (!address) return undefined
  const open = named || isPublic(address) || allowed.ranges.some(range => within(address, range))
  return open ? { address: address.toString(), family: address.kind() === 'ipv4' ? 4 : 6 } : undefined
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || within(address, publicIPv6)
}

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, [start, bits]: Allowed['ranges'][number]): boolean =>
  address.kind() === start.kind() && address.match(start, bits)
