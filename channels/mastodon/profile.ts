/** Who somebody is, and how a post fares. */
import { now } from '#kernel/clock.ts'
import { cleanName, cut, textOf } from '#kernel/plain.ts'
import type { Handle } from '#social/channels/words.ts'
import { ask, isMissing, ServerError } from './client.ts'
import { account as remoteAccount, type Status } from './entities.ts'
import type { On } from './memory.ts'
import { normalise, statusIn } from './names.ts'
import { statusAt, statusesAt } from './pages.ts'
import type { Settings } from './settings.ts'

/** Null when nobody is called so. */
export async function whoIs({ settings }: On, { address }: Handle) {
  try {
    const found = await ask(settings, { path: '/api/v1/accounts/lookup', query: { acct: normalise(address) } }, remoteAccount)
    const [name, about] = [cleanName(found.display_name, 200), cut(textOf(found.note), 2000)]
    const page = (text: string) => (/^https?:/.test(text) && text.length < 2000 ? text : undefined)
    const [url, picture] = [page(found.url), page(found.avatar)]
    return { ...(name && { name }), ...(url && { url }), ...(picture && { picture }), ...(about && { about }) }
  } catch (error) {
    if (isMissing(error) || (error instanceof ServerError && error.kind === 'rejected')) return null
    throw error
  }
}

const measures = { favourites_count: 'likes', reblogs_count: 'shares', replies_count: 'answers', quotes_count: 'quotes' } as const
const atOnce = 20

/** Likes, shares, answers and quotes of posts, and the votes in their polls, each as far as the server says it; what is gone is left out. */
export async function read({ settings }: On, remoteIds: string[]) {
  const names = new Map(remoteIds.flatMap(each => [[statusIn(settings.server, each), each] as const]))
  const ids = [...names.keys()].filter(each => each !== undefined)
  const found: { remoteId: string; measure: string; value: number; at: Date }[] = []
  for (let at = 0; at < ids.length; at += atOnce)
    for (const post of await several(settings, ids.slice(at, at + atOnce)))
      for (const [measure, value] of measured(post))
        if (typeof value === 'number') found.push({ remoteId: names.get(post.id)!, measure, value, at: now() })
  return found
}

const measured = (post: Status): [measure: string, value: number | null | undefined][] => [
  ...Object.entries(measures).map(([field, measure]) => [measure, post[field as keyof typeof measures]] as [string, number | undefined]),
  ...(post.poll?.options ?? []).map(({ votes_count }, at) => [`choice ${at}`, votes_count] as [string, number | null]),
]

async function several(settings: Settings, ids: string[]): Promise<Status[]> {
  const there = [...((await statusesAt(settings, ids)) ?? new Map<string, Status>()).values()]
  if (there.length) return there
  const one = await Promise.all(ids.map(id => statusAt(settings, id)))
  return one.filter(each => each !== null)
}
