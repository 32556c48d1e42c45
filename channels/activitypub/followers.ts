/** Who follows an account: kept by their servers, so that each server is written to once. */
import { z } from 'zod'
import type { Account } from '#social/channels/words.ts'
import { isBlocked } from './blocked.ts'
import { lasting, minute } from './lasting.ts'
import { hashOf, hostOf } from './names.ts'
import type { Person } from './people.ts'
import type { Settings } from './settings.ts'

type On = Account<Settings>

const follower = z.object({ id: z.string(), inbox: z.string(), shared: z.string().optional() })
export type Follower = z.output<typeof follower>

const all = 'follower:'
/** Under which an account keeps that somebody follows it. */
export const followerName = (id: string): string => `${all}${hostOf(id)}:${hashOf(id)}`

export async function add({ memory }: On, { id, inbox, shared }: Person): Promise<void> {
  await memory.set(followerName(id), { id, inbox, ...(shared && { shared }) })
}

export const drop = ({ memory }: On, id: string): Promise<unknown> => memory.set(followerName(id), undefined)

export const isFollowing = async ({ memory }: On, id: string): Promise<boolean> => (await memory.get(followerName(id))) !== undefined

const atOnce = 1000

export async function* followers({ memory }: On): AsyncGenerator<Follower> {
  for (let after = all; ; ) {
    const page = await memory.list(all, { after, limit: atOnce })
    for (const { value } of page) {
      const { data } = follower.safeParse(value)
      if (data) yield data
    }
    if (page.length < atOnce) return
    after = page.at(-1)!.name
  }
}

/** One address for each server, for what all its followers may read. */
export async function inboxesOf(account: On): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const { id, inbox, shared } of followers(account)) if (!isBlocked(account.settings, id)) found.add(shared ?? inbox)
  return found
}

/** Nobody is there any more: a whole server, or one of its inboxes. */
export async function dropAt(account: On, gone: string): Promise<void> {
  for await (const { id, inbox, shared } of followers(account)) if ((shared ?? inbox) === gone) await drop(account, id)
}

const counts = lasting<number>(200)

/** How many; counted anew after ten minutes, as anybody may ask. */
export async function countOf(account: On): Promise<number> {
  const known = counts.get(account.id)
  if (known !== undefined) return known
  let count = 0
  for await (const _ of followers(account)) count++
  counts.set(account.id, count, 10 * minute)
  return count
}
