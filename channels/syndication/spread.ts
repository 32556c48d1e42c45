/** Telling those who subscribed: one small document with the post, signed for each. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import type { Account } from '#social/channels/words.ts'
import { documentAt, type Format, hubAt, types } from './addresses.ts'
import { writtenIn } from './documents.ts'
import { type Entry, entryForm } from './entry.ts'
import { subscriptionForm } from './hub.ts'
import { type Dressed, dressed } from './look.ts'
import type { Settings } from './settings.ts'

const id = z.string().max(100)
/** Finds those who are told, some hundred at a time. */
export const spreadForm = z.strictObject({ is: z.literal('spread'), post: id, after: z.string().max(100) })
/** Tells one of them. */
export const bringForm = z.strictObject({ is: z.literal('bring'), post: id, to: z.string().max(100), tries: z.int().min(0).max(10) })

const most = 500
const second = 1000
const day = 86_400 * second

/** What is told is kept as it is now, and told in a moment, when whoever then looks at the feed finds it there. */
export async function tell(account: Account<Settings>, post: string, entry: Entry): Promise<void> {
  await account.memory.set(`post:${post}`, JSON.parse(JSON.stringify(entry)), { until: new Date(now().getTime() + 3 * day) })
  await account.later([{ is: 'spread', post, after: '' }], new Date(now().getTime() + 5 * second))
}

export async function spread(account: Account<Settings>, { post, after }: z.output<typeof spreadForm>): Promise<void> {
  const found = await account.memory.list('sub:', { after, limit: most })
  const tasks = found.map(({ name }) => ({ is: 'bring', post, to: name, tries: 0 }))
  const last = found.at(-1)?.name
  if (last) await account.later([...tasks, ...(found.length === most ? [{ is: 'spread', post, after: last }] : [])])
}

/** Who cannot be reached is tried again for half a day and then forgotten; it may subscribe again. */
const pauses = [60, 300, 1800, 7200, 28_800]

export async function bring(account: Account<Settings>, task: z.output<typeof bringForm>): Promise<void> {
  const { success, data: subscription } = subscriptionForm.safeParse(await account.memory.get(task.to))
  const kept = entryForm.safeParse(await account.memory.get(`post:${task.post}`))
  if (!success || !kept.success) return
  const status = await push(dressed(account), subscription, kept.data)
  if (status >= 200 && status < 300) return
  const pause = pauses[task.tries]
  if (status === 410 || pause === undefined) return void (await account.memory.set(task.to, undefined))
  await account.later([{ ...task, tries: task.tries + 1 }], new Date(now().getTime() + pause * second))
}

/** The status of the answer; 0 without one. */
async function push(settings: Dressed, to: z.output<typeof subscriptionForm>, entry: Entry): Promise<number> {
  const self = documentAt(settings.path, to.format)
  const body = writtenIn(to.format, { settings, entries: [entry], changedAt: entry.changedAt, self })
  const answer = await guardedFetch(to.callback, {
    method: 'POST',
    body,
    headers: headersFor(settings, to, body),
    maxBytes: 100_000,
  }).catch(unreached)
  return answer ? answer.status : 0
}

function headersFor({ path }: Settings, { format, secret }: { format: Format; secret: string }, body: string): Record<string, string> {
  return {
    'content-type': `${types[format]}; charset=utf-8`,
    link: `<${hubAt(path)}>; rel="hub", <${documentAt(path, format)}>; rel="self"`,
    ...(secret && { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }),
  }
}

function unreached(error: unknown): undefined {
  if (!(error instanceof ChannelError)) throw error
}
