/** For tests: six kinds of network that do what a script says, remember what they did, and a desk to answer and to publish from. */
import { sql } from 'kysely'
import { z } from 'zod'
import { setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { tickNow } from '#kernel/jobs.ts'
import type { TestHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import * as channels from '#social/channels/actions.ts'
import { type Channel, type Converse, channel, type Delivery, type Draft, type HeardMessage, type Publish } from '#social/channels/words.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import type { DeliveryCard } from '#social/deliveries/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import { answer, publish } from './actions.ts'

export type Plan = 'ok' | 'dropped' | 'refusedLate' | 'fault' | 'wait' | 'down' | 'rejected' | 'reconnect' | 'notDone'

export interface Done {
  key: string
  draft: Draft
}
/** What the network did: its effects, one after the other. */
export const done: Done[] = []
export const calls: { key: string; did: boolean }[] = []
/** What goes wrong with the next calls for a draft, by its text. */
export const plans = new Map<string, Plan[]>()

/** What was asked to be changed there, and how it went. */
export const amended: { does: string; remoteId: string; text?: string; kind?: string; undone?: boolean }[] = []

export const says = 'test.says'
/** Of the plans that end in doubt, the first three were done, the last one was not. */
const outcomes: Record<Plan, () => void> = {
  ok: () => {},
  dropped: () => fail('unsure'),
  refusedLate: () => fail('unsure'),
  fault: () => {
    throw new TypeError('a fault of the channel')
  },
  notDone: () => fail('unsure'),
  wait: () => fail('wait'),
  down: () => fail('down'),
  rejected: () => fail('rejected'),
  reconnect: () => fail('reconnect'),
}
const does: Plan[] = ['ok', 'dropped', 'refusedLate', 'fault']

function fail(kind: ChannelError['kind']): never {
  throw new ChannelError(kind, { says, ...(kind === 'wait' && { until: new Date(now().getTime() + 90_000) }) })
}

let offset = 0
export const now = () => new Date(Date.now() + offset)
/** The clock goes on. */
export function later(seconds: number): void {
  offset += seconds * 1000
  setClock(now)
}

export interface Kind {
  repeatable?: true
  lookUp?: boolean
  pending?: boolean
  named?: boolean
}
/** Six kinds of network: what they know of a once-key, and when they answer. */
export const kinds: Record<string, Kind> = {
  keyed: { repeatable: true },
  readable: { lookUp: true },
  named: { lookUp: true, named: true },
  slow: { pending: true, lookUp: true },
  keyedSlow: { pending: true, repeatable: true },
  blind: {},
}

/** Answers and posts are sent alike. */
function sending({ repeatable, lookUp, pending, named }: Kind): Publish<unknown> {
  const answered = (key: string): Delivery => (pending ? { state: 'pending', ticket: key } : { state: 'done', remoteId: `remote:${key}` })
  return {
    limits: { text: 1000, attachments: 2, attachmentBytes: 1000, alt: 20, parts: 3 },
    async send(_account, draft, key) {
      const plan = plans.get(draft.text)?.shift() ?? 'ok'
      const did = does.includes(plan)
      calls.push({ key, did })
      const before = repeatable && done.some(each => each.key === key)
      if (did && !before) done.push({ key, draft })
      outcomes[plan]()
      return answered(key)
    },
    ...(repeatable && { repeatable }),
    ...(named && { remoteIdFor: (_account: unknown, key: string) => `remote:${key}` }),
    ...(pending && { settle: async (_account: unknown, ticket: string) => ({ state: 'done' as const, remoteId: `remote:${ticket}` }) }),
    ...(lookUp && {
      lookUp: async (_account: unknown, key: string) =>
        done.some(each => each.key === key) ? ({ state: 'done', remoteId: `remote:${key}` } as const) : null,
    }),
  }
}

const conversing = ({ send, ...way }: Publish<unknown>, { named, repeatable }: Kind): Converse<unknown> => ({
  ...way,
  reply: send,
  ...(named && { aside: true }),
  ...(repeatable && { live: true }),
})

async function amends(it: (typeof amended)[number]): Promise<void> {
  const plan = plans.get(`${it.does} ${it.remoteId}`)?.shift() ?? 'ok'
  if (does.includes(plan)) amended.push(it)
  outcomes[plan]()
}

const amend = (): Pick<Channel['can'], 'amend' | 'react' | 'moderate'> => ({
  amend: {
    edit: (_account, remoteId, draft) => amends({ does: 'edit', remoteId, text: draft.text }),
    remove: (_account, remoteId) => amends({ does: 'remove', remoteId }),
    pin: (_account, remoteId, undone) => amends({ does: undone ? 'unpin' : 'pin', remoteId }),
  },
  moderate: {
    show: (_account, remoteId) => amends({ does: 'show', remoteId }),
    hide: (_account, remoteId) => amends({ does: 'hide', remoteId }),
  },
  react: { kinds: ['like', 'share'], react: (_account, remoteId, kind, undone) => amends({ does: 'react', remoteId, kind, undone }) },
})

/** How often each was liked there, by its remote id. */
export const liked = new Map<string, number>()
const count = async (_account: unknown, remoteIds: string[]) =>
  remoteIds.flatMap(remoteId => {
    const value = liked.get(remoteId)
    return value === undefined ? [] : [{ remoteId, measure: 'likes', value, at: now() }]
  })

const settings = z.strictObject({ address: z.email() })
const scripted = Object.entries(kinds).map(
  ([name, kind]) =>
    channel<z.output<typeof settings>>({
      name,
      title: `${name}.title`,
      settings,
      asks: settings,
      discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
      own: it => [it.address, 'alias@example.com'],
      can: {
        converse: { ...conversing(sending(kind), kind), aliases: true },
        publish: sending(kind),
        ...(kind.lookUp && { ...amend(), metrics: { read: count } }),
      },
      truth: [],
      normalise: address => address.toLowerCase(),
      ...(kind.named && { recognises: (text: string) => text.includes('@') }),
    }) as Channel,
)

export interface Desk {
  org: string
  agent: Actor
  account: string
  network: string
  /** A thread with a question from outside. */
  thread(name?: string): Promise<string>
}

export const question = (network: string, name: string, more: Partial<HeardMessage> = {}): HeardMessage => ({
  is: 'message',
  remoteId: name,
  direction: 'in',
  at: new Date(Date.now() - 60_000),
  from: { network, address: 'anna@example.org', name: 'Anna' },
  to: [
    { network, address: 'US@example.com' },
    { network, address: 'carl@example.org' },
  ],
  copied: [
    { network, address: 'alias@example.com' },
    { network, address: 'dora@example.org', name: 'Dora' },
  ],
  answers: [],
  subject: name,
  text: 'a question',
  attachments: [],
  ...more,
})

/** What a test does at its desk; the networks are those of the house from now on. */
export function deskIn(house: TestHouse) {
  channels.useChannels(scripted)

  async function desk(network = 'readable'): Promise<Desk> {
    for (const list of [done, calls, amended]) list.length = 0
    plans.clear()
    offset = 0
    setClock()
    const org = await house.organisation()
    const agent = await house.member(org, 'agent', 'Agnes')
    const { attempt } = await house.as(org, 'owner', ctx =>
      accounts.connect(ctx, { channel: network, asked: { address: 'us@example.com' } }),
    )
    await house.settle()
    const { account } = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
    let count = 0
    const thread = async (name = `question ${count++}`) => {
      await takeInForGood(org, { channel: network, account }, [question(network, name)], async () => {})
      return asSystem(
        org,
        async ctx => (await sql<{ id: string }>`select id from thread where subject = ${name}`.execute(ctx.db)).rows[0]!.id,
      )
    }
    return { org, agent, account: account!, network, thread }
  }

  const write = (it: Desk, thread: string, text: string, more: Record<string, unknown> = {}) =>
    house.as(it.org, it.agent, ctx => answer(ctx, { thread, text, dueAt: ctx.now, ...more }))

  const fate = async (it: Desk, content: string): Promise<DeliveryCard> =>
    (await asSystem(it.org, ctx => deliveriesOf(ctx, [content]))).get(content)!
  const state = async (it: Desk, content: string) => (await fate(it, content)).state
  /** All of them, page by page. */
  async function told(it: Desk, before?: string): Promise<string[]> {
    const { items, next } = await house.as(it.org, it.agent, ctx => notifications.list(ctx, { before, limit: 100 }))
    const here = items.filter(each => each.kind === 'delivery').map(each => each.says)
    return next ? [...here, ...(await told(it, next))] : here
  }

  /** Runs what is due now; the timers find what waits for the moved clock. */
  async function run(...timers: string[]): Promise<void> {
    for (const timer of ['deliveries.sendDue', ...timers]) await tickNow(timer)
    await house.settle()
  }

  const post = (it: Desk, text: string, more: Record<string, unknown> = {}) =>
    house.as(it.org, it.agent, ctx => publish(ctx, { account: it.account, text, dueAt: ctx.now, ...more }))

  return { desk, write, post, fate, state, told, run }
}
