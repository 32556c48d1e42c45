import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { bytesOf, fileFor, fileOf, keep } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import * as reactions from '#social/reactions/actions.ts'
import { search } from '#social/search/actions.ts'
import * as content from './actions.ts'
import { mentionOf } from './rules.ts'
import type { Saying } from './words.ts'

const house = await testHouse()
const notFound = { code: 'notFound', key: 'kernel.notFound' }

async function people() {
  const org = await house.organisation()
  const [anna, ben, boss, employee, customer, guest] = await Promise.all(
    [['agent', 'Anna Berg'], ['agent', 'Ben'], ['manager', 'Boss'], ['member', 'Erik'], ['customer', 'Carla'], ['guest', 'Gast']].map(([role, name]) => house.member(org, role as 'agent', name)),
  ) // biome-ignore format: a list
  return { org, anna: anna!, ben: ben!, boss: boss!, employee: employee!, customer: customer!, guest: guest! }
}

const saying = (more: Partial<Saying> = {}): Saying => ({
  noun: 'Note',
  thread: newId(),
  author: null,
  audience: 'staff',
  side: 'inside',
  at: new Date('2026-03-01T10:00:00Z'),
  text: 'hello',
  ...more,
})
const kept = async (ctx: Ctx, more: Partial<Saying> = {}) =>
  (await content.keepAll(ctx, [saying({ author: ctx.actor.person, ...more })]))[0]!
const found = async (org: string, who: Actor, q: string) => (await house.as(org, who, ctx => search(ctx, { q }))).items.map(each => each.id)

test('many are kept at once, in the order in which they were given, with a few statements', async () => {
  const { org, anna } = await people()
  const thread = newId()
  const ids = await house.as(org, anna, ctx =>
    content.keepAll(
      ctx,
      Array.from({ length: 300 }, (_, at) => saying({ thread, text: `message ${at}`, at: new Date(1_770_000_000_000 + at) })),
    ),
  )
  const { items, more } = await house.as(org, anna, ctx => content.byThread(ctx, thread, { limit: 100 }))
  assert.deepEqual(
    items.map(each => each.id),
    ids.slice(200),
  )
  assert.equal(more, true)
  const before = await house.as(org, anna, ctx => content.byThread(ctx, thread, { limit: 150, before: ids[100]! }))
  assert.deepEqual([before.items.length, before.items[0]!.text, before.more], [100, 'message 0', false])
  const from = await house.as(org, anna, ctx => content.byThread(ctx, thread, { limit: 2, from: ids[10]! }))
  assert.deepEqual([from.items.map(each => each.text), from.more], [['message 10', 'message 11'], true])
  assert.deepEqual(await house.happened(org), [])
})

test('what is odd stays as it was written, and what no database can hold does not stop the rest', async () => {
  const { org, anna } = await people()
  const odd = ["Robert'); drop table content;--", '<script>alert(1)</script>', '\u202eRTL\u2066', '\u0001\u007f\u200b\ufeff', '👩‍👩‍👧‍👦 Ṱ̈o͝ ͟i̛n', '{{7*7}} %s%n', '\\u0000 \\', '社會科學院語學研究所', 'İıßẞ', ' '.repeat(5), '"; x = {"__proto__": 1}'] // biome-ignore format: a list
  const ids = await house.as(org, anna, ctx =>
    content.keepAll(
      ctx,
      odd.map(text => saying({ text, subject: text, detail: { text } })),
    ),
  )
  const read = await house.as(org, anna, ctx => content.contentOf(ctx, ids))
  assert.deepEqual(
    ids.map(id => read.get(id)!.text),
    odd,
  )
  const broken = await house.as(org, anna, ctx =>
    kept(ctx, { text: 'a\0b\ud800', subject: '\0', quoted: '\0q', html: '<p>\0', detail: { x: '\0' } }),
  )
  const one = (await house.as(org, anna, ctx => content.contentOf(ctx, [broken]))).get(broken)!
  assert.deepEqual([one.text, one.subject, one.html, one.quoted, one.detail], ['ab\ufffd', '', '<p>', 'q', { x: '' }])
  const long = await house.as(org, anna, ctx => kept(ctx, { text: 'wörter '.repeat(400_000), html: 'x'.repeat(9_000_000) }))
  const cut = (await house.as(org, anna, ctx => content.contentOf(ctx, [long]))).get(long)!
  assert.ok(cut.text.length <= 2_000_000 && cut.html === null)
})

test('who may read what: every role, every audience, and another organisation', async () => {
  const all = await people()
  const { org, anna, employee, customer, guest } = all
  const thread = newId()
  const space = newId()
  const other = await house.organisation()
  const stranger = await house.member(other, 'owner')
  const ids = await house.as(org, anna, ctx => content.keepAll(ctx, [
    saying({ thread, noun: 'Message', audience: 'public', text: 'public' }),
    saying({ thread, noun: 'Message', audience: 'thread', text: 'thread' }),
    saying({ thread, audience: 'staff', text: 'staff' }),
    saying({ thread, noun: 'Comment', audience: 'members', space, text: 'members' }),
    saying({ thread, noun: 'Message', audience: 'thread', text: 'own', author: customer.person, side: 'outside' }),
    saying({ thread, noun: 'Message', audience: 'thread', text: 'named', mentions: [employee.person!, customer.person!] }),
  ])) // biome-ignore format: a list
  await house.as(org, 'owner', ctx =>
    sql`insert into tie (subject, verb, object, since) values (${guest.person}, 'member', ${space}, now())`.execute(ctx.db),
  )
  const reads = async (who: Actor, inOrg = org) => {
    const texts = (await house.as(inOrg, who, ctx => content.byThread(ctx, thread, { limit: 50 }))).items.map(each => each.text)
    const byId = [...(await house.as(inOrg, who, ctx => content.contentOf(ctx, ids))).values()].map(each => each.text)
    assert.deepEqual(byId.sort(), [...texts].sort())
    return texts
  }
  assert.deepEqual(await reads(anna), ['public', 'thread', 'staff', 'own', 'named'])
  assert.deepEqual(await reads(employee), ['public', 'staff', 'named'])
  assert.deepEqual(await reads(customer), ['public', 'own'])
  assert.deepEqual(await reads(guest), ['public', 'members'])
  assert.deepEqual(await reads(stranger, other), [])
})

test('a note is for staff whatever is asked, and the database says so too', async () => {
  const { org, anna } = await people()
  const id = await house.as(org, anna, ctx => kept(ctx, { audience: 'public' }))
  assert.equal((await house.as(org, anna, ctx => content.contentOf(ctx, [id]))).get(id)!.audience, 'staff')
  await assert.rejects(
    house.as(org, anna, ctx => sql`update content set audience = 'thread' where id = ${id}`.execute(ctx.db)),
    /content_check/,
  )
})

test('who is named is kept once, told as an activity, and only if they are there', async () => {
  const { org, anna, ben } = await people()
  const nobody = newId()
  const text = `${mentionOf({ id: ben.person!, name: 'Ben' })} ${mentionOf({ id: ben.person!, name: 'Ben' })} ${mentionOf({ id: nobody, name: 'X' })}`
  const id = await house.as(org, anna, ctx => kept(ctx, { text }))
  assert.deepEqual(await house.happened(org), ['Offer:Mention'])
  assert.deepEqual((await house.as(org, ben, ctx => sql`select content, person from mention`.execute(ctx.db))).rows, [
    { content: id, person: ben.person },
  ])
  const outside = await house.as(org, anna, ctx => kept(ctx, { noun: 'Message', side: 'outside', audience: 'thread', text }))
  assert.ok(outside)
  assert.deepEqual(await house.happened(org), ['Offer:Mention'])
})

test('a text is changed by its author, found by its new words, and goes back', async () => {
  const { org, anna, ben, boss, customer } = await people()
  const id = await house.as(org, anna, ctx => kept(ctx, { text: 'the elephant' }))
  await house.as(org, anna, ctx => content.edit(ctx, { content: id, text: 'the giraffe' }))
  await house.as(org, anna, ctx => content.edit(ctx, { content: id, text: 'the giraffe' }))
  assert.deepEqual(await house.happened(org), ['Update:Message'])
  assert.deepEqual([await found(org, ben, 'elephant'), await found(org, ben, 'giraffe')], [[], [id]])
  const { items } = await house.as(org, ben, ctx => content.revisions(ctx, { content: id }))
  assert.deepEqual(
    items.map(each => each.text),
    ['the elephant'],
  )
  await house.as(org, anna, ctx => content.undoEdit(ctx, { content: id }))
  assert.deepEqual(await found(org, ben, 'elephant'), [id])
  assert.deepEqual(await house.happened(org), ['Update:Message', 'Update:Message'])
  for (const who of [ben, boss])
    await assert.rejects(
      house.as(org, who, ctx => content.edit(ctx, { content: id, text: 'x' })),
      { code: 'forbidden', key: 'content.notYours' },
    )
  await assert.rejects(
    house.as(org, customer, ctx => content.edit(ctx, { content: id, text: 'x' })),
    { code: 'forbidden', key: 'kernel.forbidden' },
  )
  await assert.rejects(
    house.as(org, anna, ctx => content.edit(ctx, { content: id, text: 'x'.repeat(10_000_000) })),
    { code: 'invalid' },
  )
  const sent = await house.as(org, anna, ctx => kept(ctx, { noun: 'Message', audience: 'thread' }))
  await assert.rejects(
    house.as(org, anna, ctx => content.edit(ctx, { content: sent, text: 'x' })),
    { key: 'content.sentStays' },
  )
  const fresh = await house.as(org, anna, ctx => kept(ctx))
  await assert.rejects(
    house.as(org, anna, ctx => content.undoEdit(ctx, { content: fresh })),
    { code: 'conflict', key: 'content.neverEdited' },
  )
})

test('what is removed leaves an empty place, is not found, comes back whole, and is gone for good after thirty days', async () => {
  const { org, anna, ben, boss } = await people()
  const id = await house.as(org, anna, ctx => kept(ctx, { text: 'the zebra', subject: 'striped' }))
  await assert.rejects(
    house.as(org, ben, ctx => content.remove(ctx, { content: id })),
    { key: 'content.notYours' },
  )
  await house.as(org, boss, ctx => content.remove(ctx, { content: id }))
  await house.as(org, boss, ctx => content.remove(ctx, { content: id }))
  const empty = (await house.as(org, ben, ctx => content.contentOf(ctx, [id]))).get(id)!
  assert.deepEqual([empty.text, empty.subject, empty.deletedAt !== null], ['', null, true])
  assert.deepEqual(await found(org, ben, 'zebra'), [])
  await assert.rejects(
    house.as(org, anna, ctx => content.edit(ctx, { content: id, text: 'x' })),
    { code: 'gone' },
  )
  await assert.rejects(
    house.as(org, ben, ctx => reactions.react(ctx, { object: id })),
    notFound,
  )
  await house.as(org, anna, ctx => content.restore(ctx, { content: id }))
  assert.deepEqual([await found(org, ben, 'zebra'), await found(org, ben, 'striped')], [[id], [id]])
  assert.deepEqual(await house.happened(org), ['Delete:Message', 'Undo:Delete'])
  await house.as(org, anna, ctx => content.remove(ctx, { content: id }))
  setClock(() => new Date(Date.now() + 31 * 86_400_000))
  try {
    await house.as(org, 'owner', ctx => content.emptyRemoved.run(ctx))
    await assert.rejects(
      house.as(org, anna, ctx => content.restore(ctx, { content: id })),
      { code: 'gone', key: 'content.removedForGood' },
    )
  } finally {
    setClock()
  }
  const { rows } = await house.as(org, anna, ctx =>
    sql<{ text: string }>`select text, subject from content where id = ${id}`.execute(ctx.db),
  )
  assert.deepEqual(rows, [{ text: '', subject: null } as never])
})

test('a tag on a thread is found on everything in it, also on what is said later, and no longer when it is taken off', async () => {
  const { org, anna, employee } = await people()
  const thread = newId()
  const first = await house.as(org, anna, ctx => kept(ctx, { thread, noun: 'Message', audience: 'thread' }))
  const { tag } = await house.as(org, anna, ctx => reactions.tag(ctx, { object: thread, tag: ' #Very  LATE ' }))
  await house.as(org, anna, ctx => reactions.tag(ctx, { object: thread, tag: 'very late' }))
  assert.equal(tag, 'very late')
  const second = await house.as(org, anna, ctx => kept(ctx, { thread }))
  assert.deepEqual((await found(org, anna, 'tag:"very late"')).sort(), [first, second].sort())
  assert.deepEqual((await house.as(org, anna, ctx => reactions.tags(ctx, {}))).items, [{ name: 'very late', count: 1 }])
  assert.deepEqual((await house.as(org, anna, ctx => reactions.tagsOf(ctx, [thread]))).get(thread), ['very late'])
  await house.as(org, anna, ctx => reactions.untag(ctx, { object: thread, tag: 'very late' }))
  assert.deepEqual(await found(org, anna, 'tag:"very late"'), [])
  assert.deepEqual(await house.happened(org), ['Add:Tag', 'Remove:Tag'])
  const secret = await house.as(org, anna, ctx => kept(ctx, { noun: 'Message', audience: 'thread' }))
  await assert.rejects(
    house.as(org, employee, ctx => reactions.tag(ctx, { object: secret, tag: 'x' })),
    notFound,
  )
})

test('a file hangs on a message as it really is, opens with the message, and nobody hangs up what they may not see', async () => {
  const { org, anna, ben, employee } = await people()
  const bytes = new TextEncoder().encode('%PDF-1.4 x')
  const file = await house.as(org, anna, ctx => keep(ctx, bytes, { name: 'a.pdf' }))
  const attachment = { file, name: 'my invoice.pdf', type: 'text/html', size: 1, cid: null, inline: false, alt: 'The bill' }
  await assert.rejects(
    house.as(org, ben, ctx => kept(ctx, { attachments: [attachment] })),
    notFound,
  )
  await assert.rejects(
    house.as(org, employee, ctx => fileFor(ctx, file)),
    notFound,
  )
  const id = await house.as(org, anna, ctx =>
    kept(ctx, { noun: 'Message', audience: 'thread', attachments: [attachment], text: 'see https://example.org' }),
  )
  assert.deepEqual((await house.as(org, anna, ctx => content.attachmentsOf(ctx, [id]))).get(id), [
    { ...attachment, type: 'application/pdf', size: bytes.length },
  ])
  assert.deepEqual(Buffer.from(await house.as(org, ben, async ctx => bytesOf(org, await fileFor(ctx, file)))), Buffer.from(bytes))
  await assert.rejects(
    house.as(org, employee, ctx => fileFor(ctx, file)),
    notFound,
  )
  assert.deepEqual(await Promise.all(['has:file', 'has:image', 'has:link', 'invoice'].map(q => found(org, ben, q))), [[id], [], [id], [id]])
  await house.as(org, 'manager', ctx => content.remove(ctx, { content: id }))
  await assert.rejects(
    house.as(org, ben, ctx => fileFor(ctx, file)),
    notFound,
  )
  assert.ok(await house.as(org, anna, ctx => fileOf(ctx, file)))
})

test('what an import brought is taken back without a trace', async () => {
  const { org, anna, ben } = await people()
  const id = await house.as(org, anna, ctx => kept(ctx, { text: `imported ${mentionOf({ id: ben.person!, name: 'Ben' })}` }))
  await house.as(org, ben, ctx => reactions.react(ctx, { object: id }))
  assert.equal(await house.as(org, 'owner', ctx => content.takeBack(ctx, [id])), 1)
  assert.deepEqual(await found(org, anna, 'imported'), [])
  for (const table of ['content', 'mention', 'reaction', 'search_document'])
    assert.deepEqual((await house.as(org, anna, ctx => sql`select * from ${sql.table(table)}`.execute(ctx.db))).rows, [], table)
})

test('the language of a text is found out, and each is read with its own dictionary', async () => {
  const { org, anna } = await people()
  const texts = ['Where are the deliveries that were promised to us?', 'Wo bleiben die Lieferungen, die uns versprochen wurden?', 'Waar blijven de bestellingen die ons beloofd zijn?', 'Var är leveranserna som vi blev lovade förra veckan?', 'Où sont les livraisons que vous nous avez promises ?'] // biome-ignore format: a list
  const ids = await house.as(org, anna, ctx =>
    content.keepAll(
      ctx,
      texts.map(text => saying({ text })),
    ),
  )
  const read = await house.as(org, anna, ctx => content.contentOf(ctx, ids))
  assert.deepEqual(
    ids.map(id => read.get(id)!.language),
    ['en', 'de', 'nl', 'sv', 'fr'],
  )
  for (const [at, q] of ['delivery', 'lieferung', 'bestelling', 'leverans', 'livraisons'].entries())
    assert.deepEqual(await found(org, anna, q), [ids[at]], q)
})
