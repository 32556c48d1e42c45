/** Our own signatures, in both ways that the network knows. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { now } from '#kernel/clock.ts'
import { hour, lasting } from './lasting.ts'
import { actorOf, hashOf } from './names.ts'
import type { Settings } from './settings.ts'

type Key = Pick<Settings, 'privateKey' | 'server' | 'username'>

interface Pair {
  key: KeyObject
  pem: string
}

const pairs = lasting<Pair>(200)

function pairOf({ privateKey }: Key): Pair {
  const name = hashOf(privateKey)
  const known = pairs.get(name)
  if (known) return known
  const key = createPrivateKey(privateKey)
  const pair = { key, pem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString() }
  pairs.set(name, pair, hour)
  return pair
}

export const publicPem = (key: Key): string => pairOf(key).pem
/** A new key has a new name, so that whoever knows the old one asks for it. */
export const keyIdOf = (key: Key): string => `${actorOf(key)}#key-${hashOf(publicPem(key)).slice(0, 10)}`

export const styles = ['cavage', 'rfc9421'] as const
export type Style = (typeof styles)[number]

export interface Unsigned {
  method: 'GET' | 'POST'
  url: URL
  body?: Uint8Array
}

/** The headers that prove who asks. */
export const signed = (key: Key, it: Unsigned, style: Style = 'cavage'): Record<string, string> =>
  style === 'cavage' ? byDraft(key, it) : byStandard(key, it)

const digestOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64')
const made = (key: Key, base: string): string => sign('RSA-SHA256', Buffer.from(base), pairOf(key).key).toString('base64')

function byDraft(key: Key, { method, url, body }: Unsigned): Record<string, string> {
  const headers: Record<string, string> = {
    host: url.host,
    date: now().toUTCString(),
    ...(body && { digest: `SHA-256=${digestOf(body)}` }),
  }
  const names = ['(request-target)', ...Object.keys(headers)]
  const target = `(request-target): ${method.toLowerCase()} ${url.pathname}${url.search}`
  const base = [target, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\n')
  const signature = `keyId="${keyIdOf(key)}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${made(key, base)}"`
  return { ...headers, signature }
}

function byStandard(key: Key, { method, url, body }: Unsigned): Record<string, string> {
  const digest = body && `sha-256=:${digestOf(body)}:`
  const lines: [string, string][] = [
    ['@method', method],
    ['@target-uri', url.href],
    ...(digest ? [['content-digest', digest] as [string, string]] : []),
  ]
  const created = Math.floor(now().getTime() / 1000)
  const parameters = `(${lines.map(([name]) => `"${name}"`).join(' ')});created=${created};keyid="${keyIdOf(key)}";alg="rsa-v1_5-sha256"`
  const base = [...lines.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`].join('\n')
  return { ...(digest && { 'content-digest': digest }), 'signature-input': `sig1=${parameters}`, signature: `sig1=:${made(key, base)}:` }
}
