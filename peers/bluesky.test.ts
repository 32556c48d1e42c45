/** The Bluesky channel against the network's own directory, server and view: from a handle and an app password to answers, threads and broken sign-ins. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import sharp from 'sharp'
import { make as makeMonitor } from '#areas/monitors/actions.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { type Browser, testHouse } from '#kernel/testing.ts'
import { channel } from '#root/channels/bluesky/channel.ts'
import type { Described } from '#root/channels/bluesky/pictures.ts'
import type { Settings } from '#root/channels/bluesky/settings.ts'
import { isOpen } from '#root/channels/bluesky/stream.ts'
import * as accounts from '#social/accounts/actions.ts'
import { keepAccount, openAccount } from '#social/channels/actions.ts'
import { accountOf, draftOf } from '#social/channels/contract.ts'
import type { Account, Channel, Heard, HeardMessage, Step } from '#social/channels/words.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import { catchUp, startListening, stopListening } from '#social/listening/actions.ts'
import { answer } from '#social/outbox/actions.ts'
import { joinNetwork, letIn, type Network, noNetwork, openWays, type Person, type Ref, startNetwork } from './bluesky.ts'
import { until } from './until.ts'

const reason = noNetwork()
const house = await testHouse()
const { converse, listen, publish, amend, react, profile, metrics } = channel.can as Required<typeof channel.can>

describe(`the Bluesky channel on its own network${reason ? ` (skipped: ${reason})` : ''}`, {
  skip: Boolean(reason),
  timeout: 600_000,
}, () => {
  let network: Network
  let closeWays: () => Promise<void>
  let [care, anna, bert]: Person[] = []
  let account: Account<Settings>
  let cursor: string | null = null

  before(async () => {
    network = await startNetwork(house.ownerUrl)
    closeWays = await openWays(network)
    ;[care, anna, bert] = [await joinNetwork(network, 'care'), await joinNetwork(network, 'anna'), await joinNetwork(network, 'bert')]
  })
  after(async () => {
    await closeWays?.()
    await network?.stop()
  })

  /** Listens until nothing more comes and keeps the cursor, as the host does. */
  async function hear(): Promise<Heard[]> {
    const all: Heard[] = []
    for (let more = true; more; ) {
      const heard = await listen.since(account, cursor)
      all.push(...heard.heard)
      cursor = heard.cursor
      more = heard.more
    }
    return all
  }
  async function hearUntil(count: number): Promise<Heard[]> {
    const all: Heard[] = []
    await until(async () => all.push(...(await hear())) >= count, `${count} heard`)
    return all
  }
  /** Each repository is read by itself: an answer that the network reads before what it answers is told to nobody. */
  const isKnown = (by: Account<Settings>, uri: string) =>
    until(async () => (await metrics.read(by, [uri])).length, 'what is answered is known')
  /** How far each came there: read, and told of. */
  async function whereAre(uris: string[]): Promise<string[]> {
    const told = (await care!.ask<{ notifications: Noted[] }>('app.bsky.notification.listNotifications', { query: { limit: '100' } }))
      .notifications
    const known = new Set((await metrics.read(account, uris)).map(each => each.remoteId))
    return uris.map(uri => `${uri} ${known.has(uri) ? 'read' : 'unread'} ${told.some(each => each.uri === uri) ? 'told' : 'untold'}`)
  }
  const thread = (uri: string) =>
    anna!.ask<{ thread: Threaded; threadgate?: { record: { allow: unknown[] } } }>('app.bsky.feed.getPostThread', {
      query: { uri, depth: '30' },
    })

  test('a handle and an app password connect it: server and id are found, each step is told', async () => {
    await care!.put('app.bsky.actor.profile', { displayName: 'Trefoil Care' }, 'self')
    const { password } = await care!.ask<{ password: string }>('com.atproto.server.createAppPassword', { body: { name: 'trefoil' } })
    const steps: Step[] = []
    const found = await channel.discover({ handle: '@Care.test', password }, step => steps.push(step))
    assert.deepEqual(found.settings, {
      handle: 'care.test',
      password,
      server: network.server,
      did: care!.did,
      grantToken: '',
      listensToAll: false,
      overhears: false,
      stream: 'wss://jetstream2.us-east.bsky.network/subscribe',
    })
    assert.deepEqual(
      steps.filter(each => each.state !== 'running').map(each => [each.says, each.state]),
      [
        ['bluesky.stepFind', 'done'],
        ['bluesky.stepSignIn', 'done'],
        ['bluesky.stepRead', 'done'],
      ],
    )
    account = accountOf(found.settings, { id: newId(), org: newId() })
    assert.deepEqual(await hear(), [])
  })

  test('a wrong password and a handle that nobody has say what to do', async () => {
    await assert.rejects(
      channel.discover({ handle: 'care.test', password: 'wrong' }, () => {}),
      { kind: 'rejected', says: 'bluesky.advicePassword' },
    )
    await assert.rejects(
      channel.discover({ handle: 'nobody.test', password: 'x' }, () => {}),
      { kind: 'rejected', says: 'bluesky.adviceHandle' },
    )
  })

  let root: string
  test('a long text becomes a thread, whole and once, with its picture, links, mentions and tags', async () => {
    const sentence = 'Our spring catalogue is here, and it is the longest that we ever made. '
    const text = `Hello @anna.test and @nobody.test! ${sentence.repeat(6)}\n\n${sentence.repeat(3)} See https://example.com/${'catalogue/'.repeat(9)} for all of it. #spring 🌷👩‍👩‍👧`
    const content = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#3a7' } })
      .png()
      .toBuffer()
    const picture: Described = { name: 'tulips.png', type: 'image/png', content, alt: 'A field of tulips' }
    const key = newId()
    const sent = await Promise.all([1, 2, 3].map(() => publish.send(account, draftOf(text, { attachments: [picture] }), key)))
    const again = await publish.send(account, draftOf(text, { attachments: [picture] }), key)
    assert.equal(new Set([...sent, again].map(each => each.state === 'done' && each.remoteId)).size, 1)
    assert.equal(again.state === 'done' && again.remoteId, converse.remoteIdFor!(account, key))
    root = converse.remoteIdFor!(account, key)
    const { records } = await care!.ask<{ records: (Ref & { value: Post })[] }>('com.atproto.repo.listRecords', {
      query: { repo: care!.did, collection: 'app.bsky.feed.post', reverse: 'true' },
    })
    assert.equal(records.length, 3)
    assert.deepEqual(
      records.map(each => each.value.reply?.parent.cid),
      [undefined, records[0]!.cid, records[1]!.cid],
    )
    const whole = records.map(each => each.value.text).join(' ')
    assert.equal(whole.split('catalogue is here').length - 1, 9)
    const features = records.flatMap(each => each.value.facets ?? []).map(each => each.features[0]!)
    assert.deepEqual(
      features.map(each => each.did ?? each.tag ?? each.uri?.length),
      [anna!.did, 'https://example.com/'.length + 90, 'spring'],
    )
    assert.deepEqual(records[0]!.value.langs, ['en'])
    const seen = await until(async () => {
      const found = (await thread(root).catch(() => null))?.thread
      return found?.replies?.[0]?.replies?.[0] && found
    }, 'the thread is seen by others')
    assert.deepEqual(
      seen.post.embed?.images?.map(({ alt, aspectRatio }) => [alt, aspectRatio.width, aspectRatio.height]),
      [['A field of tulips', 2000, 1000]],
    )
  })

  let question: HeardMessage
  test('what others do is heard once: answer with picture, mention, quote, like, share, follow; and our own thread as one', async () => {
    const post = { uri: root, cid: (await thread(root)).thread.post.cid }
    const content = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#c33' } })
      .jpeg()
      .toBuffer()
    const { blob } = await anna!.ask<{ blob: unknown }>('com.atproto.repo.uploadBlob', { file: { bytes: content, type: 'image/jpeg' } })
    const image = { $type: 'app.bsky.embed.images', images: [{ alt: 'A broken lamp', image: blob }] }
    const link = {
      index: { byteStart: 4, byteEnd: 8 },
      features: [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://example.com/a?b&c' }],
    }
    const answer = await anna!.post('Is this one in it?', { reply: { root: post, parent: post }, embed: image, facets: [link] })
    const mention = { index: { byteStart: 0, byteEnd: 10 }, features: [{ $type: 'app.bsky.richtext.facet#mention', did: care!.did }] }
    await bert!.post('@care.test, are you open on Sunday?', { facets: [mention] })
    await bert!.post('Look at this', { embed: { $type: 'app.bsky.embed.record', record: post } })
    await bert!.put('app.bsky.feed.like', { subject: post })
    await bert!.put('app.bsky.feed.repost', { subject: post })
    await bert!.put('app.bsky.graph.follow', { subject: care!.did })
    const heard = await hearUntil(7)
    const told = heard
      .map(each => (each.is === 'message' ? `${each.direction} ${each.text.slice(0, 12)}` : each.is === 'reaction' ? each.kind : each.is))
      .sort()
    assert.deepEqual(told, ['follow', 'in @care.test, ', 'in Is this one ', 'in Look at this', 'like', 'out Hello @anna.', 'share'])
    question = heard.find((each): each is HeardMessage => each.remoteId === answer.uri)!
    assert.deepEqual(question.from, {
      network: 'bluesky',
      address: 'anna.test',
      remoteId: anna!.did,
      url: `https://bsky.app/profile/${anna!.did}`,
    })
    assert.deepEqual([question.answers, question.open], [[root], true])
    assert.equal(question.html, '<p>Is t<a href="https://example.com/a?b&amp;c">his </a>one in it?</p>')
    const [file] = question.attachments as Described[]
    assert.deepEqual([file?.name, file?.type, file?.alt], ['picture-1.jpeg', 'image/jpeg', 'A broken lamp'])
    assert.deepEqual(Buffer.from(file!.content), content)
    const quote = heard.find((each): each is HeardMessage => each.is === 'message' && each.text === 'Look at this')!
    assert.deepEqual(quote.answers, [root])
    for (const each of heard) if (each.is === 'reaction') assert.equal(each.about, root)
    assert.deepEqual(await hear(), [], 'nothing twice')
    if (process.env.RECORD) await record()
  })

  /** The recordings of the channel, as the network gives them. */
  async function record(): Promise<void> {
    mkdirSync(process.env.RECORD!, { recursive: true })
    const answers = {
      notifications: await care!.ask('app.bsky.notification.listNotifications'),
      'own-posts': await care!.ask('com.atproto.repo.listRecords', { query: { repo: care!.did, collection: 'app.bsky.feed.post' } }),
    }
    for (const [name, answer] of Object.entries(answers))
      writeFileSync(`${process.env.RECORD}/${name}.json`, `${JSON.stringify(answer, null, 2)}\n`)
  }

  test('an answer joins the conversation of whom it goes to, is read there, and is not sent twice', async () => {
    const key = newId()
    const to = [{ network: 'bluesky', address: 'anna.test' }]
    const answers = ['at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3kaaaaaaaaaaa', root, question.remoteId]
    assert.equal(await converse.lookUp!(account, key), null)
    const sent = await converse.reply(account, draftOf('It is on page nine.', { to, answers }), key)
    assert.deepEqual(await converse.reply(account, draftOf('It is on page nine.', { to, answers }), key), sent)
    assert.deepEqual(await converse.lookUp!(account, key), sent)
    const [note] = await until(async () => {
      const { notifications } = await anna!.ask<{ notifications: Noted[] }>('app.bsky.notification.listNotifications')
      const replies = notifications.filter(each => each.reason === 'reply')
      return replies.length > 0 ? replies : undefined
    }, 'anna reads the answer')
    assert.deepEqual([note!.uri, note!.record.text], [converse.remoteIdFor!(account, key), 'It is on page nine.'])
    assert.deepEqual([note!.record.reply?.parent.uri, note!.record.reply?.root.uri], [question.remoteId, root])
    const heard = await hearUntil(1)
    assert.deepEqual(
      heard.map(each => each.is === 'message' && [each.direction, each.remoteId, each.to[0]?.remoteId]),
      [['out', note!.uri, anna!.did]],
    )
  })

  test('what cannot be answered says why, and leaves nothing behind', async () => {
    const before = await hear()
    const gone = 'at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3kaaaaaaaaaaa'
    const tries = [
      [draftOf('x'), 'bluesky.nothingToAnswer'],
      [draftOf('x', { answers: [gone] }), 'bluesky.answeredGone'],
      [
        draftOf('x', { answers: [root], attachments: [{ name: 'a.pdf', type: 'application/pdf', content: new Uint8Array([1]) }] }),
        'bluesky.onlyPictures',
      ],
    ] as const
    for (const [each, says] of tries) await assert.rejects(converse.reply(account, each, newId()), { kind: 'rejected', says })
    assert.deepEqual([before, await hear()], [[], []])
  })

  test('a link to a post at the end of a text quotes it, with pictures too', async () => {
    const content = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#36c' } })
      .png()
      .toBuffer()
    const key = newId()
    const theirs = await bert!.post('A lamp like no other')
    const text = `Well said: https://bsky.app/profile/bert.test/post/${theirs.uri.split('/').at(-1)}`
    await publish.send(account, draftOf(text, { attachments: [{ name: 'a.png', type: 'image/png', content }] }), key)
    const quotes = await until(async () => {
      const { notifications } = await bert!.ask<{ notifications: Noted[] }>('app.bsky.notification.listNotifications')
      return notifications.find(each => each.reason === 'quote')
    }, 'bert is quoted')
    assert.equal(quotes.uri, converse.remoteIdFor!(account, key))
    await amend.remove!(account, quotes.uri)
    await hear()
  })

  test('parts with pictures of their own follow each other, and who may answer is the network’s to hold', async () => {
    const content = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#639' } })
      .png()
      .toBuffer()
    const parts = [{ text: 'Two', attachments: [{ name: 'b.png', type: 'image/png', content, alt: 'Second' }] }]
    const key = newId()
    const said = draftOf('One', { parts, repliesFrom: 'nobody', language: 'sv' })
    const sent = await Promise.all([1, 2].map(() => publish.send(account, said, key)))
    assert.deepEqual(sent[0], sent[1])
    const uri = converse.remoteIdFor!(account, key)
    const seen = await until(async () => {
      const found = await thread(uri).catch(() => null)
      return found?.threadgate && found.thread.replies?.[0] && found
    }, 'thread and gate are seen')
    const second = seen.thread.replies![0]!.post
    assert.deepEqual([second.record.text, second.record.langs, second.embed?.images?.[0]?.alt], ['Two', ['sv'], 'Second'])
    assert.deepEqual(seen.threadgate!.record.allow, [])
    await amend.remove!(account, uri)
    for (const collection of ['app.bsky.feed.post', 'app.bsky.feed.threadgate'])
      await assert.rejects(
        care!.ask('com.atproto.repo.getRecord', { query: { repo: care!.did, collection, rkey: uri.split('/').at(-1)! } }),
      )
    await hear()
  })

  test('a like and a share are given once and taken back once, also where another program gave them', async () => {
    const theirs = await bert!.post('Lamps are the new books')
    const count = async () => {
      const { posts } = await bert!.ask<{ posts: { likeCount: number; repostCount: number; viewer?: { like?: string } }[] }>(
        'app.bsky.feed.getPosts',
        { query: { uris: theirs.uri } },
      )
      return posts[0] && [posts[0].likeCount, posts[0].repostCount]
    }
    const becomes = (wanted: number[]) => until(async () => String(await count()) === String(wanted), `${wanted}`)
    await Promise.all([1, 2].map(() => react.react(account, theirs.uri, 'like', false)))
    await react.react(account, theirs.uri, 'share', false)
    await becomes([1, 1])
    for (const _ of [1, 2]) await react.react(account, theirs.uri, 'like', true)
    await becomes([0, 1])
    await care!.put('app.bsky.feed.like', { subject: theirs })
    await becomes([1, 1])
    await react.react(account, theirs.uri, 'like', false)
    await react.react(account, theirs.uri, 'like', true)
    await react.react(account, theirs.uri, 'share', true)
    await becomes([0, 0])
    await assert.rejects(react.react(account, theirs.uri, '🌷', false), { kind: 'rejected', says: 'bluesky.onlyLikes' })
  })

  test('who somebody is, and how a post fares', async () => {
    await anna!.put('app.bsky.actor.profile', { displayName: 'Anna Ek', description: 'Lamps.' }, 'self')
    const who = await until(async () => {
      const found = await profile.whoIs(account, { network: 'bluesky', address: '@anna.test' })
      return found?.name && found
    }, 'the profile is seen')
    assert.deepEqual(who, { name: 'Anna Ek', url: `https://bsky.app/profile/${anna!.did}`, about: 'Lamps.' })
    assert.equal(await profile.whoIs(account, { network: 'bluesky', address: 'nobody.test' }), null)
    const read = await metrics.read(account, [root, 'at://nothing'])
    assert.deepEqual(Object.fromEntries(read.map(each => [each.measure, each.value])), { likes: 1, shares: 1, answers: 2, quotes: 1 })
  })

  test('a post taken back is gone with all its parts; taking it back again changes nothing', async () => {
    await amend.remove!(account, root)
    await amend.remove!(account, root)
    const { records } = await care!.ask<{ records: unknown[] }>('com.atproto.repo.listRecords', {
      query: { repo: care!.did, collection: 'app.bsky.feed.post' },
    })
    assert.equal(records.length, 1, 'the answer to anna stays')
    await assert.rejects(amend.remove!(account, question.remoteId), { kind: 'rejected', says: 'bluesky.notOurs' })
  })

  test('through the whole house: heard, answered, read over there, answered again in the same conversation', async () => {
    const org = await house.organisation()
    const agent = await house.member(org, 'agent', 'Agnes')
    const { handle, password } = account.settings
    const { attempt } = await house.as(org, 'owner', ctx =>
      accounts.connect(ctx, { channel: 'bluesky', asked: { handle, password }, history: 7 }),
    )
    await house.settle()
    const tried = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
    assert.equal(tried.state, 'done', JSON.stringify(tried))
    const listenOnce = () => catchUp(org, tried.account!, new AbortController().signal)
    const said = () =>
      asSystem(org, async ctx => (await sql<Said>`select id, thread, side, text from content where noun = 'Message'`.execute(ctx.db)).rows)
    const heard = (text: string) =>
      until(async () => {
        await listenOnce()
        return (await said()).find(each => each.text.includes(text))
      }, `heard ${text}`)
    const before = (await said()).filter(each => ['It is on page nine.', '@care.test, are you open on Sunday?'].includes(each.text))
    assert.deepEqual(before.map(each => each.side).sort(), ['inside', 'outside'], 'what was said before it was connected')
    const mention = { index: { byteStart: 0, byteEnd: 10 }, features: [{ $type: 'app.bsky.richtext.facet#mention', did: care!.did }] }
    const asked = await bert!.post('@care.test, do you mend lamps?', { facets: [mention] })
    const { thread } = await heard('do you mend lamps')
    const { content } = await house.as(org, agent, ctx =>
      answer(ctx, { thread, text: 'We do, every Tuesday.', attachments: [], dueAt: ctx.now }),
    )
    await house.settle()
    const fate = (await asSystem(org, ctx => deliveriesOf(ctx, [content]))).get(content)
    assert.equal(fate?.state, 'sent', fate?.says ?? '')
    const ours = await until(async () => {
      const { notifications } = await bert!.ask<{ notifications: (Noted & Ref)[] }>('app.bsky.notification.listNotifications')
      return notifications.find(each => each.reason === 'reply' && each.record.reply?.parent.uri === asked.uri)
    }, 'bert reads the answer')
    assert.equal(ours.record.text, 'We do, every Tuesday.')
    await bert!.post('Then see you on Tuesday.', { reply: { root: asked, parent: { uri: ours.uri, cid: ours.cid } } })
    assert.equal((await heard('see you on Tuesday')).thread, thread)
    assert.equal((await said()).filter(each => each.text.includes('every Tuesday')).length, 1, 'our own copy is the same thing')
  })

  test('120 notifications come in pages, oldest pages last, each once, and the walk goes on where it stopped', async () => {
    await hear()
    const before = Date.now()
    const own = await care!.post('Opening hours')
    await isKnown(account, own.uri)
    // Each has a moment of its own: the network's pages are parted by the millisecond, and what shares one with the last of a page is on none.
    const begun = Date.now() - 120
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, at) =>
        (at % 2 ? anna! : bert!).post(`Question ${at}`, {
          reply: { root: own, parent: own },
          createdAt: new Date(begun + at).toISOString(),
        }),
      ),
    )
    const heard: Heard[] = []
    const missing = () => answers.flatMap(({ uri }) => (heard.some(each => each.remoteId === uri) ? [] : [uri]))
    const all = async () => {
      const batch = await listen.since(account, cursor)
      cursor = batch.cursor
      heard.push(...batch.heard)
      return missing().length === 0
    }
    await until(all, 'all heard').catch(async () => assert.fail(`never heard: ${(await whereAre(missing())).join()}`))
    assert.deepEqual(new Set(heard.map(each => each.remoteId)), new Set([own.uri, ...answers.map(each => each.uri)]))
    const past: Heard[] = []
    for (let [at, more] = [null as string | null, true]; more; ) {
      const batch = await listen.history!(account, new Date(Math.min(before, begun)), at)
      past.push(...batch.heard)
      ;({ cursor: at, more } = batch)
    }
    const names = new Set(past.map(each => each.remoteId))
    assert.deepEqual(
      [names.size, heard.filter(each => !names.has(each.remoteId))],
      [past.length, []],
      'and looking back, all of them, each once',
    )
    assert.ok(past.length < 130, 'and no further than was asked for')
  })

  /** By the pages of a house: to the network's own page and back. */
  async function signInBy(browser: Browser, path: string, person: Person, answer?: 'reject') {
    const attempt = (await browser.post(path, path.endsWith('/sign-in') ? {} : { handle: person.handle })).headers.get('location')!
    await house.settle()
    const link = /href="([^"]+)"[^>]*data-goes/.exec(await (await browser.get(attempt)).text())![1]!.replaceAll('&amp;', '&')
    const back = await letIn(link, person, answer)
    assert.equal(back.hostname, '127.0.0.1')
    assert.equal((await browser.get(back.pathname + back.search)).headers.get('location'), attempt)
    await house.settle()
    return asSystem(org, ctx =>
      accounts.attempt({ ...ctx, actor: { ...ctx.actor, role: 'owner' } }, { attempt: attempt.split('/').at(-1)! }),
    )
  }
  let org: string
  let granted: Account<Settings>

  test('a person signs in at the network’s own page: no password is typed here, and posts go out by what was granted', async () => {
    org = await house.organisation()
    const owner = await house.browser(org, 'owner')
    const path = '/settings/channels/connect/bluesky'
    const no = await signInBy(owner, path, bert!, 'reject')
    assert.deepEqual([no.state, no.says, no.asked.handle], ['failed', 'accounts.signInRefused', 'bert.test'])
    const it = await signInBy(owner, path, bert!)
    assert.equal(it.state, 'done', JSON.stringify(it))
    const opened = (await asSystem(org, ctx => openAccount(ctx, it.account!)))!
    granted = opened.account as Account<Settings>
    assert.deepEqual([granted.settings.did, granted.settings.handle, granted.settings.password], [bert!.did, 'bert.test', ''])
    const sent = await publish.send(granted, draftOf('Sent by what was granted'), newId())
    const place = { repo: bert!.did, collection: 'app.bsky.feed.post', rkey: sent.state === 'done' ? sent.remoteId.split('/').at(-1)! : '' }
    const { value } = await anna!.ask<{ value: Post }>('com.atproto.repo.getRecord', { query: place })
    assert.equal(value.text, 'Sent by what was granted')
    const wrong = await signInBy(owner, `/settings/channels/${it.account}/sign-in`, anna!)
    assert.deepEqual([wrong.state, wrong.says], ['failed', 'bluesky.adviceOther'])
    assert.equal((await signInBy(owner, `/settings/channels/${it.account}/sign-in`, bert!)).account, it.account)
    granted = (await asSystem(org, ctx => openAccount(ctx, it.account!)))!.account as Account<Settings>
  })

  test('what was granted is renewed once for all who wait, and when it counts no more a person is asked', async () => {
    const grant = JSON.parse(granted.settings.grantToken) as { id: string; tokens: { access: string; refresh: string } }
    const worn = (id: string) => ({ ...grant, id, tokens: { ...grant.tokens, access: 'worn out' } })
    const as = (given: unknown): Account<Settings> => ({ ...granted, settings: { ...granted.settings, grantToken: JSON.stringify(given) } })
    const one = as(worn('worn'))
    const found = await Promise.all([1, 2, 3].map(() => profile.whoIs(one, { network: 'bluesky', address: 'anna.test' })))
    assert.ok(found.every(each => each?.url?.includes(anna!.did)))
    const kept = (await one.memory.get('grant worn')) as { access: string; refresh: string }
    assert.ok(kept.access.length > 20 && kept.refresh !== grant.tokens.refresh)
    await assert.rejects(profile.whoIs(as(worn('used')), { network: 'bluesky', address: 'anna.test' }), {
      kind: 'reconnect',
      says: 'bluesky.grantOver',
    })
  })

  test('an app password that is revoked in the middle asks for a new sign-in, and nothing was sent', async () => {
    await care!.ask('com.atproto.server.revokeAppPassword', { body: { name: 'trefoil' } })
    const key = newId()
    // A session outlives its password for at most two hours; another process has none.
    const elsewhere = { ...account, settings: { ...account.settings, server: network.server.replace('localhost', '127.0.0.1') } }
    await assert.rejects(publish.send(elsewhere, draftOf('Never'), key), { kind: 'reconnect', says: 'bluesky.signInAgain' })
    const place = { repo: care!.did, collection: 'app.bsky.feed.post', rkey: converse.remoteIdFor!(account, key).split('/').at(-1)! }
    await assert.rejects(care!.ask('com.atproto.repo.getRecord', { query: place }))
  })

  test('a post that concerns nobody of ours becomes a mention of a monitor and nothing else, and goes when it is taken back', async () => {
    const org = await house.organisation()
    const emil = await joinNetwork(network, 'emil')
    await house.as(org, 'owner', ctx => makeMonitor(ctx, { name: 'Tulips', query: 'tulip* NOT cheese', lookBack: 0 }))
    const of = {
      did: emil.did,
      handle: 'emil.test',
      password: emil.password,
      overhears: true,
      stream: network.server.replace('http', 'ws'),
    }
    const settings = { ...account.settings, ...of }
    const id = (await asSystem(org, ctx => keepAccount(ctx, channel as Channel, { settings, name: 'Emil', address: 'emil.test' }, { account: null, by: null })))! // biome-ignore format: one call
    const rows = <T>(query: ReturnType<typeof sql<T>>) => asSystem(org, async ctx => (await query.execute(ctx.db)).rows)
    const people = await rows(sql`select id from person`)
    const kept = () =>
      rows(
        sql<{ text: string; author: string; remote_id: string; kind: string }>`select text, author, remote_id, kind from monitor_mention`,
      )
    await startListening({ log: { info() {}, warn() {}, error() {} } as never })
    try {
      await until(async () => isOpen(id), 'the stream is open')
      const said = await anna!.post('Tulips as far as one sees')
      await bert!.post('Tulips made of cheese')
      const found = await until(async () => {
        const all = await kept()
        return all.length ? all : undefined
      }, 'it is a mention')
      const { text, remote_id, kind, author } = found[0]!
      assert.deepEqual([found.length, text, remote_id, kind, author], [1, 'Tulips as far as one sees', said.uri, 'post', 'anna.test'])
      const rkey = said.uri.split('/').at(-1)!
      await anna!.ask('com.atproto.repo.deleteRecord', { body: { repo: anna!.did, collection: 'app.bsky.feed.post', rkey } })
      await until(async () => (await kept()).length === 0, 'it is none any more')
      assert.deepEqual(await rows(sql`select id from content`), [])
      assert.equal((await rows(sql`select id from person`)).length, people.length)
    } finally {
      await stopListening()
    }
  })

  // The last one: after it, the network's own view is now and then slow to tell of what is said to the others.
  test('the network’s stream brings the same things under the same names, at once, and what is changed and taken back there', async () => {
    const org = await house.organisation()
    // An account of its own: what the others said and asked for is not its matter.
    const dora = await joinNetwork(network, 'dora')
    const settings = {
      ...account.settings,
      did: dora.did,
      handle: 'dora.test',
      password: dora.password,
      listensToAll: true,
      overhears: false,
      stream: network.server.replace('http', 'ws'),
    }
    const id = (await asSystem(org, ctx => keepAccount(ctx, channel as Channel, { settings, name: 'Dora', address: 'dora.test' }, { account: null, by: null })))! // biome-ignore format: one call
    const end = new AbortController()
    const watched = accountOf(settings, { id, org })
    let ring = () => {}
    await catchUp(org, id, end.signal)
    const watching = listen.watch!(watched, () => ring(), end.signal)
    const said = () =>
      asSystem(org, async ctx => {
        const { rows } = await sql<{ text: string; gone: boolean; author: string; name: string }>`
          select c.text, c.deleted_at is not null as gone, c.author, p.name from content c left join person p on p.id = c.author order by c.id`.execute(
          ctx.db,
        )
        return rows
      })
    const now = async () => {
      await catchUp(org, id, end.signal)
      return said()
    }
    const heardOf = (text: string) => until(async () => (await now()).find(each => each.text === text), `heard ${text}`)
    try {
      await until(async () => isOpen(id), 'the stream is open')
      const own = await dora.post('New lamps this week')
      await heardOf('New lamps this week')
      await isKnown(watched, own.uri)
      const rung = new Promise<void>(resolve => (ring = resolve))
      const asked = await anna!.post('Are they dimmable?', { reply: { root: own, parent: own } })
      await rung
      const first = await heardOf('Are they dimmable?')
      assert.equal(first.name, 'Anna Ek')
      const record = {
        $type: 'app.bsky.feed.post',
        text: 'Are the lamps dimmable?',
        createdAt: new Date().toISOString(),
        reply: { root: own, parent: own },
      }
      const place = { repo: anna!.did, collection: 'app.bsky.feed.post', rkey: asked.uri.split('/').at(-1)! }
      await anna!.ask('com.atproto.repo.putRecord', { body: { ...place, record } })
      await heardOf('Are the lamps dimmable?')
      await anna!.ask('com.atproto.repo.deleteRecord', { body: place })
      await until(async () => (await now()).some(each => each.gone), 'taken back')
      await bert!.post('I bought one', { reply: { root: own, parent: own } })
      await heardOf('I bought one')
    } finally {
      end.abort()
      await watching
    }
    // Now that the stream is closed, the notifications tell of the same.
    const before = await said()
    const told = async () => {
      const { notifications } = await dora.ask<{ notifications: Noted[] }>('app.bsky.notification.listNotifications')
      return notifications.some(each => each.record.text === 'I bought one')
    }
    await until(told, 'the network notifies')
    await catchUp(org, id, new AbortController().signal)
    assert.deepEqual([await said(), before.length], [before, 3])
  })
})

interface Said {
  id: string
  thread: string
  side: string
  text: string
}

interface Post {
  text: string
  langs?: string[]
  facets?: { features: { did?: string; tag?: string; uri?: string }[] }[]
  reply?: { root: Ref; parent: Ref }
}

interface Noted {
  uri: string
  reason: string
  record: Post
}

interface Threaded {
  post: Ref & { record: Post; embed?: { images?: { alt: string; aspectRatio: { width: number; height: number } }[] } }
  replies?: Threaded[]
}
