/** What programs push to each other proves its sender: Standard Webhooks 1.0.0, HMAC-SHA256 over id, timestamp and body; both directions. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const prefix = 'whsec_'

/** A secret is written as its bytes in Base64 behind `whsec_`. */
export const secretOf = (bytes: Uint8Array): string => `${prefix}${Buffer.from(bytes).toString('base64')}`

/** The key that a secret means: the bytes behind `whsec_`, or the words themselves. Undefined for one that is too short to protect (24 to 64 bytes). */
export function keyOf(secret: string): Buffer | undefined {
  const isPacked = secret.startsWith(prefix)
  const packed = secret.slice(prefix.length)
  if (isPacked && !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return undefined
  const key = isPacked ? Buffer.from(packed, 'base64') : Buffer.from(secret)
  return key.length >= 24 && key.length <= (isPacked ? 64 : 500) ? key : undefined
}

/** The headers of a push, signed with every secret that is good; each secret is one that `secretOf` made. */
export function signedHeaders(secrets: readonly string[], id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const sign = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map(secret => `v1,${sign(secret)}`).join(' '),
  }
}

/** How far the sender's clock may be from ours, in milliseconds. */
const patience = 300_000

/** What a push is called by its sender and when it was signed; undefined for whatever does not prove that it comes from who knows the secret. */
export function proven(secret: string, headers: Headers, body: Uint8Array, now: Date): { id: string; at: Date } | undefined {
  const said = (name: string) => headers.get(`webhook-${name}`) ?? ''
  const [id, moment, signatures] = [said('id'), said('timestamp'), said('signature')]
  const key = keyOf(secret)
  if (!key || !id || id.length > 300 || !/^\d{1,12}$/.test(moment) || signatures.length > 5000) return undefined
  const at = new Date(Number(moment) * 1000)
  if (Math.abs(at.getTime() - now.getTime()) > patience) return undefined
  const wanted = createHmac('sha256', key).update(`${id}.${moment}.`).update(body).digest('base64')
  // Each is compared, so that the time tells nothing; several are there while a secret is changed.
  const found = signatures.split(' ').filter(each => each.startsWith('v1,') && sameText(each.slice(3), wanted))
  return found.length ? { id, at } : undefined
}

const digest = (text: string) => createHash('sha256').update(text).digest()
/** In a time that tells nothing of where they differ. */
export const sameText = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
