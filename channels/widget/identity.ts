/** Who is signed in on the site, as the site's own server says it: a JSON Web Token (RFC 7519), HS256 with the account's secret, and nothing else. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { refuse } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'

const claims = z.object({
  /** What the site calls the person, for ever. */
  sub: z.string().min(1).max(200),
  /** The account's id, so that what one widget was told means nothing to another. */
  aud: z.string().max(100),
  exp: z.number(),
  iat: z.number().optional(),
  name: z.string().max(200).optional(),
  email: z.email().max(254).optional(),
})

export interface Identity {
  sub: string
  name?: string | undefined
  mail?: string | undefined
}

/** A token that holds longer could be found somewhere and used by others. */
const longest = 24 * 3600
/** How far the site's clock may be ahead of ours, in seconds. */
const leeway = 60

/** Refuses, always with the same words, what is not signed, for another account, too old, or made to hold for longer than a day. */
export function identityIn(token: string, { secret, account }: { secret: string; account: string }): Identity {
  const [header = '', body = '', signature = ''] = token.split('.')
  const wanted = createHmac('sha256', secret).update(`${header}.${body}`).digest('base64url')
  const isSigned = Boolean(secret) && equal(signature, wanted)
  const read = isSigned && token.split('.').length === 3 && algorithmOf(header) === 'HS256' ? claims.safeParse(jsonIn(body)) : undefined
  const seconds = now().getTime() / 1000
  if (!read?.success || read.data.aud !== account || read.data.exp < seconds || read.data.exp > seconds + longest + leeway)
    return refuse('unauthenticated', 'widget.notProven')
  if ((read.data.iat ?? 0) > seconds + leeway) return refuse('unauthenticated', 'widget.notProven')
  const { sub, name, email } = read.data
  return { sub, name: name && cleanName(name, 100), mail: email }
}

const equal = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

const algorithmOf = (header: string): unknown => (jsonIn(header) as { alg?: unknown } | null)?.alg

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
