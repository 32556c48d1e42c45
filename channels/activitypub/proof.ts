/** Whether a request was signed with a key: by the headers, the clock, the digest of the body, and the key itself. */
import { createHash, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { now } from '#kernel/clock.ts'
import { type Claim, cavageIn, unproven, type Wire } from './cavage.ts'
import { messageSignatureIn } from './message-signatures.ts'

/** Clocks go wrong by an hour, with summer time; and what could not be delivered is tried again with its old signature by some. */
const [ahead, behind] = [3900, 12 * 3600]

/** What the request says of who signed it, with everything checked that needs no key. Throws ChannelError `rejected`. */
export function claimIn(wire: Wire): Claim {
  const claim = wire.headers.has('signature-input') ? messageSignatureIn(wire) : cavageIn(wire)
  isOfNow(claim, wire.headers)
  if (wire.body) matchesBody(claim, wire.headers, wire.body)
  return claim
}

function isOfNow({ created, expires, covered }: Claim, headers: Headers): void {
  const seconds = now().getTime() / 1000
  const at = created ?? (covered.includes('date') ? Date.parse(headers.get('date') ?? '') / 1000 : Number.NaN)
  if (!(at > seconds - behind && at < seconds + ahead)) throw unproven()
  if (expires !== undefined && expires < seconds - ahead) throw unproven()
}

function matchesBody({ covered }: Claim, headers: Headers, body: Uint8Array): void {
  const [name, pattern] = covered.includes('content-digest')
    ? ['content-digest', /(?:^|,)\s{0,5}sha-256=:([A-Za-z0-9+/]{43}=):/]
    : (['digest', /(?:^|,)\s{0,5}sha-256=([A-Za-z0-9+/]{43}=)/i] as const)
  const told = pattern.exec((headers.get(name) ?? '').slice(0, 1000))?.[1]
  const real = createHash('sha256').update(body).digest()
  if (!told || !timingSafeEqual(Buffer.from(told, 'base64'), real)) throw unproven()
}

/** Was the claim made with this key? */
export function isProved({ algorithm, base, signature }: Claim, key: KeyObject): boolean {
  const fits = key.asymmetricKeyType === 'rsa' ? ['rsa-sha256', 'hs2019'] : ['ed25519', 'hs2019']
  if (!fits.includes(algorithm.toLowerCase())) return false
  return verify(key.asymmetricKeyType === 'rsa' ? 'RSA-SHA256' : null, Buffer.from(base), key, signature)
}

/** A key as documents hold it; undefined for what is none, is too weak to prove anything, or so large that checking it costs too much. */
export function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: pem, format: 'pem' })
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    const isGood = key.asymmetricKeyType === 'ed25519' || (key.asymmetricKeyType === 'rsa' && bits >= 2048 && bits <= 8192)
    return isGood && !pem.includes('PRIVATE') ? key : undefined
  } catch {
    return undefined
  }
}
