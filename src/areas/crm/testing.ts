/** For tests: a desk with colleagues, a mailbox of its own kind, and letters that come in. */
import { sql } from 'kysely'
import { z } from 'zod'
import { now, setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import type { TestHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Capabilities, type Channel, channel, type Draft, type HeardMessage } from '#social/channels/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import * as crm from './actions.ts'

const settings = z.strictObject({ address: z.email() })

export const hour = 3_600_000

/** What has left, in this order. */
export const drafts: Draft[] = []
/** Its words. */
export const sent: string[] = []

export function nothingSent(): void {
  drafts.length = 0
  sent.length = 0
}

/** A network of letters, which answers, and does what else a test needs. */
export const post = (more: Omit<Capabilities<z.output<typeof settings>>, 'converse'> = {}): Channel =>
  channel<z.output<typeof settings>>({
    name: 'post',
    title: 'post.title',
    settings,
    asks: settings,
    discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
    own: it => [it.address],
    can: {
      ...more,
      converse: {
        limits: { text: 1000, attachments: 2, attachmentBytes: 1000 },
        repeatable: true,
        async reply(_account, draft, key) {
          drafts.push(draft)
          sent.push(draft.text)
          return { state: 'done', remoteId: key }
        },
      },
    },
    truth: [],
    normalise: address => address.toLowerCase(),
  }) as Channel

export interface Desk {
  org: string
  owner: Actor
  anna: Actor
  ben: Actor
  account: string
}

/** The clock of everything goes on by so many milliseconds. */
export function passTime(milliseconds: number): void {
  const offset = now().getTime() - Date.now() + milliseconds
  setClock(() => new Date(Date.now() + offset))
}

let letters = 0
/** From Carla to us, of just now. */
export function letter(more: Partial<HeardMessage> = {}): HeardMessage {
  const remoteId = more.remoteId ?? `letter ${letters++}`
  return {
    is: 'message',
    remoteId,
    direction: 'in',
    at: new Date(now().getTime() - 1000),
    from: { network: 'post', address: 'carla@example.org', name: 'Carla Diaz' },
    to: [{ network: 'post', address: 'us@example.com' }],
    copied: [],
    answers: [],
    subject: remoteId,
    text: 'a question',
    attachments: [],
    ...more,
  }
}

export function deskIn(house: TestHouse) {
  async function desk(): Promise<Desk> {
    useChannels([post()])
    nothingSent()
    const org = await house.organisation()
    const owner = await house.member(org, 'owner', 'Otto')
    const [anna, ben] = [await house.member(org, 'agent', 'Anna Berg'), await house.member(org, 'agent', 'Ben Cole')]
    const { attempt } = await house.as(org, owner, ctx => accounts.connect(ctx, { channel: 'post', asked: { address: 'us@example.com' } }))
    await house.settle()
    const { account } = await house.as(org, owner, ctx => accounts.attempt(ctx, { attempt }))
    return { org, owner, anna, ben, account: account! }
  }

  /** Letters from outside, taken in at once; those that answer one go on in its thread. Returns the thread of each. */
  async function hear(it: Desk, all: Partial<HeardMessage>[], imported?: true): Promise<string[]> {
    const heard = all.map((each, at) => letter({ at: new Date(now().getTime() - 1000 * (all.length - at)), ...each }))
    await takeInForGood(it.org, { channel: 'post', account: it.account, ...(imported && { imported }) }, heard, async () => {})
    await house.settle()
    const { rows } = await asSystem(it.org, ctx =>
      sql<{ remoteId: string; thread: string }>`select remote_id as "remoteId", thread from remote where channel = 'post'`.execute(ctx.db),
    )
    return heard.map(each => rows.find(row => row.remoteId === each.remoteId)!.thread)
  }

  /** One letter, under a name of its own that others can answer. */
  async function hears(it: Desk, more: Partial<HeardMessage> = {}, imported?: true): Promise<{ remoteId: string; thread: string }> {
    const question = letter(more)
    const [thread] = await hear(it, [question], imported)
    return { remoteId: question.remoteId, thread: thread! }
  }

  /** The thread of a question that nobody has seen yet. */
  const asks = async (it: Desk): Promise<string> => (await hears(it)).thread

  const as = <T>(it: Desk, who: Actor, run: (ctx: Ctx) => Promise<T>): Promise<T> => house.as(it.org, who, run)

  const show = (it: Desk, thread: string) => as(it, it.anna, ctx => crm.show(ctx, { thread }))

  /** What happened by this, sorted: letters carry times of their own. */
  async function happensBy(it: Desk, run: () => Promise<unknown>): Promise<string[]> {
    await house.settle()
    const before = await house.happened(it.org)
    await run()
    await house.settle()
    const after = await house.happened(it.org)
    for (const each of before) after.splice(after.indexOf(each), 1)
    return after.sort()
  }

  return { desk, hear, hears, asks, as, show, happensBy }
}
