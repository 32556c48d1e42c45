import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Audience } from './words.ts'

interface DocumentTable {
  id: string
  noun: string
  thread: string | null
  author: string | null
  audience: Audience
  at: Date
  title: string
  snippet: string
  path: string
  dictionary: string
  words: string
}

interface Cards {
  space_card: Space
  member_of: { person: string; space: string }
}

const of = tables<{ search_document: DocumentTable } & Cards>()

export interface DocumentRow {
  id: string
  noun: string
  thread: string | null
  author: string | null
  audience: Audience
  at: Date
  title: string
  names: string
  text: string
  path: string
  dictionary: string
  marks: string[]
}

/** Many at once, as one statement; what was there before under the same id is replaced. Each author is looked up alone: a plain join would read everyone. */
export async function keepAll(ctx: Ctx, rows: DocumentRow[]): Promise<void> {
  await sql`
    insert into search_document (id, noun, thread, author, audience, at, title, snippet, path, dictionary, words)
    select d.id, d.noun, d.thread, d.author, d.audience, d.at, d.title, left(d.text, 300), d.path, d.dictionary,
      setweight(to_tsvector(d.configuration, d.title), 'A') || setweight(to_tsvector('trefoil_any', concat_ws(' ', p.name, d.names)), 'B')
        || setweight(to_tsvector(d.configuration, d.text), 'D') || array_to_tsvector(d.marks)
    from (select r.*, ('trefoil_' || r.dictionary)::regconfig as configuration from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id uuid, noun text, thread uuid, author uuid, audience text, at timestamptz, title text, names text, text text, path text, dictionary text, marks text[])) d
    left join lateral (select name from person_card where id = d.author limit 1) p on true
    on conflict (org, id) do update set noun = excluded.noun, thread = excluded.thread, author = excluded.author, audience = excluded.audience,
      at = excluded.at, title = excluded.title, snippet = excluded.snippet, path = excluded.path, dictionary = excluded.dictionary,
      words = excluded.words`.execute(ctx.db)
}

export const forget = (ctx: Ctx, ids: string[]): Promise<unknown> => of(ctx).deleteFrom('search_document').where('id', 'in', ids).execute()

/** Adds and takes away marks of everything that has this id or belongs to this thread. */
export async function remark(ctx: Ctx, object: string, add: string[], take: string[]): Promise<void> {
  await sql`update search_document set words = ts_delete(words, ${take}::text[]) || array_to_tsvector(${add}::text[])
    where id = ${object} or thread = ${object}`.execute(ctx.db)
}

/** Adds one mark to each, where it does not bear it. */
export async function markEach(ctx: Ctx, rows: { id: string; mark: string }[]): Promise<void> {
  await sql`update search_document d set words = d.words || array_to_tsvector(array[r.mark])
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, mark text)
    where d.id = r.id and not r.mark = any(tsvector_to_array(d.words))`.execute(ctx.db)
}

/** The question in the five dictionaries, each different one once; empty when no word of it can be found. */
export async function understood(ctx: Ctx, question: string): Promise<string> {
  if (!question) return ''
  const { rows } = await sql<{ words: string | null }>`
    select string_agg(distinct each, ' | ') as words
    from (values (${question}::text)) asked (text), lateral (values
      (to_tsquery('trefoil_en', text)::text), (to_tsquery('trefoil_de', text)::text), (to_tsquery('trefoil_nl', text)::text),
      (to_tsquery('trefoil_sv', text)::text), (to_tsquery('trefoil_any', text)::text)) read (each)
    where each <> ''`.execute(ctx.db)
  return rows[0]?.words ?? ''
}

/** A question for any of these words, as any of the dictionaries writes them, each form once: one with a hundred parts is judged document by document. */
export async function anyOf(ctx: Ctx, texts: string[]): Promise<string> {
  const { rows } = await sql<{ forms: string }>`
    select strip(to_tsvector('trefoil_en', text) || to_tsvector('trefoil_de', text) || to_tsvector('trefoil_nl', text) || to_tsvector('trefoil_sv', text)
      || to_tsvector('trefoil_any', text))::text as forms
    from (values (${texts.join(' ')}::text)) asked (text)`.execute(ctx.db)
  return rows[0]!.forms.replaceAll("' '", "' | '")
}

/** The moment of the so-many-th newest document before this one; null when there are fewer. */
export async function momentOf(ctx: Ctx, count: number, before?: string): Promise<Date | null> {
  let query = of(ctx).selectFrom('search_document').select('at').orderBy('id', 'desc').offset(count).limit(1)
  if (before) query = query.where('id', '<', before)
  return (await query.executeTakeFirst())?.at ?? null
}

/** The first moment of a day where the reader is. */
export async function startOf(ctx: Ctx, day: string): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select ${day}::timestamp at time zone ${ctx.zone} as at`.execute(ctx.db)
  return rows[0]!.at
}

export interface Found {
  /** A question in the index's own language. */
  query: string
  before?: string | undefined
  from?: string | undefined
  limit: number
  /** Gives up when so many fit: which of them are the newest is then not known. */
  most?: number | undefined
}

/**
 * The newest that the index finds; null when more than `most` fit. The inner part has no order, so that the planner always asks the index and never
 * walks through everything.
 */
export async function newest(ctx: Ctx, { query, before, from, limit, most }: Found): Promise<string[] | null> {
  const { rows } = await sql<{ id: string; held: number }>`
    with found as materialized (
      select id from search_document where words @@ ${query}::tsquery
        ${before ? sql`and id < ${before}` : sql``} ${from ? sql`and id >= ${from}` : sql``} ${most ? sql`limit ${most + 1}` : sql``})
    select id, (select count(*) from found) as held from found order by id desc limit ${limit}`.execute(ctx.db)
  return most && (rows[0]?.held ?? 0) > most ? null : rows.map(row => row.id)
}

/** Those that fit among the so many newest, newest first, without asking the index of words. */
export async function freshest(
  ctx: Ctx,
  { query, before, from, limit, among }: Omit<Found, 'most'> & { among: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with newest as materialized (
      select id, words from search_document where true ${before ? sql`and id < ${before}` : sql``} ${from ? sql`and id >= ${from}` : sql``} order by id desc limit ${among})
    select id from newest where words @@ ${query}::tsquery order by id desc limit ${limit}`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** Of these those that fit the whole question, newest first. */
export async function fitting(ctx: Ctx, ids: string[], query: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from search_document where id = any(${ids}::uuid[]) and words @@ ${query}::tsquery order by id desc`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** Best first: how well it fits, halved for every year of age. */
export async function best(ctx: Ctx, ids: string[], words: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from search_document where id = any(${ids}::uuid[])
    order by ts_rank(words, ${words}::tsquery) * power(0.5, extract(epoch from ${ctx.now}::timestamptz - at) / 31536000) desc, id desc`.execute(
    ctx.db,
  )
  return rows.map(row => row.id)
}

const shown = ['id', 'noun', 'thread', 'author', 'audience', 'at', 'title', 'snippet', 'path', 'dictionary'] as const
export type Row = Pick<DocumentTable, (typeof shown)[number]>

export async function byIds(ctx: Ctx, ids: string[]): Promise<Row[]> {
  if (ids.length === 0) return []
  const rows = await of(ctx).selectFrom('search_document').select(shown).where('id', 'in', ids).execute()
  const known = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => known.get(id) ?? [])
}

/** Where something with this id is, or something in the thread with this id, that carries one of these marks. */
export async function place(ctx: Ctx, object: string, query: string): Promise<{ thread: string | null; audience: Audience } | undefined> {
  const { rows } = await sql<{ thread: string | null; audience: Audience }>`
    select thread, audience from search_document where (id = ${object} or thread = ${object}) ${query ? sql`and words @@ ${query}::tsquery` : sql``}
    order by id = ${object} desc, id desc limit 1`.execute(ctx.db)
  return rows[0]
}

export interface Shown {
  text: string
  dictionary: string
}

/** Each text with signs around the words that were found; still plain text. `short` leaves only the pieces around them. */
export async function marked(ctx: Ctx, texts: Shown[], words: string, look: 'short' | 'whole'): Promise<string[]> {
  const options = `StartSel="\u{e000}", StopSel="\u{e001}", ${look === 'short' ? 'MaxFragments=2, MinWords=8, MaxWords=22, FragmentDelimiter=" … "' : 'HighlightAll=true'}`
  const { rows } = await sql<{ text: string }>`
    select ts_headline(('trefoil_' || dictionary)::regconfig, translate(text, ${'\u{e000}\u{e001}'}, ''), ${words}::tsquery, ${options}) as text
    from unnest(${texts.map(each => each.text)}::text[], ${texts.map(each => each.dictionary)}::text[]) with ordinality as each (text, dictionary, place)
    order by place`.execute(ctx.db)
  return rows.map(row => row.text)
}

/** People and spaces whose names hold something like this, the most alike first. */
export async function named(ctx: Ctx, like: string, query: string, limit: number): Promise<Row[]> {
  await sql`select set_config('pg_trgm.word_similarity_threshold', '0.45', true)`.execute(ctx.db)
  // Named first and judged by the door afterwards: asked the other way round, the index would read everything that one may read.
  const { rows } = await sql<Row>`
    with alike as materialized (
      select * from search_document where noun in ('Person', 'Space') and ${like} <% title)
    select id, noun, thread, author, audience, at, title, snippet, path, dictionary from alike where words @@ ${query}::tsquery
    order by word_similarity(${like}, title) desc, title, id limit ${limit}`.execute(ctx.db)
  return rows
}

/** Spaces that are called so, by address or name. */
export async function spacesCalled(ctx: Ctx, name: string): Promise<string[]> {
  const rows = await of(ctx)
    .selectFrom('space_card')
    .select('id')
    .where(either => either.or([either('slug', '=', name.toLowerCase()), either(either.fn('lower', ['name']), '=', name.toLowerCase())]))
    .limit(20)
    .execute()
  return rows.map(row => row.id)
}

export interface Space {
  id: string
  name: string
  slug: string
  audience: Audience
  archived_at: Date | null
}

export const spacesBy = (ctx: Ctx, ids: string[]): Promise<Space[]> =>
  of(ctx).selectFrom('space_card').select(['id', 'name', 'slug', 'audience', 'archived_at']).where('id', 'in', ids).execute()

/** The spaces that somebody belongs to. */
export async function spacesOf(ctx: Ctx, persons: string[]): Promise<string[]> {
  if (persons.length === 0) return []
  const rows = await of(ctx).selectFrom('member_of').select('space').distinct().where('person', 'in', persons).limit(5000).execute()
  return rows.map(row => row.space)
}

/** They are found in another thread from now on. */
export const moveAll = (ctx: Ctx, ids: string[], from: string, to: string): Promise<unknown> =>
  sql`update search_document set thread = ${to}, path = replace(path, ${from}::text, ${to}::text) where id = any(${ids}::uuid[])`.execute(
    ctx.db,
  )

/** Nothing of these is found any more, nor in their threads; what their titles were. */
export async function forgetAll(ctx: Ctx, ids: RawBuilder<string>): Promise<string[]> {
  const { rows } = await sql<{ title: string }>`delete from search_document where id in ${ids} or author in ${ids} returning title`.execute(
    ctx.db,
  )
  return [...new Set(rows.map(row => row.title))]
}

export const isUsed = async (ctx: Ctx, query: string): Promise<boolean> =>
  (await sql`select from search_document where words @@ ${query}::tsquery limit 1`.execute(ctx.db)).rows.length > 0
