/** The inboxes: what others bring, believed only when its very actor signed it. */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ChannelError } from '#kernel/errors.ts'
import type { Call, Called } from '#social/channels/words.ts'
import { actName, take } from './acts.ts'
import { isBlocked } from './blocked.ts'
import type { Claim, Wire } from './cavage.ts'
import { isActivityType, jsonIn, mostBytes } from './documents.ts'
import { doubt } from './doubt.ts'
import { followerName, isFollowing } from './followers.ts'
import { followingName, follows } from './following.ts'
import { isKnown, signerOf } from './keys.ts'
import { actorOf, addressOf, hostOf, nameIn, webId } from './names.ts'
import type { Person } from './people.ts'
import { claimIn } from './proof.ts'
import type { Settings } from './settings.ts'
import { type Activity, activity as activityForm, isPlain, objectId, objectIds } from './shapes.ts'

type At = Call<Settings>
type Whom = Called<Settings>

/** A status and nothing else: whoever tries us out learns nothing of the inside. */
export const bare = (status: number, headers: Record<string, string> = {}): Response => new Response(null, { status, headers })

/** One account's own inbox. */
export async function ownInbox(call: At): Promise<Response> {
  const whom = await accountNamed(call, call.params.name ?? '')
  return whom ? received(call, () => Promise.resolve([whom])) : bare((await hasLeft(call, call.params.name ?? '')) ? 410 : 404)
}

/** For all accounts of the house that the act names, or that know what it is about. */
export const sharedInbox = (call: At): Promise<Response> => received(call, activity => meant(call, activity))

const isName = (name: string): boolean => /^[a-z0-9_.-]{1,30}$/.test(name)

/** Was an account called so that is there no more? */
export const hasLeft = async (call: At, name: string): Promise<boolean> =>
  isName(name) && (await call.left(addressOf({ server: call.origin, username: name })))

export async function accountNamed(call: At, name: string): Promise<Whom | null> {
  if (!isName(name)) return null
  const whom = await call.account({ address: addressOf({ server: call.origin, username: name }) })
  return whom && actorOf(whom.account.settings) === actorOf({ server: call.origin, username: name }) ? whom : null
}

async function received(call: At, whomOf: (activity: Activity) => Promise<Whom[]>): Promise<Response> {
  if (!isActivityType(call.request.headers.get('content-type'))) return bare(415)
  const body = new Uint8Array(await call.request.arrayBuffer())
  if (body.length > mostBytes) return bare(413)
  const json = jsonIn(body)
  const { data: activity } = activityForm.safeParse(json)
  if (!activity || !isPlain(json)) return bare(400)
  const whom = await whomOf(activity)
  return whom.length ? proved(call, { activity, body, whom }) : bare(202)
}

interface Brought {
  activity: Activity
  body: Uint8Array
  whom: Whom[]
}

/** What cannot be found out now is answered so that its sender tries again: nothing is lost. */
async function proved(call: At, it: Brought): Promise<Response> {
  try {
    const hearing = it.whom.filter(({ account }) => !isBlocked(account.settings, it.activity.actor))
    if (!hearing.length) return bare(403)
    const claim = claimIn(wireOf(call, it.body))
    if (await isNoNews(claim, it)) return bare(202)
    if (!(await mayAsk(call, claim))) return bare(429, { 'retry-after': '300' })
    const person = await actorBehind(hearing[0]!.account.settings, claim, it.activity)
    for (const whom of hearing) await take(whom, it.activity, person)
    return bare(202)
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    return error.kind === 'rejected' ? bare(401) : bare(503, { 'retry-after': '300' })
  }
}

export function wireOf({ request, origin }: Pick<At, 'request' | 'origin'>, body: Uint8Array | null): Wire {
  const { pathname, search } = new URL(request.url)
  return { method: request.method, origin, path: `${pathname}${search}`, headers: request.headers, body }
}

/** The one who signed must be the one who acts, and answers for the act's own id. */
async function actorBehind(settings: Settings, claim: Claim, { actor, id }: Activity): Promise<Person> {
  const person = await signerOf(settings, claim)
  if (person.id !== actor || webId(id, settings)?.host !== new URL(actor).host)
    throw new ChannelError('rejected', { says: 'activitypub.notGenuine' })
  return person
}

// —— who is asked about ——

/** From one address, in five minutes: more new keys than any server has people who write to us at once. */
const newKeys = new RateLimiterMemory({ points: 300, duration: 300 })

const isFarewell = ({ type, actor, object }: Activity): boolean => type === 'Delete' && objectId(object) === actor

/** Is its key at hand, or may its caller have us ask for it? */
export async function mayAsk(call: At, { keyId }: Claim): Promise<boolean> {
  if (isKnown(keyId)) return true
  return newKeys.consume(call.from).then(
    () => true,
    () => false,
  )
}

/** The network tells everybody of everybody's end: of those whom nobody here knows, nothing is asked. */
async function isNoNews({ keyId }: Claim, { activity, whom }: Brought): Promise<boolean> {
  if (!isFarewell(activity) || isKnown(keyId)) return false
  const tied = await Promise.all(whom.map(({ account }) => isTied(account, activity.actor)))
  return !tied.includes(true)
}

const isTied = async (account: Whom['account'], id: string): Promise<boolean> =>
  (await isFollowing(account, id)) || (await follows(account, id))

// —— who is meant ——

async function meant(call: At, activity: Activity): Promise<Whom[]> {
  const found = [...(await named(call, activity)), ...(await knowing(call, activity))]
  return [...new Map(found.map(whom => [whom.account.id, whom])).values()]
}

/**
 * What becomes of something is told to all servers that have it, and names nobody; whoever goes or changes is known to those whom they follow, and what they
 * say to those who follow them.
 */
async function knowing(call: At, { type, actor, object }: Activity): Promise<Whom[]> {
  if (type === 'Create') return call.knowing({ things: [], kept: [followingName(actor)] })
  const about = ['Update', 'Delete', 'Undo', 'Move'].includes(type) ? objectId(object) : undefined
  if (about === undefined || hostOf(about) !== hostOf(actor)) return []
  if (about === actor) return call.knowing({ things: [], kept: [followerName(actor), followingName(actor)] })
  const found = await call.knowing({ things: [about], kept: [actName(about)] })
  if (type === 'Delete' && !found.length) doubt(about)
  return found
}

const mostNamed = 20

async function named(call: At, activity: Activity): Promise<Whom[]> {
  const names = new Set(mentionedIn(activity).flatMap(id => nameIn(call.origin, id) ?? []))
  const found = await Promise.all([...names].slice(0, mostNamed).map(name => accountNamed(call, name)))
  return found.filter(each => each !== null)
}

/** Every id by which it could mean one of us. */
function mentionedIn({ to, cc, bto, bcc, audience, object }: Activity): string[] {
  const inside = typeof object === 'object' && object !== null ? (object as Record<string, unknown>) : {}
  const tags = [inside.tag].flat().map(each => (each as { href?: unknown } | null)?.href)
  const further = [inside.to, inside.cc, inside.inReplyTo, inside.object, inside.quote, inside.quoteUrl, tags].flatMap(objectIds)
  return [...to, ...cc, ...bto, ...bcc, ...audience, ...objectIds(object), ...further]
}
