import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { useOrigin } from '#kernel/origin.ts'
import { provesContract } from '#social/channels/contract.ts'
import type { Draft, Heard, HeardMessage } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import { jsonIn } from './documents.ts'
import { addressesIn, htmlOf, subjectsIn } from './html.ts'
import { network, webId } from './names.ts'
import { addressOf } from './people.ts'
import { settings as form, type Settings } from './settings.ts'
import { activity as activityForm } from './shapes.ts'
import { addressed, care, draft, json, messages, remoteIdOf, shop, twoHouses, world } from './testing-houses.ts'
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
  twoHouses()
  after(() => setClock(() => moment))

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
