/** What the shop of the demonstration says of its own, and under which names: drafts, what is planned, the week of its accounts. Its accounts are paused, so nothing ever leaves. */
import { addSlots, begin, keep, plan } from '#areas/marketing/actions.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { seal } from '#kernel/crypto.ts'
import { inOrg } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { make, place } from '#social/brands/actions.ts'
import { addAccount } from '#social/channels/store.ts'

const bluesky = {
  handle: 'nordlicht.example',
  password: 'none',
  server: 'https://pds.nordlicht.example',
  did: 'did:plc:nordlichtnordlichtnordli',
  historyDays: 0,
}
const mastodon = {
  server: 'https://social.nordlicht.example',
  token: 'none',
  address: '@laden@social.nordlicht.example',
  accountId: '1',
  home: false,
}
const accounts = [
  { channel: 'bluesky', name: 'Nordlicht', address: bluesky.handle, settings: bluesky },
  { channel: 'mastodon', name: 'Nordlicht', address: mastodon.address, settings: mastodon },
]

/** The name under which the shop's repairs speak. */
const workshop = {
  name: 'Nordlicht Werkstatt',
  website: 'https://werkstatt.nordlicht.example',
  colour: '#2f5d50',
  language: 'de' as const,
  signature: 'Nordlicht Werkstatt · Wir reparieren, was andere wegwerfen.',
}

/** Days from today, hour, words; what is asked with them. */
const planned: [day: number, hour: number, text: string, choices?: string[]][] = [
  [1, 9, 'Neu im Laden: die Stehlampe „Fjell“ aus geölter Eiche. Kommt vorbei und knipst sie an! #licht'],
  [1, 16, 'Frage der Woche: Warmes oder kaltes Licht am Schreibtisch?', ['Warmes', 'Kaltes', 'Je nach Tageszeit']],
  [
    3,
    9,
    'Behind the scenes: how a lampshade is made, from the first cut to the last stitch.\n---\nStep two: linen, steam and a lot of patience.',
  ],
  [6, 11, 'Am Samstag ist Reparaturtag in der Werkstatt: Bringt eure alten Lampen mit. https://nordlicht.example/reparatur'],
  [12, 9, 'Godnatt, höst. Hej, ljusa kvällar: vår adventsguide är här. https://nordlicht.example/advent'],
]
const drafts = ['Wir suchen Verstärkung in der Werkstatt …', 'Ideas for the spring catalogue: light for small rooms']

export async function writePosts(org: string, person: string): Promise<void> {
  const owner: Actor = { kind: 'person', account: null, person, role: 'owner', via: 'test' }
  await inOrg(org, owner, async ctx => {
    const ids: string[] = []
    for (const each of accounts) ids.push(await pausedAccount(ctx, each, person))
    await addSlots(ctx, { account: ids[0]!, weekdays: [1, 2, 3, 4, 5], time: '09:00' })
    await addSlots(ctx, { account: ids[0]!, weekdays: [2, 4], time: '16:30' })
    for (const [day, hour, text, choices] of planned)
      await planOne(ctx, await write(ctx, text, ids.slice(0, 1 + (day % 2)), choices), momentIn(ctx.now, day, hour))
    for (const text of drafts) await write(ctx, text, ids.slice(0, 1))
    const { brand } = await make(ctx, workshop)
    await place(ctx, { account: ids[1]!, brand })
  })
}

const momentIn = (now: Date, day: number, hour: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + day, hour - 1))

async function pausedAccount(ctx: Ctx, { channel, name, address, settings }: (typeof accounts)[number], owner: string): Promise<string> {
  const id = newId(ctx.now)
  const stands = { state: 'paused' as const, state_says: null, state_since: ctx.now, quiet_until: null, heard_at: null, cursor: null }
  const connected = { connected_by: owner, connected_at: ctx.now, removed_at: null }
  const sealed = await seal(ctx, JSON.stringify(settings))
  await addAccount(ctx, { id, channel, name, address, own: [address], settings: sealed, ...stands, ...connected })
  return id
}

async function write(ctx: Ctx, text: string, to: string[], choices?: string[]): Promise<string> {
  const { post } = await begin(ctx, {})
  const poll = choices && { choices, hours: 72, many: false }
  await keep(ctx, { post, version: 0, text, variants: to.map(account => ({ account })), ...(poll && { poll }) })
  return post
}

const planOne = (ctx: Ctx, post: string, at: Date): Promise<unknown> => plan(ctx, { post, when: 'at', at })
