import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { languagesOf } from '#kernel/language-of.ts'
import { language, t } from '#kernel/messages.ts'
import { on } from '#social/activities/words.ts'
import { contentOf } from '#social/content/actions.ts'
import { Edited, Removed } from '#social/content/words.ts'
import { draftOf, keep } from '#social/drafts/actions.ts'
import { threadOf } from '#social/threads/actions.ts'
import { chat, translatorOf } from './actions-endpoint.ts'
import { conversation, sourcesFor } from './actions-material.ts'
import { begin, closeStopped, shown as looksAgain, stopRunning } from './actions-running.ts'
import { standing } from './actions-settings.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { closeLost } from './actions-running.ts'
export { configure, costs, settings, standing, tryIt, turnOff, turnOn } from './actions-settings.ts'

const asked = z.object({ use: id })

/** Refuses while this help is off. */
async function ready(ctx: Ctx, help: words.Help): Promise<store.SettingRow> {
  const setting = await store.setting(ctx)
  if (!setting.on_at) refuse('conflict', 'assistant.isOff')
  if (!setting.helps.includes(help)) refuse('conflict', 'assistant.helpIsOff')
  return setting
}

// —— reading ——

export const summarise = action({
  says: 'Have a conversation summarised in one’s own language; ask for the text with show',
  who: 'assistant.use',
  takes: z.strictObject({ thread: id }),
  gives: asked,
  run: async (ctx, { thread }) => {
    const setting = await ready(ctx, 'summary')
    const { parts } = await conversation(ctx, thread)
    const mask = rules.masking(setting.masks)
    const hidden = parts.map(each => ({ ...each, text: mask.hide(each.text) }))
    const speaks = language()
    const use = await begin(ctx, setting, {
      ...{ kind: 'summary', thread, language: speaks, material: hidden.map(each => each.text), back: mask.show },
      ask: (it, signal, hears) => chat(it, rules.tasks.summary(speaks), hidden, signal, hears),
    })
    return { use }
  },
})

export const translateMessage = action({
  says: 'Have a message translated into one’s own language; what is translated already is not asked for again',
  who: 'assistant.use',
  takes: z.strictObject({ content: id }),
  gives: asked,
  run: async (ctx, input) => {
    const setting = await ready(ctx, 'translation')
    const content = (await contentOf(ctx, [input.content])).get(input.content)
    if (!content?.text.trim() || content.noun !== 'Message') refuse('notFound', 'kernel.notFound')
    const { thread } = content
    const speaks = language()
    const known = await store.translation(ctx, content.id, speaks)
    if (known && isGood(known, content, ctx.now)) {
      if (known.thread !== thread) await store.change(ctx, known.id, { thread })
      return { use: known.id }
    }
    const about = { kind: 'message', thread, content: content.id } as const
    return { use: await translated(ctx, setting, about, content.text.slice(0, longest).toWellFormed(), speaks) }
  },
})

const longest = 10_000

/** A translation of what a message says now; one that is under way counts while its time lasts. */
const isGood = ({ state, asked_at, due_at }: store.UseRow, { editedAt }: { editedAt: Date | null }, now: Date): boolean =>
  !rules.isOverdue({ state, dueAt: due_at }, now) && (editedAt === null || editedAt < asked_at)

type About = { kind: 'message'; thread: string; content: string } | { kind: 'words'; thread: string }

function translated(ctx: Ctx, setting: store.SettingRow, about: About, given: string, into: string): Promise<string> {
  const mask = rules.masking(setting.masks)
  const hidden = mask.hide(given)
  return begin(ctx, setting, {
    ...{ ...about, language: into, material: [hidden], back: mask.show },
    ask: (it, signal) => translatorOf(it).translate({ text: hidden, language: into }, signal),
  })
}

// —— writing ——

export const draft = action({
  says: 'Have an answer drafted from our own ready answers and from answers to similar questions that one may read; a person reads and sends it',
  who: 'assistant.use',
  takes: z.strictObject({ thread: id }),
  gives: asked,
  run: async (ctx, { thread }) => {
    const setting = await ready(ctx, 'draft')
    const { parts, question } = await conversation(ctx, thread)
    const { parts: ours, sources } = await sourcesFor(ctx, thread, `${question.subject ?? ''} ${question.text}`)
    const mask = rules.masking(setting.masks)
    const hidden = [...ours, ...parts].map(each => ({ ...each, text: mask.hide(each.text) }))
    const speaks = question.language ?? languagesOf([question.text])[0] ?? language()
    const first = t('answers.variable.first')
    const use = await begin(ctx, setting, {
      ...{ kind: 'draft', thread, language: speaks, sources, material: hidden.map(each => each.text), back: mask.show },
      ask: (it, signal, hears) => chat(it, rules.tasks.draft(speaks, first), hidden, signal, hears),
    })
    return { use }
  },
})

const given = { thread: id, text: line(longest) }

export const retone = action({
  says: 'Have one’s own words written friendlier, shorter or more formally',
  who: 'assistant.use',
  takes: z.strictObject({ ...given, tone: z.enum(words.tones) }),
  gives: asked,
  run: async (ctx, { thread, text: own, tone }) => {
    const setting = await ready(ctx, 'tone')
    await stays(ctx, thread, own)
    const mask = rules.masking(setting.masks)
    const hidden = mask.hide(own)
    const use = await begin(ctx, setting, {
      ...{ kind: 'tone', thread, how: tone, material: [hidden], back: mask.show },
      ask: (it, signal, hears) => chat(it, rules.tasks.tone(tone), [{ who: 'words', text: hidden }], signal, hears),
    })
    return { use }
  },
})

export const translateWords = action({
  says: 'Have one’s own words translated for the customer, into the language that they wrote in last, or into another',
  who: 'assistant.use',
  takes: z.strictObject({ ...given, language: z.string().regex(/^[a-z]{2}$/).optional() }), // biome-ignore format: one line
  gives: asked,
  run: async (ctx, { thread, text: own, language: into }) => {
    const setting = await ready(ctx, 'translation')
    await stays(ctx, thread, own)
    const theirs = into ?? (await conversation(ctx, thread)).question.language ?? refuse('conflict', 'assistant.noLanguage')
    return { use: await translated(ctx, setting, { kind: 'words', thread }, own, theirs.slice(0, 2)) }
  },
})

/** Whoever may read the thread; what they are writing is kept, also without a script in the page. */
async function stays(ctx: Ctx, thread: string, own: string): Promise<void> {
  await threadOf(ctx, thread)
  const key = `thread:${thread}`
  if (ctx.actor.via === 'page') await keep(ctx, { key, body: { fields: { ...(await draftOf(ctx, key)), text: own } } })
}

// —— what came of it ——

const shown = (row: store.UseRow, now: Date): words.Use => {
  const lost = rules.isOverdue({ state: row.state, dueAt: row.due_at }, now)
  return {
    ...{ id: row.id, kind: row.kind, thread: row.thread, content: row.content, language: row.language, how: row.how },
    ...{ askedAt: row.asked_at, endedAt: row.ended_at, text: row.text, sources: row.sources, taken: row.taken_at !== null },
    ...{ tokensIn: row.tokens_in, tokensOut: row.tokens_out },
    state: lost ? 'failed' : row.state,
    says: lost ? t('assistant.says.slow') : row.says && t(row.says, row.told),
  }
}

/** One’s own, or a translation, in a thread that one may still read. */
async function readable(ctx: Ctx, use: string): Promise<store.UseRow> {
  const row = await store.one(ctx, use)
  if (!row || (row.person !== ctx.actor.person && row.kind !== 'message')) refuse('notFound', 'kernel.notFound')
  if (row.thread) await threadOf(ctx, row.thread)
  return row
}

async function mine(ctx: Ctx, use: string): Promise<store.UseRow> {
  const row = await readable(ctx, use)
  return row.person === ctx.actor.person ? row : refuse('notFound', 'kernel.notFound')
}

export const show = action({
  says: 'Show what came of asking the assistant: still asked, done with its text and sources, failed with the reason, or stopped',
  who: 'assistant.use',
  reads: true,
  takes: z.strictObject({ use: id }),
  gives: words.use,
  run: async (ctx, { use }) => shown(await readable(ctx, use), ctx.now),
})

export const stop = action({
  says: 'Stop what the assistant is asked for',
  who: 'assistant.use',
  takes: z.strictObject({ use: id }),
  gives: z.object({}),
  run: async (ctx, { use }) => {
    await closeStopped(ctx, await mine(ctx, use))
    stopRunning(ctx, use)
    return {}
  },
})

export const take = action({
  says: 'Put what the assistant wrote into the answer that one is writing; nothing is sent',
  who: 'assistant.use',
  takes: z.strictObject({ use: id }),
  gives: z.object({ thread: id, text: z.string() }),
  run: async (ctx, { use }) => {
    const { thread, text: wrote, kind } = await markTaken(ctx, use)
    const key = `thread:${thread}`
    const was = await draftOf(ctx, key)
    const own = kind === 'draft' && was.text?.trim() ? `${was.text}\n\n${wrote}` : wrote
    await keep(ctx, { key, body: { fields: { ...was, text: own } } })
    return { thread, text: own }
  },
})

export const took = action({
  says: 'Note that what the assistant wrote was put into an answer',
  who: 'assistant.use',
  published: false,
  passing: true,
  takes: z.strictObject({ use: id }),
  gives: z.object({}),
  run: async (ctx, { use }) => {
    await markTaken(ctx, use)
    return {}
  },
})

async function markTaken(ctx: Ctx, use: string): Promise<store.UseRow & { thread: string }> {
  const row = await mine(ctx, use)
  const { thread } = row
  if (row.state !== 'done' || !thread || !words.isTakable(row.kind)) refuse('conflict', 'assistant.nothingToTake')
  await store.change(ctx, use, { taken_at: ctx.now })
  await store.putAway(ctx, row, words.takable)
  looksAgain(ctx, row)
  return { ...row, thread }
}

export const drop = action({
  says: 'Put what the assistant wrote out of the way',
  who: 'assistant.use',
  takes: z.strictObject({ use: id }),
  gives: z.object({}),
  run: async (ctx, { use }) => {
    const row = await mine(ctx, use)
    await store.putAway(ctx, row, words.isTakable(row.kind) ? words.takable : [row.kind])
    looksAgain(ctx, row)
    return {}
  },
})

export const bringBack = action({
  says: 'Bring back what the assistant wrote and was put out of the way',
  who: 'assistant.use',
  takes: z.strictObject({ use: id }),
  gives: z.object({}),
  run: async (ctx, { use }) => {
    const row = await mine(ctx, use)
    await store.change(ctx, use, { dropped_at: null })
    looksAgain(ctx, row)
    return {}
  },
})

/** What a message no longer says stands nowhere else either. */
export const forgetTranslations = on([Edited, Removed], 'a translation goes with the words that it translated', (ctx, happened) =>
  store.forgetTranslations(
    ctx,
    happened.flatMap(each => each.object ?? []),
  ),
)

// —— beside a conversation ——

export interface Beside {
  helps: words.Help[]
  /** One's own, newest first, that are neither taken nor out of the way. */
  pieces: words.Use[]
  /** Translations into one's own language. */
  translations: words.Use[]
  /** What somebody took for an answer here, newest first. */
  taken: (words.Use & { own: boolean; takenAt: Date })[]
}

/** What the assistant knows of a conversation; null while it is off, which asks nothing. Else one look into an index, however many parts of the page want it. */
export async function beside(ctx: Ctx, thread: string): Promise<Beside | null> {
  const helps = await standing(ctx)
  if (!helps) return null
  const rows = await askedOnce(ctx, `assistant ${thread}`, () => store.ofThread(ctx, thread, ctx.actor.person, language()))
  const own = rows.filter(row => row.person === ctx.actor.person)
  return {
    helps,
    pieces: own.filter(row => row.kind !== 'message' && !row.dropped_at && row.state !== 'stopped').map(row => shown(row, ctx.now)),
    translations: rows.filter(row => row.kind === 'message').map(row => shown(row, ctx.now)),
    taken: rows
      .filter(row => row.taken_at)
      .slice(0, 20)
      .map(row => ({ ...shown(row, ctx.now), own: row.person === ctx.actor.person, takenAt: row.taken_at! })),
  }
}

/** The latest trials, for whoever sets it up. */
export const trials = async (ctx: Ctx): Promise<words.Use[]> => (await store.trials(ctx)).map(row => shown(row, ctx.now))
