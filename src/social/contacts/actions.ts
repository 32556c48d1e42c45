import type { Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { t } from '#kernel/messages.ts'
import { claim, release } from '#social/activities/actions.ts'
import { inOne } from '#social/imports/actions.ts'
import { type Batch, type Item, type Kept, type Made, type Mapping, type Opened, type Preview, source } from '#social/imports/words.ts'
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
import * as rules from './rules.ts'
import { type Contact, delimiters, type Encoding, encodings, fields } from './words.ts'

/** The address that most lists have comes first, so that a column is taken for it rather than for another. */
function known(): Network[] {
  const first = signInNetwork()
  return [first, ...networks().filter(each => each.name !== first.name)]
}

const decoded = (start: Uint8Array, encoding: Encoding): string => new TextDecoder(encoding).decode(start, { stream: true })

// —— looking at it ——

function preview(file: Opened, given?: Mapping): Preview {
  const encoding = encodings.find(each => each === given?.encoding) ?? rules.encodingOf(file.start)
  const text = decoded(file.start, encoding)
  const delimiter = delimiters.find(each => each === given?.delimiter) ?? rules.delimiterOf(text)
  const rows = rowsOf(text, delimiter)
  const header = given?.header ?? (rules.hasHeads(rows[0] ?? [], known()) ? 'yes' : 'no')
  const columns = columnsOf(rows, header === 'yes', given)
  const mapping = {
    encoding,
    delimiter,
    header,
    side: given?.side ?? '',
    ...Object.fromEntries(columns.map(each => [each.name, each.value])),
  }
  return { mapping, options: optionsOf(mapping), columns }
}

function rowsOf(text: string, delimiter: (typeof delimiters)[number]): string[][] {
  const splitter = rules.recordSplitter(delimiter)
  const raws = [...splitter.take(text), ...(text.length < 60_000 ? splitter.end() : [])].slice(0, 40)
  const rows = rules.cellsOf(raws, delimiter).flatMap(each => ('cells' in each ? [each.cells.slice(0, 200)] : []))
  return /^sep=/i.test(rows[0]?.[0] ?? '') ? rows.slice(1) : rows
}

function columnsOf(rows: string[][], heads: boolean, given?: Mapping) {
  const width = Math.max(0, ...rows.map(row => row.length))
  const values = heads ? rows.slice(1) : rows
  return Array.from({ length: width }, (_, at) => {
    const name = `column${at}`
    const head = heads ? (rows[0]?.[at] ?? '') : ''
    const samples = values.map(row => (row[at] ?? '').trim()).filter(Boolean)
    const value = given?.[name] ?? rules.guessed(head, samples, known())
    return {
      name,
      label: head.slice(0, 80) || t('contacts.column', { number: at + 1 }),
      value,
      choices: meanings(),
      samples: samples.slice(0, 3),
    }
  })
}

const meanings = () => [
  { value: '', label: t('contacts.leaveOut') },
  ...fields.map(value => ({ value, label: t(`contacts.field.${value}`) })),
  ...known().map(each => ({ value: `network:${each.name}`, label: t(each.title) })),
]

const optionsOf = ({ encoding, delimiter, header, side }: Mapping) => [
  {
    name: 'encoding',
    label: t('contacts.encoding'),
    value: encoding!,
    choices: encodings.map(value => ({ value, label: value.toUpperCase() })),
  },
  {
    name: 'delimiter',
    label: t('contacts.delimiter'),
    value: delimiter!,
    choices: delimiters.map(value => ({ value, label: value === 'tab' ? t('contacts.tab') : value })),
  },
  {
    name: 'header',
    label: t('contacts.header'),
    value: header!,
    choices: ['yes', 'no'].map(value => ({ value, label: t(`contacts.header.${value}`) })),
  },
  {
    name: 'side',
    label: t('contacts.sideOfAll'),
    value: side!,
    choices: [
      { value: '', label: t('contacts.sideNone') },
      ...sideNames.filter(each => each !== 'colleague').map(value => ({ value, label: t(`sides.name.${value}`) })),
    ],
  },
]

// —— reading it ——

async function* items(file: Opened, mapping: Mapping): AsyncIterable<Item<Contact>> {
  const all = known()
  const reading = rules.readingOf(mapping, all)
  let headsToCome = reading.heads
  for await (const raws of recordsOf(file, reading)) {
    for (const each of rules.cellsOf(raws, reading.delimiter)) {
      const isNote = 'cells' in each && each.line === 1 && /^sep=/i.test(each.cells[0] ?? '')
      const isHead = 'cells' in each && headsToCome && !isNote
      if (isHead) headsToCome = false
      if (!isNote && !isHead) yield 'cells' in each ? rules.contactOf(each, reading, all) : each
    }
  }
}

async function* recordsOf(file: Opened, reading: rules.Reading): AsyncIterable<rules.Raw[]> {
  const decoder = new TextDecoder(reading.encoding)
  const splitter = rules.recordSplitter(reading.delimiter)
  for await (const part of file.read()) yield splitter.take(decoder.decode(part, { stream: true }))
  yield [...splitter.take(decoder.decode()), ...splitter.end()]
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
  const handles = batch.items.flatMap(each => each.it.handles)
  const owners = await whoHas(ctx, handles)
  const ownerOf = new Map(handles.map((handle, at) => [handle, owners[at]!]))
  const { planned, faults } = rules.planOf(batch.items, handle => ownerOf.get(handle) ?? null)
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
  const made = await keepPeople(ctx, batch.run, planned, fresh)
  const seen = batch.dry ? fresh.filter(each => seenBefore(batch.memory, each.contact)).length : 0
  return { fresh: fresh.length - seen, known: planned.length - fresh.length + seen, faults, made: [...claims, ...made] }
}

/** In a try nothing is kept, so that a contact of an earlier batch would seem new again. */
function seenBefore(memory: Set<number>, contact: Contact): boolean {
  const told = contact.handles.map(each => `${each.network}\n${each.normal}`)
  const seen = (told.length ? told : [rules.keyOf(contact)]).map(rules.markOf)
  const known = seen.some(each => memory.has(each))
  memory.add(seen[0]!)
  return known
}

async function keepPeople(ctx: Ctx, run: string, planned: rules.Planned[], fresh: rules.Planned[]): Promise<Made[]> {
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
  const of = (kind: string, refs: string[]) => refs.map(ref => ({ kind, ref }))
  return [
    ...of('person', [...made, ...people.persons]),
    ...of('handle', linked),
    ...of('side', sides),
    ...names.map(({ person, ...name }) => ({ kind: 'name', ref: person, before: JSON.stringify(name) })),
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
  reads: start => rules.isList(decoded(start, rules.encodingOf(start))),
  preview,
  accept: mapping => void rules.readingOf(mapping, known()),
  items,
  keep,
  undo,
})
