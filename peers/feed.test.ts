/** The feed channel against a real HTTP server that behaves as servers of feeds do, the well-behaved and the others. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { testHouse } from '#kernel/testing.ts'
import { channel } from '#root/channels/feed/channel.ts'
import type { Settings } from '#root/channels/feed/settings.ts'
import * as accounts from '#social/accounts/actions.ts'
import { openAccount } from '#social/channels/actions.ts'
import { accountOf } from '#social/channels/contract.ts'
import type { Heard, HeardEdit, HeardMessage, Step } from '#social/channels/words.ts'
import { catchUp } from '#social/listening/actions.ts'

const house = await testHouse()
const listen = channel.can.listen!

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const routes = new Map<string, Answer>()
const asked: { path: string; headers: IncomingMessage['headers'] }[] = []
const server = createServer((request, response) => {
  asked.push({ path: request.url!, headers: request.headers })
  const answer = routes.get(request.url!)
  if (answer) return answer(request, response)
  response.writeHead(404).end('nothing here')
})

const minute = 60_000
let clock = Date.parse('2026-03-12T09:00:00Z')
const pass = (minutes: number): unknown => (clock += minutes * minute)

let origin: string
let count = 0
const fresh = (): string => `/${++count}/feed`
const at = (path: string): string => `${origin}${path}`

interface Post {
  id: string
  text?: string
  at?: string
  link?: string
}
const item = ({ id, text = id, at: moment = '2026-03-12T08:00:00Z', link }: Post): string =>
  `<item><guid isPermaLink="false">${id}</guid><title>${id}</title><description>${text}</description><pubDate>${moment}</pubDate>${link ? `<link>${link}</link>` : ''}</item>`
const rss = (posts: Post[], more = ''): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>${origin}/</link>${more}${posts.map(item).join('')}</channel></rss>`

const serve = (path: string, body: string | Buffer, headers: Record<string, string> = {}, status = 200): void => {
  routes.set(path, (_request, response) => response.writeHead(status, { 'content-type': 'application/rss+xml', ...headers }).end(body))
}
/** Answers 304 to who has this version. */
const serveVersion = (path: string, etag: string, body: string): void => {
  routes.set(path, (request, response) => {
    const known = request.headers['if-none-match'] === etag
    const validators = { etag, 'last-modified': 'Thu, 12 Mar 2026 08:00:00 GMT' }
    response.writeHead(known ? 304 : 200, validators).end(known ? undefined : body)
  })
}

/** Listens as the host does, cursor and all. */
function listener(path: string, more: Partial<Settings> = {}) {
  const account = accountOf<Settings>({ ...channel.settings.parse({ url: at(path) }), ...more })
  const it = {
    cursor: null as string | null,
    turns: 0,
    async hear(): Promise<Heard[]> {
      const all: Heard[] = []
      for (let again = true; again; it.turns++) {
        const { heard, cursor, more: rest } = await listen.since(account, it.cursor)
        assert.ok(heard.length <= 200, 'some hundred at once')
        all.push(...heard)
        it.cursor = cursor
        again = rest
      }
      return all
    },
    ids: async () => (await it.hear()).map(named),
    fault: () =>
      it.hear().then(
        heard => assert.fail(`heard ${heard.length}`),
        error => (error instanceof ChannelError ? error : assert.fail(error)),
      ),
  }
  return it
}
const named = (heard: Heard): string => {
  const id = ('about' in heard ? heard.about : heard.remoteId).slice(13)
  return heard.is === 'edit' ? `${id} now ${(heard as HeardEdit).text}` : id
}
const count200 = (path: string): number => asked.filter(each => each.path === path).length

before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  allowHosts(['127.0.0.0/8'])
  setClock(() => new Date(clock))
})
afterEach(() => {
  asked.length = 0
})
after(() => {
  setClock()
  server.closeAllConnections()
  server.close()
})

async function discover(url: string) {
  const steps: Step[] = []
  const found = await channel.discover({ url }, step => steps.push(step)).catch(error => ({ fault: error as ChannelError }))
  return { steps, found }
}
const advice = async (url: string): Promise<string> => {
  const { found } = await discover(url)
  return 'fault' in found ? `${found.fault.kind} ${found.fault.says}` : `found ${found.address}`
}

describe('connecting by an address', () => {
  test('of the feed, of a page that names it, and of a page that names none', async () => {
    const path = fresh()
    serve(path, rss([{ id: 'a' }]))
    serve('/page', `<!doctype html><link rel="alternate" type="application/rss+xml" href="${path}"><p>x`, { 'content-type': 'text/html' })
    serve('/moved', '', { location: '/page' }, 302)
    assert.equal(await advice(at(path)), `found ${at(path)}`)
    for (const page of ['/page', '/moved']) assert.equal(await advice(at(page)), `found ${at(path)}`)
    serve('/', '<html><body>no links</body></html>', { 'content-type': 'text/html' })
    assert.equal(await advice(origin), 'rejected feed.adviceNoFeed')
    serve('/atom.xml', rss([]), { 'content-type': 'text/html' })
    assert.equal(await advice(origin), `found ${origin}/atom.xml`)
    const { steps, found } = await discover(at('/page'))
    assert.deepEqual(
      steps.map(({ says, state }) => `${says} ${state}`),
      ['feed.stepOpen running', 'feed.stepOpen done', 'feed.stepSearch running', 'feed.stepSearch done', 'feed.stepRead done'],
    )
    assert.deepEqual('fault' in found ? null : [found.name, found.settings], [
      'News',
      { url: at(path), minutes: 30, historyDays: 30, onlyMonitors: false },
    ])
  })

  test('whatever is wrong, a person reads what to do', async () => {
    serve('/gone', '', {}, 410)
    serve('/closed', '', {}, 403)
    serve('/entities', `<!DOCTYPE rss [<!ENTITY x "x">]>${rss([])}`)
    serve('/half', rss([{ id: 'a' }]).slice(0, -20))
    serve('/round', '', { location: '/round' }, 301)
    assert.equal(await advice(at('/gone')), 'rejected feed.gone')
    assert.equal(await advice(at('/closed')), 'rejected feed.closed')
    assert.equal(await advice(at('/entities')), 'rejected feed.doctype')
    assert.equal(await advice(at('/half')), 'rejected feed.unreadable')
    assert.equal(await advice(at('/round')), 'rejected feed.adviceLater')
    assert.equal(await advice('ftp://127.0.0.1/x'), 'rejected feed.adviceAddress')
    assert.equal(await advice('http://127.0.0.1:9/'), 'rejected feed.adviceLater')
    assert.equal(await advice('http://10.0.0.1/feed'), 'rejected feed.advicePrivate')
    assert.equal(await advice('http://[::ffff:169.254.169.254]/feed'), 'rejected feed.advicePrivate')
  })
})

describe('asking politely', () => {
  test('not before it is time, and then only for what changed', async () => {
    const path = fresh()
    serveVersion(path, '"one"', rss([{ id: 'a' }]))
    const it = listener(path)
    assert.deepEqual(await it.ids(), ['a'])
    pass(29)
    assert.deepEqual([await it.ids(), count200(path)], [[], 1])
    pass(2)
    assert.deepEqual([await it.ids(), count200(path)], [[], 2])
    assert.equal(asked.at(-1)?.headers['if-none-match'], '"one"')
    assert.equal(asked.at(-1)?.headers['if-modified-since'], 'Thu, 12 Mar 2026 08:00:00 GMT')
    pass(31)
    serveVersion(path, '"two"', rss([{ id: 'b', at: '2026-03-12T09:30:00Z' }, { id: 'a' }]))
    assert.deepEqual(await it.ids(), ['b'])
    pass(31)
    assert.deepEqual([await it.ids(), asked.at(-1)?.headers['if-none-match']], [[], '"two"'])
  })

  test('who asks for more time gets it: the feed, its headers; a day at most', async () => {
    for (const [more, headers, minutes] of [
      ['<ttl>120</ttl>', {}, 120],
      ['', { 'cache-control': 'max-age=10800' }, 180],
      ['<ttl>99999999</ttl>', { 'cache-control': 'max-age=99999999' }, 1440],
      ['<ttl>1</ttl>', { 'cache-control': 'no-store' }, 30],
    ] as const) {
      const path = fresh()
      serve(path, rss([], more), headers)
      const it = listener(path)
      await it.hear()
      pass(minutes - 1)
      await it.hear()
      assert.equal(count200(path), 1, `${minutes} minutes`)
      pass(2)
      await it.hear()
      assert.equal(count200(path), 2, `${minutes} minutes`)
    }
  })

  test('it gets it also while nothing changes', async () => {
    const path = fresh()
    serveVersion(path, '"v"', rss([], '<ttl>120</ttl>'))
    const it = listener(path)
    for (const times of [1, 2, 3]) {
      await it.hear()
      pass(119)
      await it.hear()
      assert.equal(count200(path), times)
      pass(2)
    }
  })

  test('429 and 503 say how long; without that the pauses grow; nothing is lost', async () => {
    const path = fresh()
    const it = listener(path)
    serve(path, 'slow down', { 'retry-after': '600' }, 429)
    const fault = await it.fault()
    assert.deepEqual([fault.kind, fault.says, (fault.until!.getTime() - clock) / minute], ['wait', 'feed.busy', 10])
    pass(9)
    assert.equal((await it.fault()).kind, 'wait')
    assert.equal(count200(path), 1, 'not asked before that')
    pass(2)
    serve(path, 'slow down', {}, 429)
    const again = await it.fault()
    assert.deepEqual([again.kind, (again.until!.getTime() - clock) / minute], ['wait', 10])
    pass(11)
    serve(path, rss([{ id: 'a' }]))
    assert.deepEqual(await it.ids(), ['a'])
  })

  test('a server that is unwell is down from the third time on, asked ever less often, and heard as soon as it is well', async () => {
    const path = fresh()
    const it = listener(path)
    serve(path, 'oops', {}, 500)
    for (const [fault, pause] of [5, 10, 20, 40, 80, 160, 320, 640, 720, 720].entries()) {
      assert.equal((await it.fault()).kind, fault < 2 ? 'wait' : 'down')
      pass(pause - 1)
      await it.fault()
      assert.equal(count200(path), fault + 1, `left alone for ${pause} minutes`)
      pass(2)
    }
    serve(path, rss([{ id: 'a' }]))
    assert.deepEqual(await it.ids(), ['a'])
  })

  test('what is gone for good, closed, missing', async () => {
    for (const [status, kind, says] of [
      [410, 'reconnect', 'feed.gone'],
      [401, 'reconnect', 'feed.closed'],
      [404, 'wait', 'feed.missing'],
    ] as const) {
      const path = fresh()
      serve(path, '', {}, status)
      const fault = await listener(path).fault()
      assert.deepEqual([fault.kind, fault.says], [kind, says])
    }
  })
})

describe('what is heard', () => {
  test('what is new, oldest first; what was changed, each time; what only looks different, not at all', async () => {
    const path = fresh()
    const it = listener(path)
    const [a, b] = [
      { id: 'a', at: '2026-03-10T08:00:00Z' },
      { id: 'b', at: '2026-03-11T08:00:00Z' },
    ]
    serve(path, rss([b, a]))
    assert.deepEqual(await it.ids(), ['a', 'b'])
    const edits = new Set<string>()
    for (const text of ['mended', 'a', 'mended']) {
      pass(31)
      serve(path, rss([b, { ...a, text }]))
      const heard = await it.hear()
      assert.deepEqual(heard.map(named), [`a now ${text}`])
      edits.add(heard[0]!.remoteId)
    }
    assert.equal(edits.size, 3, 'back and forth are three changes')
    pass(31)
    serve(path, rss([b, { ...a, text: '&lt;b class="x"&gt;mended&lt;/b&gt;' }], '<ttl>5</ttl>'))
    assert.deepEqual(await it.ids(), [])
    pass(31)
    serve(path, rss([b]))
    assert.deepEqual(await it.ids(), [], 'what a feed shows no more is no removal')
    pass(31)
    serve(path, rss([b, { ...a, text: 'mended' }]))
    assert.deepEqual(await it.ids(), [], 'and no news when it shows it again')
  })

  test('a long feed comes in turns of 200 with one request, oldest first, each once', async () => {
    const path = fresh()
    const posts = Array.from({ length: 450 }, (_, at) => ({ id: `p${at}`, at: new Date(clock - at * minute).toISOString() }))
    serveVersion(path, '"v"', rss(posts))
    const it = listener(path)
    assert.deepEqual(await it.ids(), posts.map(({ id }) => id).reverse())
    assert.deepEqual([it.turns, count200(path)], [3, 1])
    pass(31)
    assert.deepEqual([await it.ids(), asked.at(-1)?.headers['if-none-match']], [[], '"v"'])
  })

  test('history as far back as asked; what is published later counts, whatever its date', async () => {
    const path = fresh()
    const [old, lately, backdated] = [
      { id: 'old', at: '2026-01-01T08:00:00Z' },
      { id: 'lately', at: new Date(clock - 2 * 1440 * minute).toISOString() },
      { id: 'backdated', at: '2025-01-01T08:00:00Z' },
    ]
    serve(path, rss([lately, old]))
    const [month, none] = [listener(path), listener(path, { historyDays: 0 })]
    assert.deepEqual([await month.ids(), await none.ids()], [['lately'], []])
    pass(31)
    serve(path, rss([backdated, lately, old]))
    assert.deepEqual([await month.ids(), await none.ids()], [['backdated'], ['backdated']])
    pass(31)
    serve(path, rss([backdated, lately, { ...old, text: 'mended' }]))
    assert.deepEqual(await month.ids(), ['old now mended'], 'the house knows that it does not know it')
  })

  test('a cursor that nobody can read, or of another address, begins anew with the same names', async () => {
    const path = fresh()
    serve(path, rss([{ id: 'a' }]))
    const it = listener(path)
    const [first] = await it.hear()
    for (const cursor of ['', 'x', '{}', '{"of":1}', it.cursor!.replace(/"of":"../, '"of":"zz')]) {
      it.cursor = cursor
      assert.deepEqual(
        (await it.hear()).map(each => each.remoteId),
        [first!.remoteId],
      )
    }
  })

  test('an id that two items share tells one of them; both are heard once', async () => {
    const path = fresh()
    const it = listener(path)
    const twins = [
      { id: 'same', text: 'two', link: '/two', at: '2026-03-11T08:00:00Z' },
      { id: 'same', text: 'one', link: '/one', at: '2026-03-10T08:00:00Z' },
    ]
    const third = { id: 'same', text: 'three', link: '/three', at: '2026-03-12T08:00:00Z' }
    serve(path, rss(twins))
    const heard = (await it.hear()) as HeardMessage[]
    assert.deepEqual(
      heard.map(each => each.text),
      ['one', 'two'],
    )
    for (const posts of [twins, twins.toReversed(), [twins[0]!], twins]) {
      pass(31)
      serve(path, rss(posts))
      assert.deepEqual(await it.ids(), [])
    }
    pass(31)
    serve(path, rss([third, ...twins]))
    heard.push(...((await it.hear()) as HeardMessage[]))
    assert.equal(new Set(heard.map(each => each.remoteId)).size, 3)
    serve(path, rss([twins[0]!, twins[0]!]))
    assert.deepEqual((await listener(path).hear()).length, 1, 'the same item twice is one')
  })
})

describe('servers that are hostile or broken', () => {
  test('a feed of 100 MB is cut off, and a person is told', async () => {
    const path = fresh()
    let sent = 0
    routes.set(path, (_request, response) => {
      response.writeHead(200)
      response.write(rss([{ id: 'a' }]).slice(0, -20))
      const piece = Buffer.alloc(1_000_000, 32)
      const pour = (): void => {
        while (sent++ < 100 && !response.destroyed) if (!response.write(piece)) return void response.once('drain', pour)
        response.end()
      }
      pour()
    })
    const fault = await listener(path).fault()
    assert.deepEqual([fault.kind, fault.says], ['rejected', 'feed.tooLarge'])
    assert.ok(sent < 50, `${sent} MB were sent`)
  })

  test('what is no feed today is no news: a page with status 200, half a body, a body cut off, nothing; heard whole when it is well', async () => {
    const whole = rss([{ id: 'b', at: '2026-03-12T08:30:00Z' }, { id: 'a' }])
    const broken: [string, Answer, string][] = [
      [
        'page',
        (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Back soon'),
        'feed.notFeed',
      ],
      ['half', (_, response) => response.writeHead(200).end(whole.slice(0, -60)), 'feed.unreadable'],
      ['nothing', (_, response) => response.writeHead(200).end(), 'feed.notFeed'],
      [
        'cut',
        (_, response) => {
          response.writeHead(200, { 'content-length': String(whole.length) }).write(whole.slice(0, -60))
          setTimeout(() => response.destroy(), 20)
        },
        'kernel.reachDown',
      ],
      ['304 to nobody', (_, response) => response.writeHead(304).end(), 'feed.unwell'],
    ]
    for (const [name, answer, says] of broken) {
      const path = fresh()
      const it = listener(path)
      serve(path, rss([{ id: 'a' }]))
      if (name !== '304 to nobody') assert.deepEqual(await it.ids(), ['a'])
      const before = it.cursor
      routes.set(path, answer)
      pass(31)
      const fault = await it.fault()
      assert.deepEqual([fault.kind, fault.says, it.cursor], ['wait', says, before], name)
      serve(path, whole)
      pass(6)
      assert.ok((await it.ids()).includes('b'), name)
    }
  })

  test('entities are refused, and nothing that they name is fetched', async () => {
    const path = fresh()
    serve(path, `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "${at('/secret')}">]>${rss([{ id: 'a', text: '&x;' }])}`)
    const fault = await listener(path).fault()
    assert.deepEqual([fault.kind, fault.says, count200('/secret')], ['rejected', 'feed.doctype', 0])
  })

  test('a redirect into a private network ends there', async () => {
    const path = fresh()
    serve(path, '', { location: 'http://169.254.169.254/latest' }, 302)
    assert.equal((await listener(path).fault()).says, 'kernel.reachForbidden')
  })
})

describe('in the house', () => {
  test('connected by a page, heard, changed; a stranger’s feed changes nothing; twice heard is once', async () => {
    const org = await house.organisation()
    const path = fresh()
    const evil = fresh()
    const post = { id: 'lamp', text: 'It is here.', link: '/lamp' }
    serve(path, rss([post]))
    serve(evil, rss([{ ...post, text: 'It is a lie.' }]))
    serve('/blog', `<html><link rel="alternate" type="application/rss+xml" href="${path}">`, { 'content-type': 'text/html' })
    const [ours, theirs] = [await connected(org, at('/blog')), await connected(org, at(evil))]
    const look = async (account: string) => {
      pass(31)
      await catchUp(org, account, new AbortController().signal)
    }
    const said = () =>
      asSystem(
        org,
        async ctx =>
          (
            await sql<{
              text: string
              audience: string
              side: string
              url: string
            }>`select text, audience, side, detail->>'url' as url from content where noun = 'Message' order by text`.execute(ctx.db)
          ).rows,
      )
    await look(ours)
    await look(theirs)
    assert.deepEqual(
      (await said()).map(({ text, audience, side, url }) => [text, audience, side, url]),
      [
        ['It is a lie.', 'public', 'outside', at('/lamp')],
        ['It is here.', 'public', 'outside', at('/lamp')],
      ],
    )
    serve(path, rss([{ ...post, text: 'It is sold.' }]))
    serve(evil, rss([{ ...post, text: 'It is a greater lie.' }]))
    await look(ours)
    await look(theirs)
    await look(ours)
    assert.deepEqual(
      (await said()).map(({ text }) => text),
      ['It is a greater lie.', 'It is sold.'],
    )
    await house.settle()
    const happened = (await house.happened(org)).filter(each => each.endsWith(':Message'))
    assert.deepEqual(happened, ['Create:Message', 'Create:Message', 'Update:Message', 'Update:Message'])
  })

  async function connected(org: string, url: string): Promise<string> {
    const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel: 'feed', asked: { url } }))
    await house.settle()
    const it = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
    assert.equal(it.state, 'done', JSON.stringify(it))
    const row = await asSystem(org, async ctx => (await openAccount(ctx, it.account!))!.row)
    assert.equal(row.name, 'News')
    return it.account!
  }
})
