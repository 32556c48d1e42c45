import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { allAccounts, channelNamed, limitsOf } from '#social/channels/actions.ts'
import type { Limits } from '#social/channels/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as pictures from './store-pictures.ts'
import * as words from './words.ts'

// —— where one can publish ——

/** An account that can say something to everybody. */
export interface Stage {
  id: string
  name: string
  address: string
  channel: string
  /** Of its network, as a message key. */
  title: string
  limits: Limits
  canEdit: boolean
  canRemove: boolean
  /** Whether a link may lead to something that can be quoted there; null where nothing is quoted. */
  quotes: ((link: string) => boolean) | null
}

export async function stages(ctx: Ctx): Promise<Stage[]> {
  return (await allAccounts(ctx)).flatMap(row => {
    const { id, name, address, channel: named } = row
    const channel = channelNamed(named)
    const limits = channel && limitsOf({ row, channel }, 'publish')
    if (!channel || !limits) return []
    const { edit, remove } = channel.can.amend ?? {}
    const { title } = channel
    const quotes = channel.can.publish?.quotes ?? null
    return [{ id, name, address, channel: named, title, limits, canEdit: Boolean(edit), canRemove: Boolean(remove), quotes }]
  })
}

/** What a post quotes; null where nothing, or the post is no more. */
export async function quotingOf(
  ctx: Ctx,
  { quotesPost, quotesLink }: Pick<words.Post, 'quotesPost' | 'quotesLink'>,
  on: Stage[],
): Promise<words.Quoting | null> {
  if (!quotesPost) return quotesLink ? { shows: quotesLink, link: quotesLink, said: new Map() } : null
  const post = await store.one(ctx, quotesPost)
  const channels = new Map(on.map(each => [each.id, each.channel]))
  const out = post?.variants.filter(each => each.state === 'sent' && each.content && channels.has(each.account)) ?? []
  const said = new Map(out.map(each => [channels.get(each.account)!, each.content!]))
  return post ? { shows: post.text || (out[0]?.text ?? ''), link: '', said } : null
}

// —— writing ——

export const begin = action({
  says: 'Begin a post, with `text` one with these words, with `quotes` one that quotes another post of ours; one’s own empty draft is taken again',
  who: 'posts.write',
  takes: z.strictObject({ quotes: id.optional(), text: text(50_000).default('') }),
  gives: z.object({ post: id }),
  run: async (ctx, { quotes, text: said }) => {
    const empty = ctx.actor.person && !quotes && !said ? await store.emptyOf(ctx, ctx.actor.person) : undefined
    if (quotes && !(await store.one(ctx, quotes))) refuse('notFound', 'kernel.notFound')
    const fresh = empty ?? newId(ctx.now)
    if (!empty) await store.add(ctx, fresh, quotes, said)
    return { post: fresh }
  },
})

/** What is written of a post, all of it. */
export const writing = z.strictObject({
  version: z.coerce.number().int().min(0),
  text: text(50_000),
  /** A post of ours, or an address on the web; the post counts first. */
  quotesPost: id.nullable().default(null),
  quotesLink: text(2000).default(''),
  poll: words.poll.nullable().default(null),
  variants: z
    .array(
      z.strictObject({
        account: id,
        text: text(50_000).nullable().default(null),
        warning: text(500).default(''),
        repliesFrom: z.enum(words.repliesFrom).nullable().default(null),
      }),
    )
    .max(100),
  alts: z.record(id, text(5000)).default({}),
})
export type Writing = z.output<typeof writing>

export const keep = action({
  says: 'Keep what is written of a draft; `version` is the one that the writer has seen',
  who: 'posts.write',
  passing: true,
  takes: writing.extend({ post: id }),
  gives: z.object({ version: z.number() }),
  run: async (ctx, { post: it, ...written }) => write(ctx, await theDraft(ctx, it), written),
})

/** Held until the end of the transaction. */
export async function thePost(ctx: Ctx, it: string) {
  const row = await store.locked(ctx, it)
  return row && !row.deleted_at ? row : refuse('notFound', 'kernel.notFound')
}

export async function theDraft(ctx: Ctx, it: string) {
  const row = await thePost(ctx, it)
  rules.isDraft(row.due_at)
  return row
}

export async function write(ctx: Ctx, row: { id: string; version: number }, written: Writing): Promise<{ version: number }> {
  rules.hasSeen(row.version, written.version)
  const known = new Set((await stages(ctx)).map(each => each.id))
  const variants = [...new Map(written.variants.map(each => [each.account, each])).values()]
  await store.putVariants(
    ctx,
    row.id,
    variants.filter(each => known.has(each.account)),
  )
  await pictures.describe(ctx, row.id, written.alts)
  const version = row.version + 1
  const quotes = { quotes_post: written.quotesPost, quotes_link: written.quotesLink.trim(), poll: written.poll }
  await store.change(ctx, row.id, { text: written.text.replaceAll('\r\n', '\n'), ...quotes, version, at: ctx.now })
  return { version }
}

export const discard = action({
  says: 'Throw a draft away; it can be brought back',
  who: 'posts.write',
  takes: z.strictObject({ post: id }),
  gives: z.object({}),
  run: async (ctx, { post: it }) => {
    await theDraft(ctx, it)
    await store.change(ctx, it, { deleted_at: ctx.now })
    tell(ctx, 'posts')
    return {}
  },
})

export const restore = action({
  says: 'Bring back a draft that was thrown away',
  who: 'posts.write',
  takes: z.strictObject({ post: id }),
  gives: z.object({}),
  run: async (ctx, { post: it }) => {
    if (!(await store.locked(ctx, it))) refuse('notFound', 'kernel.notFound')
    await store.change(ctx, it, { deleted_at: null })
    tell(ctx, 'posts')
    return {}
  },
})
