/** Whether a push comes from who knows the secret: by Standard Webhooks 1.0.0, or by the secret itself in a header. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Settings } from './settings.ts'

/** How far the sender's clock may be from ours. */
const seconds = 300

const prefix = 'whsec_'

/** The key that a secret means: the bytes behind `whsec_`, or the words themselves. Undefined for one that is too short to protect (24 to 64 bytes). */
export function keyOf(secret: string): Buffer | undefined {
  const isPacked = secret.startsWith(prefix)
  const packed = secret.slice(prefix.length)
  if (isPacked && !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return undefined
  const key = isPacked ? Buffer.from(packed, 'base64') : Buffer.from(secret)
  return key.length >= 24 && key.length <= (isPacked ? 64 : 500) ? key : undefined
}

export interface Genuine {
  /** What the sender calls this push; it calls it the same when it sends it again. */
  id?: string | undefined
  at?: Date | undefined
}

/** Throws ChannelError `rejected` for whatever does not prove itself, always with the same words. */
export const prove = (settings: Settings, headers: Headers, body: Uint8Array): Genuine =>
  settings.proof === 'signature' ? signed(settings, headers, body) : withSecret(settings, headers)

const forged = () => new ChannelError('rejected', { says: 'webhook.notGenuine' })

function signed({ secret }: Settings, headers: Headers, body: Uint8Array): Genuine {
  const [id, moment, signatures] = ['id', 'timestamp', 'signature'].map(name => headers.get(`webhook-${name}`) ?? '') as [
    string,
    string,
    string,
  ]
  const key = keyOf(secret)
  if (!key || !id || id.length > 300 || !/^\d{1,12}$/.test(moment) || signatures.length > 5000) throw forged()
  const at = new Date(Number(moment) * 1000)
  if (Math.abs(at.getTime() - now().getTime()) > seconds * 1000) throw forged()
  const wanted = createHmac('sha256', key).update(`${id}.${moment}.`).update(body).digest('base64')
  // Each is compared, so that the time tells nothing; several are there while a secret is changed.
  const found = signatures.split(' ').filter(each => each.startsWith('v1,') && equal(each.slice(3), wanted))
  if (!found.length) throw forged()
  return { id, at }
}

function withSecret({ secret, header }: Settings, headers: Headers): Genuine {
  const given = (headers.get(header) ?? '').replace(/^Bearer /i, '').trim()
  if (!equal(given, secret)) throw forged()
  return { id: headers.get('webhook-id')?.slice(0, 300) || headers.get('idempotency-key')?.slice(0, 300) || undefined }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const equal = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
