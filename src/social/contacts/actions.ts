import type { Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { t } from '#kernel/messages.ts'
import { claim, release } from '#social/activities/actions.ts'
import { list as fieldsList } from '#social/fields/actions.ts'
import { inOne } from '#social/imports/actions.ts'
import { type Batch, type Item, type Kept, type Made, type Mapping, type Opened, type Preview, source } from '#social/imports/words.ts'
import { inUse } from '#social/lists/actions.ts'
import {
  addAll,
  cardsOf,
  keyOf,
  linkAll,
  nameUnnamed,
  networks,
  organisationsBy,
  signInNetwork,
  takeBack,
  whoHas,
} from '#social/people/actions.ts'
import type { Network, Made as People } from '#social/people/words.ts'
import { begin } from '#social/sides/actions.ts'
import { sideNames } from '#social/sides/words.ts'
import { talkedWith } from '#social/threads/actions.ts'
import { acceptMore, judgeValues, keepMore, takeMoreBack } from './actions-more.ts'
import { columnsOf, isTable, linesOf, lookAt, tableOptions } from './actions-table.ts'
import * as rules from './rules.ts'
import { type Contact, fields } from './words.ts'

export { columnsOf, isTable, linesOf, lookAt, tableOptions } from './actions-table.ts'
export { markOf } from './rules.ts'

/** The address that most lists have comes first, so that a column is taken for it rather than for another. */
function known(): Network[] {
  const first = signInNetwork()
  return [first, ...networks().filter(each => each.name !== first.name)]
}

// —— looking at it ——

async function preview(file: Opened, given: Mapping | undefined, ctx: Ctx): Promise<Preview> {
  const [{ items: own }, lists] = [await fieldsList(ctx, {}), await inUse(ctx)]
  const table = lookAt(file, given)
  const header = given?.header ?? (rules.hasHeads(table.rows[0] ?? [], known()) ? 'yes' : 'no')
  const columns = columnsOf(table.rows, {
    heads: header === 'yes',
    given,
    guess: (head, samples) => rules.guessed(head, samples, known(), own),
    choices: meanings(own),
  })
  const { encoding, delimiter } = table
  const chosen = Object.fromEntries(columns.map(each => [each.name, each.value]))
  const mapping = { encoding, delimiter, header, side: given?.side ?? '', list: given?.list ?? '', ...chosen }
  return { mapping, options: optionsOf(mapping, lists), columns }
}

const meanings = (own: { id: string; name: string }[]) => [
  { value: '', label: t('contacts.leaveOut') },
  ...fields.map(value => ({ value, label: t(`contacts.field.${value}`) })),
  ...known().map(each => ({ value: `network:${each.name}`, label: t(each.title) })),
  ...own.map(each => ({ value: `own:${each.id}`, label: each.name })),
]

const optionsOf = (mapping: Mapping, lists: { id: string; name: string }[]) => [
  ...tableOptions(mapping),
  {
    name: 'side',
    label: t('contacts.sideOfAll'),
    value: mapping.side!,
    choices: [
      { value: '', label: t('contacts.sideNone') },
      ...sideNames.filter(each => each !== 'colleague').map(value => ({ value, label: t(`sides.name.${value}`) })),
    ],
  },
  ...(lists.length
    ? [
        {
          name: 'list',
          label: t('contacts.listOfAll'),
          value: mapping.list!,
          choices: [{ value: '', label: t('contacts.listNone') }, ...lists.map(each => ({ value: each.id, label: each.name }))],
        },
      ]
    : []),
]

// —— reading it ——

async function* items(file: Opened, mapping: Mapping): AsyncIterable<Item<Contact>> {
  const all = known()
  const reading = rules.readingOf(mapping, all)
  for await (const each of linesOf(file, reading)) yield 'cells' in each ? rules.contactOf(each, reading, all) : each
}

// —— keeping it ——

async function keep(batch: Batch<Contact>, finish: (ctx: Ctx, kept: Kept) => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await inOne(batch, ctx => keepAll(ctx, batch), finish)
    } catch (error) {
      // Somebody met one of them at this very moment; the next look finds them.
      if (tries >= 3 || !(error instanceof Refusal) || error.key !== 'people.handleTaken') throw error
    }
  }
}

async function keepAll(ctx: Ctx, batch: Batch<Contact>): Promise<Kept> {
  const judged = await judgeValues(ctx, batch.items)
  const handles = judged.good.flatMap(each => each.it.handles)
  const owners = await whoHas(ctx, handles)
  const ownerOf = new Map(handles.map((handle, at) => [handle, owners[at]!]))
  const { planned, faults } = rules.planOf(judged.good, handle => ownerOf.get(handle) ?? null)
  const bare = planned.filter(each => each.contact.handles.length === 0)
  const free = bare.length
    ? await claim(
        ctx,
        bare.map(each => rules.keyOf(each.contact)),
      )
    : new Set<string>()
  const isNew = (each: rules.Planned) =>
    !each.person && each.like === null && (each.contact.handles.length > 0 || free.delete(rules.keyOf(each.contact)))
  const claims = [...free].map(ref => ({ kind: 'claim', ref }))
  const fresh = planned.filter(isNew)
  const made = await keepPeople(ctx, batch, planned, fresh)
  const seen = batch.dry ? fresh.filter(each => seenBefore(batch.memory, each.contact)).length : 0
  return {
    fresh: fresh.length - seen,
    known: planned.length - fresh.length + seen,
    faults: [...judged.faults, ...faults],
    made: [...claims, ...made],
  }
}

/** In a try nothing is kept, so that a contact of an earlier batch would seem new again. */
function seenBefore(memory: Set<number>, contact: Contact): boolean {
  const told = contact.handles.map(each => `${each.network}\n${each.normal}`)
  const seen = (told.length ? told : [rules.keyOf(contact)]).map(rules.markOf)
  const known = seen.some(each => memory.has(each))
  memory.add(seen[0]!)
  return known
}

async function keepPeople(ctx: Ctx, { run, mapping }: Batch<Contact>, planned: rules.Planned[], fresh: rules.Planned[]): Promise<Made[]> {
  const because = 'import'
  const ids = new Map(fresh.map(each => [each, newId()]))
  const idAt = (each: rules.Planned): string | undefined => {
    const first = each.like === null ? each : planned[each.like]!
    return first.person ?? ids.get(first)
  }
  const { companies, made } = await companiesOf(ctx, fresh)
  const handlesOf = (each: rules.Planned) =>
    each.missing.map(handle => ({ ...handle, because, evidence: { import: run, line: each.line } }))
  const people = await addAll(
    ctx,
    fresh.map(each => ({
      id: ids.get(each)!,
      name: each.contact.name || each.contact.handles[0]!.address,
      unnamed: !each.contact.name,
      about: each.contact.about,
      language: each.contact.language,
      company: companies.get(keyOf(each.contact.company)),
      side: each.contact.side ?? undefined,
      handles: handlesOf(each),
      because,
      at: ctx.now,
    })),
  )
  const others = planned.filter(each => !ids.has(each) && idAt(each)).map(each => ({ each, person: idAt(each)! }))
  const linked = await linkAll(
    ctx,
    others.flatMap(({ each, person }) => handlesOf(each).map(handle => ({ ...handle, person }))),
  )
  const sides = await beginMissing(
    ctx,
    others.map(({ each, person }) => ({ person, side: each.contact.side })),
  )
  const names = await nameUnnamed(
    ctx,
    onePerPerson(others.flatMap(({ each, person }) => (each.contact.name ? [{ person, name: each.contact.name }] : []))),
    'given',
  )
  const told = planned.flatMap(each => (idAt(each) ? [{ person: idAt(each)!, contact: each.contact }] : []))
  const more = await keepMore(ctx, told, mapping.list || null, new Set(ids.values()))
  const of = (kind: string, refs: string[]) => refs.map(ref => ({ kind, ref }))
  return [
    ...of('person', [...made, ...people.persons]),
    ...of('handle', linked),
    ...of('side', sides),
    ...names.map(({ person, ...name }) => ({ kind: 'name', ref: person, before: JSON.stringify(name) })),
    ...more,
  ]
}

const onePerPerson = <T extends { person: string }>(all: T[]): T[] => [...new Map(all.map(each => [each.person, each])).values()]

async function beginMissing(ctx: Ctx, wanted: { person: string; side: Contact['side'] }[]): Promise<string[]> {
  const asked = wanted.flatMap(({ person, side }) => (side ? [{ person, side, because: 'import' }] : []))
  const cards = asked.length
    ? await cardsOf(
        ctx,
        asked.map(each => each.person),
      )
    : new Map()
  return begin(
    ctx,
    asked.filter(each => !cards.get(each.person)?.sides.includes(each.side)),
  )
}

/** Companies by their exact name; those that are not there are made. */
async function companiesOf(ctx: Ctx, fresh: rules.Planned[]): Promise<{ companies: Map<string, string>; made: string[] }> {
  const names = new Map(fresh.flatMap(({ contact }) => (contact.company ? [[keyOf(contact.company), contact.company] as const] : [])))
  const companies = names.size ? await organisationsBy(ctx, [...names.values()]) : new Map<string, string>()
  const missing = [...names].filter(([key]) => !companies.has(key)).map(([key, name]) => ({ key, name, id: newId() }))
  await addAll(
    ctx,
    missing.map(({ id, name }) => ({ id, name, kind: 'organisation', handles: [], because: 'import', at: ctx.now })),
  )
  for (const { key, id } of missing) companies.set(key, id)
  return { companies, made: missing.map(each => each.id) }
}

async function undo(ctx: Ctx, made: Made[]): Promise<number> {
  await takeMoreBack(ctx, made)
  const refs = (kind: string) => made.filter(each => each.kind === kind).map(each => each.ref)
  const names = made
    .filter(each => each.kind === 'name')
    .map(each => ({ person: each.ref, ...(JSON.parse(each.before!) as { before: string; after: string }) }))
  const people: People = { persons: refs('person'), handles: refs('handle'), sides: refs('side'), names }
  const kept = await takeBack(ctx, people, await talkedWith(ctx, people.persons))
  const claims = refs('claim')
  if (claims.length) await release(ctx, claims)
  return kept.length
}

export const contacts = source<Contact>({
  name: 'contacts',
  title: 'contacts.title',
  why: 'contacts.why',
  advice: 'contacts.otherKind',
  icon: 'people',
  accepts: '.csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain',
  batch: 500,
  reads: isTable,
  preview,
  accept: async (mapping, ctx) => acceptMore(ctx, rules.readingOf(mapping, known())),
  items,
  keep,
  undo,
})
