/** What is changed there, what comes from there, and how one is connected. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import type { ChannelError } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import type { Heard, Step } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import { messages, settings } from './testing.ts'
import {
  account,
  amend,
  anna,
  draft,
  idOf,
  listen,
  metrics,
  minutes,
  onServer,
  profile,
  publish,
  react,
  server,
  texts,
  theirs,
} from './testing-server.ts'

describe('on a server', () => {
  onServer()

  describe('changing', () => {
    test('a thread is changed in all its parts, grows and shrinks, and is taken back whole; what is gone is done', async () => {
      const sent = await publish.send(account, draft('One', { parts: [{ text: 'Two', attachments: [] }] }), newId())
      assert.ok(sent.state === 'done')
      const texts = () => [...server.posts.values()].map(({ content }) => content)
      await amend.edit!(
        account,
        sent.remoteId,
        draft('Een', {
          parts: [
            { text: 'Twee', attachments: [] },
            { text: 'Drie', attachments: [] },
          ],
        }),
      )
      assert.deepEqual(texts(), ['<p>Een</p>', '<p>Twee</p>', '<p>Drie</p>'])
      await amend.edit!(account, sent.remoteId, draft('Ett'))
      assert.deepEqual(texts(), ['<p>Ett</p>'])
      await amend.remove!(account, sent.remoteId)
      await amend.remove!(account, sent.remoteId)
      await amend.edit!(account, sent.remoteId, draft('x'))
      assert.deepEqual(texts(), [])
      await assert.rejects(amend.edit!(account, idOf(theirs()), draft('x')), { kind: 'rejected', says: 'mastodon.notOurs' })
    })

    test('likes and shares are set and taken back; any other sign is refused', async () => {
      const post = idOf(theirs())
      for (const kind of ['like', 'share']) for (const undone of [false, true]) await react.react(account, post, kind, undone)
      const asked = ['favourite', 'unfavourite', 'reblog', 'unreblog'].map(each => `POST statuses/:id/${each}`)
      assert.deepEqual(server.asked, asked)
      await assert.rejects(react.react(account, post, '🎉', false), { kind: 'rejected' })
    })
  })

  describe('listening', () => {
    const note = (id: number, type: string, status: unknown, at = Date.now()) =>
      server.notifications.push({ id: String(id), type, created_at: new Date(at).toISOString(), account: server.accounts['2'], status })
    async function all(cursor: string | null) {
      const heard: Heard[] = []
      for (let more = true; more; ) {
        const batch = await listen.since(account, cursor)
        heard.push(...batch.heard)
        ;({ cursor, more } = batch)
      }
      return { heard, cursor: cursor! }
    }

    test('from now on, forward page by page, each once; what we sent ourselves is known, what another program sent is heard', async () => {
      for (let id = 1; id <= 5; id++) note(id, 'follow', null)
      const start = await all(null)
      assert.equal(start.heard.length, 0)
      for (let id = 6; id <= 105; id++) note(id, 'follow', null)
      await publish.send(account, draft('By us'), newId())
      server.add({ content: '<p>By hand</p>' })
      const { heard, cursor } = await all(start.cursor)
      assert.equal(new Set(heard.map(({ remoteId }) => remoteId)).size, 101)
      assert.deepEqual(
        messages(heard).map(({ text, direction }) => [text, direction]),
        [['By hand', 'out']],
      )
      assert.deepEqual((await all(cursor)).heard, [])
    })

    test('a cursor that the server has forgotten: it is walked back by time, and nothing is lost; a clock that is an hour off changes nothing', async () => {
      const hour = Date.now() + 3_600_000
      note(50, 'follow', null, hour)
      const { cursor } = await all(null)
      for (let id = 60; id < 170; id++) note(id, 'follow', null, hour + id * 1000)
      server.before = ({ url }) => (url.searchParams.get('min_id') === '50' ? [422, { error: 'Invalid cursor' }] : undefined)
      const { heard } = await all(cursor)
      assert.equal(new Set(heard.map(({ remoteId }) => remoteId)).size, 111)
    })

    test('an edit and a removal are told once they are kept: hinted at or found in turn, and a page that says 404 is not believed', async () => {
      const [start, one, two] = [await all(null), theirs(), theirs()]
      note(7, 'mention', one)
      note(8, 'mention', two)
      const { cursor } = await all(start.cursor)
      one.edited_at = '2026-11-22T10:00:00.000Z'
      one.content = '<p>It is!</p>'
      server.posts.delete(two.id as string)
      minutes(11)
      server.before = ({ name }) => (name === 'GET statuses/:id' ? [404, '<html>'] : undefined)
      await assert.rejects(listen.since(account, cursor), { kind: 'rejected', says: 'mastodon.serverLacks' })
      server.before = () => undefined
      minutes(22)
      const batch = await listen.since(account, cursor)
      const told = batch.heard.map(each => [
        each.is,
        'about' in each && each.about,
        'text' in each && each.text,
        'from' in each && each.from.address,
      ])
      const expected = [
        ['edit', idOf(one), 'It is!', '@anna@kund.example'],
        ['removal', idOf(two), false, '@anna@kund.example'],
      ]
      assert.deepEqual(told.sort(), expected)
      minutes(33)
      assert.deepEqual((await listen.since(account, cursor)).heard.length, 2, 'not kept: told again')
      minutes(44)
      assert.deepEqual((await listen.since(account, batch.cursor)).heard, [])
    })

    test('how a poll stands that was heard follows, found in turn, until it is taken away; one that stands still is no news', async () => {
      const poll = (votes: number[]) => ({ id: '7', expires_at: '2026-12-24T10:00:00Z', multiple: false, options: votes.map((votes_count, at) => ({ title: `${at}`, votes_count })) }) // biome-ignore format: one poll
      const [start, asked] = [await all(null), theirs({ poll: poll([0, 0]) })]
      note(7, 'mention', asked)
      let { cursor } = await all(start.cursor)
      const told = async (at: number) => {
        minutes(at)
        const batch = await listen.since(account, cursor)
        cursor = batch.cursor
        return batch.heard.map(each => (each.is === 'tally' ? each.poll.choices.map(({ votes }) => votes) : each.is))
      }
      assert.deepEqual(await told(11), [])
      asked.poll = poll([2, 1])
      assert.deepEqual([await told(22), await told(33)], [[[2, 1]], []])
      Object.assign(asked, { poll: poll([2, 4]), edited_at: '2026-11-22T10:00:00.000Z' })
      assert.deepEqual([await told(44), await told(55)], [['edit', [2, 4]], []])
      server.posts.delete(asked.id as string)
      assert.deepEqual([await told(66), await told(77)], [['removal'], []])
    })

    test('history goes back to a day, newest first; one post is found by its id, and what is gone is not', async () => {
      const at = (hours: number) => new Date(Date.parse('2026-03-12T00:00:00Z') + hours * 3_600_000).toISOString()
      for (let id = 1; id <= 90; id++) server.add({ content: `<p>${id}</p>`, created_at: at(id) })
      const texts: string[] = []
      for (let cursor: string | null = null, more = true; more; ) {
        const batch = await listen.history!(account, new Date(at(30)), cursor)
        texts.push(...messages(batch.heard).map(({ text }) => text))
        ;({ cursor, more } = batch)
      }
      assert.deepEqual(
        texts,
        Array.from({ length: 61 }, (_, index) => String(90 - index)),
      )
      assert.equal((await listen.find!(account, idOf(theirs())))?.text, 'Is it?')
      assert.equal(await listen.find!(account, idOf({ id: '119999999999999999' })), null)
    })

    test('something of 9 MB among the news is passed over, and what comes before and after it is heard', async () => {
      note(1, 'follow', null)
      const { cursor } = await all(null)
      for (const id of [2, 3]) note(id, 'follow', null)
      note(4, 'mention', { content: 'x'.repeat(9_000_000) })
      for (const id of [5, 6]) note(id, 'follow', null)
      const ids = (await all(cursor)).heard.map(({ remoteId }) => remoteId.split('/').at(-1))
      assert.deepEqual(ids.sort(), ['2', '3', '5', '6'])
    })

    test('what we sent and somebody took away there by hand is gone here; what we took away ourselves is no news', async () => {
      const start = await all(null)
      for (const text of ['By hand', 'From here']) await publish.send(account, draft(text), newId())
      const [one, two] = [...server.posts.values()]
      server.posts.delete(one!.id as string)
      await amend.remove!(account, idOf(two!))
      const { heard } = await listen.since(account, start.cursor)
      assert.deepEqual(
        heard.map(each => [each.is, 'about' in each && each.about]),
        [['removal', idOf(one!)]],
      )
    })

    test('HTML with 200 and a server in trouble are down; a cursor of nonsense begins anew', async () => {
      server.before = () => [200, '<html>']
      await assert.rejects(listen.since(account, null), { kind: 'down', says: 'mastodon.unreadable' })
      server.before = () => [503, {}]
      await assert.rejects(listen.since(account, null), { kind: 'down', says: 'mastodon.serverTrouble' })
      server.before = () => undefined
      for (const bad of ['', 'x', '{}', '{"told":5}']) assert.deepEqual((await listen.since(account, bad)).heard, [])
    })

    test('events wake it, a removal among them; half an event and a broken line do not, and it ends at once when it is to end', async () => {
      const [start, post] = [await all(null), theirs()]
      note(9, 'mention', post)
      await all(start.cursor)
      const end = new AbortController()
      let rung: (() => void) | undefined
      let rings = 0
      const ring = () => {
        rings++
        rung?.()
      }
      const rings_ = () => new Promise<void>(resolve => (rung = resolve))
      const watching = listen.watch!(account, ring, end.signal)
      while (!server.stream) await new Promise(resolve => setImmediate(resolve))
      const first = rings_()
      server.stream.write('event: delete\ndata: 1234567\n\nevent: filters_changed\ndata: undefined\n\nevent: notification\ndata: {}\n\n')
      await first
      assert.equal(rings, 1)
      const second = rings_()
      server.stream.write(`event: delete\ndata: ${post.id}\n\n`)
      await second
      assert.equal((await account.memory.list(`hint:${post.id}:`)).length, 1)
      const third = rings_()
      server.stream.end('event: notification\ndata: {"half')
      await third
      assert.equal(rings, 3, 'by looking, as the line is broken')
      end.abort()
      await watching
    })

    test('a server without events is looked at, and one that does not let us in any more asks for a person', async () => {
      const end = new AbortController()
      server.before = ({ name }) => (name === 'GET streaming/user' ? [404, { error: 'Not found' }] : undefined)
      await new Promise<void>(resolve => {
        void listen.watch!(account, resolve, end.signal)
      })
      end.abort()
      server.before = ({ name }) => (name === 'GET streaming/user' ? [401, { error: 'Invalid access token' }] : undefined)
      await assert.rejects(
        listen.watch!(account, () => {}, new AbortController().signal),
        { kind: 'reconnect' },
      )
    })
  })

  test('figures of posts and who somebody is, as far as the server says', async () => {
    const post = theirs({ favourites_count: 3, reblogs_count: 2, replies_count: 1 })
    const read = await metrics.read(account, [idOf(post), 'elsewhere.example/statuses/1'])
    assert.deepEqual(
      read.map(({ measure, value }) => [measure, value]),
      [
        ['likes', 3],
        ['shares', 2],
        ['answers', 1],
      ],
    )
    assert.equal((await profile.whoIs(account, anna))?.name, 'anna@kund.example')
    server.before = () => [404, { error: 'Record not found' }]
    assert.equal(await profile.whoIs(account, anna), null)
  })

  describe('connecting', () => {
    const connect = async (asked: Record<string, unknown>) => {
      const steps: Step[] = []
      const found = await channel.discover(asked, step => steps.push(step)).catch((error: ChannelError) => error)
      return { found, steps }
    }

    test('a person signs in on the server’s page: we make ourselves known there, and the code that comes back is a token', async () => {
      const way = { url: 'https://house.example/settings/channels/connect/mastodon/back', state: 'the state' }
      const { begin, finish } = channel.signIn!
      const { url, keep } = (await begin({ server: server.origin, home: true }, way))!
      const page = new URL(url)
      const { code_challenge: challenge, ...said } = Object.fromEntries(page.searchParams)
      assert.deepEqual([page.origin, page.pathname], [server.origin, '/oauth/authorize'])
      assert.deepEqual(said, {
        response_type: 'code',
        client_id: 'client',
        redirect_uri: way.url,
        scope: 'read write:statuses write:media write:favourites',
        state: way.state,
        code_challenge_method: 'S256',
      })
      const bodies: string[] = []
      server.before = asked => void (asked.name === 'POST token' && bodies.push(asked.body))
      const kept = JSON.parse(JSON.stringify(keep)) as unknown
      const asked = await finish({ server: server.origin, home: true }, new URLSearchParams({ code: 'right', state: way.state }), kept)
      assert.deepEqual(asked, { server: server.origin, home: true, token: 'granted', goodUntil: '', renewalToken: '' })
      server.after = ({ name }) => (name === 'POST token' ? [200, { access_token: 'granted', expires_in: 3600 }] : undefined)
      setClock(() => new Date('2026-03-12T09:00:00Z'))
      const brief = await finish(asked, new URLSearchParams({ code: 'right' }), kept)
      assert.deepEqual(channel.goodUntil!({ ...settings, ...brief }), new Date('2026-03-12T10:00:00Z'))
      assert.equal(channel.goodUntil!(settings), null)
      server.after = ({ name }) =>
        name === 'POST token' ? [200, { access_token: 'granted', expires_in: 3600, refresh_token: 'more' }] : undefined
      const lasting = await finish(asked, new URLSearchParams({ code: 'right' }), kept)
      assert.deepEqual(JSON.parse(String(lasting.renewalToken)), { id: 'client', secret: 'secret', refresh: 'more' })
      assert.equal(channel.goodUntil!({ ...settings, ...lasting }), null, 'nobody has to sign in again')
      setClock()
      server.after = () => undefined
      const { code_verifier: verifier, ...proof } = Object.fromEntries(new URLSearchParams(bodies[0]))
      assert.equal(createHash('sha256').update(verifier!).digest('base64url'), challenge)
      assert.deepEqual([proof.redirect_uri, proof.client_secret, proof.code], [way.url, 'secret', 'right'])
      const { found } = await connect(asked)
      assert.deepEqual(found, {
        settings: { ...settings, server: server.origin, token: 'granted', home: true },
        name: 'care',
        address: '@care@social.example',
      })
      await assert.rejects(finish(asked, new URLSearchParams({ code: 'wrong' }), kept), { says: 'mastodon.adviceSignIn' })
    })

    test('tokens that end are renewed, once for all who ask: shortly before, and when the server takes them no more; else a person is asked', async () => {
      const [refreshes, refused]: [(string | null)[], string[]] = [[], []]
      let [good, ends] = ['none yet', false]
      server.before = ({ name, headers, body }) => {
        if (name === 'POST token') {
          refreshes.push(new URLSearchParams(body).get('refresh_token'))
          good = `token ${refreshes.length}`
          const said = { access_token: good, refresh_token: `more ${refreshes.length}`, expires_in: 7200 }
          return ends ? [400, { error: 'invalid_grant' }] : [200, said]
        }
        if (name === 'GET instance' || headers.authorization === `Bearer ${good}`) return undefined
        refused.push(name)
        return [401, { error: 'The access token expired' }]
      }
      const renewalToken = JSON.stringify({ id: 'client', secret: newId(), refresh: 'more' })
      Object.assign(account.settings, { renewalToken, goodUntil: new Date(Date.now() + 7_200_000).toISOString() })
      await Promise.all([1, 2, 3].map(() => profile.whoIs(account, anna)))
      assert.deepEqual([refreshes, refused.length], [['more'], 3])
      minutes(119.5)
      await publish.send(account, draft('Still here'), newId())
      assert.deepEqual([refreshes, refused.length, texts()], [['more', 'more 1'], 3, ['Still here']], 'renewed before anything was refused')
      const again = await channel.discover({ ...account.settings }, () => {}, account)
      assert.deepEqual([again.settings.token, again.settings.renewalToken, refreshes.length], ['token 2', renewalToken, 2])
      ends = true
      minutes(300)
      await assert.rejects(publish.send(account, draft('Never'), newId()), { kind: 'reconnect', says: 'mastodon.signInAgain' })
      assert.equal(server.posts.size, 1)
    })

    test('what needs no sign-in, and a server that is none: nobody is sent there', async () => {
      const way = { url: 'https://house.example/back', state: 'the state' }
      const { begin } = channel.signIn!
      assert.equal(await begin({ server: server.origin, token: 'by hand' }, way), null)
      await assert.rejects(begin({ server: 'http://social.example' }, way), { kind: 'rejected', says: 'mastodon.adviceFields' })
      server.before = ({ name, json }) =>
        name === 'POST apps' && String(json.scopes).includes(':') ? [422, { error: 'Requested scope is not known' }] : undefined
      assert.equal(new URL((await begin({ server: server.origin }, way))!.url).searchParams.get('scope'), 'read write')
      server.before = () => [200, '<html>']
      await assert.rejects(begin({ server: server.origin.replace('localhost', '127.0.0.1') }, way), { says: 'mastodon.adviceServer' })
    })

    test('without a token, or with one that counts no more, a person is shown where one is made', async () => {
      const { found, steps } = await connect({ server: server.origin })
      assert.ok(found instanceof Error && found.kind === 'rejected' && found.says === 'mastodon.adviceToken')
      assert.equal(steps.at(-1)!.link, `${server.origin}/settings/applications`)
      server.before = ({ name }) => (name.includes('verify') ? [401, { error: 'The access token is invalid' }] : undefined)
      const wrong = await connect({ server: server.origin, token: 'wrong' })
      assert.ok(wrong.found instanceof Error && wrong.found.says === 'mastodon.adviceNewToken')
    })

    test('a token made by hand does as well; what is no server, or not one of this kind, is said with what to do', async () => {
      const { found } = await connect({ server: server.origin, token: 'by hand' })
      assert.ok(!(found instanceof Error) && found.settings && found.address === '@care@social.example')
      for (const bad of ['http://social.example', 'ftp://x', '  ', 'a b']) {
        const { found } = await connect({ server: bad })
        assert.ok(found instanceof Error && found.says === 'mastodon.adviceFields', bad)
      }
      server.before = () => [200, '<html>']
      const { found: other } = await connect({ server: server.origin.replace('localhost', '127.0.0.1'), token: 'x' })
      assert.ok(other instanceof Error && other.says === 'mastodon.adviceServer')
    })
  })
})
