/** What whoever answers has to choose from, and how much room: as the account has it by which the other side spoke last. */
import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { remembered } from '#kernel/remembered.ts'
import { allAccounts, channelNamed, limitsOf, normaliserOf } from '#social/channels/actions.ts'
import { byThread, contentOf } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { threadOf } from '#social/threads/actions.ts'
import type { Thread } from '#social/threads/words.ts'
import * as rules from './rules.ts'

/** By which the other side spoke last: whoever went on by another channel is answered there. */
export async function usualAccount(ctx: Ctx, thread: Pick<Thread, 'id' | 'account'>): Promise<string | null> {
  return accountOf((await byThread(ctx, thread.id, { limit: 30 })).items) ?? thread.account
}

function accountOf(said: Content[]): string | null {
  const last = said.findLast(each => each.noun === 'Message' && each.side === 'outside')
  return typeof last?.detail?.account === 'string' ? last.detail.account : null
}

/**
 * The addresses that an answer may be written from, and which it is when nothing is chosen; none where there is nothing to choose. `said` is the end of the
 * thread, as whoever shows it has it.
 */
export async function writersOf(ctx: Ctx, thread: Pick<Thread, 'account'>, said: Content[]): Promise<{ choices: string[]; usual: string }> {
  const account = accountOf(said) ?? thread.account
  const { own, channel } = account ? await aboutAccount(ctx, account) : unknown
  const normalise = normaliserOf(channel)
  const heard = said.map(each => ({ ...each.detail, side: each.side }))
  const mayChoose = own.length > 1 && channelNamed(channel)?.can.converse?.aliases
  return { choices: mayChoose ? own : [], usual: rules.addressWritten(heard, own, normalise) ?? own[0] ?? '' }
}

type Row = Awaited<ReturnType<typeof allAccounts>>[number]
const unknown = { own: [] as string[], channel: '', limits: null as Row['limits'] }

/** Every address of an account, the main one first, and what its server takes; nothing when it is gone. Read without its secrets, because every page of a thread asks. */
const aboutAccount = (ctx: Ctx, account: string): Promise<typeof unknown> =>
  remembered(ctx, `outbox.about ${account}`, ['accounts'], async () => {
    const row = (await allAccounts(ctx)).find(each => each.id === account)
    if (!row) return unknown
    const main = normaliserOf(row.channel)(row.address)
    return { own: [row.address, ...row.own.filter(each => each !== main)], channel: row.channel, limits: row.limits }
  })

/** How much an answer may hold, as its network counts. */
export interface Room {
  most: number
  length(text: string): number
}

/** Of an answer to the last of these, which are the end of the thread; nothing where nobody writes that much. */
export async function roomOf(ctx: Ctx, thread: Pick<Thread, 'account'>, said: Content[]): Promise<Room | null> {
  const account = accountOf(said) ?? thread.account
  const { channel: named, limits: kept } = account ? await aboutAccount(ctx, account) : unknown
  const channel = channelNamed(named)
  const limits = channel && limitsOf({ row: { limits: kept }, channel }, 'converse')
  return limits && limits.text <= rules.longestCounted
    ? { most: limits.text, length: given => limits.count?.(given) ?? given.length }
    : null
}

export const roomFor = action({
  says: 'How long an answer is and may be, as the network of the thread counts; null where there is no need to count',
  who: 'threads.write',
  reads: true,
  takes: z.strictObject({
    thread: id,
    text: text(500_000),
    /** The message that is answered, where it is not simply the last one. */
    answers: id.optional(),
  }),
  gives: z.object({ room: z.object({ length: z.number(), most: z.number() }).nullable() }),
  run: async (ctx, input) => {
    const thread = await threadOf(ctx, input.thread)
    const asked = input.answers ? (await contentOf(ctx, [input.answers])).get(input.answers) : undefined
    const said = asked?.thread === thread.id ? [asked] : (await byThread(ctx, thread.id, { limit: 30 })).items
    const room = await roomOf(ctx, thread, said)
    return { room: room && { length: room.length(input.text), most: room.most } }
  },
})
