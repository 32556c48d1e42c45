import { createHmac } from 'node:crypto'
import { refuse } from '#kernel/errors.ts'
import type { Audience } from '#social/activities/words.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** What happened is called by its module and its word, as `crm.assigned`. */
export const typeOf = (wordName: string): string => {
  const [module = '', word = ''] = wordName.split('.')
  return `${module}.${word.charAt(0).toLowerCase()}${word.slice(1)}`
}

/** What only named members may see leaves the house by no hook. */
export const mayLeave = (audience: Audience): boolean => audience !== 'members'

/** A hook that names nothing is told everything. */
export const wants = (types: readonly string[], type: string): boolean => types.length === 0 || types.includes(type)

/** Whoever makes a hook says what it is told, or that it is told everything. */
export function saysWhat(types: readonly string[], everything: boolean): void {
  if (!everything && types.length === 0) refuse('invalid', 'hooks.chooseSomething')
}

const prefix = 'whsec_'

/** A secret is written as its bytes in Base64 behind `whsec_`. */
export const secretOf = (bytes: Uint8Array): string => `${prefix}${Buffer.from(bytes).toString('base64')}`

/** Each message is signed with every secret that is good, over its id, its time and its body (Standard Webhooks 1.0.0). */
export function signatures(secrets: readonly string[], id: string, at: Date, body: string): string {
  const signed = `${id}.${Math.floor(at.getTime() / second)}.${body}`
  const sign = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
      .update(signed)
      .digest('base64')
  return secrets.map(secret => `v1,${sign(secret)}`).join(' ')
}

export const bothGoodFor = day

export interface Secrets {
  secret: string
  before: string | null
  beforeUntil: Date | null
}

/** The secret before the last one is good for a day longer, so that nobody must change both sides in one moment. */
export const goodSecrets = ({ secret, before, beforeUntil }: Secrets, now: Date): string[] =>
  before && beforeUntil && beforeUntil > now ? [secret, before] : [secret]

const pauses = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, day]

/** What did not arrive is tried again after five seconds, then ever later, ten times within four days. */
export function againAfter(attempts: number, chance: number, asked = 0): number | null {
  const pause = pauses[attempts - 1]
  return pause === undefined ? null : Math.max(pause * (1 + chance / 5), Math.min(asked, day))
}

/** Any 2xx has arrived, 410 wants no more, and everything else is tried again. */
export const outcomeOf = (status: number | null): 'done' | 'gone' | 'again' =>
  status === 410 ? 'gone' : status !== null && status >= 200 && status < 300 ? 'done' : 'again'

/** Where nothing has arrived for five days, nothing more is sent until a person says so. */
export const isGivenUp = (failingSince: Date, now: Date): boolean => now.getTime() - failingSince.getTime() >= 5 * day

/** An address that just failed is left alone for a minute, so that its fault keeps nobody else waiting. */
export const restUntil = (failedAt: Date | null, now: Date): Date | null =>
  failedAt && now.getTime() - failedAt.getTime() < minute ? new Date(failedAt.getTime() + minute) : null

/** How long an answer asks to be left alone, in milliseconds (RFC 9110, section 10.2.3). */
export function retryAfter(header: string | null, now: Date): number {
  const text = header?.trim() ?? ''
  const until = /^\d{1,9}$/.test(text) ? Number(text) * second : Date.parse(text) - now.getTime()
  return Number.isFinite(until) ? Math.max(0, until) : 0
}
