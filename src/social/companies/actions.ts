import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { localOf } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf, companyBy, idsOf, keyOf, putCompany } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'companies.notFound')
}

/** Today where the organisation is, `2026-03-01`. */
function today(ctx: Ctx): string {
  const { year, month, day } = localOf(ctx.now, ctx.zone)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

export const list = action({
  says: 'List where a person works and worked, as what, from when to when',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ items: z.array(words.employment) }),
  run: async (ctx, { person }) => {
    const ids = await allOf(ctx, person)
    const [rows, main] = [await store.employmentsOf(ctx, ids), await store.mainOf(ctx, ids[0])]
    const cards = await cardsOf(ctx, [...rows.map(each => each.company), ...(main ? [main] : [])])
    const bare = main && !rows.some(each => each.company === main) ? cards.get(main) : undefined
    return {
      items: [
        ...(bare ? [{ id: null, company: bare, main: true, role: '', since: null, until: null }] : []),
        ...rows.flatMap(({ id, company, role, since, until }) => {
          const card = cards.get(company)
          return card ? [{ id, company: card, main: company === main, role, since, until }] : []
        }),
      ],
    }
  },
})

export const staff = action({
  says: 'List the people of a company, also those who left, by a part of their name or role if one is given',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ company: id, q: text(100).optional(), after: cursor, limit }),
  gives: z.object({ company: words.employment.shape.company, items: z.array(words.staff), next: z.string().nullable() }),
  run: async (ctx, { company, q, after, limit }) => {
    const ids = await allOf(ctx, company)
    const asked = { words: keyOf(q ?? ''), after: after && id.parse(after), limit: limit + 1 }
    const rows = await store.staffOf(ctx, ids, asked)
    const page = rows.slice(0, limit)
    const cards = await cardsOf(ctx, [ids[0], ...page.map(each => each.person)])
    return {
      company: cards.get(ids[0])!,
      items: page.map(({ person, ...row }) => ({ id: person, person: cards.get(person)!, ...row })),
      next: rows.length > limit ? page.at(-1)!.person : null,
    }
  },
})

const day = z.union([z.literal(''), z.iso.date()]).transform(each => each || null)
const about = { role: text(200).default(''), since: day.default(null), until: day.default(null) }

export const employ = action({
  says: 'Note that a person works or worked at a company, which is made if it is not there',
  who: 'people.write',
  takes: z.strictObject({ person: id, company: line(300), ...about }),
  gives: z.object({ employment: id, person: id }),
  run: async (ctx, { person, company: name, ...it }) => {
    rules.fits(it)
    const ids = await allOf(ctx, person)
    const company = await companyBy(ctx, name)
    const cards = await cardsOf(ctx, [ids[0], company])
    rules.mayEmploy(cards.get(ids[0])!.kind, cards.get(company)!.kind)
    const leads = !rules.isOver(it.until, today(ctx)) && (await store.mainOf(ctx, ids[0])) === null
    const row = { id: newId(), person: ids[0], company, ...it, leads, by: ctx.actor.person, at: ctx.now }
    await store.add(ctx, row)
    if (leads) await putCompany(ctx, ids[0], company)
    told(ctx, words.Employed, row)
    return { employment: row.id, person: ids[0] }
  },
})

function told(ctx: Ctx, word: typeof words.Employed, { person, company }: { person: string; company: string }): void {
  record(ctx, word, { object: person, target: company, detail: {} })
  for (const topic of [`person:${person}`, `person:${company}`]) tell(ctx, topic)
}

const theRow = async (ctx: Ctx, employment: string): Promise<store.Row> =>
  (await store.find(ctx, employment)) ?? refuse('notFound', 'companies.employmentNotFound')

const days = z.object({ role: z.string(), since: z.string(), until: z.string() })
const before = ({ role, since, until }: store.Row) => ({ role, since: since ?? '', until: until ?? '' })

export const change = action({
  says: 'Change as what and when a person works at a company; with `main` it is the company on the record again',
  who: 'people.write',
  takes: z.strictObject({ employment: id, ...about, main: z.stringbool().or(z.boolean()).default(false) }),
  gives: z.object({ person: id, before: days }),
  run: async (ctx, { employment, main, ...it }) => {
    rules.fits(it)
    const row = await theRow(ctx, employment)
    await store.change(ctx, employment, it)
    const [stands] = await allOf(ctx, row.person)
    if (main) await putCompany(ctx, stands, row.company)
    told(ctx, words.Changed, row)
    return { person: stands, before: before(row) }
  },
})

export const leave = action({
  says: 'Note that a person left a company today',
  who: 'people.write',
  takes: z.strictObject({ employment: id }),
  gives: z.object({ person: id, before: days, wasMain: z.boolean() }),
  run: async (ctx, { employment }) => {
    const row = await theRow(ctx, employment)
    if (row.until && row.until <= today(ctx)) refuse('conflict', 'companies.leftAlready')
    const [stands] = await allOf(ctx, row.person)
    const wasMain = (await store.mainOf(ctx, stands)) === row.company
    await store.change(ctx, employment, { until: row.since && row.since > today(ctx) ? row.since : today(ctx) })
    if (wasMain) await putCompany(ctx, stands, null)
    told(ctx, words.Left, row)
    return { person: stands, before: before(row), wasMain }
  },
})

export const remove = action({
  says: 'Remove that a person worked at a company, because it was a mistake',
  who: 'people.write',
  takes: z.strictObject({ employment: id }),
  gives: z.object({ person: id, company: z.string(), before: days }),
  run: async (ctx, { employment }) => {
    const row = await theRow(ctx, employment)
    const [stands] = await allOf(ctx, row.person)
    const card = (await cardsOf(ctx, [row.company])).get(row.company)
    await store.remove(ctx, employment)
    if (row.leads && (await store.mainOf(ctx, stands)) === row.company) await putCompany(ctx, stands, null)
    told(ctx, words.Removed, row)
    return { person: stands, company: card?.name ?? '', before: before(row) }
  },
})
