import { Refusal, refuse } from '#kernel/errors.ts'
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

/** A hook that names nothing is told everything, unless only rules call it. */
export const wants = ({ types, called }: { types: readonly string[]; called: boolean }, type: string): boolean =>
  !called && (types.length === 0 || types.includes(type))

export interface Condition {
  /** From what happened down to a value: `channel`, `detail.kind`. */
  at: string[]
  not: boolean
  values: string[]
}

/** A condition looks at one thing of what happened, and says which values it has, or has not. */
export function conditionsIn(filter: string): Condition[] {
  return filter.split('\n').flatMap(line => {
    if (!line.trim()) return []
    const found =
      /^\s*(channel|side|audience|verb|noun|area|actor|object|target|thread|detail(?:\.\w{1,60}){1,6})\s*(!?=)(.{1,1000})$/.exec(line)
    const values = found?.[3]?.split(',').map(each => each.trim()).filter(Boolean) ?? [] // biome-ignore format: one line
    if (!found || values.length === 0) throw new Refusal('invalid', 'hooks.filterWrong', { line: line.slice(0, 60) }, { fields: [{ field: 'filter', key: 'hooks.filterWrong', values: { line: line.slice(0, 60) } }] }) // biome-ignore format: one line
    return [{ at: found[1]!.split('.'), not: found[2] === '!=', values }]
  })
}

/** What happened is told where all conditions hold; of a list any part of it may. */
export function meets(conditions: readonly Condition[], happened: object): boolean {
  return conditions.every(({ at, not, values }) => {
    const found = at.reduce<unknown[]>((all, name) => all.flatMap(each => partOf(each, name)), [happened])
    return found.some(each => values.includes(String(each))) !== not
  })
}

function partOf(it: unknown, name: string): unknown[] {
  if (typeof it !== 'object' || it === null || !Object.hasOwn(it, name)) return []
  const part = (it as Record<string, unknown>)[name]
  return Array.isArray(part) ? part : [part]
}

/** Whoever makes a hook says what it is told, that it is told everything, or that only rules call it. */
export function saysWhat(types: readonly string[], everything: boolean, called: boolean): void {
  if (!everything && !called && types.length === 0) refuse('invalid', 'hooks.chooseSomething')
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
