import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Actor, Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { keep } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { list as people } from '#social/directory/actions.ts'
import { make as fieldMake, put as fill } from '#social/fields/actions.ts'
import * as imports from '#social/imports/actions.ts'
import type { Mapping } from '#social/imports/words.ts'
import { make as listMake } from '#social/lists/actions.ts'
import { findOrMeet, personAdd, personEdit, signInNetwork } from '#social/people/actions.ts'
import { put as putTrait } from '#social/traits/actions.ts'
import { contacts } from './actions.ts'

const house = await testHouse()
imports.useSources([contacts])
const refusal = (code: string, key?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (!key || error.key === key)
const mail = signInNetwork().name

async function scene() {
  const org = await house.organisation()
  const admin = await house.member(org, 'administrator', 'Ada')
  const at = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, admin, run)
  const begin = async (content: string | Buffer, name = 'list.csv') => {
    const file = await at(ctx => keep(ctx, Buffer.from(content as string), { name, type: 'text/csv' }))
    return (await at(ctx => imports.begin(ctx, { kind: 'contacts', file }))).run
  }
  const show = async (run: string) => (await at(ctx => imports.show(ctx, { run }))).run
  const step = async (run: string, what: 'check' | 'start' | 'undo', mapping?: Mapping) => {
    const deeds = { check: imports.check, start: imports.start, undo: imports.undo }
    await at(ctx => deeds[what](ctx, { run, ...(mapping && { mapping }) } as { run: string }))
    await house.settle()
    return show(run)
  }
  const bringIn = async (content: string | Buffer, mapping?: Mapping) => {
    const run = await begin(content)
    await step(run, 'check', mapping)
    return step(run, 'start')
  }
  const faults = async (run: string) => (await at(ctx => imports.faults(ctx, { run }))).items.map(each => [each.line, each.says])
  const names = async (q?: string) => (await at(ctx => people(ctx, { q }))).items.map(each => each.name)
  return { org, admin, at, begin, show, step, bringIn, faults, names }
}

/** Everything that is kept of people. */
const kept = (org: string, who: Actor) =>
  house.as(org, who, async ctx => {
    const of = async (query: ReturnType<typeof sql>) => (await query.execute(ctx.db)).rows
    return [
      await of(sql`select id, name, key, name_because, company, merged_into from person order by id`),
      await of(sql`select id, person, network, normal, until from handle order by id`),
      await of(sql`select id, person, side, until from side order by id`),
      await of(sql`select key from once order by key`),
    ]
  })

const file = [
  'Name;Mail;Telefon;Firma;Typ',
  'Anna Berg;anna@example.org;+49 30 1234567;Nordwerk;Kundin',
  'Ben Falk;ben@example.org;;Nordwerk;',
  'nonsense;not an address;;;',
  '"Carla ""C"" Diaz";carla@example.org;;;Partner',
  'Only A Name;;;;',
  ';;;;',
].join('\r\n')
const side = { column4: 'side' }
const read: Mapping = {
  encoding: 'utf-8',
  delimiter: ';',
  header: 'yes',
  side: '',
  column0: 'name',
  column1: `network:${mail}`,
  column2: 'network:phone',
  column3: 'company',
  ...side,
}

test('a file is looked at, checked without effect, brought in, and taken back exactly', async () => {
  const { org, admin, at, begin, step, faults, names } = await scene()
  const before = await kept(org, admin)
  const run = await begin(file)
  const preview = await at(ctx => imports.previewOf(ctx, run))
  assert.deepEqual(
    preview.columns.map(each => [each.label, each.value]),
    [
      ['Name', 'name'],
      ['Mail', `network:${mail}`],
      ['Telefon', 'network:phone'],
      ['Firma', 'company'],
      ['Typ', ''],
    ],
  )
  const checked = await step(run, 'check', read)
  assert.deepEqual([checked.state, checked.fresh, checked.known, checked.faulty, checked.total], ['checked', 4, 0, 1, 5])
  assert.deepEqual(await kept(org, admin), before)
  assert.deepEqual(await house.happened(org), [])
  const done = await step(run, 'start')
  assert.deepEqual([done.state, done.fresh, done.known, done.faulty], ['done', 4, 0, 1])
  assert.deepEqual(await faults(run), [[4, 'contacts.addressWrong']])
  assert.deepEqual(await names(), ['Ada', 'Anna Berg', 'Ben Falk', 'Carla "C" Diaz', 'Nordwerk', 'Only A Name'])
  const undone = await step(run, 'undo')
  assert.deepEqual([undone.state, undone.kept], ['undone', 0])
  assert.deepEqual(await kept(org, admin), before)
  const people = (word: string) => Array.from({ length: 5 }, () => `${word}:Person`)
  assert.deepEqual(await house.happened(org), ['Create:Import', ...people('Create'), 'Update:Import', ...people('Delete'), 'Undo:Import'])
})

test('the same file and the same rows twice add nothing', async () => {
  const { org, admin, at, begin, bringIn } = await scene()
  const first = await bringIn(file, read)
  const before = await kept(org, admin)
  const again = await bringIn(file, read)
  assert.deepEqual([again.fresh, again.known], [0, 4])
  assert.deepEqual(await kept(org, admin), before)
  const third = await begin(file)
  assert.equal((await at(ctx => imports.show(ctx, { run: third }))).twin?.id, again.id)
  assert.notEqual(again.id, first.id)
  const twice = await bringIn('Name\nTwin\nTwin\nTwin')
  assert.deepEqual([twice.fresh, twice.known], [1, 2])
})

test('somebody known is completed and never overwritten, and taking it back leaves them as they were', async () => {
  const { org, admin, at, bringIn, step, names } = await scene()
  const met = (address: string, name?: string) => ({
    network: mail,
    address,
    normal: address,
    name,
    because: 'heard',
    at: new Date('2026-03-01T10:00:00Z'),
  })
  const [anna, ben] = await at(ctx => findOrMeet(ctx, [met('anna@example.org'), met('ben@example.org', 'Benjamin')]))
  const before = await kept(org, admin)
  const run = await bringIn(file, read)
  assert.deepEqual([run.fresh, run.known], [2, 2])
  assert.deepEqual((await names()).slice(1, 4), ['Anna Berg', 'Benjamin', 'Carla "C" Diaz'])
  assert.deepEqual((await kept(org, admin))[1]!.filter(row => [anna, ben].includes((row as { person: string }).person)).length, 3)
  await step(run.id, 'undo')
  assert.deepEqual(await kept(org, admin), before)
  const again = await bringIn(file, read)
  await at(ctx => personEdit(ctx, { person: anna!, name: 'Anna Maria' }))
  await step(again.id, 'undo')
  assert.ok((await names()).includes('Anna Maria'))
})

test('whoever is in use since stays when the import is taken back, and is counted', async () => {
  const { at, bringIn, step, names } = await scene()
  const run = await bringIn(file, read)
  const person = (await at(ctx => people(ctx, { q: 'ben falk' }))).items[0]!.id
  await at(ctx =>
    sql`insert into thread (id, person, started_at, last_at) values (${newId()}::uuid, ${person}::uuid, now(), now())`.execute(ctx.db),
  )
  const undone = await step(run.id, 'undo')
  assert.deepEqual([undone.state, undone.kept], ['undone', 2])
  assert.deepEqual(await names(), ['Ada', 'Ben Falk', 'Nordwerk'])
})

test('a contact whose addresses belong to two people is told and left alone', async () => {
  const { at, bringIn, faults } = await scene()
  const met = (network: string, address: string, normal = address) => ({ network, address, normal, because: 'heard', at: new Date() })
  await at(ctx => findOrMeet(ctx, [met(mail, 'anna@example.org'), met('phone', '+49 30 1234567', '+49301234567')]))
  const run = await bringIn(file, read)
  assert.deepEqual(await faults(run.id), [
    [2, 'contacts.ofTwo'],
    [4, 'contacts.addressWrong'],
  ])
})

test('every usual encoding and delimiter is read', async () => {
  const { names, bringIn } = await scene()
  await bringIn(Buffer.from('\ufeffName\tMail\nJürgen Größ\tj@example.org', 'utf16le'))
  await bringIn(Buffer.from('Name;Mail\r\nSøren Åström;s@example.org', 'latin1'))
  await bringIn('sep=,\nMail,Name\nl@example.org,"Łukasz, Ż"')
  await bringIn('anna@example.org,Anna Alone', {
    encoding: 'utf-8',
    delimiter: ',',
    header: 'no',
    side: 'customer',
    column0: `network:${mail}`,
    column1: 'name',
  })
  assert.deepEqual(await names(), ['Ada', 'Anna Alone', 'Jürgen Größ', 'Łukasz, Ż', 'Søren Åström'])
})

test('a broken line is told with its place and does not stop the rest', async () => {
  const { bringIn, faults } = await scene()
  const many = Array.from({ length: 700 }, (_, at) => `Person ${at},p${at}@example.org`)
  const run = await bringIn(['Name,Mail', '"never closed,x@example.org', ...many, 'x'.repeat(100_000), 'Last,last@example.org'].join('\n'))
  assert.deepEqual([run.fresh, run.faulty], [701, 2])
  assert.deepEqual(await faults(run.id), [
    [2, 'contacts.quoteOpen'],
    [703, 'contacts.lineLong'],
  ])
})

test('an import can be stopped, goes on where it was, and can be taken back', async () => {
  const { at, begin, step, show } = await scene()
  const run = await begin(['Name,Mail', ...Array.from({ length: 1200 }, (_, index) => `P ${index},p${index}@example.org`)].join('\n'))
  await step(run, 'check')
  await at(ctx => imports.start(ctx, { run }))
  await at(ctx => imports.cancel(ctx, { run }))
  await house.settle()
  const stopped = await show(run)
  assert.deepEqual([stopped.state, stopped.done], ['cancelled', 500])
  const done = await step(run, 'start')
  assert.deepEqual([done.state, done.done, done.fresh], ['done', 1200, 1200])
  assert.equal((await step(run, 'undo')).state, 'undone')
})

test('what is heard meanwhile is found, not doubled: the batch is tried again', async () => {
  const { at, begin, step, names } = await scene()
  const run = await begin('Name,Mail\nAnna Berg,anna@example.org')
  await step(run, 'check')
  await at(ctx =>
    findOrMeet(ctx, [{ network: mail, address: 'anna@example.org', normal: 'anna@example.org', because: 'heard', at: new Date() }]),
  )
  const done = await step(run, 'start')
  assert.deepEqual([done.state, done.fresh, done.known], ['done', 0, 1])
  assert.deepEqual(await names('anna'), ['Anna Berg'])
})

test('a file of another kind is refused with what to do', async () => {
  const { begin } = await scene()
  const program = '\u007fELF\u0002\u0001\u0001\u0000\u0000\u0000\u0003\u0000'
  for (const content of ['PK\u0003\u0004rest', '%PDF-1.7', '{"a":1}', 'BEGIN:VCARD', '<html></html>', 'From a@b.c Mon Mar 2', program])
    await assert.rejects(begin(Buffer.from(content, 'latin1')), refusal('invalid', 'contacts.otherKind'), JSON.stringify(content))
  await assert.rejects(begin(''), refusal('invalid', 'imports.emptyFile'))
})

test('a wrong mapping, a wrong moment and a foreign file are refused', async () => {
  const { at, begin, step } = await scene()
  const run = await begin(file)
  await assert.rejects(step(run, 'check', { ...read, column0: 'password' }), refusal('invalid', 'contacts.mappingWrong'))
  await assert.rejects(step(run, 'check', { encoding: 'utf-8', delimiter: ';' }), refusal('invalid', 'contacts.nothingChosen'))
  await assert.rejects(step(run, 'start'), refusal('conflict', 'imports.notNow'))
  await assert.rejects(step(run, 'undo'), refusal('conflict', 'imports.notNow'))
  await step(run, 'check', read)
  await step(run, 'start')
  await assert.rejects(step(run, 'check', read), refusal('conflict', 'imports.notNow'))
  const theirs = await house.as(await house.organisation(), 'administrator', ctx => keep(ctx, Buffer.from(file), { name: 'x.csv' }))
  for (const id of [theirs, newId()])
    await assert.rejects(
      at(ctx => imports.begin(ctx, { kind: 'contacts', file: id })),
      refusal('notFound'),
    )
})

test('an import of another organisation answers like one that does not exist; only administrators bring in', async () => {
  const mine = await scene()
  const other = await scene()
  const run = await other.begin(file)
  for (const id of [run, newId()])
    for (const act of [imports.show, imports.check, imports.start, imports.cancel, imports.undo, imports.faults])
      await assert.rejects(
        mine.at<unknown>(ctx => act(ctx, { run: id })),
        refusal('notFound', 'imports.notFound'),
      )
  for (const role of ['manager', 'agent', 'member', 'guest', 'customer'] as const)
    await assert.rejects(
      house.as(mine.org, role, ctx => imports.list(ctx, {})),
      refusal('forbidden'),
    )
})

test('own fields, tier, role and lists come in by a file, wrong values are told by line, and taking back leaves all as it was', async () => {
  const { org, admin, at, begin, step, faults } = await scene()
  const { field: number } = await at(ctx => fieldMake(ctx, { name: 'Kundennummer', kind: 'number' }))
  const { field: shop } = await at(ctx => fieldMake(ctx, { name: 'Laden', kind: 'choice', choices: 'Kiel\nKöln' }))
  const { person: known } = await at(ctx => personAdd(ctx, { name: 'Bo', network: mail, address: 'bo@example.org' }))
  await at(ctx => fill(ctx, { person: known, values: { [number]: '1', [shop]: 'Kiel' } }))
  await at(ctx => putTrait(ctx, { person: known, kind: 'tier', value: 'standard' }))
  const { list: fair } = await at(ctx => listMake(ctx, { name: 'Messe' }))
  const stand = () =>
    at(async ctx => [
      await kept(org, admin),
      (await sql`select person, field, value from field_value order by 1, 2`.execute(ctx.db)).rows,
      (await sql`select person, kind, value from trait where until is null order by 1, 2`.execute(ctx.db)).rows,
      (await sql`select l.name, e.person from people_list l left join people_list_entry e on e.list = l.id where l.removed_at is null order by 1, 2`.execute(ctx.db)).rows,
    ]) // biome-ignore format: short
  const before = await stand()
  const run = await begin(
    [
      'Name;Mail;Kundennummer;Laden;Stufe;Listen',
      "'=Anna;anna@example.org;12,5;Köln;VIP;Messe; Kalender",
      'Bo;bo@example.org;2;;Schlüsselkontakt;',
      'Wrong;wrong@example.org;twelve;;;',
      'Odd;odd@example.org;;Rom;;',
      'Who;who@example.org;;;Gold;',
    ]
      .join('\n')
      .replace('Messe; Kalender', '"Messe; Kalender"'),
  )
  const { mapping } = await at(ctx => imports.previewOf(ctx, run))
  assert.deepEqual([mapping.column2, mapping.column3, mapping.column4, mapping.column5], [`own:${number}`, `own:${shop}`, 'tier', 'lists'])
  const tried = await step(run, 'check', { ...mapping, list: fair })
  assert.deepEqual([tried.fresh, tried.known, tried.faulty], [1, 1, 3])
  assert.deepEqual(await faults(run), [[4, 'contacts.fieldWrong'], [5, 'contacts.fieldWrong'], [6, 'contacts.valueUnknown']]) // biome-ignore format: short
  assert.deepEqual(await stand(), before, 'a try keeps nothing')
  await step(run, 'start')
  const [, values, traits, entries] = (await stand()) as [unknown, { value: string }[], { value: string }[], { name: string }[]]
  assert.deepEqual(values.map(each => each.value).sort(), ['12.5', '2', 'Kiel', 'Köln'])
  assert.deepEqual(traits.map(each => each.value).sort(), ['key', 'vip'])
  assert.deepEqual(entries.map(each => each.name), ['Kalender', 'Messe', 'Messe']) // biome-ignore format: short
  await step(run, 'undo')
  assert.deepEqual(await stand(), before)
  await assert.rejects(at(ctx => imports.check(ctx, { run, mapping: { ...mapping, column2: `own:${fair}` } })), refusal('invalid', 'contacts.mappingWrong')) // biome-ignore format: short
})
