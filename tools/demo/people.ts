/** What the shop of the demonstration knows of some of its people: tiers, companies, own fields, consent, notes, segments, and a record that is there twice. */
import type { Actor, Ctx } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'
import { employ } from '#social/companies/actions.ts'
import { grant, purposeMake, purposeShow, textAdd, withdraw } from '#social/consent/actions.ts'
import { edit } from '#social/edits/actions.ts'
import { put as fill, make as makeField } from '#social/fields/actions.ts'

import { make as makeList, put as putOn } from '#social/lists/actions.ts'
import { lookAgain } from '#social/merges/actions.ts'
import { add as addNote } from '#social/notes/actions.ts'
import { personAdd, personEdit } from '#social/people/actions.ts'
import { copy, handOver, note, prepare, ruleMake } from '#social/rights/actions.ts'
import { make as makeSegment } from '#social/segments/actions.ts'
import { put } from '#social/traits/actions.ts'
import type { World } from './world.ts'

const texts = {
  en: 'We write to you about once a month: new lamps, repair days, offers. You can withdraw at any time, with one click in each mail.',
  de: 'Wir schreiben dir etwa einmal im Monat: neue Lampen, Reparaturtage, Angebote. Du kannst jederzeit widerrufen, mit einem Klick in jeder Mail.',
} as const

export async function writePeople(org: string, owner: string, customers: string[], world: World): Promise<void> {
  const actor: Actor = { kind: 'person', account: null, person: owner, role: 'owner', via: 'test' }
  const as = <T>(run: (ctx: Ctx) => Promise<T>) => inOrg(org, actor, run)
  await as(ctx => describe(ctx, customers))
  await as(ctx => consents(ctx, customers))
  await as(ctx => fields(ctx, customers))
  const twins = await as(ctx => twice(ctx, world))
  await lookAgain.run(org, { people: [...customers.slice(0, 3), ...twins] })
  const request = await as(ctx => asked(ctx, customers))
  await copy.run(org, { request })
  await as(ctx => handOver(ctx, { request }))
}

/** One who wanted to know everything, and got it; one who wants to be forgotten, which is still to be done; and a rule for what is old. */
async function asked(ctx: Ctx, customers: string[]): Promise<string> {
  const { request } = await note(ctx, {
    person: customers[1]!,
    kind: 'copy',
    how: 'mail',
    note: 'Möchte wissen, was wir gespeichert haben.',
  })
  await note(ctx, { person: customers[5]!, kind: 'erasure', how: 'phone', note: 'Zieht weg und braucht uns nicht mehr.' })
  await ruleMake(ctx, { kind: 'notification', months: 24 })
  await prepare(ctx, { request })
  return request
}

async function describe(ctx: Ctx, customers: string[]): Promise<void> {
  const traits = [['tier', 'vip'], ['tier', 'vip'], ['tier', 'key'], ['player', 'blogger'], ['player', 'advocate']] as const // biome-ignore format: a list
  for (const [at, [kind, value]] of traits.entries()) await put(ctx, { person: customers[at]!, kind, value })
  const works = [['Werft Hansen', 'Einkauf'], ['Werft Hansen', 'Geschäftsführung'], ['Hotel Seeblick', 'Empfang']] as const // biome-ignore format: a list
  for (const [at, [company, role]] of works.entries()) await employ(ctx, { person: customers[at]!, company, role, since: '2024-03-01' })
  await personEdit(ctx, { person: customers[0]!, zone: 'Europe/Berlin', language: 'de' })
  await addNote(ctx, { person: customers[0]!, text: 'Ruft lieber an, als zu schreiben. Am besten nach 16 Uhr.' })
  const { list } = await makeList(ctx, { name: 'Zur Werkstatt-Nacht eingeladen' })
  await putOn(ctx, { list, people: customers.slice(0, 24) })
  await edit(ctx, { people: customers.slice(6, 12), deed: { does: 'tag', tag: 'werkstatt-nacht' } })
  await makeSegment(ctx, { name: 'VIPs', conditions: [{ about: 'tier', how: 'is', value: 'vip' }] })
  await makeSegment(ctx, {
    name: 'Werft und Hotel',
    match: 'any',
    conditions: ['Werft Hansen', 'Hotel Seeblick'].map(value => ({ about: 'company', how: 'is', value })),
  })
}

async function consents(ctx: Ctx, customers: string[]): Promise<void> {
  const { purpose } = await purposeMake(ctx, { name: 'Newsletter', about: 'Once a month' })
  for (const language of ['en', 'de'] as const) await textAdd(ctx, { purpose, language, text: texts[language] })
  const text = (await purposeShow(ctx, { purpose })).texts[0]!.id
  for (const person of customers.slice(0, 40))
    await grant(ctx, { person, purpose, text, source: 'form', proof: 'nordlicht.example/newsletter' })
  await withdraw(ctx, { person: customers[1]!, purpose, source: 'mail' })
  await makeSegment(ctx, {
    name: 'Newsletter',
    conditions: [
      { about: 'consent', of: purpose, how: 'is' },
      { about: 'side', how: 'is', value: 'customer' },
    ],
  })
}

async function fields(ctx: Ctx, customers: string[]): Promise<void> {
  const { field: number } = await makeField(ctx, { name: 'Kundennummer', kind: 'number' })
  const { field: shop } = await makeField(ctx, { name: 'Lieblingsladen', kind: 'choice', choices: 'Kiel\nFlensburg\nOnline' })
  for (const [at, person] of customers.slice(0, 40).entries())
    await fill(ctx, { person, values: { [number]: String(4000 + at), [shop]: ['Kiel', 'Flensburg', 'Online'][at % 3]! } })
}

/** The first by telephone, the second with the mail address in a note. */
async function twice(ctx: Ctx, { customers: [first, second] }: World): Promise<string[]> {
  const one = await personAdd(ctx, { name: first!.name, network: 'phone', address: '+49 431 5550101', side: 'customer' })
  const other = await personAdd(ctx, { name: second!.name.split(' ')[0]!, about: `Bestellt als ${second!.email}`, side: 'customer' })
  return [one.person, other.person]
}
