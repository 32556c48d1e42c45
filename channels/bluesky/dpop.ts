/** Requests that prove the possession of a key (DPoP, RFC 9449), and the few tokens that we sign ourselves (RFC 7519, ES256). */
import { createECDH, createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { type Answered, type Asked, guardedFetch } from '#kernel/fetch.ts'

/** A key of P-256 as RFC 7517 writes it. */
export const privateKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().max(100),
  y: z.string().max(100),
  d: z.string().max(100),
})
export type PrivateKey = z.output<typeof privateKey>
export type PublicKey = Omit<PrivateKey, 'd'>

export const newKey = (): PrivateKey =>
  privateKey.parse(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }))

/** The key whose secret number is these 32 bytes. */
export function keyFrom(secret: Buffer): PrivateKey {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(secret)
  const point = curve.getPublicKey()
  const [x, y, d] = [point.subarray(1, 33), point.subarray(33), secret].map(each => each.toString('base64url')) as [string, string, string]
  return { kty: 'EC', crv: 'P-256', x, y, d }
}

export const publicPart = ({ kty, crv, x, y }: PrivateKey): PublicKey => ({ kty, crv, x, y })
export const thumbprint = ({ crv, kty, x, y }: PublicKey): string => digest(JSON.stringify({ crv, kty, x, y }))
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

const written = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A token with these claims, signed; when it was made and an id that is used once are among them. */
export function signed(key: PrivateKey, header: Record<string, unknown>, claims: Record<string, unknown>): string {
  const iat = Math.floor(now().getTime() / 1000)
  const jti = randomBytes(16).toString('base64url')
  const body = `${written({ alg: 'ES256', ...header })}.${written({ iat, jti, ...claims })}`
  const secret = createPrivateKey({ key, format: 'jwk' })
  return `${body}.${sign('sha256', Buffer.from(body), { key: secret, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** What each server wants to read in the next proof. */
const nonces = new Map<string, string>()
const mostNonces = 1000

/** A request with its proof; a server that wants another number in it gets it, once. A request that was not believed was not done. */
export async function proven(url: URL, asked: Asked, key: PrivateKey, token?: string): Promise<Answered> {
  const first = await withProof(url, asked, key, token)
  return wantsNonce(first) ? withProof(url, asked, key, token) : first
}

async function withProof(url: URL, asked: Asked, key: PrivateKey, token?: string): Promise<Answered> {
  const nonce = nonces.get(url.origin)
  const about = { htm: asked.method ?? 'GET', htu: `${url.origin}${url.pathname}` }
  const claims = { ...about, ...(nonce && { nonce }), ...(token && { ath: digest(token) }) }
  const proof = signed(key, { typ: 'dpop+jwt', jwk: publicPart(key) }, claims)
  const answer = await guardedFetch(url, {
    ...asked,
    headers: { ...asked.headers, dpop: proof, ...(token && { authorization: `DPoP ${token}` }) },
  })
  remember(url.origin, answer.headers.get('dpop-nonce'))
  return answer
}

function remember(origin: string, nonce: string | null): void {
  if (!nonce || nonce.length > 500) return
  nonces.delete(origin)
  nonces.set(origin, nonce)
  if (nonces.size > mostNonces) nonces.delete(nonces.keys().next().value!)
}

/** A server of tokens says it in the body, one of things in the header. */
const wantsNonce = ({ status, headers, bytes }: Answered): boolean =>
  (status === 401 || status === 400) &&
  headers.has('dpop-nonce') &&
  (/use_dpop_nonce/.test(headers.get('www-authenticate') ?? '') ||
    /"use_dpop_nonce"/.test(new TextDecoder().decode(bytes.subarray(0, 2000))))
