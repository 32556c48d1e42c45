/** What was heard, and what colleagues make of it. */
import { z } from 'zod'
import * as cases from '#areas/cases/actions.ts'
import * as sales from '#areas/sales/actions.ts'
import { action, cursor, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { channelNamed } from '#social/channels/actions.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { contentOf } from '#social/content/actions.ts'
import { takeIn } from '#social/intake/actions.ts'
import { parsed, verdict } from '#social/matching/actions.ts'
import { moodWithReasons } from '#social/mood/actions.ts'
import { heardFrom, postOf } from './actions-hearing.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export const shownMention = (row: store.MentionRow): words.Mention => ({
  ...{
    id: row.id,
    at: row.at,
    source: row.source,
    account: row.account,
    remoteId: row.remote_id,
    content: row.content,
    thread: row.thread,
  },
  ...{ person: row.person, author: row.author, authorName: row.author_name, followers: row.followers, url: row.url, kind: row.kind },
  ...{ text: row.text, language: row.language, country: row.country, place: row.place, mood: row.mood, moodSure: row.mood_sure },
  ...{ moodSaid: row.mood_said, moodBy: row.mood_by, bot: row.bot, spam: row.spam, alike: row.alike, staff: row.staff },
})

const which = z.enum(['only', 'without']).optional()
const short = z.string().max(60).optional()

export const wanted = {
  monitor: id.optional(),
  mood: z.enum([...words.moods, 'unknown']).optional(),
  language: short,
  source: short,
  kind: short,
  author: z.string().max(500).optional(),
  country: short,
  q: z.string().trim().max(100).optional(),
  from: z.coerce.date().optional(),
  until: z.coerce.date().optional(),
  firsts: z.stringbool().or(z.boolean()).default(false),
  bots: which,
  staff: which,
  aside: z.stringbool().or(z.boolean()).default(false),
}

const fitting = z.object({ monitor: z.string(), name: z.string(), aside: z.boolean() })
const listed = words.mention.extend({ fits: z.array(fitting) })

export const mentions = action({
  says: 'List what was heard, newest first, of one monitor or of all; `next` may follow an empty page where what is asked for is rare',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ ...wanted, before: cursor.pipe(z.uuid().optional()), limit }),
  gives: z.object({ items: z.array(listed), next: z.string().nullable() }),
  run: async (ctx, input) => {
    const { rows, next } = await store.mentions(ctx, input)
    const fits = await fitsBy(
      ctx,
      rows.map(each => each.id),
    )
    return { items: rows.map(row => ({ ...shownMention(row), fits: fits.get(row.id) ?? [] })), next }
  },
})

async function fitsBy(ctx: Ctx, mentions: string[]): Promise<Map<string, z.output<typeof fitting>[]>> {
  const fits = await store.fitsOf(ctx, mentions)
  const names = await store.named(ctx, [...new Set(fits.map(each => each.monitor))])
  const all = Map.groupBy(fits, each => each.mention)
  return new Map(
    [...all].map(([mention, its]) => [
      mention,
      its.map(each => ({ monitor: each.monitor, name: names.get(each.monitor) ?? '–', aside: each.aside_at !== null })),
    ]),
  )
}

const theMention = async (ctx: Ctx, mention: string): Promise<store.MentionRow> =>
  (await store.mentionOf(ctx, mention)) ?? refuse('notFound', 'monitors.mentionNotThere')

const mostAlike = 20

export const mention = action({
  says: 'Show one mention: why it fits, what is like it, what it became',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ mention: id }),
  gives: z.object({
    mention: words.mention,
    fits: z.array(fitting.extend({ spans: z.array(words.span) })),
    alike: z.array(words.mention),
    became: z.array(z.object({ is: z.enum(words.outcomes), object: z.string() })),
    /** What moved the machine’s answer, the heaviest first: below 0 to the negative. */
    because: z.array(z.object({ says: z.string(), weight: z.number() })),
  }),
  run: async (ctx, input) => {
    const row = await theMention(ctx, input.mention)
    const [fits, alike, became] = [
      (await fitsBy(ctx, [row.id])).get(row.id) ?? [],
      await store.groupOf(ctx, row.alike ?? row.id, mostAlike),
      await store.becameOf(ctx, [row.id]),
    ]
    const explained = []
    for (const fit of fits) explained.push({ ...fit, spans: await spansOf(ctx, fit.monitor, row) })
    return {
      mention: shownMention(row),
      fits: explained,
      alike: alike.filter(each => each.id !== row.id).map(shownMention),
      became: became.map(each => ({ is: each.is_a, object: each.object })),
      because: reasonsOf(row),
    }
  },
})

const mostReasons = 8

/** What hardly moved it is left out. */
function reasonsOf({ text, language }: store.MentionRow): { says: string; weight: number }[] {
  const { because } = moodWithReasons(text, language?.split('-')[0] ?? null)
  const least = Math.abs(because[0]?.weight ?? 0) / 3
  const moved = because.filter(each => Math.abs(each.weight) >= least).slice(0, mostReasons)
  return moved.map(({ from, to, weight }) => ({ says: text.slice(from, to), weight }))
}

/** Where in its text a monitor finds what it looks for. */
async function spansOf(ctx: Ctx, monitor: string, row: store.MentionRow): Promise<[number, number][]> {
  const it = await store.monitorOf(ctx, monitor)
  return it ? verdict(parsed(it.query), { ...postOf(row.source, heardFrom(row)), ...(row.mood && { mood: row.mood }) }).spans : []
}

// —— what colleagues say of it ——

export const correct = action({
  says: 'Say in which mood something was written; `machine` takes back what was said, and the machine’s own word holds again',
  who: 'monitors.work',
  takes: z.strictObject({ mention: id, mood: z.enum([...words.moods, 'machine']) }),
  gives: z.object({ was: z.enum([...words.moods, 'machine']) }),
  run: async (ctx, { mention: which, mood }) => {
    const row = await theMention(ctx, which)
    const by =
      mood === 'machine' ? { mood: row.mood_said, mood_by: null, mood_at: null } : { mood, mood_by: ctx.actor.person, mood_at: ctx.now }
    await store.changeMention(ctx, row.id, by)
    await told(ctx, [row.id])
    return { was: row.mood_by && row.mood ? row.mood : ('machine' as const) }
  },
})

/** Pages of these mentions, and of their monitors, look again. */
async function told(ctx: Ctx, mentions: string[]): Promise<void> {
  const fits = await store.fitsOf(ctx, mentions)
  for (const monitor of new Set(fits.map(each => each.monitor))) tell(ctx, `mentions:${monitor}`)
  tell(ctx, 'mentions')
}

const some = z.array(id).min(1).max(100)

export const aside = action({
  says: 'Set mentions aside: they are not what this monitor (or any, if none is named) is about, and are not counted',
  who: 'monitors.work',
  takes: z.strictObject({ mentions: some, monitor: id.optional() }),
  gives: z.object({ changed: z.array(z.string()) }),
  run: (ctx, { mentions: which, monitor }) => setAside(ctx, which, monitor ?? null, ctx.now),
})

export const keep = action({
  says: 'Bring back mentions that were set aside',
  who: 'monitors.work',
  takes: z.strictObject({ mentions: some, monitor: id.optional() }),
  gives: z.object({ changed: z.array(z.string()) }),
  run: (ctx, { mentions: which, monitor }) => setAside(ctx, which, monitor ?? null, null),
})

async function setAside(ctx: Ctx, mentions: string[], monitor: string | null, at: Date | null): Promise<{ changed: string[] }> {
  const changed = await store.setAside(ctx, mentions, monitor, at)
  if (changed.length) await told(ctx, changed)
  return { changed }
}

// —— what it becomes ——

export const answerIt = action({
  says: 'Take a mention in as a conversation, so that it can be answered by the account that heard it; its writer becomes a person by that',
  who: 'monitors.work',
  takes: z.strictObject({ mention: id }),
  gives: z.object({ thread: z.string() }),
  run: async (ctx, { mention: which }) => {
    const row = await theMention(ctx, which)
    if (row.thread) return { thread: row.thread }
    rules.canBeAnswered(row, channelNamed(row.source)?.can.converse !== undefined)
    const { contents } = await takeIn(ctx, { channel: row.source, account: row.account }, [messageFrom(row)])
    const content = (await contentOf(ctx, contents)).get(contents[0] ?? '') ?? refuse('conflict', 'monitors.isHere')
    const now = {
      content: content.id,
      thread: content.thread,
      person: content.author,
      once: rules.onceOf('', { remoteId: '', content: content.id }),
    }
    await store.changeMention(ctx, row.id, now)
    await store.addBecame(ctx, { mention: row.id, is_a: 'thread', object: content.thread, at: ctx.now, by: ctx.actor.person })
    record(ctx, words.Became, { object: row.id, target: content.thread, thread: content.thread, detail: { is: 'thread' } })
    await told(ctx, [row.id])
    return { thread: content.thread }
  },
})

const messageFrom = (row: store.MentionRow): HeardMessage => ({
  ...{ is: 'message', direction: 'in', open: true, to: [], copied: [], answers: [], attachments: [] },
  ...{ remoteId: row.remote_id!, at: row.at, text: row.text },
  from: { network: row.source, address: row.author!, ...(row.author_name && { name: row.author_name }) },
  ...(row.url && { url: row.url }),
  ...(row.language && { language: row.language }),
})

export const become = action({
  says: 'Make a case or a lead of a mention; it keeps the way back. Where there is one already, that one is given',
  who: 'monitors.work',
  takes: z.strictObject({ mention: id, is: z.enum(['case', 'opportunity']) }),
  gives: z.object({ path: z.string(), isNew: z.boolean() }),
  run: async (ctx, { mention: which, is }) => {
    const row = await theMention(ctx, which)
    const there = (await store.becameOf(ctx, [row.id])).find(each => each.is_a === is)
    if (there) return { path: await pathOf(ctx, is, there.object), isNew: false }
    const { object, path } = await made[is](ctx, {
      title: rules.titleOf(row.text),
      about: rules.aboutOf(row),
      ...(row.thread && { thread: row.thread }),
    })
    await store.addBecame(ctx, { mention: row.id, is_a: is, object, at: ctx.now, by: ctx.actor.person })
    record(ctx, words.Became, { object: row.id, target: object, detail: { is } })
    await told(ctx, [row.id])
    return { path, isNew: true }
  },
})

const mostBehind = 5

/** The mentions that led to a case or an opportunity, the newest first; one look into an index. */
export const behind = async (ctx: Ctx, object: string): Promise<words.Mention[]> =>
  (await store.mentionsBehind(ctx, object, mostBehind)).map(shownMention)

interface Wish {
  title: string
  about: string
  thread?: string
}

const made: Record<'case' | 'opportunity', (ctx: Ctx, wish: Wish) => Promise<{ object: string; path: string }>> = {
  case: async (ctx, wish) => {
    const { case: object, number } = await cases.open(ctx, wish)
    return { object, path: `/cases/K-${number}` }
  },
  opportunity: async (ctx, wish) => {
    const { opportunity, number } = await sales.add(ctx, wish)
    return { object: opportunity, path: `/sales/S-${number}` }
  },
}

const pathOf = async (ctx: Ctx, is: 'case' | 'opportunity', object: string): Promise<string> =>
  is === 'case' ? `/cases/K-${await store.caseNumber(ctx, object)}` : `/sales/S-${await store.opportunityNumber(ctx, object)}`
