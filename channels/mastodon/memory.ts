/** What is remembered of each account: what is being sent, what was sent, and what was heard and may still change. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import type { Account } from '#social/channels/words.ts'
import { id } from './entities.ts'
import type { Settings } from './settings.ts'

export type On = Account<Settings>

const day = 86_400_000
const inDays = (days: number) => ({ until: new Date(now().getTime() + days * day) })
/** Longer than anybody tries to send something. */
const sendingDays = 30

/**
 * A text that is on its way as one or more posts. `after` is the newest own post before it began: whatever arrived stands after it, whatever the clocks
 * say. `essences` tell what each part says, `media` which files are there already.
 */
const sending = z.object({
  most: z.int(),
  after: id.nullable(),
  replyTo: id.nullable(),
  visibility: z.string(),
  tail: z.string(),
  essences: z.array(z.string()),
  ids: z.array(id),
  url: z.string().nullable(),
  media: z.record(z.string(), id),
})
export type Sending = z.output<typeof sending>

export const sendingOf = async ({ memory }: On, onceKey: string): Promise<Sending | undefined> =>
  sending.safeParse(await memory.get(`sending:${onceKey}`)).data

export const keepSending = async ({ memory }: On, onceKey: string, it: Sending): Promise<unknown> =>
  memory.set(`sending:${onceKey}`, it, inDays(sendingDays))

const grace = 60_000

/** One at a time tries to send a part, and none within a minute after a try of which nobody knows what became of it. */
export async function beginTry({ memory }: On, part: string): Promise<boolean> {
  const [name, at] = [`trying:${part}`, now().getTime()]
  const until = new Date(at + grace)
  if (await memory.set(name, at, { fresh: true, until })) return true
  const age =
    at -
    z
      .number()
      .catch(0)
      .parse(await memory.get(name))
  return (age < 0 || age >= grace) && memory.set(name, at, { until })
}
export const endTry = async ({ memory }: On, part: string): Promise<unknown> => memory.set(`trying:${part}`, undefined)

/** What all texts say that are on their way now: seen on the server, they are ours already. */
export async function essencesOnTheWay({ memory }: On): Promise<Set<string>> {
  const all = await memory.list('sending:', { limit: 200 })
  return new Set(all.flatMap(({ value }) => sending.safeParse(value).data?.essences ?? []))
}

const sent = z.object({ ids: z.array(id).min(1), url: z.string().nullable() })
export type Sent = z.output<typeof sent>

export const sentAs = async ({ memory }: On, onceKey: string): Promise<Sent | undefined> =>
  sent.safeParse(await memory.get(`sent:${onceKey}`)).data

/** The posts of a text, and the files that each of ours is made of, for when it is changed. */
const whole = z.object({ ids: z.array(id).min(1), media: z.record(z.string(), id) })
export type Whole = z.output<typeof whole>

export async function finish(account: On, onceKey: string, { ids, url, media }: Sending): Promise<void> {
  await account.memory.set(`sent:${onceKey}`, { ids, url }, inDays(sendingDays))
  if (ids.length > 1 || Object.keys(media).length) await keepWhole(account, { ids, media })
  await keepSeen(account, ids[0]!, { from: `@${account.settings.address}`, edited: ours })
  await account.memory.set(`sending:${onceKey}`, undefined)
}

export const keepWhole = async ({ memory }: On, it: Whole): Promise<unknown> => memory.set(`whole:${it.ids[0]}`, it)
export const forgetWhole = async ({ memory }: On, first: string): Promise<unknown> => memory.set(`whole:${first}`, undefined)
export const wholeOf = async ({ memory }: On, first: string): Promise<Whole> =>
  whole.safeParse(await memory.get(`whole:${first}`)).data ?? { ids: [first], media: {} }

/** A post that we sent, and for what. */
export async function claim({ memory }: On, post: string, onceKey: string): Promise<void> {
  await memory.set(`mine:${post}`, onceKey, inDays(sendingDays))
  await memory.set('newest', post)
}
export const claimedBy = async ({ memory }: On, post: string): Promise<unknown> => memory.get(`mine:${post}`)

const newest = id.nullable()
/** The newest own post that is known; undefined when none was ever looked for. */
export const newestOwn = async ({ memory }: On): Promise<string | null | undefined> =>
  newest.optional().safeParse(await memory.get('newest')).data
export const keepNewestOwn = async ({ memory }: On, post: string | null): Promise<unknown> => memory.set('newest', post)

// —— what was heard ——

const seenDays = 14
/** Of what we sent, only its removal is news. */
export const ours = 'ours'

export const keepSeen = async ({ memory }: On, post: string, it: Seen): Promise<unknown> => memory.set(`seen:${post}`, it, inDays(seenDays))
export const forgetSeen = async ({ memory }: On, post: string): Promise<unknown> => memory.set(`seen:${post}`, undefined)

/** `votes`: how its poll stood. */
const seen = z.object({ from: z.string().max(500), edited: z.string().nullable(), votes: z.string().max(1000).optional() })
export type Seen = z.output<typeof seen>
export const seenAs = async ({ memory }: On, post: string): Promise<Seen | undefined> =>
  seen.safeParse(await memory.get(`seen:${post}`)).data

/** Some of what was heard within the last weeks, in turn. */
export async function someSeen({ memory }: On, most: number): Promise<string[]> {
  const turn = z
    .string()
    .catch('')
    .parse(await memory.get('turn'))
  const names = (await memory.list('seen:', { limit: most, ...(turn && { after: turn }) })).map(({ name }) => name)
  await memory.set('turn', names.length < most ? '' : names.at(-1))
  return names.map(name => name.slice('seen:'.length))
}

/** Once in so many minutes, whoever asks. */
export async function isTimeToLook({ memory }: On, minutes: number): Promise<boolean> {
  const before = z
    .number()
    .catch(0)
    .parse(await memory.get('looked'))
  const age = now().getTime() - before
  if (age >= 0 && age < minutes * 60_000) return false
  return memory.set('looked', now().getTime())
}

/** The network hinted that something became of a post that was heard. Each hint stands for itself: one that comes while another is looked into is not lost with it. */
export async function hint(account: On, post: string): Promise<boolean> {
  if (!(await seenAs(account, post))) return false
  return account.memory.set(`hint:${post}:${newId()}`, true, inDays(1))
}
export interface Hint {
  name: string
  post: string
}
export const forgetHints = async ({ memory }: On, hints: Hint[]): Promise<void> => {
  for (const { name } of hints) await memory.set(name, undefined)
}
export const hints = async ({ memory }: On): Promise<Hint[]> =>
  (await memory.list('hint:', { limit: 40 })).map(({ name }) => ({ name, post: name.slice('hint:'.length, name.lastIndexOf(':')) }))
