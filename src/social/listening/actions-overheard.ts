/** What concerns no account of ours, given to whoever listens for it: once each, in the transaction that moves the cursor. */
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { log } from '#kernel/log.ts'
import { keptRemoteId } from '#social/channels/actions.ts'
import type { Heard, Passing } from '#social/channels/words.ts'
import { isOfTheData, takeInForGood } from '#social/intake/actions.ts'
import { isSought, overhearersHere } from './actions-sieve.ts'
import { lastWords, plausible } from './rules.ts'
import type { Where } from './words.ts'

interface Told {
  heard: Heard[]
  overheard?: Passing[]
  /** It was said before anybody listened here. */
  imported?: true
}

type Finish = (ctx: Ctx) => Promise<unknown>

/** A batch with both, for good, and `finish` with the last of it in one transaction. Returns how many of what concerns us were new. */
export async function takeInAll(org: string, where: Where, { heard, overheard = [], imported }: Told, finish: Finish): Promise<number> {
  const source = { ...where, ...(imported && { imported }) }
  const passing = overheard.length > 0 && (await isSought(org)) ? overheard : []
  if (passing.length === 0) return takeInForGood(org, source, heard, finish)
  try {
    return await takeInForGood(org, source, heard, async ctx => {
      await overhear(ctx, where, passing)
      await finish(ctx)
    })
  } catch (error) {
    if (!isOfTheData(error)) throw error
    await inHalves(org, where, passing, error)
    return takeInForGood(org, source, heard, finish)
  }
}

/** What is kept in one go: a larger one costs the database more for each, as it cannot know yet how many they are. */
const atOnce = 500

async function overhear(ctx: Ctx, where: Where, passing: Passing[]): Promise<void> {
  const { posts, gone } = lastWords(passing.map(each => ({ ...each, remoteId: keptRemoteId(each.remoteId) })))
  const whole = posts.map(each => plausible(each, ctx.now))
  for (const each of overhearersHere()) {
    if (gone.length) await each.forget(ctx, where, gone)
    for (let at = 0; at < whole.length; at += atOnce) await each.take(ctx, where, whole.slice(at, at + atOnce))
  }
}

/** The one post that the database refuses holds up no other: it was never ours, and is let go. */
async function inHalves(org: string, where: Where, passing: Passing[], fault: unknown): Promise<void> {
  if (passing.length === 1) return log.error({ err: fault, channel: where.channel, remoteId: passing[0]!.remoteId }, 'what passed by could not be kept') // biome-ignore format: one line
  const middle = passing.length >> 1
  for (const half of [passing.slice(0, middle), passing.slice(middle)]) {
    try {
      await asSystem(org, ctx => overhear(ctx, where, half))
    } catch (error) {
      if (!isOfTheData(error)) throw error
      await inHalves(org, where, half, error)
    }
  }
}
