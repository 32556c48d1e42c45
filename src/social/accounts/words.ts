/** How an account comes to be connected: an attempt, step by step. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { slot } from '#kernel/page.tsx'

/** A browser is only ever sent, or shown the way, to `https` or to this machine. */
export function isSafeLink(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}
export const isLoopback = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(host)

export const step = z.object({
  says: z.string().max(200),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  state: z.enum(['running', 'done', 'failed']),
  advice: z.string().max(500).optional(),
  link: z.string().max(2000).refine(isSafeLink).optional(),
})

/** A connection that is being tried, was made, or could not be. */
export const attempt = z.object({
  id: z.string(),
  channel: z.string(),
  account: z.string().nullable(),
  steps: z.array(step),
  /** `signIn`: a person is expected to sign in at the network. */
  state: z.enum(['running', 'signIn', 'done', 'failed']),
  says: z.string().nullable(),
  /** It becomes the own account of whoever tries it. */
  personal: z.boolean(),
  at: z.date(),
})
export type Attempt = z.output<typeof attempt>

/** Something that came, and what is heard of it. */
export const example = z.object({
  at: z.date(),
  original: z.string(),
  places: z.array(z.object({ place: z.string(), holds: z.string() })),
  heard: z.array(
    z.object({
      at: z.date(),
      from: z.object({ name: z.string().optional(), address: z.string() }),
      subject: z.string().optional(),
      text: z.string(),
      url: z.string().optional(),
      flaws: z.array(z.string()).optional(),
    }),
  ),
})
export type SeenExample = z.output<typeof example>

/** So many days of what was there before are all that any network keeps. */
export const allDays = 36_600

/** On the page of an account, below how it stands. */
export const accountPanel = slot<{ account: string; channel: string }>('accounts.panel')

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ channel_attempt: nobody })
