/** One colleague's own mailbox: by every door of the house nothing of it is seen or done by others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Action } from '#kernel/action.ts'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { keep } from '#kernel/files.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as notifications from '#social/notifications/actions.ts'
import * as outbox from '#social/outbox/actions.ts'
import { hereIAm } from '#social/presence/actions.ts'
import { note } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { type PersonalDesk, personalDeskIn, subject, words } from './testing-personal.ts'

const house = await testHouse()
const { desk, hears, as } = personalDeskIn(house)

type Known = Record<string, unknown>

/** What an action could be asked with about this thread. */
function inputFor({ info }: Action, known: Known): Known {
  const described = z.toJSONSchema(info.takes, { io: 'input', unrepresentable: 'any' })
  const required = new Set(described.required ?? [])
  const properties = Object.entries((described.properties ?? {}) as Record<string, { type?: string; enum?: unknown[] }>)
  return Object.fromEntries(
    properties.flatMap(([name, it]) => {
      if (known[name] !== undefined) return [[name, known[name]]]
      if (!required.has(name)) return []
      return [[name, it.enum?.[0] ?? (it.type === 'array' ? [] : it.type === 'number' || it.type === 'integer' ? 1 : 'x')]]
    }),
  )
}

async function knownOf(it: PersonalDesk, { thread, content }: { thread: string; content: string }): Promise<Known> {
  const { person, ...ours } = await asSystem(it.org, async ctx => {
    const { rows } = await sql<{ person: string; delivery: string; amendment: string }>`
      select person, (select id from delivery d where d.thread = t.id limit 1) as delivery,
        (select id from amendment a where a.thread = t.id limit 1) as amendment from thread t where id = ${thread}`.execute(ctx.db)
    return rows[0]!
  })
  return {
    thread, content, ...ours, person, threads: [thread], object: thread, message: content, contents: [content], deliveries: [ours.delivery], ids: [thread],
    answers: content, quotes: content,
    account: it.own, q: 'Zaubernuss', view: 'all', group: 'sent', measure: 'mentions', text: 'hello', label: 'hot', to: it.ben.person,
    until: new Date(Date.now() + 3_600_000), kind: 'like', emoji: '👍', tag: 'hot', reason: 'x', days: 30, dueAt: new Date(), as: 'sent',
  } // biome-ignore format: one list of names
}

const actionsOf = (reads: boolean) =>
  house.house.modules.flatMap(module => module.actions).filter(each => Boolean(each.info.reads) === reads && each.info.published !== false)

/** Where of the mailbox's words anything is told: names of actions and paths of pages. */
async function toldTo(it: PersonalDesk, who: Actor, known: Known, { pages = true } = {}): Promise<string[]> {
  const told: string[] = []
  const isTold = (text: string) => text.includes(subject) || text.includes('Zaubernuss') || /zwirn/i.test(text)
  for (const each of actionsOf(true))
    for (const more of [{}, { object: known.content, id: known.content }, { group: 'open' }, { q: 'carlotta', among: 'everyone' }]) {
      const answered = await as(it, who, ctx => each(ctx, inputFor(each, { ...known, label: undefined, ...more }))).catch(refusalOnly)
      if (answered && isTold(JSON.stringify(answered))) told.push(each.info.name)
    }
  const browser = await house.browser(it.org, who)
  for (const path of pages ? pathsOf(known) : []) {
    const answered = await browser.get(path)
    assert.ok(answered.status < 500, `${path}: ${answered.status}`)
    if (isTold((await answered.text()).replaceAll(encodeURIComponent(path), ''))) told.push(path)
  }
  return [...new Set(told)].sort()
}

function refusalOnly(error: unknown): null {
  if (!(error instanceof Refusal)) throw error
  return null
}

const pathsOf = (known: Known): string[] => {
  const patterns = house.house.modules.flatMap(module => module.pages).map(each => each.path)
  const filled = patterns.map(path => path.replace(/:([a-z]+)(\{[^}]*\})?/gi, (_all, name: string) => String(known[name] ?? known.thread)))
  return [
    ...filled,
    '/inbox/all',
    '/inbox/open',
    '/search?q=blüht',
    '/search?q=carlotta',
    '/people?q=carlotta',
    `/people/${known.person}`,
    '/notifications',
    '/outbox?group=sent',
    `/files/${known.file}`,
  ]
}

test('nothing of a colleague’s own mailbox is told to others, by whatever action or page; its colleague is told by many', async () => {
  const it = await desk()
  const file = await as(it, it.anna, ctx =>
    keep(ctx, new TextEncoder().encode(`${words} in a file`), { name: 'secret.txt', type: 'text/plain' }),
  )
  const from = { network: 'post', address: 'carlotta.zwirn@example.org', name: 'Carlotta Zwirn' }
  const letter = await hears(it, it.own, { from })
  await as(it, it.anna, ctx => crm.reply(ctx, { thread: letter.thread, text: `${words}, indeed` }))
  await as(it, it.anna, ctx => note(ctx, { thread: letter.thread, text: `${words}, as I know`, attachments: [file] }))
  await as(it, it.anna, ctx => crm.label(ctx, { threads: [letter.thread], label: 'zaubernuss' }))
  await as(it, it.anna, ctx => outbox.reactTo(ctx, { content: letter.content, kind: 'like' }))
  await tickNow('deliveries.sendDue')
  await house.settle()
  const known: Known = { ...(await knownOf(it, letter)), file }
  assert.ok(known.delivery && known.person && known.amendment)

  const toAnna = await toldTo(it, it.anna, known)
  for (const door of [
    'crm.list',
    'crm.show',
    'search.search',
    'outbox.list',
    '/inbox/all',
    '/search?q=blüht',
    'directory.list',
    'directory.quick',
    'profile.show',
    '/people?q=carlotta',
    `/people/${known.person}`,
    `/inbox/all/${letter.thread}`,
    `/files/${file}`,
  ])
    assert.ok(toAnna.includes(door), `${door} of ${toAnna.join(' ')}`)
  // Nobody has more doors than the owner.
  assert.deepEqual(await toldTo(it, it.owner, known), [])
  assert.deepEqual(await toldTo(it, it.ben, known, { pages: false }), [])

  const nothing = { mine: 0, unassigned: 0, open: 0, waiting: 0, snoozed: 0, done: 0, spam: 0, all: 0 }
  for (const other of [it.ben, it.owner]) assert.deepEqual(await as(it, other, ctx => crm.counts(ctx, {})), nothing)
  assert.deepEqual(await as(it, it.anna, ctx => crm.counts(ctx, {})), { ...nothing, waiting: 1, all: 1 })
  assert.deepEqual(await as(it, it.ben, ctx => crm.labels(ctx, {})), { items: [] })
  for (const other of [it.ben, it.owner]) assert.deepEqual((await as(it, other, ctx => notifications.list(ctx, {}))).items, [])
})

test('no deed of others reaches into a colleague’s own mailbox, and none leaves a trace', async () => {
  const it = await desk()
  const letter = await hears(it, it.own)
  const ours = await as(it, it.anna, ctx => crm.reply(ctx, { thread: letter.thread, text: 'indeed' }))
  await as(it, it.anna, ctx => outbox.reactTo(ctx, { content: letter.content, kind: 'like' }))
  await house.settle()
  await asSystem(it.org, ctx => sql`update amendment set state = 'failed'`.execute(ctx.db))
  const known = await knownOf(it, letter)
  const picture = () =>
    asSystem(it.org, async ctx => {
      const { rows } =
        await sql`select (select jsonb_agg(c order by thread) from conversation c) as c, (select jsonb_agg(d order by id) from delivery d) as d,
        (select jsonb_agg(x order by id) from content x) as x, (select jsonb_agg(m order by thread, person) from thread_member m) as m,
        (select jsonb_agg(l) from conversation_label l) as l, (select jsonb_agg(a) from admitted a) as a,
        (select jsonb_agg(w order by id) from amendment w) as w, (select jsonb_agg(r order by object, person, kind) from reaction r) as r,
        (select jsonb_agg(p) from presence p) as p`.execute(ctx.db)
      return JSON.stringify(rows)
    })
  const before = await picture()
  const about = ['thread', 'threads', 'content', 'object', 'delivery', 'deliveries', 'message', 'amendment']
  const tried: string[] = []
  for (const each of actionsOf(false)) {
    const input = inputFor(each, known)
    if (!about.some(name => name in input)) continue
    for (const more of [
      {},
      ...('object' in input ? [{ object: known.content }] : []),
      ...('content' in input ? [{ content: ours.content }] : []),
    ]) {
      const refused = await as(it, it.ben, ctx => each(ctx, { ...input, ...more })).then(() => null, refusalIs)
      if (refused) tried.push(`${each.info.name} ${refused}`)
      assert.equal(await picture(), before, each.info.name)
    }
  }
  const deeds = {
    crm: ['reply', 'assign', 'finish', 'label', 'snooze'],
    threads: ['note', 'watch'],
    outbox: ['cancel', 'reschedule', 'change', 'withdraw', 'reactTo', 'hide', 'show', 'leaveStanding', 'tryAmendmentAgain'],
  }
  for (const deed of Object.entries(deeds).flatMap(([module, names]) => names.map(name => `${module}.${name}`)))
    assert.ok(
      tried.some(each => each === `${deed} notFound`),
      `${deed} of ${tried.join(', ')}`,
    )
  await assert.rejects(
    as(it, it.ben, ctx => outbox.answer(ctx, { thread: letter.thread, text: 'hello' })),
    { code: 'notFound' },
  )
  await assert.rejects(
    as(it, it.ben, ctx => hereIAm(ctx, { thread: letter.thread })),
    { code: 'notFound' },
  )
  // Nor by the colleague's account in a thread that everybody reads.
  const open = await hears(it, it.shared)
  await assert.rejects(
    as(it, it.ben, ctx => outbox.answer(ctx, { thread: open.thread, account: it.own, text: 'hello' })),
    { code: 'forbidden' },
  )
  // Nor as an answer to what was said there.
  await assert.rejects(
    as(it, it.ben, ctx => crm.reply(ctx, { thread: open.thread, answers: letter.content, text: 'hello' })),
    { code: 'notFound' },
  )
})

const refusalIs = (error: unknown): string => {
  if (!(error instanceof Refusal)) throw error
  return error.code
}
