import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { make as fieldMake, put as fill } from '#social/fields/actions.ts'
import * as lists from '#social/lists/actions.ts'
import { make as merge, undo as separate } from '#social/merges/actions.ts'
import { addAll, personAdd } from '#social/people/actions.ts'
import { make as segmentMake } from '#social/segments/actions.ts'
import { put as putTrait } from '#social/traits/actions.ts'
import * as edits from './actions.ts'
import type { Wish } from './words.ts'

const house = await testHouse()
const org = await house.organisation()
const [agent, other, manager] = [await house.member(org, 'agent'), await house.member(org, 'agent'), await house.member(org, 'manager')]
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, agent, run)
const { field } = await house.as(org, manager, ctx => fieldMake(ctx, { name: 'Number', kind: 'number' }))
const ids = Array.from({ length: 6 }, () => '')
for (const [at] of ids.entries())
  ids[at] = (await as(ctx => personAdd(ctx, { name: `Zoe ${at}`, language: at % 2 ? 'de' : undefined, side: at % 3 ? undefined : 'customer' }))).person // biome-ignore format: one line
const [anna, ben, twin] = [ids[0]!, ids[1]!, ids[5]!]
await as(ctx => putTrait(ctx, { person: anna, kind: 'tier', value: 'key' }))
await as(ctx => fill(ctx, { person: ben, values: { [field]: '7' } }))
await as(ctx => merge(ctx, { kept: anna, gone: twin, reason: 'same' }))
await house.settle()

/** Everything that such changes touch, without the moments of it. */
const stand = () =>
  as(async ctx => {
    const rows = async (query: ReturnType<typeof sql>) => (await query.execute(ctx.db)).rows
    return [
      await rows(sql`select id, language from person order by id`),
      await rows(sql`select person, kind, value from trait where until is null order by person, kind`),
      await rows(sql`select person, field, value, number from field_value order by person`),
      await rows(sql`select object, name from tag order by object, name`),
      await rows(sql`select person, side from side where until is null order by person, side`),
      await rows(sql`select list, person from people_list_entry order by list, person`),
    ]
  })

const { list: fair } = await as(ctx => lists.make(ctx, { name: 'Fair' }))
await as(ctx => lists.put(ctx, { list: fair, people: [ben] }))
/** The twin was on it before the two were one. */
await as(ctx => lists.putBack(ctx, fair, [twin]))

const deeds: [Wish, changed: number][] = [
  [{ does: 'listPut', list: fair }, 3],
  [{ does: 'listPut', name: 'Calendar' }, 5],
  [{ does: 'listTake', list: fair }, 2],
  [{ does: 'tier', value: 'vip' }, 5],
  [{ does: 'player', value: 'media' }, 5],
  [{ does: 'language', value: 'de' }, 3],
  [{ does: 'field', field, value: '7' }, 4],
  [{ does: 'field', field, value: '' }, 1],
  [{ does: 'tag', tag: 'Fair 26' }, 5],
  [{ does: 'side', side: 'customer' }, 3],
  [{ does: 'sideEnd', side: 'customer' }, 2],
]

test('each change is made where it is not so already, and taken back leaves everything as it was', async () => {
  const before = await stand()
  for (const [deed, changed] of deeds) {
    const done = await as(ctx => edits.edit(ctx, { people: [...ids, anna], deed }))
    assert.deepEqual([done.ended, done.changed], [true, changed], JSON.stringify(deed))
    assert.notDeepEqual(await stand(), before)
    await as(ctx => edits.undo(ctx, { edit: done.edit }))
    assert.deepEqual(await stand(), before, JSON.stringify(deed))
    await as(ctx => edits.undo(ctx, { edit: done.edit }))
    assert.deepEqual(await stand(), before, 'twice is once')
  }
})

test('what somebody has changed since stays when it is taken back', async () => {
  const { edit } = await as(ctx => edits.edit(ctx, { people: [anna, ben], deed: { does: 'tier', value: 'vip' } }))
  const filled = await as(ctx => edits.edit(ctx, { people: [anna, ben], deed: { does: 'field', field, value: '8' } }))
  await as(ctx => putTrait(ctx, { person: ben, kind: 'tier', value: 'standard' }))
  await as(ctx => fill(ctx, { person: anna, values: { [field]: '9' } }))
  for (const each of [edit, filled.edit]) await as(ctx => edits.undo(ctx, { edit: each }))
  const [, traits, values] = await stand()
  assert.deepEqual((traits as { value: string }[]).map(each => each.value).sort(), ['key', 'standard'])
  assert.deepEqual((values as { value: string }[]).map(each => each.value).sort(), ['7', '9'])
  await as(ctx => fill(ctx, { person: anna, values: { [field]: '' } }))
})

test('everybody of a segment, on a list or found is a task by whoever began it, which can be stopped and taken back', async () => {
  const many = Array.from({ length: 130 }, (_, at) => ({ id: newId(), name: `Many ${at}`, handles: [], because: 'import', at: new Date() })) // biome-ignore format: one line
  await as(ctx => addAll(ctx, many))
  const { segment } = await as(ctx => segmentMake(ctx, { name: 'On it', conditions: [{ about: 'list', of: fair, how: 'is' }] }))
  const before = await stand()
  const put = await as(ctx => edits.edit(ctx, { all: { q: 'many' }, deed: { does: 'listPut', list: fair } }))
  assert.equal(put.ended, false)
  await assert.rejects(house.as(org, other, ctx => edits.show(ctx, { edit: put.edit })), { code: 'notFound' }) // biome-ignore format: one line
  await house.settle()
  const shown = await as(ctx => edits.show(ctx, { edit: put.edit }))
  assert.deepEqual([shown.state, shown.done, shown.changed, shown.name], ['done', 130, 130, 'Fair'])
  const tier = await as(ctx => edits.edit(ctx, { all: { segment }, deed: { does: 'tier', value: 'vip' } }))
  const stopped = await as(ctx => edits.edit(ctx, { all: { list: fair }, deed: { does: 'tag', tag: 'x' } }))
  await as(ctx => edits.cancel(ctx, { edit: stopped.edit }))
  await house.settle()
  assert.deepEqual(
    [(await as(ctx => edits.show(ctx, { edit: tier.edit }))).changed, (await as(ctx => edits.show(ctx, { edit: stopped.edit }))).state],
    [132, 'cancelled'],
  )
  assert.ok((await as(ctx => edits.show(ctx, { edit: stopped.edit }))).changed < 132)
  for (const { edit } of [stopped, tier, put]) {
    await as(ctx => edits.undo(ctx, { edit }))
    await house.settle()
    assert.equal((await as(ctx => edits.show(ctx, { edit }))).state, 'undone')
  }
  assert.deepEqual(await stand(), before)
})

test('what cannot be is refused, and leaves no trace', async () => {
  const happened = (await house.happened(org)).length
  const refused = async (input: Parameters<typeof edits.edit>[1], key: string) =>
    assert.rejects(as(ctx => edits.edit(ctx, input)), { key }) // biome-ignore format: one line
  const tier = { does: 'tier', value: 'vip' } as const
  await refused({ people: [], deed: tier }, 'edits.none')
  await refused({ people: [newId()], deed: tier }, 'edits.none')
  await refused({ people: [anna], deed: { does: 'field', field, value: 'many' } }, 'fields.wrong.number')
  await refused({ people: [anna], deed: { does: 'side', side: 'colleague' } }, 'sides.ofAccount')
  await refused({ people: [anna], deed: { does: 'listPut', list: newId() } }, 'lists.notThere')
  await assert.rejects(
    house.as(org, 'member', ctx => edits.edit(ctx, { people: [anna], deed: tier })),
    { code: 'forbidden' },
  )
  await assert.rejects(
    house.as(await house.organisation(), 'agent', ctx => edits.edit(ctx, { people: [anna], deed: tier })),
    { key: 'edits.none' },
  )
  assert.equal((await house.happened(org)).length, happened)
})

test('a list counts a person once however many of their records are on it, and a merge takes nobody off', async () => {
  const names = async () => (await as(ctx => lists.people(ctx, { list: fair }))).items.map(each => each.id)
  assert.deepEqual(await names(), [anna, ben])
  assert.deepEqual((await as(ctx => lists.ofPerson(ctx, { person: anna }))).items, [{ id: fair, name: 'Fair' }])
  assert.deepEqual((await as(ctx => lists.put(ctx, { list: fair, people: [anna] }))).changed, [])
  const { rows } = await as(ctx => sql<{ id: string }>`select id from merge where gone = ${twin}`.execute(ctx.db))
  await as(ctx => separate(ctx, { merge: rows[0]!.id }))
  assert.deepEqual(await names(), [twin, ben])
  await as(ctx => lists.remove(ctx, { list: fair }))
  await assert.rejects(as(ctx => lists.put(ctx, { list: fair, people: [anna] })), { key: 'lists.isAwayNow' }) // biome-ignore format: one line
  await as(ctx => lists.bringBack(ctx, { list: fair }))
  assert.deepEqual(await names(), [twin, ben])
})

test('its pages tick, change, take back and tell, and a removed condition of a segment says so', async () => {
  const browser = await house.browser(org, agent)
  const html = await (await browser.get('/people?q=zoe')).text()
  for (const part of ['name="people[]"', 'data-bulk-form="people-edit"', `value="listPut ${fair}"`, 'name="in.q" value="zoe"'])
    assert.ok(html.includes(part), part)
  const done = await browser.post('/people/edits', { does: 'player champion', 'people[]': ben })
  assert.equal(done.status, 303)
  assert.equal((await browser.post('/people/edits', { does: 'nonsense', 'people[]': ben })).status, 422)
  const all = await browser.post('/people/edits', { does: 'newList', newList: 'All of them', all: 'yes' })
  const path = all.headers.get('location')!
  await house.settle()
  for (const page of ['/people/edits', '/lists', `/lists/${fair}`, `/lists/new`, path, '/lists?removed=true', `/people/${ben}`]) {
    const text = await (await browser.get(page)).text()
    assert.doesNotMatch(text.replaceAll(/"[^"]*"/g, ''), /\b(lists|edits)\.\w/, page)
  }
  assert.match(await (await browser.get(path)).text(), /Take it back/)
  const csv = await (await (await house.browser(org, manager)).get(`/people.csv?list=${fair}`)).text()
  assert.deepEqual(csv.trim().split('\r\n').length, 3)
})
