/** Which kinds of records there are, and what is known of each. */
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { list as ownFields } from '#social/fields/actions.ts'
import { networks } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** All that there are, archived ones too; read once for everybody who looks. */
export const allKinds = (ctx: Ctx): Promise<words.Kind[]> => remembered(ctx, 'records.kinds', ['records.kinds'], () => store.kinds(ctx))

export const kinds = action({
  says: 'List the kinds of records with their fields; with `archived` those that are no longer used',
  who: 'records.read',
  reads: true,
  takes: z.strictObject({ archived: z.stringbool().or(z.boolean()).default(false) }),
  gives: z.object({ items: z.array(words.kind) }),
  run: async (ctx, { archived }) => ({ items: (await allKinds(ctx)).filter(each => (each.archivedAt !== null) === archived) }),
})

/** By its name; archived ones too. */
export async function kindNamed(ctx: Ctx, name: string): Promise<words.Kind> {
  return (await allKinds(ctx)).find(each => each.name === name) ?? refuse('notFound', 'records.noKind')
}

export const kindBy = async (ctx: Ctx, kind: string): Promise<words.Kind> =>
  (await allKinds(ctx)).find(each => each.id === kind) ?? refuse('notFound', 'records.noKind')

/** By what a person can be named: an address of any network, our own id, a company, or an own field of people. */
export async function personWays(ctx: Ctx): Promise<string[]> {
  const { items } = await ownFields(ctx, {})
  const texts = items.filter(each => each.kind === 'text' || each.kind === 'number')
  return [...networks().map(each => each.name), 'id', 'company', ...texts.map(each => `field:${each.id}`)]
}

const about = {
  one: line(60),
  many: line(60),
  fields: z.array(words.field).min(1).max(100),
  personBy: z.string().max(80).nullable().default(null),
}

async function holds(ctx: Ctx, fields: words.Field[], personBy: string | null): Promise<void> {
  rules.fieldsHold(fields)
  rules.personHolds(fields, personBy, await personWays(ctx))
}

const kindName = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'records.nameWrong')

const mostKinds = 100

export const makeKind = action({
  says: 'Define a kind of record, such as an order: its fields, which of them is the key, the title, the state, and names the person',
  who: 'records.manage',
  takes: z.strictObject({ name: kindName, ...about }),
  gives: z.object({ kind: id }),
  run: async (ctx, input) => {
    const all = await store.kinds(ctx)
    if (all.some(each => each.name === input.name))
      throw new Refusal('conflict', 'records.nameTaken', {}, { fields: [{ field: 'name', key: 'records.nameTaken' }] })
    if (all.length >= mostKinds) refuse('conflict', 'records.kindsFull', { most: mostKinds })
    await holds(ctx, input.fields, input.personBy)
    const kind = newId(ctx.now)
    await store.addKind(ctx, { ...input, id: kind })
    told(ctx, words.KindMade, kind, input.one)
    return { kind }
  },
})

export const changeKind = action({
  says: 'Change what is known of a kind of record; a field that is left out is archived and keeps its values',
  who: 'records.manage',
  takes: z.strictObject({ kind: id, ...about }),
  gives: z.object({ fields: z.array(words.field) }),
  run: async (ctx, { kind, ...input }) => {
    const was = (await store.kinds(ctx)).find(each => each.id === kind) ?? refuse('notFound', 'records.noKind')
    const fields = rules.fieldsAfter(was.fields, input.fields)
    await holds(ctx, fields, input.personBy)
    await store.changeKind(ctx, kind, { ...input, fields })
    told(ctx, words.KindChanged, kind, input.one)
    return { fields }
  },
})

/** Used no longer, or again. */
const kindIs = (says: string, isUsed: boolean) =>
  action({
    says,
    who: 'records.manage',
    takes: z.strictObject({ kind: id }),
    gives: z.object({}),
    run: async (ctx, { kind }) => {
      const was = (await store.kinds(ctx)).find(each => each.id === kind) ?? refuse('notFound', 'records.noKind')
      if ((was.archivedAt === null) === isUsed) return {}
      await store.archiveKind(ctx, kind, isUsed ? null : ctx.now)
      told(ctx, isUsed ? words.KindBack : words.KindArchived, kind, was.one)
      return {}
    },
  })

export const archiveKind = kindIs('Archive a kind of record: nothing more goes in, what is there can still be read', false)
export const bringKindBack = kindIs('Use an archived kind of record again', true)

function told(ctx: Ctx, word: typeof words.KindMade, kind: string, name: string): void {
  record(ctx, word, { object: kind, detail: { name } })
  for (const topic of ['records.kinds', 'records']) tell(ctx, topic)
}
