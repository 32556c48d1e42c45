/** The second factor: time-based codes (RFC 6238: SHA-1, six digits, 30 seconds), each of them once, and ten recovery codes. */
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

const period = 30

export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** What an authenticator reads from the picture. */
export const totpLink = (secret: string, account: string, site: string): string =>
  new TOTP({ issuer: site, label: account, secret: Secret.fromBase32(secret), period }).toString()

/** The step that this code belongs to, if it is right for now or one step beside and later than the last one used; else null. */
export function totpStep(secret: string, code: string, at: Date, lastStep: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const nowStep = Math.floor(at.getTime() / 1000 / period)
  const steps = [nowStep, nowStep - 1, nowStep + 1].filter(step => step > lastStep)
  return steps.find(step => sameCode(codeOf(secret, step), code)) ?? null
}

export function codeOf(secret: string, step: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret), period }).generate({ timestamp: step * period * 1000 })
}

const sameCode = (a: string, b: string) => timingSafeEqual(Buffer.from(a.padEnd(8)), Buffer.from(b.padEnd(8)))

/** Ten codes such as `k3vd-8fwq-2mzr`, from 31 signs that cannot be mistaken for each other. */
export const newRecoveryCodes = (): string[] => Array.from({ length: 10 }, () => [0, 1, 2].map(() => group()).join('-'))

const signs = '23456789abcdefghjkmnpqrstuvwxyz'
const group = () => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join('')

/** What is kept of a recovery code: 59 random bits, keyed by the account, so that a copied table does not tell them. */
export const recoveryHash = (account: string, code: string): string =>
  createHmac('sha256', account)
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest('base64url')
