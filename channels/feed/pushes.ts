/** What a hub pushes to the account's door: new items are heard at once; whether something changed, the feed itself is asked. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account, HeardMessage } from '#social/channels/words.ts'
import { type Hub, hubOf, pushes, verify } from './hub.ts'
import { type Known, known, type Named, nameAll } from './naming.ts'
import { type Feed, readFeed } from './read.ts'
import type { Settings } from './settings.ts'
import { markOf, messageOf, momentOf, type Source, toldTo } from './translate.ts'

const mostItems = 200
const day = 86_400_000

/** The account's door: a hub asks whether we want its pushes, or pushes. Throws ChannelError `rejected` for what no hub of ours signed. */
export async function webhook(account: Account<Settings>, request: Request) {
  const query = new URL(request.url).searchParams
  if (request.method === 'GET') return { heard: [], answer: await verify(account, query) }
  const hub = await hubOf(account)
  const body = new Uint8Array(await request.arrayBuffer())
  const signature = request.headers.get('x-hub-signature') ?? ''
  if (!hub || !pushes(hub) || query.get('hub') !== hub.mark) throw forged()
  const heard = await taken(account, hub, proof(hub, signature, body), feedIn(body, request.headers.get('content-type')))
  return {
    ...toldTo(account.settings, heard),
    answer: new Response(null, { status: 202 }),
  }
}

const forged = () => new ChannelError('rejected', { says: 'feed.notGenuine' })

const strong = ['sha256', 'sha384', 'sha512']

/** The method by which the hub signed it. Throws when it did not. */
function proof({ secret }: Hub, signature: string, body: Uint8Array): 'strong' | 'weak' {
  const [, method = '', given = ''] = /^(sha1|sha256|sha384|sha512)=([0-9a-f]{40,128})$/i.exec(signature) ?? []
  if (!method) throw forged()
  const wanted = createHmac(method.toLowerCase(), secret).update(body).digest()
  const said = Buffer.from(given, 'hex')
  if (said.length !== wanted.length || !timingSafeEqual(said, wanted)) throw forged()
  return strong.includes(method.toLowerCase()) ? 'strong' : 'weak'
}

/**
 * A push is an occasion to look: what it changes or repeats is read from the feed itself within a minute, so that an old push that somebody sends again turns
 * nothing back. Of a weakly signed one (SHA-1, which old hubs use) nothing else is believed.
 */
async function taken(account: Account<Settings>, hub: Hub, by: 'strong' | 'weak', feed: Feed | undefined): Promise<HeardMessage[]> {
  await account.memory.set('look', true)
  return feed && by === 'strong' ? newIn(account, { address: account.settings.url, feed }, new Date(hub.since)) : []
}

/** Undefined for what is no feed: a hub may push anything, as an occasion to look it is good enough. */
function feedIn(body: Uint8Array, type: string | null): Feed | undefined {
  try {
    return readFeed(body, type ?? undefined)
  } catch (error) {
    if (error instanceof ChannelError) return undefined
    throw error
  }
}

/** Only what was published since the hub tells it: what is older was read, or not wanted, before. What is known already is known by its remote id. */
async function newIn(account: Account<Settings>, source: Source, from: Date): Promise<HeardMessage[]> {
  const isNew = ({ item }: Named) => (momentOf(item.published, now()) ?? 0) >= from
  const items = nameAll(source, {}).filter(isNew).slice(-mostItems)
  const before = await pushedBefore(account)
  const noted = items.map(({ item, key, place }): [string, Known[string]] => [key, [markOf(source, item), 0, place]])
  const known = Object.entries({ ...before, ...Object.fromEntries(noted), ...before }).slice(-2 * mostItems)
  await account.memory.set('pushed', Object.fromEntries(known), { until: new Date(now().getTime() + 7 * day) })
  return items.map(({ item, remoteId }) => ({ ...messageOf(source, item, now()), remoteId }))
}

/** What pushes told of items, for when the feed is asked: what is told first counts, so that a change after it is one. */
export const pushedBefore = async ({ memory }: Account<Settings>): Promise<Known> => known.safeParse(await memory.get('pushed')).data ?? {}
