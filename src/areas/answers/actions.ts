import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { inLanguage, languages, t } from '#kernel/messages.ts'
import { seesOwned } from '#kernel/owned.ts'
import { record } from '#social/activities/actions.ts'
import { show as brandShow, brandsOf } from '#social/brands/actions.ts'
import { organisationOf } from '#social/members/actions.ts'
import { cardsOf, shownName } from '#social/people/actions.ts'
import { threadOf } from '#social/threads/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const cardOf = (row: store.AnswerRow): words.ReadyAnswer => ({
  id: row.id,
  title: row.title,
  folder: row.folder,
  text: row.text,
  own: row.owner !== null,
  uses: row.uses,
  usedAt: row.used_at,
  archived: row.archived_at !== null,
})

// —— looking ——

export const list = action({
  says: 'List the ready answers by folder and title, or those in which every word that is looked for stands',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({
    q: text(200).default(''),
    folder: text(60).optional(),
    archived: z.coerce.boolean().default(false),
    after: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(words.readyAnswer), next: z.string().nullable() }),
  run: async (ctx, { q, folder, archived, after, limit: most }) => {
    const asked = { self: ctx.actor.person, words: rules.wordsOf(q), folder, archived }
    const rows = await store.list(ctx, asked, { after: after?.split('\t'), limit: most })
    const last = rows.at(-1)
    return { items: rows.map(cardOf), next: last && rows.length === most ? [last.folder, last.title, last.id].join('\t') : null }
  },
})

export const show = action({
  says: 'Show one ready answer',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({ answer: id }),
  gives: words.readyAnswer,
  run: async (ctx, { answer }) => cardOf(await known(ctx, answer)),
})

async function known(ctx: Ctx, answer: string): Promise<store.AnswerRow> {
  const row = await store.one(ctx, answer)
  return row && seesOwned(row.owner, ctx.actor.person) ? row : refuse('notFound', 'answers.notThere')
}

export const folders = (ctx: Ctx): Promise<string[]> => store.folders(ctx, ctx.actor.person)

/** The ones that fit best, filled in for this thread. */
export async function offeredFor(ctx: Ctx, q: string, thread: string | null): Promise<(words.ReadyAnswer & { filled: string })[]> {
  const rows = await store.best(ctx, { self: ctx.actor.person, words: rules.wordsOf(q), archived: false }, 8)
  if (rows.length === 0) return []
  const values = thread ? await valuesFor(ctx, thread) : {}
  return rows.map(row => ({ ...cardOf(row), filled: rules.filled(row.text, values, calledOf()).text }))
}

// —— filling in ——

/** How each variable is called in every language. */
const calledOf = (): rules.Called =>
  Object.fromEntries(
    words.variables.map(each => [each, languages.map(language => inLanguage(language, () => t(`answers.variable.${each}`)))]),
  ) as rules.Called

export const fill = action({
  says: 'Fill a text with blanks in for a thread, and name the blanks that nothing is known for',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({ thread: id, text: text(20_000) }),
  gives: z.object({ text: z.string(), missing: z.array(z.string()) }),
  run: async (ctx, input) => rules.filled(input.text, await valuesFor(ctx, input.thread), calledOf()),
})

async function valuesFor(ctx: Ctx, threadId: string): Promise<Partial<Record<words.Variable, string>>> {
  const thread = await threadOf(ctx, threadId)
  const [cards, brands, organisation] = await Promise.all([
    cardsOf(
      ctx,
      [thread.person, ctx.actor.person].filter(each => each !== null),
    ),
    brandsOf(ctx),
    organisationOf(ctx),
  ])
  const nameOf = (person: string | null) => shownName((person && cards.get(person)?.name) || '')
  const brand = brands.of.get(thread.account ?? '')
  const website = brand && (await brandShow(ctx, { brand: brand.id })).website
  return {
    first: rules.firstNameOf(nameOf(thread.person)),
    name: rules.firstNameOf(nameOf(thread.person)) && nameOf(thread.person),
    me: nameOf(ctx.actor.person),
    brand: brand?.name ?? organisation.name,
    subject: thread.subject,
    website,
  }
}

// —— keeping ——

const about = { title: line(120), folder: text(60).default(''), text: line(20_000), own: z.boolean().default(false) }

export const make = action({
  says: 'Make a ready answer, for everybody or for oneself alone',
  who: 'inbox.work',
  takes: z.strictObject(about),
  gives: z.object({ answer: id }),
  run: async (ctx, { own, folder, ...input }) => {
    const answer = newId(ctx.now)
    const owner = own ? ctx.actor.person : null
    const fresh = { uses: 0, used_at: null, changed_at: ctx.now, archived_at: null }
    await store.add(ctx, { id: answer, ...input, folder: folder.trim(), owner, ...fresh })
    told(ctx, words.Made, { id: answer, title: input.title, owner })
    return { answer }
  },
})

export const change = action({
  says: 'Change a ready answer; gives back what it was',
  who: 'inbox.work',
  takes: z.strictObject({ answer: id, ...about }),
  gives: z.object({ was: words.readyAnswer }),
  run: async (ctx, { answer, own, folder, ...input }) => {
    const row = await known(ctx, answer)
    const owner = own ? ctx.actor.person : null
    await store.change(ctx, answer, { ...input, folder: folder.trim(), owner, changed_at: ctx.now })
    told(ctx, words.Changed, { id: answer, title: input.title, owner })
    return { was: cardOf(row) }
  },
})

export const archive = action({
  says: 'Put a ready answer into the archive; it is offered no more',
  who: 'inbox.work',
  takes: z.strictObject({ answer: id }),
  gives: z.object({}),
  run: (ctx, { answer }) => shelve(ctx, answer, ctx.now, words.Archived),
})

export const bringBack = action({
  says: 'Bring a ready answer back from the archive',
  who: 'inbox.work',
  takes: z.strictObject({ answer: id }),
  gives: z.object({}),
  run: (ctx, { answer }) => shelve(ctx, answer, null, words.BroughtBack),
})

export const use = action({
  says: 'Count that a ready answer was taken',
  who: 'inbox.work',
  published: false,
  passing: true,
  takes: z.strictObject({ answer: id }),
  gives: z.object({}),
  run: async (ctx, { answer }) => {
    await known(ctx, answer)
    await store.used(ctx, answer)
    return {}
  },
})

/** Into the archive, or out of it; what is there already stays. */
async function shelve(ctx: Ctx, answer: string, archived_at: Date | null, word: typeof words.Archived): Promise<Record<never, never>> {
  const row = await known(ctx, answer)
  if (Boolean(row.archived_at) === Boolean(archived_at)) return {}
  await store.change(ctx, answer, { archived_at })
  told(ctx, word, row)
  return {}
}

/** What is one's own is nobody's news. */
function told(ctx: Ctx, word: typeof words.Made, { id: object, title, owner }: Pick<store.AnswerRow, 'id' | 'title' | 'owner'>): void {
  if (owner === null) record(ctx, word, { object, detail: { title } })
  tell(ctx, 'answers')
}
