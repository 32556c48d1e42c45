import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { behindLeave, leaveBehind, leaveLink } from './actions-leaving.ts'
export * from './actions-purposes.ts'

// —— what we may ——

/** Those of these people whose data may be used for the purpose, as it stands in this transaction. */
export async function mayUse(ctx: Ctx, people: string[], purpose: string): Promise<Set<string>> {
  const states = people.length ? await store.statesOf(ctx, people, purpose) : new Map<string, boolean>()
  return new Set([...states].filter(([, allows]) => allows).map(([person]) => person))
}

/** For whoever is about to send something to somebody for a purpose; refuses where the last word does not allow it. */
export async function requireUse(ctx: Ctx, person: string, purpose: string): Promise<void> {
  const { name } = await thePurpose(ctx, purpose)
  rules.mayUseFor((await store.statesOf(ctx, [person], purpose)).get(person) ?? null, name)
}

export const check = action({
  says: 'Tell whether data of a person may be used for a purpose now; `allows` is null when nothing was ever said',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id, purpose: id }),
  gives: z.object({ allows: z.boolean().nullable() }),
  run: async (ctx, { person, purpose }) => {
    await allOf(ctx, person)
    await thePurpose(ctx, purpose)
    return { allows: (await store.statesOf(ctx, [person], purpose)).get(person) ?? null }
  },
})

async function thePurpose(ctx: Ctx, purpose: string): Promise<words.Purpose> {
  return (await store.purposes(ctx)).find(each => each.id === purpose) ?? refuse('notFound', 'consent.purposeNotFound')
}

async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'consent.personNotFound')
}

export const show = action({
  says: 'Show for each purpose what counts for a person, with every word and its proof, the newest first',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ items: z.array(words.standing) }),
  run: async (ctx, { person }) => {
    const ids = await allOf(ctx, person)
    const [purposes, rows] = [await store.purposes(ctx), await store.entriesOf(ctx, ids)]
    const texts = purposes.length
      ? await store.textsOf(
          ctx,
          purposes.map(each => each.id),
        )
      : []
    const cards = await cardsOf(
      ctx,
      rows.flatMap(each => each.by ?? []),
    )
    const known = new Map(texts.map(each => [each.id, each]))
    const its = (purpose: string) => rows.filter(each => each.purpose === purpose)
    return {
      items: purposes
        .filter(each => !each.retiredAt || its(each.id).length > 0)
        .map(each => ({
          ...each,
          allows: rules.counting(its(each.id))?.allows ?? null,
          entries: its(each.id).map(row => entryOf(row, known, cards)),
        })),
    }
  },
})

function entryOf(row: store.Row, texts: Map<string, words.ConsentText>, cards: Map<string, PersonCard>): words.Entry {
  const text = row.consent_text ? texts.get(row.consent_text) : undefined
  return {
    id: row.id,
    allows: row.allows,
    basis: row.basis,
    text: text ? { id: text.id, language: text.language, version: text.version, at: text.at } : null,
    source: row.source,
    proof: row.proof,
    at: row.at,
    by: (row.by && cards.get(row.by)) || null,
    struckAt: row.struck_at,
  }
}

// —— what was said ——

const at = z.union([z.literal(''), z.iso.datetime({ offset: true, local: true }), z.iso.date()]).optional()
const said = { person: id, purpose: id, source: z.enum(words.consentSources), proof: text(2000).default(''), at }

export const grant = action({
  says: 'Note that data of a person may be used for a purpose: by consent to a text, or on another lawful basis with its reason',
  who: 'people.write',
  takes: z.strictObject({ ...said, basis: z.enum(words.bases).default('consent'), text: id.optional() }),
  gives: z.object({ person: id, entry: id }),
  run: async (ctx, { text, ...it }) => {
    rules.isOpen(await thePurpose(ctx, it.purpose))
    rules.isProved({ ...it, text })
    if (text && !(await store.textsOf(ctx, [it.purpose])).some(each => each.id === text)) refuse('notFound', 'consent.textNotFound')
    return keep(ctx, words.Granted, { ...it, allows: true, consent_text: text ?? null })
  },
})

export const withdraw = action({
  says: 'Note that a person withdrew consent, or objects: from now on nothing is sent for this purpose',
  who: 'people.write',
  takes: z.strictObject(said),
  gives: z.object({ person: id, entry: id }),
  run: async (ctx, it) => {
    await thePurpose(ctx, it.purpose)
    return keep(ctx, words.Withdrawn, { ...it, basis: 'consent', allows: false, consent_text: null })
  },
})

type Said = Pick<store.Row, 'person' | 'purpose' | 'allows' | 'basis' | 'consent_text' | 'source' | 'proof'> & { at?: string }

async function keep(ctx: Ctx, word: typeof words.Granted, { at, ...it }: Said): Promise<{ person: string; entry: string }> {
  const [person] = await allOf(ctx, it.person)
  const moment = at ? new Date(at) : ctx.now
  rules.isPast(moment, ctx.now)
  const entry = newId(ctx.now)
  await store.add(ctx, { ...it, id: entry, person, at: moment, by: ctx.actor.person, noted_at: ctx.now })
  await settle(ctx, person, it.purpose)
  told(ctx, word, person, it.purpose)
  return { person, entry }
}

/** What counts for this record from now on. */
const settle = async (ctx: Ctx, person: string, purpose: string): Promise<void> =>
  store.putState(ctx, { person, purpose }, rules.counting(await store.entriesOf(ctx, [person], purpose)))

function told(ctx: Ctx, word: typeof words.Granted, person: string, purpose: string): void {
  record(ctx, word, { object: person, detail: { purpose } })
  tell(ctx, `person:${person}`)
}

const struck = { who: 'people.write', takes: z.strictObject({ entry: id }), gives: z.object({ person: id, entry: id }) }

export const strike = action({
  ...struck,
  says: 'Strike out a word about a purpose that was noted by mistake; what was said before counts again',
  run: (ctx, { entry }) => strikeOut(ctx, entry, true),
})

export const restore = action({
  ...struck,
  says: 'Take back that a word about a purpose was struck out',
  run: (ctx, { entry }) => strikeOut(ctx, entry, false),
})

async function strikeOut(ctx: Ctx, entry: string, out: boolean): Promise<{ person: string; entry: string }> {
  const row = (await store.find(ctx, entry)) ?? refuse('notFound', 'consent.entryNotFound')
  if (Boolean(row.struck_at) === out) return { person: row.person, entry }
  await store.strike(ctx, entry, out)
  await settle(ctx, row.person, row.purpose)
  told(ctx, out ? words.Struck : row.allows ? words.Granted : words.Withdrawn, row.person, row.purpose)
  return { person: row.person, entry }
}
