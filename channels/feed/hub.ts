/** Subscribing to a feed's hub (WebSub, W3C Recommendation, 23 January 2018), so that what is new is pushed instead of fetched. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { houseOrigin } from '#kernel/origin.ts'
import type { Account } from '#social/channels/words.ts'
import { faultOf } from './client.ts'
import type { Relations } from './relations.ts'
import type { Settings } from './settings.ts'

/** What we agreed with a hub, kept in the account's memory under `hub`. */
const hubForm = z.strictObject({
  hub: z.string().max(2000),
  topic: z.string().max(2000),
  /** Signs what is pushed. */
  secret: z.string().max(200),
  /** In the address that the hub calls; nobody else knows it. */
  mark: z.string().max(40),
  /** From when on what is new is the hub's to tell. */
  since: z.iso.datetime(),
  /** When we asked last; the hub has to say that it was us (`hub.mode=subscribe`) while this is open. */
  askedAt: z.iso.datetime(),
  open: z.boolean(),
  /** It pushes until then. */
  until: z.iso.datetime().optional(),
})
export type Hub = z.output<typeof hubForm>

export const taskForm = z.strictObject({ is: z.literal('subscribe'), mark: z.string().max(40) })

export async function hubOf({ memory }: Pick<Account, 'memory'>): Promise<Hub | undefined> {
  return hubForm.safeParse(await memory.get('hub')).data
}
const keep = ({ memory }: Account<Settings>, hub: Hub | undefined): Promise<unknown> => memory.set('hub', hub)

export const pushes = (hub: Hub | undefined): boolean => hub?.until !== undefined && new Date(hub.until) > now()

/** `now`: something was pushed, so the feed is worth a look. `by itself`: its hub will tell. */
export async function isPushed(account: Account<Settings>): Promise<'now' | 'by itself' | 'no'> {
  if (!pushes(await hubOf(account))) return 'no'
  if ((await account.memory.get('look')) === undefined) return 'by itself'
  await account.memory.set('look', undefined)
  return 'now'
}

/** What was pushed is still to be looked for. */
export async function lookAgain({ memory }: Account<Settings>, fault: unknown): Promise<never> {
  await memory.set('look', true)
  throw fault
}

const day = 86_400_000

/**
 * Asks the hub that the feed names, unless it pushes already or was asked within a day. Without `said` nothing is known anew, and the hub of before is asked
 * again when it stopped.
 */
export async function askHub(account: Account<Settings>, said: Relations | undefined): Promise<void> {
  const before = await hubOf(account)
  const hub = said ? chosen(said.hubs) : before?.hub
  const topic = said?.self ?? before?.topic
  if (!hub || !topic) return void (before && (await keep(account, undefined)))
  if (before?.hub === hub && before.topic === topic && (pushes(before) || isFresh(before.askedAt))) return
  await begin(account, hub, topic)
}

const isFresh = (moment: string): boolean => now().getTime() - new Date(moment).getTime() < day

/** One hub is enough; one that nobody can listen in on is better. */
const chosen = (hubs: string[]): string | undefined => hubs.find(each => each.startsWith('https:')) ?? hubs[0]

async function begin(account: Account<Settings>, hub: string, topic: string): Promise<void> {
  const [mark, secret] = [randomBytes(12).toString('hex'), randomBytes(32).toString('hex')]
  const at = now().toISOString()
  await keep(account, { hub, topic, secret, mark, since: at, askedAt: at, open: true })
  await account.later([{ is: 'subscribe', mark }])
}

const doorOf = ({ org, id }: Account, mark: string): string => `${houseOrigin()}/webhooks/${org}/${id}?hub=${mark}`

/** Asks for pushes, the first time or once more before they end. What another subscription has taken the place of is left alone. */
export async function subscribe(account: Account<Settings>, mark: string): Promise<void> {
  const hub = await hubOf(account)
  if (hub?.mark !== mark) return
  // The hub may ask back before it answers, so it is expected from now on.
  await keep(account, { ...hub, open: true, askedAt: now().toISOString() })
  const asked = { 'hub.mode': 'subscribe', 'hub.topic': hub.topic, 'hub.callback': doorOf(account, mark), 'hub.secret': hub.secret }
  const body = new URLSearchParams({ ...asked, 'hub.lease_seconds': String((10 * day) / 1000) }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await guardedFetch(hub.hub, { method: 'POST', headers, body, timeoutMs: 30_000 }).catch(again)
  if (answer && (answer.status === 429 || answer.status >= 500)) throw faultOf(answer.status, answer.headers)
}

/** Asking a hub twice is asking it once. One that may not be reached is none: the feed is fetched as before. */
function again(error: unknown): undefined {
  if (!(error instanceof ChannelError)) throw error
  if (error.kind !== 'rejected') throw new ChannelError('down', { says: error.says, cause: error })
}

const words = (text: string, status = 200): Response =>
  new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' } })

/** The hub asks whether it was really us, or says that it will not push. Whatever we did not ask for is not found here. */
export async function verify(account: Account<Settings>, query: URLSearchParams): Promise<Response> {
  const hub = await hubOf(account)
  const [mode, topic, challenge] = ['mode', 'topic', 'challenge'].map(name => query.get(`hub.${name}`) ?? '')
  if (!hub?.open || query.get('hub') !== hub.mark || topic !== hub.topic) return words('', 404)
  if (mode === 'denied') return denied(account, hub)
  const seconds = Number(query.get('hub.lease_seconds'))
  if (mode !== 'subscribe' || !challenge || challenge.length > 1000 || !(seconds >= 60)) return words('', 404)
  await lease(account, hub, Math.min(seconds * 1000, 365 * day))
  return words(challenge)
}

async function denied(account: Account<Settings>, { until, ...hub }: Hub): Promise<Response> {
  await keep(account, { ...hub, open: false, askedAt: now().toISOString() })
  return words('')
}

/** Asked for again when a fifth of it is left. */
async function lease(account: Account<Settings>, hub: Hub, milliseconds: number): Promise<void> {
  const from = now().getTime()
  await keep(account, { ...hub, open: false, until: new Date(from + milliseconds).toISOString() })
  await account.later([{ is: 'subscribe', mark: hub.mark }], new Date(from + milliseconds * 0.8))
}
