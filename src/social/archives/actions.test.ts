import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { keep } from '#kernel/files.ts'
import { testHouse } from '#kernel/testing.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Channel, channel, type HeardMessage } from '#social/channels/words.ts'
import * as imports from '#social/imports/actions.ts'
import { say } from '#social/threads/actions.ts'

const house = await testHouse()

const header = (text: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(text.split('\n\n')[0]!)?.[1]

/** A network of the test whose messages look as those in files do. */
async function message(bytes: Uint8Array): Promise<HeardMessage> {
  const text = Buffer.from(bytes).toString()
  return {
    is: 'message',
    remoteId: header(text, 'Message-ID') ?? text,
    direction: 'in',
    at: new Date(header(text, 'Date') ?? Number.NaN),
    from: { network: 'pigeon', address: header(text, 'From') ?? '?' },
    to: [],
    copied: [],
    answers: header(text, 'In-Reply-To')?.split(' ') ?? [],
    subject: header(text, 'Subject'),
    text: text.split('\n\n').slice(1).join('\n\n'),
    attachments: text.includes('map') ? [{ name: 'map.txt', type: 'text/plain', content: Buffer.from('north') }] : [],
  }
}

useChannels([
  channel({
    name: 'pigeon',
    title: 'test.title',
    settings: z.strictObject({}),
    asks: z.strictObject({}),
    discover: async () => ({ settings: {}, name: 'x', address: 'x' }),
    can: { read: { message } },
    truth: [],
    normalise: address => address,
  }) as Channel,
])

const letter = (at: number, more = '', words = `words ${at}`) =>
  `From anna@example.org Thu Mar 12 09:41:07 2026\nMessage-ID: m${at}\nFrom: person${at % 7}@example.org\nDate: Thu, 12 Mar 2026 09:${String(at % 60).padStart(2, '0')}:00 +0000\nSubject: About ${at}\n${more}\n${words}\n\n`
/** Conversations of three. */
const letters = (count: number) => Array.from({ length: count }, (_, at) => letter(at, at % 3 ? `In-Reply-To: m${at - 1}\n` : '')).join('')

async function begin(org: string, text: string, kind = 'mbox') {
  const owner = await house.member(org, 'owner')
  const file = await house.as(org, owner, ctx => keep(ctx, Buffer.from(text), { name: `old.${kind}` }))
  const { run } = await house.as(org, owner, ctx => imports.begin(ctx, { kind, file }))
  const does = async (deed: (typeof imports)['check' | 'start' | 'undo']) => {
    await house.as(org, owner, ctx => deed(ctx, { run }))
    await house.settle()
    const { run: now } = await house.as(org, owner, ctx => imports.show(ctx, { run }))
    return { state: now.state, fresh: now.fresh, known: now.known, faulty: now.faulty, kept: now.kept }
  }
  const faults = async () => (await house.as(org, owner, ctx => imports.faults(ctx, { run }))).items.map(({ line, says }) => [line, says])
  return { check: () => does(imports.check), start: () => does(imports.start), undo: () => does(imports.undo), faults }
}

const counts = (org: string) =>
  asSystem(org, async ctx => {
    const { rows } = await sql<Record<string, number>>`
      select (select count(*) from content) as contents, (select count(*) from thread) as threads, (select count(*) from remote) as names,
        (select count(*) from attachment) as files, (select count(*) from search_document where noun = 'Message') as found`.execute(ctx.db)
    return rows[0]!
  })

test('a mailbox is tried without effect, brought in, and brought in again without effect', async () => {
  const org = await house.organisation()
  const text = letters(99) + letter(99, '', 'see the map')
  const first = await begin(org, text)
  assert.deepEqual(await first.check(), { state: 'checked', fresh: 100, known: 0, faulty: 0, kept: 0 })
  assert.deepEqual(await counts(org), { contents: 0, threads: 0, names: 0, files: 0, found: 0 })
  assert.deepEqual(await first.start(), { state: 'done', fresh: 100, known: 0, faulty: 0, kept: 0 })
  assert.deepEqual(await counts(org), { contents: 100, threads: 34, names: 100, files: 1, found: 100 })
  const again = await begin(org, text)
  assert.deepEqual(await again.check(), { state: 'checked', fresh: 0, known: 100, faulty: 0, kept: 0 })
  assert.deepEqual(await again.start(), { state: 'done', fresh: 0, known: 100, faulty: 0, kept: 0 })
  assert.deepEqual(await counts(org), { contents: 100, threads: 34, names: 100, files: 1, found: 100 })
})

test('what stands twice in a file counts once, in the trial as in earnest', async () => {
  const org = await house.organisation()
  const it = await begin(org, letters(60) + letters(60))
  assert.deepEqual(await it.check(), { state: 'checked', fresh: 60, known: 60, faulty: 0, kept: 0 })
  assert.deepEqual(await it.start(), { state: 'done', fresh: 60, known: 60, faulty: 0, kept: 0 })
})

test('an import is taken back whole; a thread that was answered since stays, and the file can be brought in again', async () => {
  const org = await house.organisation()
  const it = await begin(org, letters(90))
  await it.check()
  await it.start()
  const thread = await asSystem(
    org,
    async ctx => (await sql<{ id: string }>`select id from thread order by id limit 1`.execute(ctx.db)).rows[0]!.id,
  )
  await house.as(org, 'agent', ctx => say(ctx, { thread, noun: 'Note', text: 'we know him' }))
  assert.deepEqual(await it.undo(), { state: 'undone', fresh: 90, known: 0, faulty: 0, kept: 1 })
  assert.deepEqual(await counts(org), { contents: 1, threads: 1, names: 0, files: 0, found: 0 })
  const { messages } = await asSystem(
    org,
    async ctx => (await sql<{ messages: number }>`select messages from thread`.execute(ctx.db)).rows[0]!,
  )
  assert.equal(messages, 1)
  const again = await begin(org, letters(90))
  await again.check()
  assert.equal((await again.start()).fresh, 90)
})

const everybody = (org: string) =>
  asSystem(
    org,
    async ctx => (await sql<{ n: number }>`select count(*) as n from person where created_because <> 'account'`.execute(ctx.db)).rows[0]!.n,
  )

test('who was met only by what is taken back is gone with it; who wrote before, or is talked with since, stays', async () => {
  const org = await house.organisation()
  const before = await begin(org, letter(0))
  await before.check()
  await before.start()
  const it = await begin(org, letters(90))
  await it.check()
  await it.start()
  assert.equal(await everybody(org), 7)
  const later = await begin(org, letter(701))
  await later.check()
  await later.start()
  await it.undo()
  assert.equal(await everybody(org), 2)
  const found = await asSystem(org, ctx =>
    sql<{ n: number }>`select count(*) as n from search_document where noun = 'Person'`.execute(ctx.db),
  )
  assert.equal(found.rows[0]!.n, 2)
  await before.undo()
  await later.undo()
  assert.equal(await everybody(org), 0)
})

test('before anything is brought in one sees who wrote the first of it, and what about', async () => {
  const org = await house.organisation()
  const owner = await house.member(org, 'owner')
  const file = await house.as(org, owner, ctx => keep(ctx, Buffer.from(letters(9)), { name: 'old.mbox' }))
  const { run } = await house.as(org, owner, ctx => imports.begin(ctx, { kind: 'mbox', file }))
  const { samples, columns } = await house.as(org, owner, ctx => imports.previewOf(ctx, run))
  assert.equal(samples?.length, 5)
  assert.equal(samples?.[1]?.title, 'About 1')
  assert.match(samples?.[1]?.detail ?? '', /^person1@example\.org · .*2026/)
  assert.deepEqual(columns, [])
})

test('a broken place is listed with its reason and does not stop the rest', async () => {
  const org = await house.organisation()
  const broken = 'From x Thu Mar 12 09:41:07 2026\nno headers here\n\n'
  const it = await begin(org, letter(1) + broken + letter(2) + letter(3))
  assert.deepEqual(await it.check(), { state: 'checked', fresh: 3, known: 0, faulty: 1, kept: 0 })
  assert.deepEqual(await it.start(), { state: 'done', fresh: 3, known: 0, faulty: 1, kept: 0 })
  assert.deepEqual(await it.faults(), [[2, 'archives.fault.noHeader']])
})

test('a message that the database refuses is told, and the others of its batch are kept', async () => {
  const org = await house.organisation()
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  await owner.query(`alter table content add constraint refused check (text not like '%poison%')`)
  const it = await begin(org, letters(20) + letter(20, '', 'poison') + letter(21))
  await it.check()
  assert.deepEqual(await it.start(), { state: 'done', fresh: 21, known: 0, faulty: 1, kept: 0 })
  assert.deepEqual(await it.faults(), [[21, 'archives.fault.refused']])
  await owner.query('alter table content drop constraint refused')
  await owner.end()
})

test('a single message is brought in, and a file of another kind is refused with what to do', async () => {
  const org = await house.organisation()
  const it = await begin(org, letter(1).split('\n').slice(1).join('\n'), 'eml')
  await it.check()
  assert.equal((await it.start()).fresh, 1)
  const refused = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
  await assert.rejects(begin(org, 'name;address\nAnna;anna@example.org\n'), refused('archives.notMailbox'))
  await assert.rejects(begin(org, letters(2), 'eml'), refused('archives.notMessage'))
  await assert.rejects(begin(org, '%PDF-1.7', 'eml'), refused('archives.notMessage'))
})

test('what was brought in says so, and comes from whoever wrote it', async () => {
  const org = await house.organisation()
  const it = await begin(org, letters(3))
  await it.check()
  await it.start()
  const { rows } = await asSystem(org, ctx =>
    sql<{ side: string; detail: object }>`select side, detail from activity where noun = 'Message'`.execute(ctx.db),
  )
  assert.deepEqual(
    rows.map(row => [row.side, row.detail]),
    [1, 2, 3].map(() => ['outside', { imported: true }]),
  )
})
