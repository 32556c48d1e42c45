import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { sql } from 'kysely'
import pg from 'pg'
import { setClock } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal } from '#kernel/crypto.ts'
import { bytesOf, contentOf, fileOf, keep } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { keepAll } from '#social/content/actions.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { answer, reactTo } from '#social/outbox/actions.ts'
import { amended, deskIn, done, later, plans, question } from '#social/outbox/testing.ts'
import { findOrMeet } from '#social/people/actions.ts'
import * as rights from './actions.ts'
import { sow } from './testing-planted.ts'

const house = await testHouse()
const org = await house.organisation()
const [manager, owner] = [await house.member(org, 'manager'), await house.member(org, 'owner')]
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, manager, run)
const inHouse = <T>(run: (ctx: Ctx) => Promise<T>) =>
  house.as(org, { kind: 'system', account: null, person: null, role: null, via: 'test' }, run)
after(() => setClock())

const people = 20
/** What can be found by nobody who does not know it: `zq7m31x` stands in the 31st place of the 7th person. */
const mark = (person: number, place: number) => `zq${person}m${place}x`
const marksIn = (text: string) => new Set(text.match(/zq\d+m\d+x/g) ?? [])
const colleague = manager.person!

interface Planted {
  person: string
  twin: string
  thread: string
  content: string
  cases: string
}

/** One person with 40 marks, each in another place, and the same marks wherever the house writes them down once more. */
async function plant(n: number): Promise<Planted> {
  const m = (place: number) => mark(n, place)
  const [person, twin, thread, talk, cases, handle] = Array.from({ length: 6 }, () => newId()) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const [file, picture] = await inHouse(async ctx => [
    await keep(ctx, Buffer.from(`${m(15)} bytes`), { name: `${m(14)}.txt`, type: 'text/plain' }),
    await keep(ctx, Buffer.from(`${m(40)} bytes`), { name: 'face.txt', type: 'text/plain' }),
  ])
  return inHouse(async ctx => {
    const now = ctx.now
    await sql`insert into person (id, name, key, about, picture, created_at, merged_into) values
      (${person}, ${m(1)}, ${m(1)}, ${m(2)}, ${picture}, ${now}, null), (${twin}, ${m(5)}, ${m(5)}, null, null, ${now}, ${person})`.execute(
      ctx.db,
    )
    await sql`insert into handle (id, person, network, address, normal, url, because, linked_at) values
      (${handle}, ${person}, 'email', ${`${m(3)}@example.org`}, ${`${m(3)}@example.org`}, ${`https://example.org/${m(4)}`}, 'heard', ${now}),
      (${newId()}, ${twin}, 'email', ${`${m(6)}@example.org`}, ${`${m(6)}@example.org`}, null, 'heard', ${now})`.execute(ctx.db)
    await sql`insert into thread (id, subject, snippet, person, started_at, last_at) values
      (${thread}, ${m(17)}, ${m(17)}, ${person}, ${now}, ${now}), (${talk}, '', '', null, ${now}, ${now})`.execute(ctx.db)
    const said = { thread, audience: 'thread' as const, at: now, language: 'en' }
    const [content, answer] = await keepAll(ctx, [
      {
        ...said,
        noun: 'Message',
        author: twin,
        side: 'outside',
        subject: m(8),
        text: `Hello ${m(7)}`,
        html: `<p>${m(9)}</p>`,
        quoted: m(10),
        detail: { from: m(11) },
        attachments: [{ file, name: `${m(14)}.txt`, type: 'text/plain', size: 1, cid: null, inline: false }],
      },
      { ...said, noun: 'Message', author: colleague, side: 'inside', text: `Dear ${m(12)}` },
      { ...said, noun: 'Note', author: colleague, audience: 'staff', side: 'inside', text: m(13) },
      { ...said, noun: 'Note', author: colleague, audience: 'staff', side: 'inside', text: m(38), thread: talk },
    ])
    const some = async (query: ReturnType<typeof sql>) => void (await query.execute(ctx.db))
    const body = (place: number) => JSON.stringify({ text: m(place) })
    await some(sql`insert into revision (content, at, text) values (${content}, ${now}, ${m(16)})`)
    await some(sql`insert into person_note (id, person, text, at) values (${newId()}, ${person}, ${m(18)}, ${now})`)
    await some(sql`insert into field_value (person, field, value, at) values (${twin}, ${newId()}, ${m(19)}, ${now})`)
    await some(sql`insert into side (id, person, side, since, because) values (${newId()}, ${person}, 'customer', ${now}, ${m(20)})`)
    await some(sql`insert into employment (id, person, company, role, at) values (${newId()}, ${person}, ${newId()}, ${m(21)}, ${now})`)
    await some(sql`insert into consent (id, person, purpose, allows, basis, source, proof, at, noted_at)
      values (${newId()}, ${person}, ${newId()}, true, 'contract', 'mail', ${m(22)}, ${now}, ${now})`)
    await some(sql`insert into merge (id, kept, gone, reason, at) values (${newId()}, ${person}, ${twin}, ${m(23)}, ${now})`)
    await some(sql`insert into tag (object, name, at) values (${person}, ${m(24)}, ${now})`)
    await some(sql`insert into thread_task (id, thread, text, made_at) values (${newId()}, ${thread}, ${m(25)}, ${now})`)
    await some(
      sql`insert into conversation (thread, person, subject, snippet, last_at) values (${thread}, ${person}, ${m(17)}, ${m(17)}, ${now})`,
    )
    await some(sql`insert into conversation_label (label, thread, last_at) values (${m(26)}, ${thread}, ${now})`)
    await some(sql`insert into planned_answer (id, thread, by, due_at, input, was, made_at)
      values (${newId()}, ${thread}, ${colleague}, ${now}, ${body(27)}, '{}', ${now})`)
    await some(sql`insert into cases (id, number, title, about, priority, tier, state, person, discussion, fields, opened_at, changed_at, door)
      values (${cases}, ${n}, ${m(28)}, ${m(29)}, 'normal', 'standard', 'open', ${person}, ${talk}, ${body(30)}, ${now}, ${now}, ${newId()})`)
    await some(sql`insert into case_check (id, case_id, text) values (${newId()}, ${cases}, ${m(31)})`)
    await some(sql`insert into case_time (id, case_id, minutes, note, at) values (${newId()}, ${cases}, 5, ${m(32)}, ${now})`)
    await some(sql`insert into delivery (id, account, channel, content, thread, envelope, due_at, outcome_says, created_at)
      values (${newId()}, ${newId()}, 'email', ${answer}, ${thread}, ${JSON.stringify({ to: [{ address: m(33) }] })}, ${now}, ${m(34)}, ${now})`)
    await some(sql`insert into draft (person, key, body, at) values (${colleague}, ${`thread:${thread}`}, ${body(35)}, ${now})`)
    const activity = newId()
    await some(sql`insert into activity (id, at, verb, noun, actor, object, area, detail) values
      (${activity}, ${now}, 'Add', 'Label', ${colleague}, ${thread}, 'crm', ${JSON.stringify({ label: m(36) })}),
      (${newId()}, ${now}, 'Update', 'Field', ${person}, null, 'fields', ${JSON.stringify({ other: m(39) })})`)
    await some(sql`insert into reaction (object, person, kind, at) values (${newId()}, ${person}, ${m(37)}, ${now})`)
    // Where the house writes it once more, and what no copy shows.
    await some(sql`insert into notification (id, person, kind, says, told, path, in_app, by_mail, at)
      values (${newId()}, ${colleague}, 'work', 'x', '{}', '/', true, false, ${now})`)
    await some(sql`insert into notification (id, person, kind, thread, says, told, path, in_app, by_mail, at)
      values (${newId()}, ${colleague}, 'reply', ${thread}, 'x', ${body(1)}, '/', true, false, ${now})`)
    await some(
      sql`insert into hook_delivery (id, hook, activity, type, body, created_at) values (${newId()}, ${newId()}, ${activity}, 'x', ${m(36)}, ${now})`,
    )
    await some(sql`insert into once (key) values (${`sought:${m(3)}@example.org`})`)
    await some(sql`insert into trace (person, kind, value, source) values (${person}, 'mail', ${m(3)}, 'handle')`)
    await some(
      sql`insert into idempotency (actor, key, request_hash, status, answer) values (${colleague}, ${m(1)}, 'x', 200, ${`{"person":"${person}"}`})`,
    )
    await some(sql`insert into remote (channel, remote_id, object, thread) values ('email', ${m(8)}, ${content}, ${thread})`)
    await some(
      sql`insert into account_memory (account, name, value) values (${newId()}, ${`follower:${m(3)}@example.org`}, ${await seal(ctx, '1')})`,
    )
    const edit = newId()
    await some(sql`insert into people_edit (id, deed, by, task, total, state, at)
      values (${edit}, ${JSON.stringify({ does: 'tag', tag: m(24) })}, ${colleague}, ${newId()}, 1, 'done', ${now})`)
    await some(sql`insert into people_edit_entry (edit, place, person, was) values (${edit}, 0, ${person}, ${body(19)})`)
    const [run, raw] = [newId(), await keep(ctx, Buffer.from(`${m(1)};${m(2)}`), { name: 'list.csv', type: 'text/csv' })]
    await some(
      sql`insert into import_run (id, kind, file, name, size, hash, created_at) values (${run}, 'contacts', ${raw}, ${m(1)}, 1, 'x', ${now})`,
    )
    await some(sql`insert into task_progress (id, kind, title, ended_at) values (${newId()}, 'imports.done', ${m(1)}, ${now})`)
    await some(sql`insert into import_line (run, line, says, told) values (${run}, 1, 'x', ${body(2)})`)
    await some(sql`insert into import_made (run, id, kind, ref, before) values (${run}, ${newId()}, 'person', ${person}, ${m(1)})`)
    await some(sql`insert into measured_conversation (thread, id, day, started_at, started_by, person, turns_in, turns_out, notes)
      values (${thread}, ${newId()}, '2026-01-01', ${now}, 'in', ${person}, 1, 1, 0)`)
    return { person, twin, thread, content: content!, cases }
  })
}

/** Every text that the database and the folder hold. */
async function everything(): Promise<string> {
  const client = new pg.Client({ connectionString: house.ownerUrl })
  await client.connect()
  const { rows } =
    await client.query(`select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema in ('public', 'jobs') and table_type = 'BASE TABLE'`)
  const texts: string[] = []
  for (const { name } of rows)
    texts.push((await client.query(`select coalesce(string_agg(x::text, chr(10)), '') as all from ${name} x`)).rows[0].all)
  await client.end()
  return [...texts, ...filesBelow().map(path => readFileSync(path, 'latin1'))].join('\n')
}

const rowsIn = (table: string): Promise<number> =>
  inHouse(async ctx => (await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(ctx.db)).rows[0]!.n)

function filesBelow(): string[] {
  const stream = contentOf(org, { hash: 'none' }).on('error', () => {})
  const folder = String(stream.path).slice(0, -'/no/ne/none'.length)
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap(each =>
    each.isFile() ? [`${each.parentPath}/${each.name}`] : [],
  )
}

/** Names and contents, by the directory at the end of the archive. */
function unzipped(zip: Buffer): Map<string, string> {
  const end = zip.length - 22
  assert.equal(zip.readUInt32LE(end), 0x06054b50)
  const files = new Map<string, string>()
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, size, name, from] = [
      zip.readUInt32LE(at + 20),
      zip.readUInt32LE(at + 24),
      zip.readUInt16LE(at + 28),
      zip.readUInt32LE(at + 42),
    ]
    const start = from + 30 + zip.readUInt16LE(from + 26)
    const held = zip.subarray(start, start + packed)
    const content = zip.readUInt16LE(at + 10) ? inflateRawSync(held) : held
    assert.equal(content.length, size)
    files.set(zip.toString('utf8', at + 46, at + 46 + name), content.toString('utf8'))
    at += 46 + name
  }
  return files
}

const planted: Planted[] = []
const requests: string[] = []
for (let n = 0; n < people; n++) planted.push(await plant(n))
/** What a colleague has: another test. */
const ofColleagues = ['account', 'membership', 'session', 'recovery_code', 'one_time_token', 'api_key', 'channel_account']
let numbered = 0
const sown = await sow(
  { url: house.ownerUrl, org, from: 41, mark },
  planted.map(it => ({ ...it })),
  {
    elsewhere: ofColleagues,
    special: {
      absence: { ends_at: () => '2999-01-01' },
      macro: { key: () => 'q' },
      rights_hold: { ended_at: () => new Date() },
      opportunity: { currency: () => 'EUR', number: () => ++numbered },
      likeness: { one: ids => ids.person, other: ids => ids.twin },
    },
  },
)
const inPlaces = (places: number[]) => planted.flatMap((_, n) => places.map(place => mark(n, place)))
const byHand = Array.from({ length: 40 }, (_, place) => place + 1)
/** Every mark that a copy has to hold; and those besides that are hidden in it, and go as well. */
const all = new Set(inPlaces([...byHand, ...sown.places.flatMap(each => (each.shown ? [each.place] : []))]))
const everywhere = new Set([...all, ...inPlaces(sown.places.map(each => each.place))])
const bystander = await inHouse(ctx =>
  findOrMeet(ctx, [{ network: 'email', address: 'bo@example.org', normal: 'bo@example.org', name: 'Bo', because: 'heard', at: ctx.now }]),
)
const request = async (person: string, kind: 'copy' | 'erasure') =>
  (await as(ctx => rights.note(ctx, { person, kind, how: 'mail' }))).request

test('no table that says whose its rows are is without a row in this test', () => {
  assert.deepEqual(sown.bare, [], 'plant one by hand: its ways are no columns')
  assert.ok(all.size >= 800)
})

test('a copy holds every mark of 20 people in all tables and files, of nobody else, as data and to be read', async () => {
  await house.settle()
  for (const { person } of planted) {
    const copy = await request(person, 'copy')
    requests.push(copy)
    await as(ctx => rights.prepare(ctx, { request: copy }))
  }
  await house.settle()
  let found = 0
  for (const [n, copy] of requests.entries()) {
    assert.equal((await as(ctx => rights.show(ctx, { request: copy }))).state, 'ready')
    const file = await inHouse(async ctx => (await fileOf(ctx, await rights.copyOf(ctx, copy)))!)
    const files = unzipped(Buffer.from(await bytesOf(org, file)))
    const data = [...files].flatMap(([name, text]) => (name.endsWith('.html') ? [] : [text])).join('\n')
    const marks = [...marksIn(data)].sort()
    assert.deepEqual(
      marks.filter(each => !each.startsWith(`zq${n}m`)),
      [],
    )
    found += marks.length
    assert.deepEqual([...marksIn(files.get('read/content.html')!)].length, 7)
    assert.ok(Array.isArray(JSON.parse(files.get('data/content.json')!)))
    assert.doesNotMatch([...files.values()].join('\n'), new RegExp(colleague))
  }
  console.log(`${all.size} cases, ${all.size - found} failed`)
  assert.equal(found, all.size)
})

test('an erasure is counted, waits, can be called off, is refused under a hold, and then leaves none of the marks in database and folder', async () => {
  const before = marksIn(await everything())
  assert.equal([...everywhere].filter(each => before.has(each)).length, everywhere.size)
  const erasures: string[] = []
  for (const { person } of planted) erasures.push(await request(person, 'erasure'))
  for (const erasure of erasures) await as(ctx => rights.prepare(ctx, { request: erasure }))
  await house.settle()
  const shown = await as(ctx => rights.show(ctx, { request: erasures[0]! }))
  assert.deepEqual([shown.state, shown.shares.find(each => each.table === 'content')?.count], ['ready', 4])
  const { hold } = await as(ctx => rights.holdBegin(ctx, { person: planted[0]!.person, reason: 'Lawsuit 7' }))
  await assert.rejects(
    as(ctx => rights.decide(ctx, { request: erasures[0]!, days: 1 })),
    { code: 'conflict', key: 'rights.held' },
  )
  await as(ctx => rights.holdEnd(ctx, { hold }))
  await assert.rejects(
    as(ctx => rights.decide(ctx, { request: erasures[0]!, days: 0 })),
    { key: 'rights.days' },
  )
  for (const erasure of erasures) await as(ctx => rights.decide(ctx, { request: erasure, days: 1 }))
  await as(ctx => rights.callOff(ctx, { request: erasures[0]! }))
  await as(ctx => rights.decide(ctx, { request: erasures[0]!, days: 2 }))
  const due = async (days: number) => {
    setClock(() => new Date(Date.now() + days * 86_400_000 + 1000))
    await inHouse(ctx => rights.eraseDue.run(ctx))
    await house.settle()
    setClock()
  }
  await house.settle()
  assert.equal(marksIn(await everything()).size, everywhere.size, 'nothing goes before its moment')
  await due(1)
  assert.deepEqual(
    [...marksIn(await everything())].filter(each => !each.startsWith('zq0m')),
    [],
  )
  await due(2)
  const left = await everything()
  console.log(`${everywhere.size} cases, ${marksIn(left).size} failed`)
  assert.deepEqual([...marksIn(left)], [])
  for (const table of sown.whole) assert.deepEqual(await rowsIn(table), 0, table)
  assert.deepEqual(filesBelow(), [])
  assert.match(left, /bo@example\.org/)
  await assert.rejects(
    as(ctx => rights.callOff(ctx, { request: erasures[0]! })),
    { key: 'rights.tooLate' },
  )
})

test('a thread of somebody who was erased can still be read, and the same address is somebody new', async () => {
  const { person, thread } = planted[0]!
  const browser = await house.browser(org, owner)
  const page = await browser.get(`/inbox/${thread}`)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /Erased person/)
  await assert.rejects(
    house.as(org, owner, ctx => answer(ctx, { thread, text: 'Typed while everything went.' })),
    { code: 'conflict', key: 'outbox.erased' },
  )
  const gone = await browser.get(`/people/${person}`)
  assert.equal(gone.status, 410)
  const address = `${mark(0, 3)}@example.org`
  const met = await inHouse(ctx => findOrMeet(ctx, [{ network: 'email', address, normal: address, because: 'heard', at: ctx.now }]))
  assert.ok(met[0] && met[0] !== person && met[0] !== bystander[0])
})

test('a colleague is erased once they can no longer sign in, and their account goes where nothing else needs it', async () => {
  const [agent, both] = [await house.member(org, 'agent', 'Zoe Zimt'), await house.member(org, 'agent', 'Yan Ypsilon')]
  const other = await house.organisation()
  await house.as(other, manager, ctx =>
    sql`insert into membership (account, person, role) values (${both.account}, ${newId()}, 'agent')`.execute(ctx.db),
  )
  for (const it of [agent, both]) {
    const erasure = await request(it.person!, 'erasure')
    await assert.rejects(
      as(ctx => rights.prepare(ctx, { request: erasure })),
      { key: 'rights.signsIn' },
    )
    await inHouse(ctx => sql`update membership set suspended_at = now() where person = ${it.person}`.execute(ctx.db))
    await as(ctx => rights.prepare(ctx, { request: erasure }))
    await house.settle()
    await as(ctx => rights.decide(ctx, { request: erasure, days: 1 }))
  }
  setClock(() => new Date(Date.now() + 86_401_000))
  await inHouse(ctx => rights.eraseDue.run(ctx))
  await house.settle()
  setClock()
  const left = await everything()
  assert.doesNotMatch(left, /Zoe|Zimt/)
  assert.match(left, /Yan Ypsilon/, 'the other organisation still knows them')
})

test('rules of retention end what is too old and nothing else: 1,000 notes around the limit, tried first, and what is held stays', async () => {
  const administrator = await house.member(org, 'administrator')
  const rules = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, administrator, run)
  const limit = new Date()
  limit.setUTCMonth(limit.getUTCMonth() - 12, 1)
  setClock(() => new Date(new Date(limit).setUTCFullYear(limit.getUTCFullYear() + 1)))
  const [held, free] = [newId(), newId()]
  await inHouse(async ctx => {
    await sql`insert into person (id, name, key, created_at) values (${held}, 'Held', 'held', ${limit}), (${free}, 'Free', 'free', ${limit})`.execute(
      ctx.db,
    )
    await sql`insert into person_note (id, person, text, at)
      select gen_random_uuid(), case when n % 10 = 0 then ${held}::uuid else ${free}::uuid end, 'note ' || n, ${limit}::timestamptz + (n - 500) * interval '1 minute'
      from generate_series(0, 999) n`.execute(ctx.db)
  })
  await as(ctx => rights.holdBegin(ctx, { person: held, reason: 'Lawsuit 8' }))
  const asked = { kind: 'person_note', months: 12 }
  const tried = await rules(ctx => rights.dryRun(ctx, asked))
  assert.deepEqual([tried.count, tried.items[0]?.path], [450, `/people/${free}`])
  const left = () =>
    inHouse(
      async ctx =>
        (
          await sql<{ old: number; all: number }>`
      select count(*) filter (where at < ${limit}) as old, count(*) as all from person_note where text like 'note %'`.execute(ctx.db)
        ).rows[0],
    )
  await house.settle()
  assert.deepEqual(await left(), { old: 500, all: 1000 })
  const { rule } = await rules(ctx => rights.ruleMake(ctx, asked))
  await assert.rejects(
    rules(ctx => rights.ruleMake(ctx, asked)),
    { key: 'rights.ruleTwice' },
  )
  await assert.rejects(
    as(ctx => rights.ruleRemove(ctx, { rule })),
    { code: 'forbidden' },
  )
  await inHouse(ctx => rights.applyRules.run(ctx))
  await house.settle()
  assert.deepEqual(await left(), { old: 50, all: 550 })
  assert.deepEqual(
    (await rules(ctx => rights.runsOfRules(ctx, {}))).items.map(each => [each.kind, each.count]),
    [['person_note', 450]],
  )
})

test('what we said to everybody in their conversation is taken away on its network too, and what we shared of theirs is shared no longer', async () => {
  const { desk, write, run } = deskIn(house)
  const it = await desk('named')
  const heard = (name: string, more: object) => question('named', name, { to: [], copied: [], ...more })
  const messages = [heard('open', { open: true }), heard('closed', {})]
  await takeInForGood(it.org, { channel: 'named', account: it.account }, messages, async () => {})
  await house.settle()
  const boss = await house.member(it.org, 'manager')
  const inIts = <T>(deed: (ctx: Ctx) => Promise<T>) => house.as(it.org, boss, deed)
  const said = await inIts(ctx => sql<{ id: string; thread: string; author: string }>`select id, thread, author from content order by text, id`.execute(ctx.db)) // biome-ignore format: a statement
  for (const { id, thread } of said.rows) await write(it, thread, 'Dear Anna, your lamp is on its way.', { answers: id })
  await run()
  assert.equal(done.length, 2)
  const theirs = await inIts(ctx => sql<{ id: string }>`select object as id from remote where remote_id like '%open%'`.execute(ctx.db))
  for (const kind of ['share', 'like']) await inIts(ctx => reactTo(ctx, { content: theirs.rows[0]!.id, kind }))
  await run()
  const passedOn = amended.splice(0).find(each => each.kind === 'share')!
  assert.equal(passedOn.undone, false)
  const open = done.find(each => each.draft.open)!.draft.id
  const { request: asked } = await inIts(ctx => rights.note(ctx, { person: said.rows[0]!.author, kind: 'erasure', how: 'mail' }))
  await inIts(ctx => rights.prepare(ctx, { request: asked }))
  await house.settle()
  await inIts(ctx => rights.decide(ctx, { request: asked, days: 1 }))
  await run()
  assert.deepEqual(amended, [], 'nothing is asked for while it can be called off')
  const remoteId = `remote:${open}`
  plans.set(`remove ${remoteId}`, ['down'])
  later(86_401)
  await run()
  await house.as(it.org, { kind: 'system', account: null, person: null, role: null, via: 'test' }, ctx => rights.eraseDue.run(ctx))
  await run()
  const left = await inIts(ctx => sql<{ text: string }>`select text from content where text <> ''`.execute(ctx.db))
  assert.deepEqual([left.rows, amended.splice(0)], [[], [{ ...passedOn, undone: true }]], 'the network was down for the other')
  later(86_401 + 7200)
  await run('amendments.carryOutDue')
  assert.deepEqual(amended, [{ does: 'remove', remoteId }])
  const rows = await inIts(ctx => sql`select distinct state, remote_id from amendment`.execute(ctx.db))
  assert.deepEqual(rows.rows, [{ state: 'done', remote_id: null }])
})
