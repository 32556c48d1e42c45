import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { fileFor, fileGuard } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { every } from '#kernel/jobs.ts'
import { languagesOf } from '#kernel/language-of.ts'
import { may } from '#kernel/permissions.ts'
import { cleanName, cleanText, storableJson } from '#kernel/plain.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { forgetReactions, tagsOf } from '#social/reactions/actions.ts'
import { findable, forget, reachOf } from '#social/search/actions.ts'
import { type Findable, type Reach, texts } from '#social/search/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { AttachedFile, Content, Saying } from './words.ts'
import * as words from './words.ts'

export { sweepFiles } from '#kernel/files.ts'
/** Makes other things findable, such as pages and products; see the words of search. */
export { findable as indexOther } from '#social/search/actions.ts'
export { kept } from './actions-kept.ts'
export { idsIn, moveContents } from './actions-moving.ts'
export { accountsAfter, polledElsewhere, talliedElsewhere } from './actions-tallying.ts'

/** The persons that a text names by its own marks. */
export const mentionsIn = rules.mentionsIn
/** A text as it is read where its marks mean nothing: in mails, in lists. */
export const plainOf = rules.plainOf
export const snippetOf = rules.snippetOf
export const besideOf = rules.besideOf
export const mentionOf = rules.mentionOf
export const withMentions = rules.withMentions

// —— keeping what was said ——

/** Keeps what was said, with everything that hangs on it, and makes it findable: a handful of statements whatever the number. Returns the ids in the same order. */
export async function keepAll(ctx: Ctx, sayings: Saying[]): Promise<string[]> {
  if (sayings.length === 0) return []
  const rows = await rowsOf(sayings)
  const attached = await attachable(ctx, sayings)
  await store.addAll(ctx, rows)
  await attach(ctx, rows, attached)
  const mentioned = await mention(ctx, rows, sayings)
  await makeFindable(ctx, rows, { mentioned, attached, to: sayings.map(each => each.to) })
  return rows.map(row => row.id)
}

async function rowsOf(sayings: Saying[]): Promise<store.NewContent[]> {
  const languages = languagesFor(sayings)
  return sayings.map((it, at) => ({
    id: it.id ?? newId(it.at),
    noun: it.noun,
    thread: it.thread,
    author: it.author,
    audience: rules.audienceOf(it.noun, it.audience),
    space: it.space ?? null,
    side: it.side,
    at: it.at,
    subject: it.subject === undefined ? null : rules.asKept(it.subject, 1000),
    text: rules.asKept(it.text),
    html: it.html === undefined || it.html.length > 8_000_000 ? null : rules.asKept(it.html, 8_000_000),
    quoted: it.quoted === undefined ? null : rules.asKept(it.quoted),
    language: languages[at]!,
    channel: it.channel ?? null,
    detail: storableJson(it.detail ?? {}),
  }))
}

function languagesFor(sayings: Saying[]): (string | null)[] {
  const unknown = sayings.filter(each => !each.language).map(each => `${each.subject ?? ''} ${each.text}`)
  const found = languagesOf(unknown)
  return sayings.map(each => each.language?.slice(0, 10) ?? found.shift() ?? null)
}

/** The files as they are kept, whatever the caller says of them; a person hangs up only what they kept themselves or may see. */
async function attachable(ctx: Ctx, sayings: Saying[]): Promise<AttachedFile[][]> {
  if (ctx.actor.kind === 'system') return sayings.map(each => each.attachments ?? [])
  const checked: AttachedFile[][] = []
  for (const { attachments = [] } of sayings) {
    const files = await Promise.all(attachments.map(each => fileFor(ctx, each.file)))
    checked.push(
      attachments.map((each, at) => ({
        ...each,
        type: files[at]!.type,
        size: files[at]!.size,
        name: cleanName(each.name, 300) || files[at]!.name,
        alt: each.alt ? cleanText(each.alt).trim() || null : null,
      })),
    )
  }
  return checked
}

async function attach(ctx: Ctx, rows: { id: string }[], attached: AttachedFile[][]): Promise<void> {
  const all = rows.flatMap(({ id }, at) => attached[at]!.map((file, position) => ({ ...file, content: id, position })))
  if (all.length) await store.attachAll(ctx, all)
}

/** Names persons; those who are not there are left out. Returns who is named in each. */
async function mention(
  ctx: Ctx,
  rows: Pick<store.NewContent, 'id' | 'text' | 'thread' | 'audience' | 'side'>[],
  sayings: Pick<Saying, 'mentions'>[],
): Promise<string[][]> {
  const named = rows.map((row, at) =>
    [...new Set([...(sayings[at]?.mentions ?? []), ...(row.side === 'inside' ? rules.mentionsIn(row.text) : [])])].slice(0, 50),
  )
  if (named.every(each => each.length === 0)) return named
  const known = await cardsOf(ctx, named.flat())
  const added = await store.mentionAll(
    ctx,
    rows.flatMap((row, at) => named[at]!.filter(person => known.has(person)).map(person => ({ content: row.id, person, at: ctx.now }))),
  )
  for (const { content, person } of added) {
    const row = rows.find(each => each.id === content)!
    record(ctx, words.Mentioned, { object: content, target: person, thread: row.thread, audience: row.audience, detail: { person } })
  }
  return named.map(each => each.filter(person => known.has(person)))
}

interface Around {
  mentioned: string[][]
  attached: AttachedFile[][]
  to: (string[] | undefined)[]
}

async function makeFindable(ctx: Ctx, rows: store.NewContent[], { mentioned, attached, to }: Around): Promise<void> {
  const tags = await tagsOf(ctx, [...new Set(rows.flatMap(row => [row.thread, row.id]))])
  const tagsFor = (row: store.NewContent) => [...new Set([...(tags.get(row.thread) ?? []), ...(tags.get(row.id) ?? [])])]
  await findable(
    ctx,
    rows.map((row, at) => ({ ...findableOf(row, attached[at]!), readers: mentioned[at]!, tags: tagsFor(row), to: to[at] ?? [] })),
  )
}

function findableOf(row: store.NewContent, attached: AttachedFile[]): Findable {
  const files = attached.filter(file => !file.inline).map(({ name }) => `${name} ${name.replace(/[._-]+/g, ' ')}`)
  return {
    id: row.id,
    noun: row.noun,
    at: row.at,
    title: row.subject ?? '',
    text: [rules.plainOf(row.text), ...files].join('\n'),
    language: row.language,
    thread: row.thread,
    author: row.author,
    audience: row.audience,
    space: row.space,
    channel: row.channel,
    account: typeof row.detail?.account === 'string' ? row.detail.account : null,
    has: rules.hasOf({ text: row.text, html: row.html ?? undefined, attachments: attached }),
  }
}

export const searchTexts = texts(words.nouns, async (ctx, ids) => {
  const found = await store.textsOf(ctx, ids)
  return new Map([...found].map(([id, whole]) => [id, rules.plainOf(whole)]))
})

// —— reading ——

/**
 * A part of a thread as the actor may read it, oldest first: the newest, those before one, or those from one on. `more` tells whether there are
 * others in that direction. Whoever has decided that the actor may read the whole thread gives the wider `reach`.
 */
export async function byThread(ctx: Ctx, thread: string, part: store.Part, reach?: Reach): Promise<{ items: Content[]; more: boolean }> {
  const items = await store.ofThread(ctx, thread, { ...part, limit: part.limit + 1 }, reach ?? (await reachOf(ctx)))
  const more = items.length > part.limit
  if (more) part.from ? items.pop() : items.shift()
  return { items, more }
}

/** Of these ids those that are there and that the actor may read. */
export async function contentOf(ctx: Ctx, ids: string[]): Promise<Map<string, Content>> {
  const rows = ids.length ? await store.byIds(ctx, ids, await reachOf(ctx)) : []
  return new Map(rows.map(row => [row.id, row]))
}

/** What hangs on each of these, in its order. For contents that were read through the door. */
export async function attachmentsOf(ctx: Ctx, contents: string[]): Promise<Map<string, AttachedFile[]>> {
  return grouped(contents.length ? await store.attachmentsOf(ctx, contents) : [], 'content')
}

function grouped<K extends string, T extends Record<K, string>>(rows: T[], by: K): Map<string, Omit<T, K>[]> {
  const groups = new Map<string, Omit<T, K>[]>()
  for (const { [by]: key, ...rest } of rows) {
    const group = groups.get(key)
    if (group) group.push(rest)
    else groups.set(key, [rest])
  }
  return groups
}

/** A file opens for whoever may read something that it hangs on. */
export const attachedFiles = fileGuard(async (ctx, files) => store.openFiles(ctx, files, await reachOf(ctx)))

// —— changing ——

const by = (ctx: Ctx) => ({ person: ctx.actor.person, moderates: ctx.actor.kind === 'system' || may(ctx.actor, 'content.moderate') })

async function lockedOf(ctx: Ctx, content: string): Promise<store.ContentTable> {
  return (await store.locked(ctx, content, await reachOf(ctx))) ?? refuse('notFound', 'kernel.notFound')
}

/** What the actor may do with each of these, for those who show them. */
export function deedsOf(ctx: Ctx, content: Content): { mayEdit: boolean; mayRemove: boolean } {
  const { person, moderates } = by(ctx)
  const own = content.author !== null && content.author === person
  return {
    mayEdit: own && content.noun !== 'Message' && !content.deletedAt,
    mayRemove: (own || moderates) && content.noun !== 'Message' && !content.deletedAt,
  }
}

const asContent = (row: store.ContentTable) => ({ ...row, deletedAt: row.deleted_at })

export const edit = action({
  says: 'Change the text of a note or comment of one’s own; the earlier text stays to be seen and to go back to',
  who: 'content.react',
  takes: z.strictObject({ content: id, text: line(100_000), subject: text(1000).optional() }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const row = await lockedOf(ctx, input.content)
    rules.mayEdit(asContent(row), by(ctx))
    if (row.text !== input.text || (input.subject ?? row.subject) !== row.subject)
      await rewrite(ctx, [{ row, text: input.text, subject: input.subject ?? row.subject, html: null }])
    return {}
  },
})

interface Rewriting {
  row: store.ContentTable
  text: string
  subject: string | null
  html: string | null
}

/** Other words for these, each once; a fixed number of statements whatever the number. */
async function rewrite(ctx: Ctx, all: Rewriting[]): Promise<void> {
  if (all.length === 0) return
  const texts = all.map(each => rules.asKept(each.text))
  const languages = languagesOf(texts)
  const changed = all.map(({ row, subject, html }, at) => ({
    ...row,
    subject,
    html,
    text: texts[at]!,
    language: languages[at] ?? row.language,
  }))
  await store.revise(
    ctx,
    changed.map(({ id, subject, text, html, language }) => ({ id, subject, text, html, language })),
  )
  await mention(ctx, changed, [])
  await findAgain(ctx, changed)
  for (const row of changed) record(ctx, words.Edited, { ...told(row), detail: { noun: row.noun } })
}

async function findAgain(ctx: Ctx, rows: store.NewContent[]): Promise<void> {
  const ids = rows.map(row => row.id)
  const attached = await attachmentsOf(ctx, ids)
  const named = grouped(await store.mentionsOf(ctx, ids), 'content')
  await makeFindable(ctx, rows, {
    mentioned: ids.map(id => (named.get(id) ?? []).map(each => each.person)),
    attached: ids.map(id => attached.get(id) ?? []),
    to: [],
  })
}

export const undoEdit = action({
  says: 'Go back to the text before the last change',
  who: 'content.react',
  takes: z.strictObject({ content: id }),
  gives: z.object({}),
  run: async (ctx, { content }) => {
    const row = await lockedOf(ctx, content)
    rules.mayEdit(asContent(row), by(ctx))
    const [last] = await store.revisionsOf(ctx, content)
    await rewrite(ctx, [{ row, ...(last ?? refuse('conflict', 'content.neverEdited')) }])
    return {}
  },
})

export const revisions = action({
  says: 'See the earlier texts of something, newest first',
  who: 'content.react',
  reads: true,
  takes: z.strictObject({ content: id }),
  gives: z.object({ items: z.array(z.object({ at: z.date(), by: id.nullable(), subject: z.string().nullable(), text: z.string() })) }),
  run: async (ctx, { content }) => {
    const found = (await contentOf(ctx, [content])).get(content) ?? refuse('notFound', 'kernel.notFound')
    return { items: found.deletedAt ? [] : await store.revisionsOf(ctx, content) }
  },
})

export const remove = action({
  says: 'Remove something that was written; it can be brought back for thirty days',
  who: 'content.react',
  takes: z.strictObject({ content: id }),
  gives: z.object({}),
  run: async (ctx, { content }) => {
    const row = await lockedOf(ctx, content)
    rules.mayRemove(row, by(ctx))
    if (row.deleted_at) return {}
    await store.markRemoved(ctx, [content], true)
    await forget(ctx, [content])
    record(ctx, words.Removed, { object: content, thread: row.thread, audience: row.audience, detail: { noun: row.noun } })
    return {}
  },
})

export const restore = action({
  says: 'Bring back what was removed',
  who: 'content.react',
  takes: z.strictObject({ content: id }),
  gives: z.object({}),
  run: async (ctx, { content }) => {
    const row = await lockedOf(ctx, content)
    rules.mayRemove(row, by(ctx))
    rules.mayRestore(asContent(row), ctx.now)
    await store.markRemoved(ctx, [content], false)
    await findAgain(ctx, [row])
    record(ctx, words.Restored, { object: content, thread: row.thread, audience: row.audience, detail: { noun: row.noun } })
    return {}
  },
})

export const emptyRemoved = every({ hour: 3 }, 'The words of what was removed thirty days ago are gone for good', async ctx => {
  await forgetReactions(ctx, await store.empty(ctx, rules.emptyBefore(ctx.now)))
})

// —— what its writer does to it elsewhere ——

/** What a message says since its writer changed it. */
export interface ChangeElsewhere {
  content: string
  text: string
  subject?: string
  html?: string
}

/** Messages were changed by their writers where they came from, each once; the earlier texts stay to be seen. */
export async function changeElsewhere(ctx: Ctx, changes: ChangeElsewhere[]): Promise<void> {
  const to = new Map(changes.map(each => [each.content, each]))
  const next = (await standing(ctx, [...to.keys()])).map(row => {
    const { text, subject, html } = to.get(row.id)!
    return { row, text, subject: subject ?? row.subject, html: html ?? null }
  })
  await rewrite(
    ctx,
    next.filter(({ row, ...it }) => row.text !== rules.asKept(it.text) || row.subject !== it.subject || row.html !== it.html),
  )
}

/** Those that are there, and that nobody took away. */
const standing = async (ctx: Ctx, ids: string[]): Promise<store.ContentTable[]> =>
  ids.length ? (await store.lockedAll(ctx, ids, await reachOf(ctx))).filter(row => !row.deleted_at) : []

/** What was not for everybody is so from now on: it has been said openly. */
export async function openUp(ctx: Ctx, content: string): Promise<void> {
  const row = await lockedOf(ctx, content)
  if (row.deleted_at || row.audience === 'public') return
  await store.openUp(ctx, content)
  await findAgain(ctx, [{ ...row, audience: 'public' }])
}

/** Messages were taken away by their writers where they came from. */
export async function removeElsewhere(ctx: Ctx, contents: string[]): Promise<void> {
  const rows = await standing(ctx, contents)
  if (rows.length === 0) return
  const ids = rows.map(row => row.id)
  await store.markRemoved(ctx, ids, true)
  await forget(ctx, ids)
  for (const row of rows) record(ctx, words.Removed, { ...told(row), detail: { noun: row.noun } })
}

/** What comes from outside is told as what its writer did. */
const told = (row: store.ContentTable) => ({
  object: row.id,
  thread: row.thread,
  audience: row.audience,
  ...(row.side === 'outside' && { actor: row.author, side: row.side }),
  ...(row.channel && { channel: row.channel }),
})

/** Removes contents as if they had never come, for the undo of an import. Returns how many there were. */
export async function takeBack(ctx: Ctx, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0
  await forget(ctx, ids)
  await forgetReactions(ctx, ids)
  const gone = await store.eraseAll(ctx, ids)
  for (const { id, thread, audience, noun } of gone)
    record(ctx, words.Removed, { object: id, thread, audience, detail: { noun, because: 'undone' } })
  return gone.length
}
