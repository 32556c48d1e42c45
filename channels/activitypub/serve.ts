/** What anybody may read of an account: who it is, what it said, its pictures. What is said to few is shown to those only. */
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Call } from '#social/channels/words.ts'
import { actorDocument, goneActor } from './actor.ts'
import { isBlocked } from './blocked.ts'
import { activityType, isActivityType } from './documents.ts'
import { countOf } from './followers.ts'
import { following as followed } from './following.ts'
import { accountNamed, bare, hasLeft, mayAsk, wireOf } from './inbox.ts'
import { signerOf } from './keys.ts'
import { actorOf, featuredOf, followersOf, keyIn, noteOf } from './names.ts'
import { activityOf, context, fileAt, type Kept, listed, noteAt, tombstone } from './notes.ts'
import { actorPage, notePage } from './page.ts'
import { pinnedBy } from './pins.ts'
import { claimIn } from './proof.ts'
import type { Settings } from './settings.ts'

type At = Call<Settings>
type On = Account<Settings>

const headers = { vary: 'Accept, Signature', 'x-content-type-options': 'nosniff', 'access-control-allow-origin': '*' }

export const json = (value: unknown, { status = 200, type = activityType, cache = 'max-age=60' } = {}): Response =>
  new Response(JSON.stringify(value), { status, headers: { ...headers, 'content-type': type, 'cache-control': cache } })

/** A browser asks for a page, everybody else for the thing itself. */
function wantsPage({ request }: At): boolean {
  const accept = (request.headers.get('accept') ?? '').split(',').map(each => each.trim())
  return accept.some(each => each.startsWith('text/html')) && !accept.some(isActivityType)
}

/** Runs `show` for the account that the path names; of one that was removed all is gone. */
const of =
  (show: (call: At, account: On) => Promise<Response> | Response) =>
  async (call: At): Promise<Response> => {
    const name = call.params.name ?? ''
    const whom = await accountNamed(call, name)
    if (whom) return show(call, whom.account)
    return (await hasLeft(call, name)) ? json({ '@context': context, ...goneActor(call.origin, name) }, { status: 410 }) : bare(404)
  }

/** Open to all, with its key: nobody could prove anything to us who may not read it. */
export const actor = of(async (call, account) =>
  wantsPage(call) ? actorPage(account, (await listed(account, undefined, 20)).notes) : json(actorDocument(account)),
)

// —— collections ——

const atOnce = 20

export const outbox = of((call, account) => forReaders(call, account, () => outboxPage(call, account)))

async function outboxPage(call: At, account: On): Promise<Response> {
  const id = `${actorOf(account.settings)}/outbox`
  const after = new URL(call.request.url).searchParams.get('after')
  if (after === null) return json({ '@context': context, id, type: 'OrderedCollection', first: `${id}?after=` })
  const { notes, next } = await listed(account, after.startsWith('out:') ? after.slice(0, 100) : undefined, atOnce)
  const orderedItems = notes.map(note => activityOf(account.settings, note, 'Create')).filter(each => each !== undefined)
  const page = { id: `${id}?after=${encodeURIComponent(after)}`, type: 'OrderedCollectionPage', partOf: id }
  return json({ '@context': context, ...page, ...(next && { next: `${id}?after=${encodeURIComponent(next)}` }), orderedItems })
}

/** How many, not who: that is the affair of those who follow. */
export const followers = of((call, account) =>
  forReaders(call, account, async () => json(collection(followersOf(account.settings), await countOf(account)))),
)

/** How many said yes. */
export const following = of((call, account) =>
  forReaders(call, account, async () => {
    const accepted = (await followed(account)).filter(each => each.accepted)
    return json(collection(`${actorOf(account.settings)}/following`, accepted.length))
  }),
)
export const featured = of((call, account) =>
  forReaders(call, account, async () => {
    const orderedItems = (await pinnedBy(account)).map(({ note }) => note)
    return json({ ...collection(featuredOf(account.settings), orderedItems.length), orderedItems })
  }),
)

const collection = (id: string, totalItems: number) => ({ '@context': context, id, type: 'OrderedCollection', totalItems })

// —— notes ——

export const note = of(async (call, account) => {
  const kept = await noteAt(account, keyIn(account.settings, noteOf(account.settings, call.params.key ?? '')) ?? '')
  if (!kept) return bare(404)
  if (kept.audience !== 'all') return forPeople(call, account, kept)
  if (kept.gone) return json({ '@context': context, ...tombstone(account.settings, kept) }, { status: 410 })
  return wantsPage(call) ? notePage(account, kept) : forReaders(call, account, () => shown(kept))
})

const shown = ({ note }: Kept, cache?: string): Response => json({ '@context': context, ...note }, cache ? { cache } : {})

/** For all others it is not there. */
async function forPeople(call: At, account: On, kept: Kept): Promise<Response> {
  const reader = await readerOf(call, account)
  return reader && kept.people.includes(reader) && !kept.gone ? shown(kept, 'private, no-store') : bare(404)
}

/** Where the account wants to know who reads, whoever does not say so, or is blocked, reads nothing. */
async function forReaders(call: At, account: On, show: () => Promise<Response> | Response): Promise<Response> {
  if (!account.settings.signedOnly) return show()
  const reader = await readerOf(call, account)
  return reader && !isBlocked(account.settings, reader) ? show() : bare(401)
}

/** Who asks, as far as the request proves it. */
async function readerOf(call: At, { settings }: On): Promise<string | undefined> {
  if (!call.request.headers.has('signature')) return undefined
  try {
    const claim = claimIn(wireOf(call, null))
    return (await mayAsk(call, claim)) ? (await signerOf(settings, claim)).id : undefined
  } catch (error) {
    if (error instanceof ChannelError) return undefined
    throw error
  }
}

// —— pictures ——

/** Always a picture, whatever it was called: nothing that somebody else would take for an act of ours, nor for a page. */
export const file = of(async (call, account) => {
  const found = await fileAt(account, call.params.file ?? '')
  if (!found?.type.startsWith('image/')) return bare(404)
  const safe = { 'content-security-policy': "default-src 'none'; sandbox", 'cross-origin-resource-policy': 'cross-origin' }
  const kept = { 'cache-control': 'public, max-age=31536000, immutable' }
  return new Response(new Uint8Array(found.bytes), { headers: { ...headers, ...safe, ...kept, 'content-type': found.type } })
})
