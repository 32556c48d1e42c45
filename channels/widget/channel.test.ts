import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { prepareBrowserFiles } from '#kernel/assets.ts'
import { refuse } from '#kernel/errors.ts'
import { language, loadMessages } from '#kernel/messages.ts'
import { accountOf, draftOf, provesContract } from '#social/channels/contract.ts'
import type { Called, Draft, Given, Heard, HeardMessage, Question } from '#social/channels/words.ts'
import { commenting, jsonIn, saying } from './calls.ts'
import { channel } from './channel.ts'
import { hoursAt, readHours } from './hours.ts'
import type { Line } from './lines.ts'
import { settings as form, type Settings } from './settings.ts'
import { heardComment, heardWords } from './translate.ts'
import { keyOf } from './visitors.ts'

loadMessages(import.meta.dirname, 'widget')
const id = '01900000-0000-7000-8000-000000000001'
const secret = 's'.repeat(43)
const site = 'https://shop.example'
const signing = 'a secret of the site and of us, nobody else'
const settingsWith = (more: Partial<Settings> = {}): Settings => ({ ...form.parse({ name: 'Lamps', sites: [site] }), ...more })

provesContract(channel, {
  folder: import.meta.dirname,
  settings: { name: 'Lamps', sites: ['https://Shop.example/'] },
  addresses: ['0f1e2d3c4b5a69788796a5b4c3d2e1f0', 'SHOP.example', 'shop.example:8080'],
  async hear(bytes) {
    const given = jsonIn(new TextDecoder().decode(bytes))
    const [words, comment] = [saying.safeParse(given), commenting.safeParse(given)]
    const at = new Date('2026-03-12T09:00:00Z')
    const visitor = { key: keyOf(id, secret), name: undefined, first: `${id}/x/y` }
    const heard: HeardMessage[] = []
    if (words.success) heard.push(heardWords({ id }, visitor, words.data, at))
    if (comment.success) heard.push(heardComment({ id }, visitor, comment.data, { at, waits: true }))
    return heard
  },
})

/** One account behind its doors, as the house would stand there. */
function behindDoors(more: Partial<Settings> = {}) {
  const account = accountOf(settingsWith(more), { id })
  const heard: Heard[] = []
  const names = new Set<string>()
  const colleagues = { present: true }
  const typed: unknown[] = []
  const asked = askerOf()
  const called: Called<Settings> = {
    account,
    name: 'Lamps',
    async takeIn(all) {
      const fresh = all.filter(each => !names.has(each.remoteId))
      for (const each of fresh) names.add(each.remoteId)
      heard.push(...fresh)
      return fresh.length
    },
    said: async () => ({ items: [], next: null }),
    saidAs: async () => null,
    present: async () => colleagues.present,
    writing: async (from, answers, isWriting) => void typed.push([from.address, answers.length, isWriting]),
    question: async mark => asked.shown(mark),
    choose: async (mark, given) => asked.choose(mark, given),
  }
  let calls = 0
  /** `what` is `POST say`; the visitor sits at another address each time, so that only what is asked about is limited. */
  const call = (what: string, body?: unknown, headers: Record<string, string> = { origin: site }, from = `10.0.0.${calls++}`) => {
    const [method, path = ''] = what.split(' ')
    const url = new URL(path, `https://us.example/widget/${id}/`)
    const last = url.pathname.split('/')[3] ?? ''
    const wanted = { '': '/widget/:account', files: '/widget/:account/files/:mark' }[last] ?? `/widget/:account/${last}`
    const door = channel.doors!.find(
      each =>
        each.method === method && (each.path === url.pathname || each.path === (method === 'OPTIONS' ? '/widget/:account/:what' : wanted)),
    )!
    const sent = body === undefined || body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body)
    const request = new Request(url, { method: method!, headers, body: sent as string | undefined })
    const params = { account: id, mark: url.pathname.split('/')[4] ?? '' }
    return door.answer({
      request,
      params,
      origin: 'https://us.example',
      from,
      account: async which => ('id' in which && which.id === id ? called : null),
      knowing: async () => [],
      left: async () => false,
    })
  }
  return { account, heard, call, colleagues, typed, asked }
}

/** One question, asked and answered as an area would. */
function askerOf() {
  const it = { given: undefined as Given | undefined, late: false, there: true }
  const shown = (mark: string): Question | null => {
    const open = {
      choices: [1, 2].map(value => ({ value, name: `${value} of 2` })),
      open: !it.late,
      why: 'We',
      words: 'Why?',
      send: 'Send',
    }
    return mark === 'test:1' && it.there
      ? { text: language(), ...open, says: it.given ? 'Thanks' : '', ...(it.given && { given: it.given }) }
      : null
  }
  const choose = (mark: string, given: Given) => {
    if (it.late) refuse('conflict', 'widget.noTalk')
    it.given = given
    return shown(mark)
  }
  return { it, shown, choose }
}

const words = (text: string, more: object = {}) => ({
  secret,
  id: crypto.randomUUID(),
  page: `${site}/lamps`,
  title: 'Lamps',
  text,
  ...more,
})
const key = keyOf(id, secret)
const draft = (more: Partial<Draft> = {}) => draftOf('Yes!', { id: 'x', to: [{ network: 'widget', address: key }], ...more })
const jwt = (claims: object, { alg = 'HS256', by = signing } = {}) => {
  const [head, body] = [{ alg, typ: 'JWT' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
  return `${head}.${body}.${createHmac('sha256', by).update(`${head}.${body}`).digest('base64url')}`
}
const seconds = () => Math.floor(Date.now() / 1000)

/** The lines that a stream has told so far; it is left then. */
async function told(answer: Response, count: number): Promise<Line[]> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (text.split('data: ').length - 1 < count) text += (await reader.read()).value ?? assert.fail('ended')
  await reader.cancel()
  return text
    .split('\n\n')
    .filter(each => each.startsWith('data: '))
    .map(each => JSON.parse(each.slice(6)))
}

test('the window wears the brand of its account, and what the account says itself goes before', async () => {
  const look = { name: 'Nordlicht', logo: 'https://us.example/brands/o/l', colour: '#123456' }
  const shown = async (more: Partial<Settings>, wears = true) => {
    const { account, call } = behindDoors(more)
    Object.assign(account, wears && { look })
    const { name, colour, logo } = (await (await call('GET settings')).json()) as Partial<typeof look>
    return [name, colour, logo]
  }
  assert.deepEqual(await shown({ name: '' }), ['Nordlicht', '#123456', look.logo])
  assert.deepEqual(await shown({ name: 'Lamps', colour: '#abcdef' }), ['Lamps', '#abcdef', look.logo])
  assert.deepEqual(await shown({ name: '' }, false), ['shop.example', '#b4430f', undefined])
})

describe('a conversation', () => {
  test('begins with the first words, goes on in the same thread, and each word counts once', async () => {
    const { call, heard } = behindDoors()
    const first = words('Is it there?', { mail: 'mila@kund.example' })
    const second = words('Hello?')
    for (const body of [first, second, first]) assert.equal((await call('POST say', body)).status, 200)
    const [one, two] = heard as HeardMessage[]
    assert.deepEqual([heard.length, one?.answers, two?.answers], [2, [], [one?.remoteId]])
    assert.deepEqual([one?.from.address, one?.subject, two?.subject, one?.url], [key, 'Lamps', undefined, `${site}/lamps`])
    assert.deepEqual(
      (await told(await call('POST listen', { secret }), 2)).map(each => each.text),
      ['Is it there?', 'Hello?'],
    )
  })

  test('an answer is there at once, once, and can be changed and taken back', async () => {
    const { call, account } = behindDoors()
    await call('POST say', words('Is it there?'))
    const stream = await call('POST listen', { secret })
    const answered = { once: draft({ attachments: [{ name: "it's.txt", type: 'text/html', content: Buffer.from('<b>') }] }) }.once
    const done = await channel.can.converse!.reply(account, answered, 'k-1')
    assert.deepEqual(await channel.can.converse!.reply(account, answered, 'k-1'), done)
    assert.deepEqual(
      (await told(stream, 2)).map(({ by, text }) => [by, text]),
      [
        ['visitor', 'Is it there?'],
        ['us', 'Yes!'],
      ],
    )
    await channel.can.amend!.edit!(account, (done as { remoteId: string }).remoteId, draft({ text: 'No.' }))
    const [, changed = assert.fail()] = await told(await call('POST listen', { secret }), 2)
    assert.deepEqual([changed.text, changed.changed], ['No.', 1])
    const file = await call(`GET ${changed.files?.[0]?.url}`)
    assert.deepEqual(
      [await file.text(), file.headers.get('content-type'), file.headers.get('content-disposition')],
      ['<b>', 'application/octet-stream', "attachment; filename*=UTF-8''it%27s.txt"],
    )
    await channel.can.amend!.remove!(account, (done as { remoteId: string }).remoteId)
    assert.equal((await told(await call('POST listen', { secret }), 2))[1]!.text, '')
  })

  test('what nobody saw goes on to the address that was left; what was seen does not', async () => {
    const { call, account } = behindDoors()
    await call('POST say', words('Hello?'))
    const left = await channel.can.converse!.reply(account, draft(), 'k-1')
    assert.equal((left as { note: string }).note, 'widget.noteLeft')
    assert.deepEqual(account.tasks, [])
    assert.equal((await call('POST address', { secret, mail: 'mila@kund.example' })).status, 200)
    for (const once of ['k-2', 'k-3']) assert.equal('note' in (await channel.can.converse!.reply(account, draft(), once)), false)
    await call('POST seen', { secret, ids: [crypto.randomUUID()] })
    await account.memory.set(`seen/${key}/k-2`, true)
    for (const task of account.tasks) await channel.work!(account, task)
    assert.deepEqual(account.passed, [[`${id}/said/k-3`, 'mila@kund.example']])
  })

  test('files: ten megabytes at most, under a name that can be kept', async () => {
    const { call, heard } = behindDoors()
    const send = (size: number, name: string) => {
      const body = new FormData()
      for (const [field, value] of Object.entries(words(''))) if (value) body.set(field, value)
      body.set('file', new File([new Uint8Array(size)], name, { type: 'image/png' }))
      return call('POST file', body)
    }
    assert.equal((await send(10 * 1024 * 1024, '../..\\e\u202evil\0.png')).status, 200)
    const [{ attachments } = assert.fail()] = heard as HeardMessage[]
    assert.deepEqual(
      attachments.map(({ name, content }) => [name, content.length]),
      [['.._.._evil.png', 10 * 1024 * 1024]],
    )
    assert.equal((await send(10 * 1024 * 1024 + 1, 'a.png')).status, 413)
  })
})

test('an address that was typed is said as such, one that the site signed as proved', async () => {
  const { call, heard } = behindDoors({ secret: signing })
  const also = () => (heard.at(-1) as HeardMessage).from.also
  await call('POST say', words('One', { mail: 'mila@example.org' }))
  assert.deepEqual(also(), { address: 'mila@example.org', proven: false })
  const claims = { sub: 'm', aud: id, exp: seconds() + 600, email: 'mila@shop.example' }
  await call('POST say', words('Two', { identity: jwt(claims) }))
  assert.deepEqual(also(), { address: 'mila@shop.example', proven: true })
  await call('POST say', words('Three'))
  assert.deepEqual(also(), { address: 'mila@shop.example', proven: true })
  await call('POST address', { secret, mail: 'other@example.org' })
  await call('POST say', words('Four'))
  assert.deepEqual(also(), { address: 'other@example.org', proven: false })
})

test('each side sees that the other one writes, and the visitor whether a colleague is at the desk; somebody who said nothing is nobody', async () => {
  const { call, account, colleagues, typed } = behindDoors()
  const present = async () => ((await (await call('GET settings')).json()) as { present: boolean }).present
  assert.equal(await present(), true)
  colleagues.present = false
  assert.equal(await present(), false)
  await call('POST typing', { secret, writing: true })
  await call('POST say', words('Hello?'))
  for (const writing of [true, false]) assert.equal((await call('POST typing', { secret, writing })).status, 200)
  assert.deepEqual(typed, [
    [key, 1, true],
    [key, 1, false],
  ])
  for (const wrong of [{ secret }, { secret, writing: 'yes' }, { secret: 'x', writing: true }])
    assert.equal((await call('POST typing', wrong)).status, 422)
  const stream = await call('POST listen', { secret })
  for (const isWriting of [true, false]) await channel.can.converse!.writing!(account, [{ network: 'widget', address: key }], isWriting)
  const [line, begun, ended] = await told(stream, 3)
  assert.deepEqual([line!.text, begun, ended], ['Hello?', { writing: true }, { writing: false }])
})

test('a question stands in the window of whom it was sent to, in the language of the page; one press answers, with words if one likes, and nobody else does', async () => {
  const { call, account, asked } = behindDoors()
  await call('POST say', words('Thanks!'))
  await channel.can.converse!.reply(account, draft({ text: 'How was it? https://us.example/survey', question: 'test:1' }), 'k-1')
  await channel.can.converse!.reply(account, draft({ text: 'And this? https://us.example/survey', question: 'test:gone' }), 'k-2')
  const seen = async (language: string) => (await told(await call(`POST listen?language=${language}`, { secret }), 3)).slice(1) as unknown as { text: string; asks?: Question }[] // biome-ignore format: one line
  const choose = async (more: object = {}) => call('POST choice?language=de', { secret, id: 'k-1', choice: 2, ...more })
  const open = await seen('sv')
  // What is not there any more is words with a link, as for everybody who sees no buttons.
  assert.deepEqual(open.map(({ asks }) => asks && [asks.text, asks.open, asks.says]), [['sv', true, ''], undefined]) // biome-ignore format: one line
  for (const [wrong, status] of [
    [{ secret: 'v'.repeat(43) }, 404],
    [{ id: 'k-2' }, 404],
    [{ id: 'k-9' }, 404],
    [{ id: '../k-1' }, 422],
    [{ choice: '2' }, 422],
    [{ words: 'x'.repeat(2001) }, 422],
    [{ mark: 'test:1' }, 422],
  ] as const)
    assert.equal((await choose(wrong)).status, status, JSON.stringify(wrong).slice(0, 60))
  assert.equal((await call('POST choice', { secret, id: 'k-1', choice: 1 }, { origin: 'https://evil.example' })).status, 403)
  assert.equal(asked.it.given, undefined)
  const stream = await call('POST listen?language=nl', { secret })
  const answered = (await (await choose({ words: 'Kind' })).json()) as Question
  assert.deepEqual([answered.text, answered.given, answered.says], ['de', { choice: 2, words: 'Kind' }, 'Thanks'])
  const [, , , again] = (await told(stream, 4)) as unknown as { id: string; asks: Question }[]
  assert.deepEqual([again!.id, again!.asks.text, again!.asks.given?.choice], ['k-1', 'nl', 2], 'his other window sees it')
  asked.it.late = true
  const late = await choose({ choice: 1 })
  assert.deepEqual([late.status, (await late.json()) as object], [409, { says: 'Es gibt noch kein Gespräch. Schreib zuerst etwas.' }])
})

test('comments: one conversation for each page; nobody sees them before we answered or showed them', async () => {
  const { call, heard, account } = behindDoors()
  const comment = { ...words('Nice <b>'), page: `${site}/blog?b=1&utm_source=x#c`, name: 'Åsa' }
  const list = async (page: string) =>
    ((await (await call(`GET comments?page=${encodeURIComponent(page)}`)).json()) as { items: { text: string; ours?: true }[] }).items
  for (const _ of 'ab') assert.deepEqual(await (await call('POST comments', comment)).json(), { shown: false })
  const [one = assert.fail()] = heard as HeardMessage[]
  assert.deepEqual(
    [heard.length, one.open, one.waits, one.url, one.answers.length, one.remoteId.startsWith(`${one.answers[0]}/`)],
    [1, true, true, `${site}/blog?b=1`, 1, true],
  )
  assert.deepEqual(await list(`${site}/blog?b=1`), [])
  const { show, hide } = channel.can.moderate!
  for (const [undone, count] of [
    [false, 1],
    [false, 1],
    [true, 0],
    [false, 1],
  ] as const) {
    await (undone ? hide : show)(account, one.remoteId)
    assert.equal((await list(`${site}/blog?utm_campaign=y&b=1`)).length, count)
  }
  await hide(account, one.remoteId)
  for (const _ of 'ab') await channel.can.converse!.reply(account, draft({ answers: [`${id}/said/q`, one.remoteId] }), 'k-1')
  assert.deepEqual(
    (await list(`${site}/blog?b=1`)).map(({ text, ours }) => [text, ours]),
    [
      ['Nice <b>', undefined],
      ['Yes!', true],
    ],
  )
  assert.deepEqual(await list(`${site}/blog?b=2`), [])
  const open = behindDoors({ comments: 'shown at once' })
  assert.deepEqual(await (await open.call('POST comments', comment)).json(), { shown: true })
  assert.equal((await behindDoors({ comments: 'closed' }).call('POST comments', comment)).status, 404)
})

describe('bad input', () => {
  test('only pages of the account’s sites may speak, and read what is answered', async () => {
    const { call, heard } = behindDoors()
    for (const origin of ['https://evil.example', 'null', 'http://shop.example', `${site}.evil.example`, '']) {
      const answer = await call('POST say', words('x'), origin ? { origin } : {})
      assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [403, null], origin)
    }
    const elsewhere = await call('POST say', words('x', { page: 'https://evil.example/' }))
    assert.deepEqual([elsewhere.status, elsewhere.headers.get('access-control-allow-origin')], [403, site])
    assert.deepEqual(heard, [])
    const asked = await call('OPTIONS say')
    assert.deepEqual([asked.status, asked.headers.get('access-control-allow-origin')], [204, site])
  })

  test('40 bodies that are none are refused in the visitor’s language, and nothing is kept', async () => {
    const { call, heard } = behindDoors()
    const good = words('x')
    const wrong: unknown[] = ['', '{', 'null', '[]', '"x"', 'x'.repeat(70_000), JSON.stringify({ ...good, text: 'x'.repeat(30_000) })]
    for (const name of ['secret', 'id', 'page', 'text'] as const) {
      const { [name]: _, ...without } = good
      wrong.push(without, ...[null, 1, {}, [], '', '\0'].map(value => ({ ...good, [name]: value })))
    }
    wrong.push(
      { ...good, __proto__: null, role: 'owner' },
      { ...good, secret: `${'s'.repeat(42)}/` },
      { ...good, page: 'javascript:alert(1)' },
      { ...good, mail: 'no' },
      { ...good, text: ' \u0000 ' },
    )
    for (const body of wrong) {
      const answer = await call('POST say?language=de', body)
      assert.ok(answer.status === 422 || answer.status === 413, `${JSON.stringify(body)?.slice(0, 80)} ${answer.status}`)
      assert.match(((await answer.json()) as { says: string }).says, /^[A-ZÄÖÜ].{10,}\.$/)
    }
    assert.ok(wrong.length >= 40)
    assert.deepEqual(heard, [])
  })

  test('who is signed in: only by the site’s own signature, for this account, for a day at most', async () => {
    const { call, heard } = behindDoors({ secret: signing })
    const claims = { sub: 'u-1', aud: id, exp: seconds() + 600, name: 'Mila', email: 'mila@kund.example' }
    const wrong = [
      jwt(claims, { by: 'another secret, of another site than ours' }), jwt(claims, { alg: 'none' }), `${jwt(claims).split('.').slice(0, 2).join('.')}.`, `${jwt(claims)}x`, `${jwt(claims)}.x`,
      jwt({ ...claims, exp: seconds() - 1 }), jwt({ ...claims, exp: seconds() + 90_000 }), jwt({ ...claims, exp: undefined }), jwt({ ...claims, aud: 'another' }), jwt({ ...claims, sub: '' }),
      jwt({ ...claims, iat: seconds() + 3600 }), 'x', '..',
    ] // biome-ignore format: one list of forgeries
    for (const identity of wrong) assert.equal((await call('POST say', words('x', { identity }))).status, 401, identity)
    assert.deepEqual(heard, [])
    await call('POST say', words('x', { identity: jwt(claims), name: 'Somebody else' }))
    const other = words('y', { secret: 't'.repeat(43), identity: jwt(claims) })
    await call('POST say', other)
    const [here, there] = (heard as HeardMessage[]).map(each => each.from)
    assert.deepEqual([here?.name, here?.remoteId, here?.address === there?.address], ['Mila', there?.remoteId, false])
    assert.equal(
      (await behindDoors().call('POST say', words('x', { identity: jwt(claims, { by: '' }) }))).status,
      401,
      'without a secret nobody is known',
    )
  })

  test('too much is slowed down: words of a visitor, streams left half open', async () => {
    const { call } = behindDoors()
    const mine = { secret: 'u'.repeat(43) }
    const answers = await Promise.all(Array.from({ length: 40 }, () => call('POST say', words('x', mine))))
    assert.deepEqual([answers.filter(each => each.status === 429).length, answers.at(-1)!.headers.has('retry-after')], [10, true])
    const streams = await Promise.all(Array.from({ length: 8 }, () => call('POST listen', mine)))
    assert.deepEqual(streams.map(each => each.status).sort(), [200, 200, 200, 200, 200, 200, 429, 429])
    for (const each of streams) await each.body?.cancel()
    assert.equal((await call('POST listen', mine)).status, 200, 'whoever leaves gives the place back')
  })

  test('an account that is not there says so to nobody in particular', async () => {
    const answer = await channel
      .doors!.find(each => each.path.endsWith('/settings'))!
      .answer({
        request: new Request('https://us.example/x'),
        params: { account: 'x' },
        origin: 'https://us.example',
        from: '::1',
        account: async () => assert.fail('asked for'),
        knowing: async () => [],
        left: async () => false,
      })
    assert.equal(answer.status, 404)
  })
})

test('hours: as people write them, in the account’s own zone, over the change of clocks', () => {
  const text = 'Mo-Fr 09:00-17:00; Sa 10:00-14:00,15:00-16:00'
  const at = (moment: string) => hoursAt(text, 'Europe/Berlin', new Date(moment))
  assert.deepEqual(at('2026-03-27T15:59:00Z'), { open: true, opensAt: null })
  assert.deepEqual(at('2026-03-27T16:00:00Z').opensAt?.toISOString(), '2026-03-28T09:00:00.000Z')
  assert.deepEqual(at('2026-03-28T15:00:00Z').opensAt?.toISOString(), '2026-03-30T07:00:00.000Z')
  assert.equal(hoursAt('', 'UTC', new Date()).open, true)
  for (const wrong of ['9-17', 'Mo 9:00-17:00', 'Mo-Xx 09:00-17:00', 'Mo 17:00-09:00', 'Mo 09:00-25:00', ';', 'Mo-Tu-We 09:00-10:00'])
    assert.equal(readHours(wrong), undefined, wrong)
  assert.deepEqual(
    readHours('Sa-Mo 00:00-24:00')?.map(each => each.length),
    [1, 1, 0, 0, 0, 0, 1],
  )
})

test('the script is at most 15 kB packed, the same address for ever, asked about after ten minutes', async () => {
  const { files } = await prepareBrowserFiles()
  const [, brotli, gzip] = files['widget.js']!.size
  console.log(`the widget: ${brotli} bytes with Brotli, ${gzip} with gzip`)
  assert.ok(gzip <= 15_000 && brotli <= 15_000)
  const { call } = behindDoors()
  const script = await call('GET /widget/script.js', undefined, { 'accept-encoding': 'gzip' })
  assert.deepEqual(
    [script.status, script.headers.get('content-encoding'), script.headers.get('cross-origin-resource-policy')],
    [200, 'gzip', 'cross-origin'],
  )
  assert.equal((await call('GET /widget/script.js', undefined, { 'if-none-match': script.headers.get('etag')! })).status, 304)
})
