import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { isLanguage, languages } from '#kernel/messages.ts'
import { isZone } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import * as sides from '#social/sides/actions.ts'
import { keepHandles, linkAll, taken } from './actions-addresses.ts'
import { takeBack } from './actions-back.ts'
import { openUp } from './actions-rooms.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'
import {
  kinds,
  letters,
  type Made,
  type Met,
  type Network,
  type NewPerson,
  type PersonCard,
  type SideName,
  sideNames,
  telephone,
  webPage,
} from './words.ts'

export { linkAll, linkProven, noteClaim } from './actions-addresses.ts'
export { takeBack } from './actions-back.ts'
export { kept } from './actions-kept.ts'
export { closedAmong, openRoom } from './actions-rooms.ts'
/** A name as it is looked for, and as it may be shown. */
export { keyOf, shownName } from './rules.ts'

let spoken: Network[] = []
/** The networks that the house speaks, given by the composition root; telephone and web page are always there. */
export function useNetworks(given: Network[]): void {
  spoken = given
}
export const networks = (): Network[] => [...spoken, telephone, webPage]
const networkBy = (name: string): Network => networks().find(each => each.name === name) ?? refuse('invalid', 'people.networkUnknown')
/** The network whose addresses one signs in with. */
export const signInNetwork = (): Network => spoken.find(each => each.recognises?.('name@example.org')) ?? letters

// —— meeting people: what other modules call ——

/**
 * The people who have these addresses, in the same order; whoever is new becomes a record with the address, on `side` if one is given. Resolves merges.
 * At most six statements, whatever the number; two who meet the same person at the same moment make one record. With `room` those who are new are known
 * to whoever is let into that account and to nobody else; met without it, or in another one, they are known to all.
 */
export async function findOrMeet(ctx: Ctx, met: Met[], side?: SideName, room: string | null = null): Promise<string[]> {
  if (met.length === 0) return []
  const { wanted, at } = rules.distinct(met)
  const { found, stale } = rules.matched(wanted, await store.whoHas(ctx, wanted))
  await openUp(ctx, [...found.values()], room)
  if (stale.length) await store.retire(ctx, stale, 'taken')
  const people = new Map([...found].map(([place, { person }]) => [place, person]))
  await meetTheRest(ctx, wanted, people, { side, room })
  await learnNames(ctx, wanted, found)
  return at.map(place => people.get(place)!)
}

async function meetTheRest(
  ctx: Ctx,
  wanted: rules.Wanted[],
  people: Map<number, string>,
  { side, room }: { side: SideName | undefined; room: string | null },
): Promise<void> {
  const fresh = [...wanted.keys()].filter(place => !people.has(place)).map(place => ({ place, ...ready(wanted[place]!) }))
  if (fresh.length === 0) return
  const made = await store.meetAll(ctx, fresh, room)
  const met = fresh.filter(each => made.has(each.person)).map(each => ({ ...each, id: each.person, side }))
  for (const each of met) people.set(each.place, each.id)
  await takeSides(ctx, met)
  tellOfNew(ctx, met)
  // Somebody else met them at the same moment, or two of these were one after all: now they are there.
  const lost = fresh.filter(each => !made.has(each.person))
  if (lost.length) for (const each of await store.whoHas(ctx, lost)) people.set(lost[each.at]!.place, each.person)
}

const ready = (one: rules.Wanted) => ({ ...one, person: newId(one.at), handle: newId(one.at), key: rules.keyOf(one.name) })

interface New {
  id: string
  because: string
  side?: SideName
  at: Date
}

/** The sides of people who are new themselves: the word that tells of them names it. */
function takeSides(ctx: Ctx, people: New[]): Promise<string[]> {
  const taken = people.flatMap(({ id, side, because, at }) => (side ? [{ person: id, side, because, since: at }] : []))
  return sides.begin(ctx, taken, { quiet: true })
}

function tellOfNew(ctx: Ctx, people: New[]): void {
  for (const { id, because, side, at } of people) record(ctx, words.Met, { object: id, at, detail: { because, ...(side && { side }) } })
  if (people.length) tell(ctx, 'people')
}

async function learnNames(ctx: Ctx, wanted: rules.Wanted[], found: Map<number, rules.Known>): Promise<void> {
  const told = [...found].filter(([place, who]) => who.nameBecause === 'address' && wanted[place]!.nameBecause === 'heard')
  const named = told.map(([place, { person }]) => ({ person, name: wanted[place]!.name }))
  await nameUnnamed(ctx, named, 'heard')
}

/** Gives a name to those who were called by their address; others keep theirs. Returns what the former were called. */
export async function nameUnnamed(ctx: Ctx, named: { person: string; name: string }[], because: 'heard' | 'given'): Promise<Made['names']> {
  const rows = named.map(({ person, name }) => ({ person, name: rules.keptName(name), key: rules.keyOf(name), because }))
  const before = rows.length ? await store.nameAll(ctx, rows) : []
  for (const { person } of before) tellOfChange(ctx, person, ['name'], because)
  return before
}

function tellOfChange(ctx: Ctx, person: string, fields: string[], because = 'decision'): void {
  record(ctx, words.Changed, { object: person, detail: { fields, because } })
  tell(ctx, `person:${person}`)
}

/** Who has these addresses, in the same order; null when nobody. */
export async function whoHas(ctx: Ctx, addresses: { network: string; normal: string }[]): Promise<(string | null)[]> {
  const asked = addresses.map(({ network, normal }) => ({ network, normal: rules.keptAddress(normal), remote: null }))
  const known = asked.length ? await store.whoHas(ctx, asked) : []
  await openUp(ctx, known, null)
  const people = new Map(known.map(each => [each.at, each.person]))
  return addresses.map((_, at) => people.get(at) ?? null)
}

/** Keeps people whom nobody knew, with their addresses and sides: three statements whatever the number. Refuses all when an address is taken. */
export async function addAll(ctx: Ctx, people: NewPerson[]): Promise<Made> {
  if (people.length === 0) return { persons: [], handles: [], sides: [], names: [] }
  const theirs = people.flatMap(each => each.handles.map(handle => ({ ...handle, person: each.id })))
  const handles = await keepHandles(ctx, theirs)
  await store.addPeople(ctx, people.map(personRow))
  const made = { persons: people.map(each => each.id), handles, sides: await takeSides(ctx, people), names: [] }
  tellOfNew(ctx, people)
  return made
}

const personRow = (it: NewPerson) => ({
  id: it.id,
  kind: it.kind ?? ('human' as const),
  name: rules.keptName(it.name) || '?',
  key: rules.keyOf(it.name),
  name_because: it.unnamed ? ('address' as const) : ('given' as const),
  language: isLanguage(it.language) ? it.language : null,
  company: it.company ?? null,
  about: it.about || null,
  created_at: it.at,
  created_because: it.because,
})

/** Organisations by their exact name, as `keyOf` writes it. */
export const organisationsBy = (ctx: Ctx, names: string[]): Promise<Map<string, string>> =>
  store.organisationsBy(ctx, names.map(rules.keyOf))

// —— colleagues ——

/** A colleague with a sign-in: the address is theirs, because they have shown that they read it. */
export async function joinAsColleague(ctx: Ctx, it: { id: string; name: string; email: string }): Promise<void> {
  const { name: network, normalise } = signInNetwork()
  const address = rules.keptAddress(it.email)
  const normal = rules.keptAddress(normalise(address))
  const [owner] = await store.whoHas(ctx, [{ network, normal, remote: null }])
  if (owner && owner.person !== it.id) await takeFrom(ctx, owner, network)
  const theirs = { network, address, normal, because: 'account', verifiedAt: ctx.now, evidence: owner ? { before: owner.person } : {} }
  const handles = owner?.person === it.id ? [] : [theirs]
  if (await store.person(ctx, it.id)) {
    const linked = handles.map(handle => ({ ...handle, person: it.id }))
    await linkAll(ctx, linked)
    await sides.begin(ctx, [{ person: it.id, side: 'colleague', because: 'account' }])
  } else await addAll(ctx, [{ id: it.id, name: it.name, side: 'colleague', handles, because: 'account', at: ctx.now }])
}

async function takeFrom(ctx: Ctx, owner: rules.Known, network: string): Promise<void> {
  await store.retire(ctx, [owner.handle], 'taken')
  record(ctx, words.Unlinked, { object: owner.person, detail: { network, because: 'taken' } })
}

/** A colleague left: what they did stays theirs. */
export async function leaveAsColleague(ctx: Ctx, person: string): Promise<void> {
  await sides.end(ctx, await idsOf(ctx, person), 'colleague', 'account')
}

// —— seeing people ——

/** Was everything about them erased, so that only an empty record is left? */
export const isErased = (ctx: Ctx, person: string): Promise<boolean> => store.isErased(ctx, person)

/** Of each id that is there its card; all that were merged show the record that stands for them. */
export async function cardsOf(ctx: Ctx, ids: string[]): Promise<Map<string, PersonCard>> {
  const rows = ids.length ? await store.cards(ctx, [...new Set(ids)]) : []
  return new Map(rows.map(row => [row.id, cardOf(row)]))
}

const cardOf = (row: store.CardRow): PersonCard => ({
  ...row,
  name: rules.shownName(row.name),
  side: sides.ringOf(row.sides),
  flagged: rules.deceives(row.name),
})

/** The person and all that were merged into it; empty when there is none. */
export const idsOf = (ctx: Ctx, person: string): Promise<string[]> => askedOnce(ctx, `people.ids ${person}`, () => store.idsOf(ctx, person))

/** Locks these records until the end of the transaction: what they are, and behind whom they stand. For merging, which belongs to another module. */
export const lockPeople = (ctx: Ctx, ids: string[]) => store.locked(ctx, ids)

/** From now on all these records stand behind that one, which stands for itself. */
export const standBehind = (ctx: Ctx, ids: string[], stands: string): Promise<unknown> => store.standBehind(ctx, ids, stands)

/** The standing record of any id; the same refusal for what is not there and what belongs to others. */
async function standing(ctx: Ctx, person: string) {
  const ids = await store.idsOf(ctx, person)
  const row = ids[0] && (await store.person(ctx, ids[0]))
  return row ? { ids, row } : refuse('notFound', 'people.notFound')
}

// —— changing people ——

const name = line(300)
const about = text(5000)
const company = z.string().trim().max(300)

/** The company of a person without more words, as its own history is kept elsewhere; null when none. */
export async function putCompany(ctx: Ctx, person: string, company: string | null): Promise<void> {
  await store.change(ctx, person, { company })
  tellOfChange(ctx, person, ['company'])
}

/** The organisation of this name, made if it is not there. */
export async function companyBy(ctx: Ctx, name: string): Promise<string> {
  const found = (await organisationsBy(ctx, [name])).get(rules.keyOf(name))
  if (found) return found
  const made = await addAll(ctx, [{ id: newId(), name, kind: 'organisation', handles: [], because: 'decision', at: ctx.now }])
  return made.persons[0]!
}

export const personAdd = action({
  says: 'Add a person or an organisation, with an address and the side it stands on',
  who: 'people.write',
  takes: z.strictObject({
    name,
    kind: z.enum(kinds).default('human'),
    company: company.optional(),
    about: about.optional(),
    language: z.enum(languages).optional(),
    side: z.enum(sideNames).optional(),
    network: line(60).optional(),
    address: line(500).optional(),
  }),
  gives: z.object({ person: id }),
  run: async (ctx, { network, address, company, ...it }) => {
    if (it.side) sides.mayNote(it.side)
    const employer = company ? await companyBy(ctx, company) : undefined
    const handles = address ? [decided(network ?? signInNetwork().name, address)] : []
    // Whom one colleague knew alone is known to all now, as the one record that there is.
    const hidden = (await store.whoHas(ctx, handles.map(each => ({ ...each, remote: null })))).filter(each => each.hidden) // biome-ignore format: one thought
    if (hidden[0]) return openUp(ctx, hidden, null).then(() => ({ person: hidden[0]!.person }))
    const made = await addAll(ctx, [{ ...it, id: newId(), handles, because: 'decision', at: ctx.now, company: employer }])
    return { person: made.persons[0]! }
  },
})

const decided = (network: string, address: string) => ({ network, because: 'decision', ...rules.addressOn(networkBy(network), address) })

export const personEdit = action({
  says: 'Change name, language, time zone, company or description of a person; what is left out stays',
  who: 'people.write',
  takes: z.strictObject({
    person: id,
    name: name.optional(),
    company: company.optional(),
    about: about.optional(),
    language: z.enum(['', ...languages]).optional(),
    zone: z
      .string()
      .max(60)
      .refine(each => each === '' || isZone(each), { error: 'people.noSuchZone' })
      .optional(),
  }),
  gives: z.object({
    person: id,
    before: z.object({ name: z.string(), company: z.string(), about: z.string(), language: z.string(), zone: z.string() }),
  }),
  run: async (ctx, input) => {
    const { row } = await standing(ctx, input.person)
    const employer = row.company ? await store.person(ctx, row.company) : undefined
    const to = {
      ...(input.name !== undefined && { name: rules.keptName(input.name), key: rules.keyOf(input.name), name_because: 'given' as const }),
      ...(input.about !== undefined && { about: input.about || null }),
      ...(input.language !== undefined && { language: input.language || null }),
      ...(input.zone !== undefined && { zone: input.zone || null }),
      ...(input.company !== undefined && { company: input.company ? await companyBy(ctx, input.company) : null }),
    }
    const fields = (['name', 'about', 'language', 'zone', 'company'] as const).filter(field => field in to && to[field] !== row[field])
    if (fields.length) {
      await store.change(ctx, row.id, to)
      tellOfChange(ctx, row.id, fields)
    }
    return {
      person: row.id,
      before: {
        name: row.name,
        company: employer?.name ?? '',
        about: row.about ?? '',
        language: row.language ?? '',
        zone: row.zone ?? '',
      },
    }
  },
})

export const personRemove = action({
  says: 'Take out a person that was added by mistake, while nothing hangs on it',
  who: 'people.write',
  takes: z.strictObject({ person: id }),
  gives: z.object({}),
  run: async (ctx, { person }) => {
    const { ids, row } = await standing(ctx, person)
    const busy = (await store.busy(ctx, ids)).size > 0
    rules.mayRemove({ createdBecause: row.created_because, busy, colleague: await sides.isOn(ctx, ids, 'colleague') })
    await takeBack(ctx, { persons: ids, handles: [], sides: [], names: [] }, new Set())
    return {}
  },
})

export const handleAdd = action({
  says: 'Link an address to a person, by the decision of a colleague',
  who: 'people.write',
  takes: z.strictObject({ person: id, network: line(60), address: line(500), reason: text(1000).optional() }),
  gives: z.object({ handle: id }),
  run: async (ctx, { person, network, address, reason }) => {
    const { row } = await standing(ctx, person)
    const [handle] = await linkAll(ctx, [{ ...decided(network, address), person: row.id, evidence: reason ? { reason } : {} }])
    return { handle: handle! }
  },
})

async function theHandle(ctx: Ctx, handle: string) {
  return (await store.handle(ctx, handle)) ?? refuse('notFound', 'people.handleNotFound')
}

type HandleRow = Awaited<ReturnType<typeof theHandle>>
function tellOfHandle(ctx: Ctx, word: typeof words.Linked, { person, network, id }: HandleRow): void {
  record(ctx, word, { object: person, detail: { network, because: 'decision', handle: id } })
  tell(ctx, `person:${person}`)
}

export const handleVerify = action({
  says: 'Note that an address was checked to be this person’s',
  who: 'people.write',
  takes: z.strictObject({ handle: id }),
  gives: z.object({ person: id }),
  run: async (ctx, { handle }) => {
    const row = await theHandle(ctx, handle)
    if (!row.until && !row.verified_at) {
      await store.changeHandle(ctx, handle, { verified_at: ctx.now })
      tellOfHandle(ctx, words.Verified, row)
    }
    return { person: row.person }
  },
})

export const handleUnlink = action({
  says: 'Unlink an address from a person; the next message from there meets somebody new',
  who: 'people.write',
  takes: z.strictObject({ handle: id, reason: text(1000).optional() }),
  gives: z.object({ person: id, handle: id }),
  run: async (ctx, { handle, reason }) => {
    const row = await theHandle(ctx, handle)
    rules.mayUnlink(row)
    await store.changeHandle(ctx, handle, { until: ctx.now, until_because: reason ?? 'decision' })
    tellOfHandle(ctx, words.Unlinked, row)
    return { person: row.person, handle }
  },
})

export const handleRelink = action({
  says: 'Link an address again that was unlinked, as it was',
  who: 'people.write',
  takes: z.strictObject({ handle: id }),
  gives: z.object({ person: id }),
  run: async (ctx, { handle }) => {
    const row = await theHandle(ctx, handle)
    if (!row.until) return { person: row.person }
    const [owner] = await whoHas(ctx, [row])
    if (owner) taken(row.address)
    await store.changeHandle(ctx, handle, { until: null, until_because: null })
    tellOfHandle(ctx, words.Linked, row)
    return { person: row.person }
  },
})
