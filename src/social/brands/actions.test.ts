import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { keep } from '#kernel/files.ts'
import { serve } from '#kernel/http.tsx'
import { newId } from '#kernel/ids.ts'
import { tickNow } from '#kernel/jobs.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { testHouse } from '#kernel/testing.ts'
import { keepAccount, openAccount, useChannels } from '#social/channels/actions.ts'
import { type Channel, channel } from '#social/channels/words.ts'
import { keepAll } from '#social/content/actions.ts'
import { changeOrganisation } from '#social/members/actions.ts'
import { search, useBrandings } from '#social/search/actions.ts'
import { openAll } from '#social/threads/actions.ts'
import * as brands from './actions.ts'

const house = await testHouse()

const settings = z.strictObject({ address: z.email() })
const post = channel<z.output<typeof settings>>({
  name: 'post',
  title: 'post.title',
  settings,
  asks: settings,
  discover: async given => ({ settings: settings.parse(given), name: '', address: settings.parse(given).address }),
  can: {},
  truth: [],
  normalise: address => address,
}) as Channel
useChannels([post])

async function desk() {
  const org = await house.organisation()
  const [owner, anna] = [await house.member(org, 'owner'), await house.member(org, 'agent')]
  const address = 'care@us.example'
  const found = { settings: { address }, name: address, address }
  const account = (await asSystem(org, ctx => keepAccount(ctx, post, found, { account: null, by: owner.person })))!
  return { org, owner, anna, account }
}

const names = async ({ org, anna }: Awaited<ReturnType<typeof desk>>) =>
  (await house.as(org, anna, ctx => brands.list(ctx, {}))).items.map(each => [each.name, each.accounts])

test('a brand is made, changed and removed; its accounts belong to it, to the organisation meanwhile, and to it again', async () => {
  const it = await desk()
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.owner, run)
  const { brand } = await as(ctx => brands.make(ctx, { name: 'Nordlicht', website: 'https://nordlicht.example', colour: '#1F6FEB' }))
  assert.deepEqual(await as(ctx => brands.place(ctx, { account: it.account, brand })), { before: null })
  await as(ctx => brands.place(ctx, { account: it.account, brand }))
  assert.deepEqual(await names(it), [['Nordlicht', 1]])
  assert.equal((await as(ctx => brands.show(ctx, { brand }))).colour, '#1f6feb')
  assert.deepEqual(await as(ctx => brands.accountsOf(ctx, brand)), [it.account])

  await as(ctx => brands.change(ctx, { brand, name: 'Nordlicht', signature: 'Your people of Nordlicht' }))
  const voice = () => as(ctx => brands.voiceOf(ctx, { id: it.account, name: 'care@us.example', address: 'care@us.example' }))
  assert.deepEqual(await voice(), { signature: 'Your people of Nordlicht', senderName: 'Nordlicht' })

  await as(ctx => changeOrganisation(ctx, { signOff: 'All of us' }))
  await as(ctx => brands.remove(ctx, { brand }))
  assert.deepEqual([await names(it), await voice()], [[], { signature: 'All of us' }])
  await assert.rejects(
    as(ctx => brands.place(ctx, { account: it.account, brand })),
    { code: 'notFound' },
  )
  await as(ctx => brands.bringBack(ctx, { brand }))
  await as(ctx => brands.bringBack(ctx, { brand }))
  assert.deepEqual(await names(it), [['Nordlicht', 1]])
  assert.deepEqual(await as(ctx => brands.place(ctx, { account: it.account, brand: null })), { before: brand })
  assert.deepEqual(await names(it), [['Nordlicht', 0]])

  const happened = (await house.happened(it.org)).filter(
    each => each.includes('Brand') || each === 'Move:Account' || each === 'Undo:Delete',
  )
  assert.deepEqual(happened, ['Create:Brand', 'Move:Account', 'Update:Brand', 'Delete:Brand', 'Undo:Delete', 'Move:Account'])
})

/** One white pixel. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4////fwAJ+wP9KobjigAAAABJRU5ErkJggg==', 'base64')

test('an account wears its brand as long as it has one; the logo is there for anybody, and no other file', async () => {
  const it = await desk()
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.owner, run)
  const [logo, other] = await as(async ctx => [await keep(ctx, pixel, { name: 'a.png' }), await keep(ctx, pixel, { name: 'b.png' })])
  const look = () => asSystem(it.org, async ctx => (await openAccount(ctx, it.account))!.account.look)
  const { brand } = await as(ctx => brands.make(ctx, { name: 'Nordlicht', logo: logo! }))
  assert.equal(await look(), undefined)
  await as(ctx => brands.place(ctx, { account: it.account, brand }))
  const path = `/brands/${it.org}/${logo}`
  assert.deepEqual(await look(), { name: 'Nordlicht', logo: houseOrigin() + path })
  await as(ctx => brands.change(ctx, { brand, name: 'Polarlicht', website: 'https://polar.example', colour: '#123456' }))
  const worn = { name: 'Polarlicht', website: 'https://polar.example', logo: houseOrigin() + path, colour: '#123456' }
  assert.deepEqual(await look(), worn)
  await as(ctx => brands.remove(ctx, { brand }))
  assert.equal(await look(), undefined)
  await as(ctx => brands.bringBack(ctx, { brand }))
  assert.deepEqual(await look(), worn)
  await as(ctx => brands.place(ctx, { account: it.account, brand: null }))
  assert.equal(await look(), undefined)

  const app = serve(house.house.modules, { baseUrl: undefined, trustProxy: false })
  const shown = await app.request(path)
  assert.deepEqual(
    [shown.status, shown.headers.get('content-type'), shown.headers.get('access-control-allow-origin')],
    [200, 'image/webp', '*'],
  )
  const elsewhere = await house.organisation()
  for (const none of [`/brands/${it.org}/${other}`, `/brands/${elsewhere}/${logo}`, `/brands/x/${logo}`, `/brands/${it.org}/'`])
    assert.equal((await app.request(none)).status, 404, none)
})

test('what came by the accounts of a brand is found by its name, and nothing when no brand is called so', async () => {
  const it = await desk()
  useBrandings([brands.brandsCalled])
  const { brand } = await house.as(it.org, it.owner, ctx => brands.make(ctx, { name: 'Nordlicht Werkstatt' }))
  const said = { channel: 'post', audience: 'thread', side: 'outside', author: null, noun: 'Message', at: new Date() } as const
  await asSystem(it.org, async ctx => {
    const thread = newId()
    await openAll(ctx, [{ id: thread, kind: 'conversation', subject: '', startedAt: ctx.now, audience: 'thread' }])
    await keepAll(ctx, [{ ...said, thread, text: 'A lamp by post', detail: { account: it.account } }, { ...said, thread, text: 'A lamp by hand', detail: {} }]) // biome-ignore format: two messages
  })
  const found = async (q: string) => (await house.as(it.org, it.anna, ctx => search(ctx, { q }))).items.length
  assert.deepEqual([await found('lamp'), await found('lamp brand:werkstatt')], [2, 0])
  await house.as(it.org, it.owner, ctx => brands.place(ctx, { account: it.account, brand }))
  assert.deepEqual([await found('lamp marke:Werkstatt'), await found('lamp -brand:werk'), await found('brand:other')], [1, 1, 0])
})

test('what was said before messages were marked is found by its brand, in parts that go on where they stopped; an account that was placed before wears its brand', async () => {
  const it = await desk()
  useBrandings([brands.brandsCalled])
  const done = async () => (await house.as(it.org, it.anna, ctx => brands.filling(ctx, {}))).done
  await tickNow('brands.fillIn')
  await house.settle()
  assert.equal(await done(), null, 'without a brand there is nothing to find by it')
  const { brand } = await house.as(it.org, it.owner, ctx => brands.make(ctx, { name: 'Nordlicht' }))
  await house.as(it.org, it.owner, ctx => brands.place(ctx, { account: it.account, brand }))
  const said = { channel: 'post', audience: 'thread', side: 'outside', author: null, noun: 'Message', at: new Date() } as const
  await asSystem(it.org, async ctx => {
    const thread = newId()
    await openAll(ctx, [{ id: thread, kind: 'conversation', subject: '', startedAt: ctx.now, audience: 'thread' }])
    const letters = Array.from({ length: 2100 }, (_, at) => ({ ...said, thread, text: `Lamp ${at}`, detail: { account: it.account } }))
    await keepAll(ctx, letters)
    // As they were found before.
    await sql`update search_document set words = array_to_tsvector(array(select w from unnest(tsvector_to_array(words)) w where w not like '=b:%'))`.execute(
      ctx.db,
    )
    await sql`update channel_account set look = null`.execute(ctx.db)
  })
  const found = async (q: string) => (await house.as(it.org, it.anna, ctx => search(ctx, { q }))).items.length
  assert.deepEqual([await found('brand:nordlicht Lamp 17'), await done()], [0, null])
  await tickNow('brands.fillIn')
  await house.settle()
  assert.notEqual(await done(), null, 'it is under way')
  assert.deepEqual([await found('brand:nordlicht 17') > 0, await found('brand:nordlicht 2099')], [true, 0]) // biome-ignore format: one line
  await tickNow('brands.fillIn')
  await tickNow('brands.dressLate')
  await house.settle()
  assert.deepEqual([await done(), await found('brand:nordlicht 2099')], [null, 1])
  assert.equal((await asSystem(it.org, async ctx => (await openAccount(ctx, it.account))!.account.look))?.name, 'Nordlicht')
})

test('what is wrong is refused with its field, and by whoever may not; another organisation finds nothing', async () => {
  const it = await desk()
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.owner, run)
  const { brand } = await as(ctx => brands.make(ctx, { name: 'Nordlicht' }))
  const { brand: other } = await as(ctx => brands.make(ctx, { name: 'Südlicht' }))
  await assert.rejects(
    as(ctx => brands.make(ctx, { name: 'NORDLICHT ' })),
    { code: 'conflict', key: 'brands.nameTaken' },
  )
  await assert.rejects(
    as(ctx => brands.change(ctx, { brand: other, name: 'nordlicht' })),
    { code: 'conflict' },
  )
  for (const wrong of [{ website: 'javascript:alert(1)' }, { colour: 'red' }, { signature: 'x'.repeat(5001) }, { logo: newId() }])
    await assert.rejects(as(ctx => brands.make(ctx, { name: 'Ostlicht', ...wrong })))
  await assert.rejects(
    as(ctx => brands.place(ctx, { account: newId(), brand })),
    { code: 'notFound' },
  )
  await assert.rejects(
    house.as(it.org, it.anna, ctx => brands.make(ctx, { name: 'Ostlicht' })),
    { code: 'forbidden' },
  )
  await assert.rejects(
    house.as(it.org, 'member', ctx => brands.list(ctx, {})),
    { code: 'forbidden' },
  )
  assert.deepEqual(await names(it), [
    ['Nordlicht', 0],
    ['Südlicht', 0],
  ])

  const elsewhere = await desk()
  const there = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(elsewhere.org, elsewhere.owner, run)
  assert.deepEqual((await there(ctx => brands.list(ctx, {}))).items, [])
  for (const deed of [brands.show, brands.remove, brands.bringBack])
    await assert.rejects(
      there(ctx => deed(ctx, { brand })),
      { code: 'notFound' },
    )
  await assert.rejects(
    there(ctx => brands.place(ctx, { account: elsewhere.account, brand })),
    { code: 'notFound' },
  )
  await assert.rejects(
    there(ctx => brands.place(ctx, { account: it.account, brand: null })),
    { code: 'notFound' },
  )
})
