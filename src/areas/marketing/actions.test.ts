import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import sharp from 'sharp'
import { z } from 'zod'
import { setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { ChannelError, Refusal } from '#kernel/errors.ts'
import { bytesOf, fileOf, keep } from '#kernel/files.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Channel, channel, type Draft, type Limits } from '#social/channels/words.ts'
import * as outbox from '#social/outbox/actions.ts'
import * as marketing from './actions.ts'
import type { Writing } from './actions-writing.ts'
import { stateOf } from './rules.ts'
import type { Section } from './words.ts'

const house = await testHouse()
afterEach(() => setClock())

/** Networks of the test remember what they were told. */
let offset = 0
let said: { on: string; does: 'send' | 'edit' | 'remove'; draft?: Draft }[] = []
const settings = z.strictObject({ address: z.string() })

const network = (name: string, more: Partial<Limits> & { fails?: true; edits?: true; quotes?: true } = {}): Channel => {
  const { fails, edits, quotes, ...limits } = more
  const told = (does: 'send' | 'edit' | 'remove') => async (_account: unknown, _id: unknown, draft?: Draft) =>
    void said.push({ on: name, does, draft })
  return channel<z.output<typeof settings>>({
    name,
    title: `${name}.title`,
    settings,
    asks: settings,
    discover: async given => ({ settings: settings.parse(given), name, address: settings.parse(given).address }),
    can: {
      publish: {
        limits: { text: 30, attachments: 1, attachmentBytes: 1000, alt: 100, ...limits },
        repeatable: true,
        ...(quotes && { quotes: (link: string) => link.startsWith(`https://${name}.example/`) }),
        send: async (_account, draft, key) => {
          if (fails) throw new ChannelError('rejected', { says: 'test.no' })
          said.push({ on: name, does: 'send', draft })
          return { state: 'done', remoteId: `remote:${key}` }
        },
      },
      amend: { remove: told('remove'), ...(edits && { edit: told('edit') }) },
    },
    truth: [],
    normalise: address => address.toLowerCase(),
  }) as Channel
}
useChannels([
  network('short', { parts: 3, repliesFrom: ['nobody'], quotes: true }),
  network('long', { text: 500, attachments: 4, warning: 20, edits: true, poll: { choices: 3, length: 10, hours: 24, alone: true } }),
  network('broken', { fails: true }),
])

interface Desk {
  org: string
  manager: Actor
  short: string
  long: string
  broken: string
}

async function desk(): Promise<Desk> {
  ;[said, offset] = [[], 0]
  const org = await house.organisation()
  const manager = await house.member(org, 'manager', 'Mona')
  const ids: string[] = []
  for (const name of ['short', 'long', 'broken']) {
    const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel: name, asked: { address: 'us@example.com' } }))
    await house.settle()
    ids.push((await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))).account!)
  }
  return { org, manager, short: ids[0]!, long: ids[1]!, broken: ids[2]! }
}

const as = <T>({ org, manager }: Desk, run: Parameters<typeof house.as<T>>[2]) => house.as(org, manager, run)
const writing = (text: string, variants: Partial<Writing['variants'][number]>[], version = 0): Writing => ({
  version,
  text,
  quotesPost: null,
  quotesLink: '',
  poll: null,
  variants: variants as Writing['variants'],
  alts: {},
})

async function drafted(it: Desk, text: string, variants: Partial<Writing['variants'][number]>[]): Promise<string> {
  const { post } = await as(it, ctx => marketing.begin(ctx, {}))
  await as(it, ctx => marketing.keep(ctx, { post, ...writing(text, variants) }))
  return post
}
/** One colour, hung on a post. */
async function withPicture(it: Desk, post: string): Promise<void> {
  const bytes = await sharp({ create: { width: 6, height: 4, channels: 3, background: '#d22' } }).png().toBuffer() // biome-ignore format: one picture
  const file = await as(it, ctx => keep(ctx, bytes, { name: 'red.png' }))
  const hung = { file, name: 'red.png', type: 'image/png', size: bytes.length, cid: null, inline: false as const }
  await as(it, ctx => marketing.addPictures(ctx, { post, files: [hung], alt: 'Red' }))
}
const shown = (it: Desk, post: string) => as(it, ctx => marketing.show(ctx, { post }))
const stateIn = async (it: Desk, post: string) => {
  const { dueAt, variants } = await shown(it, post)
  return stateOf(
    dueAt,
    variants.map(each => each.state),
  )
}
const counts = async (it: Desk) => Object.values(await as(it, ctx => marketing.counts(ctx, {}))).join()

async function later(seconds: number): Promise<void> {
  offset += seconds * 1000
  setClock(() => new Date(Date.now() + offset))
  await tickNow('deliveries.sendDue')
  await house.settle()
}
const refusedWith = (key: string) => (error: unknown) =>
  error instanceof Refusal && (error.key === key || error.fields.some(each => each.key === key))

test('one post goes to each network as it takes it: in parts or in one, with its own words, warning and pictures', async () => {
  const it = await desk()
  const post = await drafted(it, 'One part.\n---\nAnother part.', [
    { account: it.short, repliesFrom: 'nobody', warning: 'not taken there' },
    { account: it.long, text: 'All that there is to say, at length.', warning: 'Lamps' },
  ])
  const files = await Promise.all([1, 2].map(n => as(it, ctx => keep(ctx, Buffer.alloc(10 * n), { name: `${n}.bin` }))))
  for (const file of files)
    await as(it, ctx =>
      marketing.addPictures(ctx, {
        post,
        files: [{ file, name: 'a', type: 'image/png', size: 1, cid: null, inline: false }],
        alt: 'Shown',
      }),
    )
  const before = (await house.happened(it.org)).length
  await as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
  assert.equal(await stateIn(it, post), 'planned')
  assert.deepEqual(said, [])
  await later(11)
  assert.equal(await stateIn(it, post), 'gone')
  const [short, long] = ['short', 'long'].map(name => said.find(each => each.on === name)!.draft!)
  assert.deepEqual(
    [short!.text, short!.parts?.map(each => each.text), short!.repliesFrom, short!.warning],
    ['One part.', ['Another part.'], 'nobody', undefined],
  )
  assert.deepEqual([long!.text, long!.parts ?? [], long!.warning], ['All that there is to say, at length.', [], 'Lamps'])
  assert.deepEqual([short!.attachments.length, long!.attachments.map(each => each.alt)], [1, ['Shown', 'Shown']])
  assert.deepEqual((await house.happened(it.org)).slice(before).sort(), [
    'Announce:Message',
    'Announce:Message',
    'Create:Message',
    'Create:Message',
    'Create:Post',
  ])
})

test('what is changed or taken back from its conversation is so in the post, in all its parts', async () => {
  const it = await desk()
  const post = await drafted(it, 'One.\n---\nTwo.', [{ account: it.short }, { account: it.long }])
  await as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
  const [first] = (await shown(it, post)).variants.filter(each => each.account === it.short)
  // As it waits it can be changed on every network.
  await as(it, ctx => outbox.change(ctx, { content: first!.content!, text: 'One more.', parts: ['Two.'] }))
  await house.settle()
  const texts = () => shown(it, post).then(({ variants }) => variants.map(each => [each.account === it.short, each.text]).sort())
  assert.deepEqual(await texts(), [[false, null], [true, 'One more.\n---\nTwo.']]) // biome-ignore format: one line
  await later(11)
  assert.deepEqual(said.find(each => each.on === 'short')!.draft!.text, 'One more.')
  await as(it, ctx => marketing.amend(ctx, { post, account: it.long, text: 'Otherwise.\n---\nTwo.' }))
  await house.settle()
  assert.deepEqual((await texts())[0], [false, 'Otherwise.\n---\nTwo.'], 'as its writer wrote it, though that network knows no parts')
  await as(it, ctx => outbox.withdraw(ctx, { content: first!.content! }))
  await tickNow('amendments.carryOutDue')
  await house.settle()
  assert.deepEqual((await shown(it, post)).variants.map(each => each.state).sort(), ['back', 'sent'])
})

test('of a cropped picture the section leaves, with its description; the picture itself stays, and what cannot be cut out of it is refused', async () => {
  const it = await desk()
  const post = await drafted(it, 'Look', [{ account: it.short }, { account: it.long }])
  const red = { create: { width: 60, height: 40, channels: 3 as const, background: '#d22' } }
  const blue = await sharp({ create: { ...red.create, width: 30, background: '#22d' } }).png().toBuffer() // biome-ignore format: one picture
  const bytes = await sharp(red).composite([{ input: blue, left: 0, top: 0 }]).png().toBuffer() // biome-ignore format: one picture
  const file = await as(it, ctx => keep(ctx, bytes, { name: 'two.png' }))
  const other = await as(it, ctx =>
    keep(ctx, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), { name: 'a.svg', type: 'image/svg+xml' }),
  )
  const hung = { type: 'image/png', size: bytes.length, cid: null, inline: false as const }
  for (const [id, name] of [[file, 'two.png'], [other, 'a.svg']] as const) // biome-ignore format: two files
    await as(it, ctx => marketing.addPictures(ctx, { post, files: [{ ...hung, file: id, name }], alt: 'Two colours' }))
  const crop = (section: Section | null, shape?: '1:1', of = file) =>
    as(it, ctx => marketing.cropPicture(ctx, { post, file: of, section, shape }))
  const right = { left: 30, top: 0, width: 30, height: 40 }
  const refused: [() => Promise<unknown>, string][] = [
    [() => crop({ ...right, left: 31 }), 'marketing.sectionOutside'],
    [() => crop({ ...right, width: 0 }), 'marketing.sectionSmall'],
    [() => crop({ ...right, left: -1 }), 'kernel.invalid'],
    [() => crop(right, undefined, other), 'marketing.cannotCrop'],
    [() => crop(right, undefined, crypto.randomUUID()), 'kernel.notFound'],
  ]
  for (const [asked, key] of refused) await assert.rejects(asked(), refusedWith(key))
  assert.deepEqual(
    (await shown(it, post)).pictures.map(each => each.crop),
    [null, null],
  )
  assert.deepEqual(await crop(right), { was: null })
  assert.deepEqual(await crop(right, '1:1'), { was: right })
  const square = { left: 30, top: 5, width: 30, height: 30 }
  assert.deepEqual(await crop(null), { was: square })
  assert.equal((await shown(it, post)).pictures[0]!.crop, null)
  await crop(right, '1:1')
  const cropBy = (account: string, to: Section | null | 'common') =>
    as(it, ctx => marketing.cropPicture(ctx, { post, file, account, section: to }))
  assert.deepEqual([await cropBy(it.long, right), await cropBy(it.long, 'common')], [{ was: 'common' }, { was: right }])
  assert.deepEqual(await cropBy(it.long, null), { was: 'common' })
  await assert.rejects(cropBy(crypto.randomUUID(), null), refusedWith('kernel.notFound'))
  await as(it, ctx => marketing.removePicture(ctx, { post, file }))
  assert.deepEqual(
    (await shown(it, post)).pictures.map(each => each.file),
    [other],
  )
  await as(it, ctx => marketing.restorePicture(ctx, { post, file }))
  await assert.rejects(
    as(it, ctx => marketing.restorePicture(ctx, { post, file })),
    refusedWith('kernel.notFound'),
  )
  await as(it, ctx => marketing.removePicture(ctx, { post, file: other }))
  await as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
  await assert.rejects(crop(null), refusedWith('marketing.plannedAlready'))
  await later(11)
  const [sent, all] = ['short', 'long'].map(name => said.find(each => each.on === name)!.draft!.attachments[0]!) // biome-ignore format: one line
  const whole = await sharp(all!.content).metadata()
  assert.deepEqual([whole.width, whole.height], [60, 40], 'by this account all of it')
  const { data, info } = await sharp(sent!.content).removeAlpha().raw().toBuffer({ resolveWithObject: true }) // biome-ignore format: one picture
  assert.deepEqual([info.width, info.height, [...data.subarray(0, 3)], sent!.alt], [30, 30, [0xdd, 0x22, 0x22], 'Two colours'])
  const kept = await as(it, async ctx => sharp(await bytesOf(ctx.org, (await fileOf(ctx, file))!)).metadata())
  assert.deepEqual([kept.width, kept.height], [60, 40])
})

test('a post of ours and what a link leads to are quoted where the network can; what can be quoted nowhere is said at its field', async () => {
  const it = await desk()
  const go = async (post: string) => {
    said = []
    await as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
    await later(11)
    return Object.fromEntries(said.map(({ on, draft }) => [on, [draft?.quotes, draft?.quotesLink]]))
  }
  const first = await drafted(it, 'First', [{ account: it.short }, { account: it.long }])
  await go(first)
  const [own] = (await shown(it, first)).variants.filter(each => each.account === it.short)
  const { post } = await as(it, ctx => marketing.begin(ctx, { quotes: first }))
  const to = [{ account: it.short }, { account: it.long }]
  const keep = (more: Partial<Writing>, version: number, accounts = to) =>
    as(it, ctx => marketing.keep(ctx, { post, ...writing('Look', accounts, version), quotesPost: first, ...more }))
  await keep({}, 0, [{ account: it.long }])
  const plan = () => as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
  await assert.rejects(plan(), refusedWith('marketing.postNotQuoted'))
  await keep({ quotesPost: null, quotesLink: 'https://elsewhere.example/1' }, 1)
  await assert.rejects(plan(), refusedWith('marketing.linkNotQuoted'))
  await keep({}, 2)
  assert.deepEqual(await go(post), { short: [`remote:${own!.content}`, undefined], long: [undefined, undefined] })
  const third = await drafted(it, 'Look there', to)
  await as(it, ctx => marketing.keep(ctx, { post: third, ...writing('There', to, 1), quotesLink: ' https://short.example/1 ' }))
  assert.deepEqual(await go(third), { short: [undefined, 'https://short.example/1'], long: [undefined, undefined] })
  await assert.rejects(as(it, ctx => marketing.begin(ctx, { quotes: crypto.randomUUID() })), refusedWith('kernel.notFound')) // biome-ignore format: one line
})

test('a poll is asked on the networks that have polls, as they take it, and one that can be asked nowhere is said at its field', async () => {
  const it = await desk()
  const post = await drafted(it, 'Which lamp?', [{ account: it.short }])
  const keep = (choices: string[], version: number, accounts = [{ account: it.short }, { account: it.long }], hours = 6) =>
    as(it, ctx => marketing.keep(ctx, { post, ...writing('Which lamp?', accounts, version), poll: { choices, hours, many: true } }))
  const plan = () => as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
  await keep(['Red', 'Blue'], 1, [{ account: it.short }])
  await assert.rejects(plan(), refusedWith('marketing.pollNowhere'))
  for (const [at, [choices, key, hours]] of Object.entries([
    [['Red'], 'pollFew'],
    [['a', 'a'], 'pollFew'],
    [['a', 'b', 'c', 'd'], 'pollMany'],
    [['a', 'x'.repeat(11)], 'pollLong'],
    [['a', 'b'], 'pollLasts', 72],
  ] as const)) {
    await keep([...choices], 2 + Number(at), undefined, hours)
    await assert.rejects(plan(), (error: Refusal) =>
      error.fields?.some(each => each.field === it.long && each.key === `marketing.fault.${key}`),
    )
  }
  await keep(['Red', 'Blue'], 7)
  await withPicture(it, post)
  await plan()
  await later(11)
  const asked = Object.fromEntries(said.map(({ on, draft }) => [on, draft?.poll]))
  assert.deepEqual(asked, { short: undefined, long: { choices: ['Red', 'Blue'], minutes: 360, many: true } })
  assert.deepEqual(said.map(({ on, draft }) => `${on} ${draft!.attachments.length}`).sort(), ['long 0', 'short 1'], 'pictures stay where a poll goes alone') // biome-ignore format: one line
})

test('words that are ready elsewhere begin a draft of their own beside one that is still empty', async () => {
  const it = await desk()
  const { post } = await as(it, ctx => marketing.begin(ctx, {}))
  const ready = await as(it, ctx => marketing.begin(ctx, { text: 'We know of it.' }))
  assert.notEqual(ready.post, post)
  assert.equal((await as(it, ctx => marketing.show(ctx, ready))).text, 'We know of it.')
})

test('a draft is begun once, kept by versions, thrown away and brought back; who has not seen the latest changes nothing', async () => {
  const it = await desk()
  const { post } = await as(it, ctx => marketing.begin(ctx, {}))
  assert.equal((await as(it, ctx => marketing.begin(ctx, {}))).post, post)
  assert.equal(await counts(it), '0,0,0,false')
  const to = [{ account: it.short }, { account: crypto.randomUUID() }]
  assert.deepEqual(await as(it, ctx => marketing.keep(ctx, { post, ...writing('Hello\r\nyou', to) })), { version: 1 })
  await assert.rejects(
    as(it, ctx => marketing.keep(ctx, { post, ...writing('Late', to) })),
    refusedWith('marketing.changedMeanwhile'),
  )
  const kept = await shown(it, post)
  assert.deepEqual([kept.text, kept.variants.map(each => each.account)], ['Hello\nyou', [it.short]])
  assert.notEqual((await as(it, ctx => marketing.begin(ctx, {}))).post, post)
  await as(it, ctx => marketing.discard(ctx, { post }))
  await assert.rejects(shown(it, post), { code: 'notFound' })
  await as(it, ctx => marketing.restore(ctx, { post }))
  assert.equal(await counts(it), '1,0,0,false')
})

test('what breaks a limit, has no picture text, no place or no time is not planned, and says why', async () => {
  const it = await desk()
  const plan = (post: string, more: Partial<Parameters<typeof marketing.plan>[1]> = {}) =>
    as(it, ctx => marketing.plan(ctx, { post, when: 'now', ...more }))
  const long = await drafted(it, 'x'.repeat(31), [{ account: it.long }, { account: it.short }])
  await assert.rejects(plan(long), (error: Refusal) => error.fields.some(each => each.field === it.short && each.values?.over === 1))
  await assert.rejects(plan(await drafted(it, 'Nowhere', [])), refusedWith('marketing.noAccount'))
  const post = await drafted(it, 'Fits', [{ account: it.short }])
  const file = await as(it, ctx => keep(ctx, Buffer.alloc(9), { name: 'a.bin' }))
  const picture = { file, name: 'a', type: 'image/png', size: 1, cid: null, inline: false as const }
  await as(it, ctx => marketing.addPictures(ctx, { post, files: [picture] }))
  await assert.rejects(plan(post), refusedWith('marketing.undescribed'))
  await as(it, ctx => marketing.removePicture(ctx, { post, file }))
  await assert.rejects(plan(post, { when: 'slot' }), refusedWith('marketing.noSlot'))
  await assert.rejects(plan(post, { when: 'at', said: 'whenever' }), refusedWith('marketing.unclear'))
  await assert.rejects(plan(post, { when: 'at', at: new Date(Date.now() - 1000) }), refusedWith('marketing.notAhead'))
  await assert.rejects(
    house.as(it.org, 'agent', ctx => marketing.plan(ctx, { post, when: 'now' })),
    refusedWith('kernel.forbidden'),
  )
  await assert.rejects(
    house.as(it.org, 'member', ctx => marketing.show(ctx, { post })),
    refusedWith('kernel.forbidden'),
  )
  const other = await desk()
  await assert.rejects(shown(other, post), { code: 'notFound' })
  await later(60)
  assert.deepEqual(said, [])
})

test('each account takes its own next free slot, and no two posts the same one, however many plan at once', async () => {
  const it = await desk()
  // Far enough ahead that it stays ahead.
  setClock(() => new Date('2027-03-24T10:00:00Z'))
  await as(it, ctx => marketing.addSlots(ctx, { account: it.short, weekdays: [7], time: '09:00' }))
  await as(it, ctx => marketing.addSlots(ctx, { account: it.long, weekdays: [7], time: '09:00' }))
  await as(it, ctx => marketing.setZone(ctx, { account: it.long, zone: 'America/New_York' }))
  await assert.rejects(
    as(it, ctx => marketing.setZone(ctx, { account: it.long, zone: 'Mars' })),
    refusedWith('marketing.unknownZone'),
  )
  const posts: string[] = []
  for (const text of ['One', 'Two', 'Three']) posts.push(await drafted(it, text, [{ account: it.short }, { account: it.long }]))
  await Promise.all(posts.map(post => as(it, ctx => marketing.plan(ctx, { post, when: 'slot' }))))
  const dueAts = async (account: string) =>
    (await Promise.all(posts.map(post => shown(it, post))))
      .map(each =>
        each.variants
          .find(its => its.account === account)!
          .dueAt!.toISOString()
          .slice(0, 16),
      )
      .sort()
  assert.deepEqual(await dueAts(it.short), ['2027-03-28T07:00', '2027-04-04T07:00', '2027-04-11T07:00'])
  assert.deepEqual(await dueAts(it.long), ['2027-03-28T13:00', '2027-04-04T13:00', '2027-04-11T13:00'])
})

test('what is planned moves by day, moment and word, and becomes a draft again; what has left does neither', async () => {
  const it = await desk()
  // At noon it is the same day in the organisation's zone.
  const at = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000 + 2.5 * 86_400_000)
  const post = await drafted(it, 'Hello', [{ account: it.short }, { account: it.long }])
  await as(it, ctx => marketing.plan(ctx, { post, when: 'at', at }))
  const day = new Date(at.getTime() + 86_400_000).toISOString().slice(0, 10)
  const { was } = await as(it, ctx => marketing.move(ctx, { post, day }))
  assert.deepEqual(was, at)
  assert.equal((await shown(it, post)).dueAt!.toISOString().slice(0, 10), day)
  await as(it, ctx => marketing.move(ctx, { post, at }))
  await assert.rejects(
    as(it, ctx => marketing.move(ctx, { post, day: '2020-01-01' })),
    refusedWith('marketing.notAhead'),
  )
  const { items } = await as(it, ctx => marketing.calendar(ctx, { from: new Date(at.getTime() - 1000), to: new Date(at.getTime() + 1000) }))
  assert.deepEqual(
    items.map(each => each.id),
    [post],
  )
  await assert.rejects(
    as(it, ctx => marketing.keep(ctx, { post, ...writing('Otherwise', [], 1) })),
    refusedWith('marketing.plannedAlready'),
  )
  await as(it, ctx => marketing.callOff(ctx, { post }))
  assert.deepEqual([await stateIn(it, post), (await shown(it, post)).wantedAt], ['draft', at])
  await later(4 * 86_400)
  assert.deepEqual(said, [])
  await as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
  await later(11)
  assert.equal(said.length, 2)
  await assert.rejects(
    as(it, ctx => marketing.callOff(ctx, { post })),
    refusedWith('marketing.goneAlready'),
  )
  assert.ok((await house.happened(it.org)).includes('Move:Post'))
})

test('what went out is changed and taken back where its network can; what failed is counted where it can be mended', async () => {
  const it = await desk()
  const post = await drafted(it, 'Hello', [{ account: it.long }, { account: it.short }, { account: it.broken }])
  await as(it, ctx => marketing.plan(ctx, { post, when: 'now' }))
  await later(11)
  assert.deepEqual([await stateIn(it, post), await counts(it)], ['trouble', '0,0,1,false'])
  const { items } = await as(it, ctx => marketing.list(ctx, { view: 'trouble' }))
  assert.deepEqual(
    items.map(each => each.id),
    [post],
  )
  await as(it, ctx => marketing.amend(ctx, { post, account: it.long, text: 'Hello again' }))
  await assert.rejects(
    as(it, ctx => marketing.amend(ctx, { post, account: it.short, text: 'x' })),
    refusedWith('marketing.cannotChange'),
  )
  await later(10)
  assert.deepEqual(
    said.filter(each => each.does === 'edit').map(each => [each.on, each.draft?.text]),
    [['long', 'Hello again']],
  )
  await as(it, ctx => marketing.takeBack(ctx, { post }))
  await later(10)
  assert.deepEqual(
    said
      .filter(each => each.does === 'remove')
      .map(each => each.on)
      .sort(),
    ['long', 'short'],
  )
  const happened = await house.happened(it.org)
  for (const word of ['Update:Post', 'Delete:Post']) assert.ok(happened.includes(word), word)
})
