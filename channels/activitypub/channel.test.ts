import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { useOrigin } from '#kernel/origin.ts'
import { draftOf, provesContract } from '#social/channels/contract.ts'
import type { Draft, Heard, HeardMessage } from '#social/channels/words.ts'
import { actorDocument } from './actor.ts'
import { channel } from './channel.ts'
import { jsonIn } from './documents.ts'
import * as followers from './followers.ts'
import { addressesIn, htmlOf, subjectsIn } from './html.ts'
import { everybody, network, webId } from './names.ts'
import { addressOf } from './people.ts'
import { settings as form, type Settings } from './settings.ts'
import { activity as activityForm } from './shapes.ts'
import { keyIdOf } from './sign.ts'
import { type Member, newKey, type Posting, type Stranger, startWorld, type World } from './testing.ts'
import { heardFrom } from './translate.ts'

const moment = new Date('2026-03-12T10:00:00Z')
const settings: Settings = form.parse({ username: 'support', name: 'Support', server: 'https://care.example', privateKey: 'key' })

/** As it is heard when its signature was good. */
function hear(bytes: Uint8Array): Heard[] {
  const { data } = activityForm.safeParse(jsonIn(bytes))
  if (!data || !webId(data.actor, settings)) return []
  const person = { id: data.actor, address: addressOf('', data.actor), inbox: `${data.actor}/inbox`, keys: [], aliases: [] }
  return heardFrom(data, person, settings).map(({ heard }) => heard)
}

before(() => setClock(() => moment))
after(() => setClock())

provesContract(channel, {
  folder: import.meta.dirname,
  settings,
  addresses: ['@anna@social.example', 'acct:Anna@Social.example', 'https://social.example/@anna', 'https://social.example/users/anna'],
  hear: async bytes => hear(bytes),
})

const draft = (text: string, more: Partial<Draft> = {}): Draft => draftOf(text, { open: true, ...more })

/** One white pixel. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4////fwAJ+wP9KobjigAAAABJRU5ErkJggg==', 'base64')

describe('what is heard', () => {
  const heard = (name: string) => hear(readFileSync(join(import.meta.dirname, 'recordings', `${name}.json`)))
  const message = (name: string) => heard(name)[0] as HeardMessage

  test('a mention says who, to whom, under which warning, and what it shows', () => {
    const { from, to, subject, text, html, open, url, flaws } = message('create-mention')
    assert.deepEqual(
      [from.address, to.map(({ address }) => address)],
      ['anna@social.example', ['support@care.example', 'ben@social.example']],
    )
    assert.deepEqual(
      [subject, text, open, url],
      ['Parcels', '@support my parcel is late :sad_cat: <b>', true, 'https://social.example/@anna/1'],
    )
    assert.match(
      html!,
      /late <img src="https:\/\/files\.social\.example\/cat\.png" alt=":sad_cat:" width="20" height="20"> &lt;b&gt;<\/p>$/,
    )
    assert.deepEqual(flaws, ['activitypub.flawSensitive', 'activitypub.flawMedia'])
  })

  test('an answer in private, a poll and an article that quotes are what they are', () => {
    const ours = 'https://care.example/activitypub/actors/support/notes/AAAAAAAAAAAAAAAAAAAAAA'
    assert.deepEqual([message('create-direct-answer').answers, message('create-direct-answer').open], [[ours], undefined])
    assert.equal(message('create-poll').text, 'Blue or red?\n\n- Blue\n- <Red>')
    const tally = heard('update-poll').find(each => each.is === 'tally')
    const choices = [['Blue', 4], ['<Red>', 2]].map(([name, votes]) => ({ name, votes })) // biome-ignore format: one poll
    const endsAt = new Date('2026-03-13T09:03:00Z')
    assert.deepEqual([tally?.about, tally?.poll], ['https://social.example/o/3', { choices, endsAt }])
    const { subject, answers, url } = message('create-article-quote')
    assert.deepEqual([subject, answers, url], ['How they answered', [ours], 'https://blog.example/how-they-answered'])
  })

  test('each sign is told as what it is', () => {
    const names = ['like', 'emoji-react', 'announce', 'follow', 'undo-follow', 'undo-like', 'block', 'flag', 'update', 'delete']
    const kinds = names.map(name => heard(name).map(it => (it.is === 'reaction' ? `${it.kind}${it.undone ? ' undone' : ''}` : `${it.is}${'undone' in it ? ' undone' : ''}`)).join()) // biome-ignore format: one table
    assert.deepEqual(kinds, [
      'like',
      '🎉',
      'share',
      'follow',
      'follow undone',
      'like undone',
      'follow undone',
      'message',
      'message,edit',
      'removal',
    ])
  })
})

describe('two houses that talk', () => {
  let world: World
  let care: Member
  let shop: Member
  const messages = (member: Member) => member.heard.filter((each): each is HeardMessage => each.is === 'message')
  const json = async (url: string, headers?: Record<string, string>) =>
    (await (await world.get(url, headers)).json()) as Record<string, unknown>

  before(async () => {
    setClock()
    world = await startWorld()
  })
  after(async () => {
    await world.stop()
    setClock(() => moment)
  })
  beforeEach(() => {
    const mark = newId().slice(-6)
    care = world.join('care', `care${mark}`)
    shop = world.join('shop', `shop${mark}`, { about: 'We answer <fast>.' })
  })
  const addressed = ({ settings, id }: Member) => ({
    network,
    address: `${settings.username}@${new URL(settings.server).host}`,
    remoteId: id,
  })

  test('a mention becomes a message there; the answer comes back into the thread, open as what it answers', async () => {
    const post = draft(`Hello @${addressed(shop).address}, see https://a.example/?a&b #parcels\n\n<script>`, {
      warning: 'Parcels',
      language: 'en',
    })
    const sent = await channel.can.publish!.send(care.account, post, post.id)
    assert.deepEqual(await world.settle(), [])
    const [heard] = messages(shop)
    assert.deepEqual(
      [heard!.remoteId, heard!.from.address, heard!.subject, heard!.open],
      [remoteIdOf(sent), addressed(care).address, 'Parcels', true],
    )
    assert.match(heard!.text, /^Hello @shop\w{6}, see https:\/\/a\.example\/\?a&b #parcels\n\n<script>$/)
    assert.doesNotMatch(heard!.html!, /<script/)
    const answer = draft('Welcome!', { to: [heard!.from], answers: [heard!.remoteId] })
    await channel.can.converse!.reply(shop.account, answer, answer.id)
    assert.deepEqual(await world.settle(), [])
    const [back] = messages(care)
    assert.deepEqual([back!.answers, back!.open, back!.from.remoteId], [[heard!.remoteId], true, shop.id])
    assert.match(back!.text, /^@care\w{6} Welcome!$/)
  })

  test('what is sent twice under one once-key is one note, and whoever hears of it twice hears it once', async () => {
    const it = draft(`Hi @${addressed(shop).address}`)
    const [one, two] = [await channel.can.publish!.send(care.account, it, 'k'), await channel.can.publish!.send(care.account, it, 'k')]
    assert.deepEqual(one, two)
    assert.equal(remoteIdOf(one), channel.can.publish!.remoteIdFor!(care.account, 'k'))
    assert.equal(care.account.tasks.length, 1)
    await channel.work!(care.account, structuredClone(care.account.tasks[0]))
    await world.settle()
    assert.equal(messages(shop).length, 1)
  })

  test('a direct message is there for those to whom it goes, and for nobody else', async () => {
    const it = draft('Between us', { open: undefined, to: [addressed(shop)], answers: [] } as Partial<Draft>)
    const sent = remoteIdOf(await channel.can.converse!.reply(care.account, it, it.id))
    await world.settle()
    assert.deepEqual([messages(shop)[0]!.open, messages(shop)[0]!.remoteId], [undefined, sent])
    assert.equal((await world.get(sent)).status, 404)
    assert.equal((await channel.can.listen!.find!(shop.account, sent))?.remoteId, sent)
    assert.equal(await channel.can.listen!.find!(world.join('shop', 'curious').account, sent), null)
    assert.deepEqual(((await json(`${care.id}/outbox?after=`)).orderedItems as unknown[]).length, 0)
  })

  test('pictures come with what they show; an edit and an end reach whoever had it, and its address says that it is gone', async () => {
    const picture = { name: 'secret.png', type: 'image/png', content: pixel, alt: 'A white point' }
    const it = draft(`Look @${addressed(shop).address}`, { attachments: [picture], parts: [{ text: 'and more', attachments: [] }] })
    const id = remoteIdOf(await channel.can.publish!.send(care.account, it, it.id))
    await world.settle()
    const [heard] = messages(shop)
    assert.deepEqual([heard!.attachments[0]?.alt, heard!.attachments[0]?.type], ['A white point', 'image/webp'])
    const [file] = (await json(id)).attachment as { url: string }[]
    const served = await world.get(file!.url)
    assert.deepEqual([served.headers.get('content-type'), served.headers.get('x-content-type-options')], ['image/webp', 'nosniff'])
    assert.equal((await json(`${id}-1`)).inReplyTo, id)

    await channel.can.amend!.edit!(care.account, id, draft(`Look again @${addressed(shop).address}`))
    await world.settle()
    const edit = shop.heard.find(each => each.is === 'edit')!
    assert.deepEqual([edit.about, edit.text.slice(0, 10), edit.from.remoteId], [id, 'Look again', care.id])
    assert.equal((await world.get(`${id}-1`)).status, 410, 'the part that is no more')

    await channel.can.amend!.remove!(care.account, id)
    await channel.can.amend!.remove!(care.account, id)
    await world.settle()
    assert.deepEqual(shop.heard.filter(each => each.is === 'removal').map(each => each.about), [id]) // biome-ignore format: one line
    const gone = await world.get(id)
    assert.deepEqual([gone.status, ((await gone.json()) as { type: string }).type], [410, 'Tombstone'])
    assert.equal((await world.get(file!.url)).status, 404)
    await assert.rejects(async () => channel.can.amend!.remove!(care.account, `${shop.id}/notes/${'A'.repeat(22)}`), { kind: 'rejected' })
  })

  test('a link is quoted where it leads to what somebody said, else it stands below the words', async () => {
    const theirs = draft('The first')
    const link = remoteIdOf(await channel.can.publish!.send(shop.account, theirs, theirs.id))
    const quoting = draft('See', { quotesLink: link })
    const quote = await json(remoteIdOf(await channel.can.publish!.send(care.account, quoting, quoting.id)))
    assert.deepEqual([quote.quote, String(quote.content).includes(`RE: <a href="${link}"`)], [link, true])
    const leading = draft('See', { quotesLink: `${shop.id}/nothing&` })
    const plain = await json(remoteIdOf(await channel.can.publish!.send(care.account, leading, leading.id)))
    assert.deepEqual(
      [plain.quote, plain.content],
      [undefined, `<p>See</p><p><a href="${shop.id}/nothing&amp;">${shop.id}/nothing&amp;</a></p>`],
    )
    await world.settle()
  })

  test('likes, emoji and shares are told once and taken back by their names', async () => {
    const it = draft('News')
    const id = remoteIdOf(await channel.can.publish!.send(shop.account, it, it.id))
    for (const [
      kind,
      undone,
    ] of [['like', false], ['like', false], ['🎉', false], ['share', false], ['like', true], ['like', true]] as const) // biome-ignore format: one line
      await channel.can.react!.react(care.account, id, kind, undone)
    assert.deepEqual(await world.settle(), [])
    const told = shop.heard.flatMap(each => (each.is === 'reaction' ? [[each.kind, each.undone ?? false, each.about === id]] : []))
    assert.deepEqual(told, [['like', false, true], ['🎉', false, true], ['share', false, true], ['like', true, true]]) // biome-ignore format: one line
  })

  test('an actor is found by its address, and said to be what it is', async () => {
    const found = await channel.can.profile!.whoIs(care.account, { network, address: addressed(shop).address })
    assert.deepEqual([found!.name, found!.url, found!.about], [shop.settings.username, shop.id, 'We answer <fast>.'])
    assert.equal(await channel.can.profile!.whoIs(care.account, { network, address: `nobody@${new URL(shop.id).host}` }), null)
    const finger = await world.get(`${world.origin('shop')}/.well-known/webfinger?resource=${encodeURIComponent(shop.id)}`)
    assert.equal(((await finger.json()) as { subject: string }).subject, `acct:${addressed(shop).address}`)
    const info = (await json(`${world.origin('shop')}/.well-known/nodeinfo`)) as { links: { href: string }[] }
    assert.deepEqual((await json(info.links[0]!.href)).protocols, ['activitypub'])
    assert.match(await (await world.get(`${world.origin('shop')}/.well-known/host-meta`)).text(), /lrdd/)
    for (const name of ['following', 'featured', 'followers']) assert.equal((await json(`${shop.id}/${name}`)).totalItems, 0)
    const page = await (await world.get(shop.id, { accept: 'text/html' })).text()
    assert.match(page, /We answer &lt;fast&gt;\./)
    const rejected = { to: [{ network, address: `nobody@${new URL(shop.id).host}` }], answers: ['https://x.example/1'] }
    await assert.rejects(channel.can.converse!.reply(care.account, draft('x', rejected), 'x'), { says: 'activitypub.nobodyThere' })
  })

  test('an actor wears the brand of its account, and what it says itself goes before', async () => {
    const look = { name: 'Nordlicht', website: 'https://nord.example/a?b&c', logo: 'https://us.example/brands/o/l', colour: '#123456' }
    const worn = world.join('care', `worn${newId().slice(-6)}`, { name: '' })
    assert.equal((await json(worn.id)).name, worn.settings.username)
    Object.assign(worn.account, { look })
    const { name, icon, attachment } = (await json(worn.id)) as Record<string, unknown>
    assert.deepEqual([name, icon], ['Nordlicht', { type: 'Image', url: look.logo }])
    const value = '<a href="https://nord.example/a?b&amp;c" rel="me nofollow noopener">https://nord.example/a?b&amp;c</a>'
    assert.deepEqual(attachment, [{ type: 'PropertyValue', name: 'nord.example', value }])
    assert.match(
      await (await world.get(worn.id, { accept: 'text/html' })).text(),
      /#123456.*<h1>Nordlicht<\/h1>.*https:\/\/nord\.example\/a\?b&amp;c/,
    )
    Object.assign(worn.settings, { name: 'Us', picture: 'https://us.example/own.png' })
    const own = await json(worn.id)
    assert.deepEqual([own.name, own.icon], ['Us', { type: 'Image', url: 'https://us.example/own.png' }])
  })

  test('a follower is accepted, told of each thing once a server, and no longer when gone', async () => {
    const [one, two]: [Stranger, Stranger] = [
      world.stranger('social', `a${newId().slice(-6)}`),
      world.stranger('social', `b${newId().slice(-6)}`),
    ]
    const follow = (who: Stranger) => ({ id: `${who.id}#follow`, type: 'Follow', actor: who.id, object: care.id })
    for (const who of [one, two]) assert.equal(await who.post(`${care.id}/inbox`, follow(who)), 202)
    assert.deepEqual(await world.settle(), [])
    const accepts = world.brought.filter(({ body }) => body.type === 'Accept' && (body.object as { actor: string }).actor === one.id)
    assert.deepEqual([accepts.length, accepts[0]!.path], [1, new URL(`${one.id}/inbox`).pathname])
    world.brought.length = 0
    const it = draft('For all')
    await channel.can.publish!.send(care.account, it, it.id)
    await world.settle()
    assert.deepEqual(world.brought.map(({ path, body }) => [path, body.type]), [['/activitypub/inbox', 'Create']]) // biome-ignore format: one line
    for (const who of [one, two])
      await who.post(`${care.id}/inbox`, { id: `${who.id}#undo`, type: 'Undo', actor: who.id, object: follow(who) })
    world.brought.length = 0
    await channel.can.publish!.send(care.account, draft('For nobody'), newId())
    await world.settle()
    assert.deepEqual(world.brought, [])
    assert.deepEqual(care.heard.map(each => each.is === 'follow' && Boolean(each.undone)), [false, false, true, true]) // biome-ignore format: one line
  })

  test('an account asks to follow, is let or refused, hears what is said to everybody, and ends it; whoever is gone is lost', async () => {
    const { follow } = channel.can.follow!
    const handle = addressed(shop)
    assert.deepEqual(await follow(care.account, handle, false), {
      state: 'asked',
      who: { ...handle, name: shop.settings.name, url: shop.id },
    })
    await world.settle()
    const kinds = (member: Member) => member.heard.map(each => (each.is === 'consent' ? each.accepted : `${each.is}${'undone' in each ? ' undone' : ''}`)) // biome-ignore format: one line
    assert.deepEqual([kinds(shop), kinds(care)], [['follow'], [true]])
    assert.equal((await follow(care.account, handle, false)).state, 'done')
    const counts = async () => [(await json(`${care.id}/following`)).totalItems, (await json(`${shop.id}/followers`)).totalItems]
    assert.deepEqual(await counts(), [1, 1])
    await channel.can.publish!.send(shop.account, draft('News', { parts: [{ text: 'and more', attachments: [] }] }), newId())
    await channel.can.publish!.send(shop.account, draft(`For @${addressed(care).address}`), newId())
    await world.settle()
    const said = messages(care).map(({ text, automatic, to }) => [text.slice(0, 4), automatic, to.length])
    assert.deepEqual(said.sort(), [['For ', undefined, 1], ['News', 'list', 0]]) // biome-ignore format: one line

    for (const _ of [1, 2]) await follow(care.account, handle, true)
    await world.settle()
    assert.deepEqual([kinds(shop), (await json(`${care.id}/following`)).totalItems], [['follow', 'follow undone'], 0])
    await follow(care.account, handle, false)
    await world.settle()
    assert.deepEqual(kinds(shop).slice(2), ['follow'], 'asked anew, it is news again')
    const [shy, full] = [world.stranger('social', `s${newId().slice(-6)}`), world.stranger('full', 'busy')]
    await follow(care.account, { ...addressed(shop), remoteId: shy.id }, false)
    const asked = world.brought.findLast(({ body }) => body.type === 'Follow')!.body
    await shy.post(`${world.origin('care')}/activitypub/inbox`, { id: `${shy.id}#no`, type: 'Reject', actor: shy.id, object: asked.id })
    assert.equal(kinds(care).at(-1), false)
    world.answer('full', '/activitypub/actors/busy/inbox', { status: 403 })
    for (const [remoteId, address, says] of [
      [full.id, '', 'refused'],
      [undefined, `nobody@${new URL(shop.id).host}`, 'nobodyThere'],
      [care.id, '', 'oneself'],
    ] as const)
      await assert.rejects(follow(care.account, { network, address, remoteId: remoteId! }, false), {
        kind: 'rejected',
        says: `activitypub.${says}`,
      })
    await world.leave(shop)
    assert.equal(kinds(care).at(-1), false)
    assert.equal((await json(`${care.id}/following`)).totalItems, 0)
  })

  test('a poll of ours takes one vote of each, in private and until its end; how it stands is told once a minute, and at the end to all who voted', async () => {
    const fan = world.stranger('social', `f${newId().slice(-6)}`)
    await fan.post(`${care.id}/inbox`, { id: `${fan.id}#follow`, type: 'Follow', actor: fan.id, object: care.id })
    const start = new Date('2026-03-12T10:00:00Z')
    const at = (minutes: number) => setClock(() => new Date(start.getTime() + minutes * 60_000))
    at(0)
    const ask = async (many?: true) => {
      const it = draft('Which?', { poll: { choices: ['Red', 'Blue'], minutes: 60, ...(many && { many }) } })
      const id = remoteIdOf(await channel.can.publish!.send(care.account, it, it.id))
      // What is due at the end is brought about by hand.
      const tally = care.account.tasks.pop()
      await world.settle()
      world.brought.length = 0
      return { id, tally: () => care.account.later([tally]).then(() => world.settle()) }
    }
    const voters = [1, 2].map(mark => world.stranger('social', `v${mark}${newId().slice(-6)}`))
    const [one, two] = voters as [Stranger, Stranger]
    const vote = (who: Stranger, inReplyTo: string, name: string, more: Record<string, unknown> = {}) => {
      const id = `${who.id}/${newId()}`
      const object = { id, type: 'Note', attributedTo: who.id, to: [care.id], inReplyTo, name, ...more }
      return who.post(`${care.id}/inbox`, { id: `${id}#vote`, type: 'Create', actor: who.id, to: [care.id], object })
    }
    const standing = async (id: string) =>
      (await channel.can.metrics!.read(care.account, [id, `${care.id}/none`])).map(({ value }) => value)
    const heard = () => care.heard.filter(each => each.is === 'message').length

    const single = await ask()
    const { type, oneOf, endTime } = await json(single.id)
    assert.deepEqual([type, (oneOf as unknown[]).length, endTime], ['Question', 2, '2026-03-12T11:00:00.000Z'])
    for (const [who, name] of [[one, 'Blue'], [one, 'Red'], [one, 'Blue'], [two, 'Green']] as const) assert.equal(await vote(who, single.id, name), 202) // biome-ignore format: one line
    assert.equal(care.account.tasks.length, 1, 'told once a minute')
    await world.settle()
    assert.deepEqual([await standing(single.id), heard()], [[0, 1], 0])
    assert.deepEqual(world.brought.map(({ path, body }) => [path, body.type, (body.object as { votersCount: number }).votersCount]), [['/activitypub/inbox', 'Update', 1]]) // biome-ignore format: one line
    await vote(two, single.id, 'Red', { content: '<p>Red, of course</p>' })
    assert.equal(heard(), 1, 'an answer in words is no vote')
    await channel.can.amend!.edit!(care.account, single.id, draft('Which one?', { poll: { choices: ['Red', 'Blue'], minutes: 60 } }))
    assert.deepEqual(await standing(single.id), [0, 1], 'votes outlast a change of words')
    await world.settle()
    at(61)
    await vote(two, single.id, 'Red')
    world.brought.length = 0
    await single.tally()
    assert.deepEqual([await standing(single.id), (await json(single.id)).closed], [[0, 1], endTime])
    const told = world.brought.filter(({ body }) => body.type === 'Update').map(({ path }) => path)
    assert.deepEqual(told.sort(), [new URL(`${one.id}/inbox`).pathname, '/activitypub/inbox'].sort())

    at(120)
    const several = await ask(true)
    for (const name of ['Red', 'Blue', 'Red']) await vote(one, several.id, name)
    await world.settle()
    assert.deepEqual([await standing(several.id), (await json(several.id)).votersCount], [[1, 1], 1])
    assert.match(await (await world.get(several.id, { accept: 'text/html' })).text(), /<li>Red: 1<\/li><li>Blue: 1<\/li>/)
    setClock()
  })

  test('what is pinned is featured, the latest first, and followers hear of it; what is taken back or not for everybody is not', async () => {
    const who = world.stranger('social', `p${newId().slice(-6)}`)
    await who.post(`${care.id}/inbox`, { id: `${who.id}#follow`, type: 'Follow', actor: who.id, object: care.id })
    await world.settle()
    const say = async (text: string) => remoteIdOf(await channel.can.publish!.send(care.account, draft(text), newId()))
    const [one, two] = [await say('One'), await say('Two')]
    const alone = remoteIdOf(await channel.can.converse!.reply(care.account, draftOf('Alone', { to: [addressed(shop)] }), newId()))
    await world.settle()
    world.brought.length = 0
    const { pin } = channel.can.amend!
    for (const [at, id, undone] of [
      [0, one, false],
      [1, one, false],
      [2, two, false],
      [3, two, true],
      [4, two, false],
    ] as const) {
      // biome-ignore format: one line
      setClock(() => new Date(Date.now() + at * 1000))
      await pin!(care.account, id, undone)
    }
    setClock()
    const featured = async () => ((await json(`${care.id}/featured`)).orderedItems as { id: string }[]).map(({ id }) => id)
    assert.deepEqual(await featured(), [two, one])
    await world.settle()
    const told = world.brought.map(({ body }) => [body.type, body.object, body.target === `${care.id}/featured`].join(' ')).sort()
    assert.deepEqual(told, [`Add ${one} true`, `Add ${two} true`, `Add ${two} true`, `Remove ${two} true`].sort())
    await channel.can.amend!.remove!(care.account, two)
    assert.deepEqual(await featured(), [one])
    for (const none of [alone, `${care.id}/notes/${'A'.repeat(22)}`, `${shop.id}/notes/${'A'.repeat(22)}`])
      await assert.rejects(pin!(care.account, none, false), { kind: 'rejected', says: 'activitypub.notOurs' })
  })

  test('followers hear once how the account looks now, and that it is gone when it was removed; whoever asks after that hears so too', async () => {
    const who = world.stranger('social', `d${newId().slice(-6)}`)
    await who.post(`${care.id}/inbox`, { id: `${who.id}#follow`, type: 'Follow', actor: who.id, object: care.id })
    const it = draft('For all')
    const note = remoteIdOf(await channel.can.publish!.send(care.account, it, it.id))
    await world.settle()
    const told = async () => {
      world.brought.length = 0
      await care.account.later([channel.upon!.presents])
      assert.deepEqual(await world.settle(), [])
      return world.brought.map(({ body }) => [body.type, (body.object as { name?: string }).name])
    }
    await told()
    assert.deepEqual(await told(), [], 'as it was')
    Object.assign(care.settings, { name: '' })
    Object.assign(care.account, { look: { name: 'Nordlicht', colour: '#123456' } })
    assert.deepEqual(await told(), [['Update', 'Nordlicht']])
    Object.assign(care.account, { look: { name: 'Nordlicht', colour: '#654321' } })
    assert.deepEqual(await told(), [], 'no copy holds a colour')

    await world.leave(care)
    assert.deepEqual(world.brought.map(({ body }) => [body.type, body.object]), [['Delete', care.id]]) // biome-ignore format: one line
    const asked = [care.id, `${care.id}/outbox`, note, `${world.origin('care')}/.well-known/webfinger?resource=${care.id}`, `${care.id}x`]
    assert.deepEqual(await Promise.all(asked.map(async url => (await world.get(url)).status)), [410, 410, 410, 410, 404])
    assert.deepEqual(await json(care.id), { '@context': (await json(shop.id))['@context'], id: care.id, type: 'Tombstone' })
    assert.equal(await who.post(`${care.id}/inbox`, { id: `${who.id}#again`, type: 'Follow', actor: who.id, object: care.id }), 410)
  })

  test('what names nobody comes to the shared inbox and reaches who knows it: a change, an end, an undoing by its name, a farewell', async () => {
    const shared = `${world.origin('care')}/activitypub/inbox`
    assert.deepEqual((await json(care.id)).endpoints, { sharedInbox: shared })
    const who = world.stranger('social', `c${newId().slice(-6)}`)
    const other = world.join('care', 'other')
    const note = (more: Record<string, unknown> = {}) => ({ id: `${who.id}/${newId()}`, type: 'Note', attributedTo: who.id, content: '<p>One</p>', ...more }) // biome-ignore format: one line
    const act = (type: string, object: unknown, more: Record<string, unknown> = {}) => ({ id: `${who.id}#${newId()}`, type, actor: who.id, object, ...more }) // biome-ignore format: one line
    const said = note({ to: [care.id] })
    const [like, follow] = [act('Like', `${care.id}/notes/${'A'.repeat(22)}`), act('Follow', care.id)]
    for (const each of [act('Create', said, { to: [care.id] }), like, follow]) await who.post(`${care.id}/inbox`, each)
    care.heard.splice(3)
    const kinds = async (...acts: Record<string, unknown>[]) => {
      const before = care.heard.length
      for (const each of acts) assert.equal(await who.post(shared, { to: [everybody], ...each }), 202)
      return care.heard.slice(before).map(each => ('undone' in each && each.undone ? `un${each.is}` : each.is))
    }
    assert.deepEqual(await kinds(act('Update', { ...said, content: '<p>Two</p>', to: [everybody], updated: new Date().toISOString() })), [
      'edit',
    ])
    assert.deepEqual(await kinds(act('Undo', like.id), act('Delete', said.id), act('Delete', note().id)), ['unreaction', 'removal'])
    assert.equal((await json(`${care.id}/followers`)).totalItems, 1)
    assert.deepEqual([await kinds(act('Delete', who.id)), other.heard], [[], []])
    assert.equal(await followers.isFollowing(care.account, who.id), false)

    // Nobody knew it when it was said to be gone, and nobody asked for a proof: only what its own address says counts.
    const [gone, there] = [note({ to: [care.id] }), note({ to: [care.id] })]
    world.answer('social', new URL(there.id).pathname, { body: there })
    assert.deepEqual(await kinds(act('Delete', gone.id), act('Delete', there.id)), [])
    assert.deepEqual(await kinds(act('Create', gone), act('Create', there)), ['message'])
    assert.equal(care.heard.at(-1)!.remoteId, there.id)
  })

  test('a post to 10,000 followers on 1,000 servers returns at once, and becomes one task a server', async () => {
    for (let at = 0; at < 10_000; at++) {
      const host = `h${at % 1000}.example`
      await care.account.memory.set(`follower:${host}:${at}`, {
        id: `https://${host}/${at}`,
        inbox: `https://${host}/${at}/inbox`,
        shared: `https://${host}/inbox`,
      })
    }
    const start = performance.now()
    await channel.can.publish!.send(care.account, draft('To all'), newId())
    assert.ok(performance.now() - start < 200)
    const [tell] = care.account.tasks.splice(0)
    await channel.work!(care.account, tell)
    assert.equal(care.account.tasks.splice(0).length, 1000)
  })

  test('a server that refuses one way of signing is asked once in the other; one that rests is left alone, and one that is gone is forgotten', async () => {
    const who = world.stranger('picky', 'anna')
    await who.post(`${care.id}/inbox`, { id: `${who.id}#f`, type: 'Follow', actor: who.id, object: care.id })
    const inbox = '/activitypub/inbox'
    await world.settle()
    world.answer('picky', inbox, ({ headers }) => ({ status: headers['signature-input'] ? 202 : 401 }))
    const say = async () => {
      await channel.can.publish!.send(care.account, draft('x'), newId())
      return world.settle()
    }
    const asked = () => world.asked.splice(0).filter(each => each === `POST picky ${inbox}`).length
    asked()
    assert.deepEqual([await say(), asked(), await say(), asked()], [[], 2, [], 1])
    world.answer('picky', inbox, { status: 429 })
    assert.deepEqual([await say(), asked(), await say(), asked()], [['wait activitypub.wait'], 1, ['wait activitypub.wait'], 0])
    setClock(() => new Date(Date.now() + 3_600_000))
    world.answer('picky', inbox, { status: 410 })
    assert.deepEqual([await say(), asked(), await say(), asked()], [[], 1, [], 0])
    setClock()
  })

  test('a new key under the old name is taken when the old one no longer fits, not more often than once a minute', async () => {
    const who = world.stranger('social', 'rotates')
    const like = (at: number) => ({ id: `${who.id}#like-${at}`, type: 'Like', actor: who.id, object: `${care.id}/notes/${'A'.repeat(22)}` })
    const fresh = { ...who.settings, privateKey: newKey() }
    const byFresh: Posting = {
      signer: fresh,
      spoil: ({ signature = '' }) => ({ headers: { signature: signature.replace(keyIdOf(fresh), keyIdOf(who.settings)) } }),
    }
    const bring = (at: number, how?: Posting) => who.post(`${care.id}/inbox`, like(at), how)
    assert.deepEqual([await bring(1), await bring(2, byFresh)], [202, 401])
    const document = actorDocument({ settings: fresh })
    const key = { ...(document.publicKey as object), id: keyIdOf(who.settings) }
    world.answer('social', '/activitypub/actors/rotates', { body: { ...document, publicKey: key } })
    assert.equal(await bring(3, byFresh), 401, 'asked within this minute')
    setClock(() => new Date(Date.now() + 61_000))
    assert.deepEqual([await bring(4, byFresh), await bring(5)], [202, 401])
    setClock()
    assert.equal(care.heard.length, 2)
  })

  test('connecting makes a key; it stays, until a person asks for a new one; without encryption nobody would come', async () => {
    useOrigin('https://care.example')
    const asked = { username: '@Support', name: 'Support' }
    const { settings, address } = await channel.discover(asked, () => {})
    assert.equal(address, 'support@care.example')
    const { settings: same } = await channel.discover({ ...settings }, () => {})
    assert.equal(same.privateKey, settings.privateKey)
    const { settings: fresh } = await channel.discover({ ...settings, privateKey: 'new' }, () => {})
    assert.notEqual(fresh.privateKey, settings.privateKey)
    for (const [
      more,
      says,
    ] of [[{ username: 'a b' }, 'adviceFields'], [{ privateKey: 'x' }, 'adviceFields'], [{ server: 'http://care.example' }, 'adviceEncryption']] as const) // biome-ignore format: one line
      await assert.rejects(
        channel.discover({ ...asked, ...more }, () => {}),
        { says: `activitypub.${says}` },
      )
  })
})

function remoteIdOf(it: { state: string; remoteId?: string }): string {
  assert.equal(it.state, 'done')
  return it.remoteId!
}

test('words become HTML, and nothing in them does by itself', () => {
  const leads = new Map([['anna@social.example', { id: 'https://social.example/anna', url: 'https://social.example/@anna' }]])
  const cases: [string, RegExp][] = [
    ['<img src=x onerror=alert(1)>', /^<p>&lt;img src=x onerror=alert\(1\)&gt;<\/p>$/],
    ['See https://a.example/b.', /<a href="https:\/\/a\.example\/b" rel="nofollow noopener">https:\/\/a\.example\/b<\/a>\.<\/p>$/],
    [
      '@anna@social.example!',
      /^<p><span class="h-card"><a href="https:\/\/social\.example\/@anna" class="u-url mention">@<span>anna<\/span><\/a><\/span>!<\/p>$/,
    ],
    ['mail anna@social.example', /^<p>mail anna@social\.example<\/p>$/],
    ['a\nb\n\n\nc', /^<p>a<br>b<\/p><p>c<\/p>$/],
    [
      'https://a.example/"onmouseover="x',
      /^<p><a href="https:\/\/a\.example\/" rel="nofollow noopener">https:\/\/a\.example\/<\/a>&quot;onmouseover=&quot;x<\/p>$/,
    ],
  ]
  for (const [text, html] of cases) assert.match(htmlOf(text, leads), html)
  assert.deepEqual(addressesIn('@Anna@Social.example, x@y.example @@z @b@c.example.'), ['anna@social.example', 'b@c.example'])
  assert.deepEqual(subjectsIn('#one.Two #2 a#b #ö. #'), ['one', 'ö'])
})
