/** What we use data of people for, and the texts to which they consent. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { languages } from '#kernel/messages.ts'
import { record } from '#social/activities/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export const purposes = action({
  says: 'List the purposes for which data of people is used; with `retired` those that are no longer in use',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ retired: z.stringbool().or(z.boolean()).default(false) }),
  gives: z.object({ items: z.array(words.purpose) }),
  run: async (ctx, { retired }) => ({ items: (await store.purposes(ctx)).filter(each => Boolean(each.retiredAt) === retired) }),
})

const thePurpose = async (ctx: Ctx, purpose: string): Promise<words.Purpose> =>
  (await store.purposes(ctx)).find(each => each.id === purpose) ?? refuse('notFound', 'consent.purposeNotFound')

export const purposeShow = action({
  says: 'Show a purpose with every version of its texts, the newest first',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ purpose: id }),
  gives: words.purpose.extend({ texts: z.array(words.consentText) }),
  run: async (ctx, { purpose }) => {
    const texts = await store.textsOf(ctx, [purpose])
    return { ...(await thePurpose(ctx, purpose)), texts: texts.map(({ purpose: _its, ...each }) => each) }
  },
})

const about = { name: line(100), about: text(1000).default('') }

export const purposeMake = action({
  says: 'Name a purpose for which data of people is used, such as a newsletter',
  who: 'people.setup',
  takes: z.strictObject(about),
  gives: z.object({ purpose: id }),
  run: async (ctx, it) => {
    rules.isNewName(it.name, await store.purposes(ctx), null)
    const row = { ...it, id: newId(ctx.now), made_at: ctx.now }
    await store.addPurpose(ctx, row)
    told(ctx, words.PurposeMade, row)
    return { purpose: row.id }
  },
})

function told(ctx: Ctx, word: typeof words.PurposeMade, { id, name }: { id: string; name: string }): void {
  record(ctx, word, { object: id, detail: { name } })
  tell(ctx, 'purposes')
}

export const purposeChange = action({
  says: 'Change name or explanation of a purpose',
  who: 'people.setup',
  takes: z.strictObject({ purpose: id, ...about }),
  gives: z.object({ before: z.object({ name: z.string(), about: z.string() }) }),
  run: async (ctx, { purpose, ...it }) => {
    const row = await thePurpose(ctx, purpose)
    rules.isNewName(it.name, await store.purposes(ctx), purpose)
    await store.changePurpose(ctx, purpose, it)
    told(ctx, words.PurposeChanged, { id: purpose, name: it.name })
    return { before: { name: row.name, about: row.about } }
  },
})

const one = { who: 'people.setup', takes: z.strictObject({ purpose: id }), gives: z.object({}) }

export const purposeRetire = action({
  ...one,
  says: 'Take a purpose out of use; what was said about it is kept as proof',
  run: async (ctx, { purpose }) => {
    const row = await thePurpose(ctx, purpose)
    await store.changePurpose(ctx, purpose, { retired_at: ctx.now })
    told(ctx, words.PurposeRetired, row)
    return {}
  },
})

export const purposeBack = action({
  ...one,
  says: 'Take a purpose into use again',
  run: async (ctx, { purpose }) => {
    const row = await thePurpose(ctx, purpose)
    rules.isNewName(row.name, await store.purposes(ctx), purpose)
    await store.changePurpose(ctx, purpose, { retired_at: null })
    told(ctx, words.PurposeBack, row)
    return {}
  },
})

export const textAdd = action({
  says: 'Write the next version of the text to which people consent, in a language; earlier versions stay as they were shown',
  who: 'people.setup',
  takes: z.strictObject({ purpose: id, language: z.enum(languages), text: line(20_000) }),
  gives: z.object({ version: z.number() }),
  run: async (ctx, { purpose, language, text }) => {
    rules.isOpen(await thePurpose(ctx, purpose))
    const row = { id: newId(ctx.now), purpose, language, text, by: ctx.actor.person, at: ctx.now }
    const version = await store.addText(ctx, row)
    record(ctx, words.Worded, { object: row.id, target: purpose, detail: { version, language } })
    tell(ctx, 'purposes')
    return { version }
  },
})
