import { z } from 'zod'
import { action, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { keeps } from '#kernel/keeps.ts'
import { storableJson } from '#kernel/plain.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')

const key = line(200)

export const keep = action({
  says: 'Keep what is being written, to go on with it on any device',
  who: 'self.manage',
  published: false,
  passing: true,
  takes: z.strictObject({ key, body: z.json() }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const body = JSON.stringify(storableJson(input.body))
    if (rules.isEmpty(input.body)) await store.drop(ctx, self(ctx), input.key)
    else {
      rules.mayKeep({ bytes: Buffer.byteLength(body), others: await store.others(ctx, self(ctx), input.key) })
      await store.keep(ctx, self(ctx), input.key, body)
    }
    return {}
  },
})

export const drop = action({
  says: 'Throw a draft away',
  who: 'self.manage',
  published: false,
  passing: true,
  takes: z.strictObject({ key }),
  gives: z.object({ was: z.unknown() }),
  run: async (ctx, input) => {
    const was = await store.one(ctx, self(ctx), input.key)
    await store.drop(ctx, self(ctx), input.key)
    return { was: was?.body ?? null }
  },
})

export const list = action({
  says: 'List one’s own drafts, newest first',
  who: 'self.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.object({ key: z.string(), body: z.unknown(), at: z.date() })) }),
  run: async ctx => ({ items: await store.list(ctx, self(ctx)) }),
})

/** What was written under this key has been sent: there is nothing to go on with. */
export const sent = (ctx: Ctx, key: string): Promise<unknown> =>
  ctx.actor.person ? store.drop(ctx, ctx.actor.person, key) : Promise.resolve()

/** What the actor had written under this key: field name → text. Empty when there is nothing. */
export async function draftOf(ctx: Ctx, draftKey: string): Promise<Record<string, string>> {
  const kept = ctx.actor.person ? await store.one(ctx, ctx.actor.person, draftKey) : undefined
  const fields = (kept?.body as { fields?: unknown } | undefined)?.fields
  return z
    .record(z.string(), text(262_144))
    .catch({})
    .parse(fields ?? {})
}

/** What was begun under one key is gone on with under another, unless something was begun there as well. */
export const moveDrafts = (ctx: Ctx, from: string, to: string): Promise<unknown> => store.rename(ctx, from, to)

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ draft: { of: { person: 'person', key: store.aboutThem }, theme: 'conversations' } })
