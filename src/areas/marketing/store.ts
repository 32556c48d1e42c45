import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { hasPicture, picturesOf } from './store-pictures.ts'
import { type Counts, openStates, type Poll, type Post, type Slot, troubledStates, type Variant, type View } from './words.ts'

interface PostTable {
  id: string
  text: string
  quotes_post: string | null
  quotes_link: string
  poll: Poll | null
  begun_by: string | null
  begun_at: Date
  version: number
  due_at: Date | null
  planned_by: string | null
  planned_at: Date | null
  wanted_at: Date | null
  at: Date
  deleted_at: Date | null
}

interface VariantTable {
  post: string
  account: string
  text: string | null
  warning: string
  replies_from: Variant['repliesFrom']
  due_at: Date | null
  content: string | null
  delivery: string | null
  back_at: Date | null
}

const of = tables<{
  post: PostTable
  post_variant: VariantTable
  post_slot: Slot & { account: string }
  post_zone: { account: string; zone: string }
}>()

// —— posts ——

export const add = (ctx: Ctx, id: string, quotes: string | null = null, text = ''): Promise<unknown> =>
  of(ctx)
    .insertInto('post')
    .values({ id, quotes_post: quotes, begun_by: ctx.actor.person, begun_at: ctx.now, at: ctx.now, text, version: 0 } as PostTable)
    .execute()

const isEmpty = sql<SqlBool>`post.due_at is null and post.text = '' and post.quotes_post is null and post.quotes_link = '' and post.poll is null and not ${hasPicture}
  and not exists (select from post_variant v where v.post = post.id and v.text <> '')`

/** A draft of this person that holds nothing yet. */
export async function emptyOf(ctx: Ctx, person: string): Promise<string | undefined> {
  const query = of(ctx).selectFrom('post').select('id').where('begun_by', '=', person).where('deleted_at', 'is', null).where(isEmpty)
  return (await query.orderBy('id', 'desc').limit(1).executeTakeFirst())?.id
}

/** Locked until the end of the transaction; also one that was thrown away. */
export const locked = (ctx: Ctx, id: string): Promise<PostTable | undefined> =>
  of(ctx).selectFrom('post').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const change = (ctx: Ctx, id: string, { poll, ...set }: Partial<PostTable>): Promise<unknown> =>
  of(ctx)
    .updateTable('post')
    .set({ ...set, ...(poll !== undefined && { poll: sql<Poll | null>`${poll && JSON.stringify(poll)}::jsonb` }) })
    .where('id', '=', id)
    .execute()

const columns = [
  'id',
  'text',
  'quotes_post as quotesPost',
  'quotes_link as quotesLink',
  'poll',
  'begun_by as begunBy',
  'version',
  'due_at as dueAt',
  'wanted_at as wantedAt',
  'at',
] as const

export async function one(ctx: Ctx, id: string): Promise<Post | undefined> {
  const rows = await of(ctx).selectFrom('post').select(columns).where('id', '=', id).where('deleted_at', 'is', null).execute()
  return (await whole(ctx, rows))[0]
}

type Bare = Omit<Post, 'variants' | 'pictures'>

/** With what hangs on them. */
async function whole(ctx: Ctx, rows: Bare[]): Promise<Post[]> {
  const ids = rows.map(row => row.id)
  if (ids.length === 0) return []
  const [variants, pictures] = [await variantsOf(ctx, ids), await picturesOf(ctx, ids)]
  const its = <T extends { post: string }>(all: T[], id: string) => all.filter(each => each.post === id)
  return rows.map(row => ({ ...row, variants: its(variants, row.id), pictures: its(pictures, row.id) }))
}

async function variantsOf(ctx: Ctx, posts: string[]): Promise<(Variant & { post: string })[]> {
  const { rows } = await sql<Variant & { post: string }>`
    select v.post, v.account, v.text, v.warning, v.replies_from as "repliesFrom", v.due_at as "dueAt", v.content, v.delivery, d.thread,
      case when v.back_at is not null then 'back' else d.state end as state
    from post_variant v left join delivery_card d on d.id = v.delivery
    where v.post = any(${posts}::uuid[]) order by v.account`.execute(ctx.db)
  return rows
}

const anywhere = (states: string[]) =>
  sql<SqlBool>`exists (select from post_variant v join delivery_card d on d.id = v.delivery
    where v.post = post.id and v.back_at is null and d.state = any(${states}::text[]))`

const bad = anywhere(troubledStates)
const waiting = anywhere(openStates)
const filters: Record<View, ReturnType<typeof anywhere>> = {
  drafts: sql<SqlBool>`post.due_at is null and not (${isEmpty})`,
  planned: sql<SqlBool>`post.due_at is not null and ${waiting}`,
  trouble: sql<SqlBool>`post.due_at is not null and ${bad}`,
  gone: sql<SqlBool>`post.due_at is not null and not ${waiting} and not ${bad}`,
}

/** A page of a view by key, newest first; what is planned, in the order in which it goes out. */
export async function list(ctx: Ctx, view: View, before: string | undefined, most: number): Promise<Post[]> {
  const [at, id] = before?.split(' ') ?? []
  const ahead = view === 'planned'
  let query = of(ctx).selectFrom('post').select(columns).where('deleted_at', 'is', null).where(filters[view]).limit(most)
  query = query.orderBy('at', ahead ? 'asc' : 'desc').orderBy('id', ahead ? 'asc' : 'desc')
  if (at && id) {
    const last = sql`(${new Date(Number(at))}::timestamptz, ${id}::uuid)`
    query = query.where(ahead ? sql<SqlBool>`(at, id) > ${last}` : sql<SqlBool>`(at, id) < ${last}`)
  }
  return whole(ctx, await query.execute())
}

/** Begins at what is still under way, so that it does not grow with what has long been out. */
export async function counts(ctx: Ctx): Promise<Counts> {
  const { rows } = await sql<Counts>`
    with live as (
      select distinct v.post, d.state = any(${troubledStates}::text[]) as bad
      from delivery_card d join post_variant v on v.delivery = d.id join post on post.id = v.post
      where d.state = any(${[...openStates, ...troubledStates]}::text[]) and v.back_at is null and post.deleted_at is null and post.due_at is not null
    )
    select (select count(*) from post where deleted_at is null and ${filters.drafts}) as drafts,
      count(*) filter (where not bad) as planned, count(*) filter (where bad) as trouble,
      exists (select from post where deleted_at is null and ${filters.gone}) as "someGone"
    from live`.execute(ctx.db)
  return rows[0]!
}

/** What goes or went out in this time, in its order. */
export async function between(ctx: Ctx, from: Date, to: Date, most: number): Promise<Post[]> {
  const query = of(ctx).selectFrom('post').select(columns).where('deleted_at', 'is', null)
  const due = query.where('due_at', '>=', from).where('due_at', '<', to)
  return whole(ctx, await due.orderBy('due_at').orderBy('id').limit(most).execute())
}

export async function ofThread(ctx: Ctx, thread: string): Promise<string | undefined> {
  const { rows } = await sql<{ post: string }>`
    select v.post from delivery_card d join post_variant v on v.content = d.content where d.thread = ${thread} limit 1`.execute(ctx.db)
  return rows[0]?.post
}

// —— variants ——

interface SaidAs {
  post: string
  account: string
  content: string
  text: string
}

/** Of what was said those that are posts and stand, with the words that were written for them. */
export async function saidAs(ctx: Ctx, contents: string[]): Promise<SaidAs[]> {
  if (contents.length === 0) return []
  const { rows } = await sql<SaidAs>`
    select v.post, v.account, v.content, coalesce(v.text, p.text) as text from post_variant v join post p on p.id = v.post
    where v.content = any(${contents}::uuid[]) and v.back_at is null`.execute(ctx.db)
  return rows
}

export type Written = Pick<Variant, 'account' | 'text' | 'warning' | 'repliesFrom'>

/** These accounts and no others. */
export async function putVariants(ctx: Ctx, post: string, variants: Written[]): Promise<void> {
  const accounts = variants.map(each => each.account)
  await sql`delete from post_variant where post = ${post} and not account = any(${accounts}::uuid[])`.execute(ctx.db)
  if (variants.length === 0) return
  await sql`
    insert into post_variant (post, account, text, warning, replies_from)
    select ${post}, w.account, w.text, w.warning, w."repliesFrom"
    from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb) as w(account uuid, text text, warning text, "repliesFrom" text) order by w.account
    on conflict (org, post, account) do update set text = excluded.text, warning = excluded.warning, replies_from = excluded.replies_from`.execute(
    ctx.db,
  )
}

export const changeVariant = (ctx: Ctx, post: string, account: string, set: Partial<VariantTable>): Promise<unknown> =>
  of(ctx).updateTable('post_variant').set(set).where('post', '=', post).where('account', '=', account).execute()

/** It is on its way nowhere. */
export const clearVariants = (ctx: Ctx, post: string): Promise<unknown> =>
  of(ctx).updateTable('post_variant').set({ due_at: null, content: null, delivery: null }).where('post', '=', post).execute()

// —— slots ——

export const slots = (ctx: Ctx): Promise<(Slot & { account: string })[]> =>
  of(ctx).selectFrom('post_slot').select(['account', 'weekday', 'minute']).orderBy('account').orderBy('weekday').orderBy('minute').execute()

/** Held until the end of the transaction, so that two posts do not take the same one. */
export const heldSlots = (ctx: Ctx, account: string): Promise<Slot[]> =>
  of(ctx)
    .selectFrom('post_slot')
    .select(['weekday', 'minute'])
    .where('account', '=', account)
    .orderBy('weekday')
    .orderBy('minute')
    .forUpdate()
    .execute()

export const addSlots = (ctx: Ctx, account: string, wanted: Slot[]): Promise<unknown> =>
  of(ctx)
    .insertInto('post_slot')
    .values(wanted.map(each => ({ ...each, account })))
    .onConflict(conflict => conflict.doNothing())
    .execute()

export const removeSlot = (ctx: Ctx, account: string, slot: Slot): Promise<unknown> =>
  of(ctx)
    .deleteFrom('post_slot')
    .where('account', '=', account)
    .where('weekday', '=', slot.weekday)
    .where('minute', '=', slot.minute)
    .execute()

export const zones = (ctx: Ctx): Promise<{ account: string; zone: string }[]> =>
  of(ctx).selectFrom('post_zone').select(['account', 'zone']).execute()

export const putZone = (ctx: Ctx, account: string, zone: string): Promise<unknown> =>
  of(ctx)
    .insertInto('post_zone')
    .values({ account, zone })
    .onConflict(conflict => conflict.columns(['org', 'account'] as never).doUpdateSet({ zone }))
    .execute()

/** When this account posts already, from now on. */
export async function taken(ctx: Ctx, account: string): Promise<Date[]> {
  const rows = await of(ctx)
    .selectFrom('post_variant')
    .select('due_at')
    .where('account', '=', account)
    .where('due_at', '>', ctx.now)
    .execute()
  return rows.flatMap(row => row.due_at ?? [])
}
