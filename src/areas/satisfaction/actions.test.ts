import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { serve } from '#kernel/http.tsx'
import { tickNow } from '#kernel/jobs.ts'
import { type Mail, usePost } from '#kernel/mail.ts'
import { inLanguage } from '#kernel/messages.ts'
import { testHouse } from '#kernel/testing.ts'
import { channels } from '#social/channels/actions.ts'
import * as consent from '#social/consent/actions.ts'
import { calledAccount } from '#social/doors/actions.ts'
import { type Desk, deskIn, done, later, now } from '#social/outbox/testing.ts'
import { personEdit, useNetworks } from '#social/people/actions.ts'
import { tasksIn } from '#social/tasks/actions.ts'
import * as satisfaction from './actions.ts'

const house = await testHouse()
const { desk, run } = deskIn(house)
const outside = serve(house.house.modules, { baseUrl: 'http://house.invalid', trustProxy: false })
const mails: Mail[] = []
usePost(async mail => void mails.push(mail))
useNetworks(channels())
// Room for a letter, as mails have it.
Object.assign(channels().find(each => each.name === 'named')!.can.converse!.limits, { text: 5000 })
const owner = new pg.Client({ connectionString: house.ownerUrl })
owner.on('error', () => {}) // The database is dropped before.
await owner.connect()
after(() => {
  usePost(undefined)
  setClock()
})

const manager = (it: Desk) => house.member(it.org, 'manager')
const as = <T>(it: Desk, who: Actor, deed: (ctx: Ctx) => Promise<T>) => house.as(it.org, who, deed)
const system = <T>(it: Desk, deed: (ctx: Ctx) => Promise<T>) => asSystem(it.org, deed)
const make = async (it: Desk, more: Partial<Parameters<typeof satisfaction.make>[1]> = {}) =>
  (await as(it, await manager(it), ctx => satisfaction.make(ctx, { name: 'Care', kind: 'csat', bad: 2, ...more }))).survey
const happened = async (it: Desk) => (await house.happened(it.org)).filter(each => /Survey|Rating|Task/.test(each))

/** A conversation that was answered and finished. */
async function ended(it: Desk, name: string): Promise<string> {
  const thread = await it.thread(name)
  await house.settle()
  await as(it, it.agent, ctx => crm.reply(ctx, { thread, text: `answer to ${name}`, done: 'done' }))
  await house.settle()
  return thread
}
async function finished(it: Desk, name: string): Promise<string> {
  const thread = await ended(it, name)
  await passed(2)
  return thread
}
/** What is due meanwhile is done. */
async function passed(hours: number): Promise<void> {
  await house.settle()
  later(hours * 3600)
  // The queue reads the database's own clock; what is asked then leaves by a job of its own.
  for (const _ of ['asked', 'sent']) {
    await owner.query(`update jobs.job set start_after = now() - interval '1 second' where start_after > now() - interval '1 second'`)
    await run()
  }
}

const linksIn = (text: string): string[] => [...text.matchAll(/https?:\/\/\S+\/survey\?\S+/g)].map(each => each[0])
const get = async (link: string, headers = {}) => outside.request(link.replace(/^https?:\/\/[^/]+/, 'http://house.invalid'), { headers })
const post = (link: string, fields: Record<string, string>, headers = {}) =>
  outside.request(link.replace(/^https?:\/\/[^/]+/, 'http://house.invalid'), { method: 'POST', body: new URLSearchParams(fields), headers })
const asked = () => done.filter(each => linksIn(each.draft.text).length > 0)
const resultOf = async (it: Desk, survey: string) => (await system(it, ctx => satisfaction.results(ctx, { survey }))).result

test('who was asked answers by a press and not by a scanner; twice is once, for a day it can be changed, and a bad answer opens one task', async () => {
  const it = await desk('named')
  const survey = await make(it)
  const thread = await finished(it, 'lamp')
  assert.deepEqual(await happened(it), ['Create:Survey', 'Question:Survey'])
  const [{ draft }] = asked() as [(typeof done)[number]]
  const links = linksIn(draft.text)
  assert.equal(links.length, 5)
  // A mail scanner follows every link, signed or spoilt: nothing is answered, and the page has the answer of the link ready.
  for (const link of links)
    assert.match(await (await get(link)).text(), new RegExp(`value="${new URL(link).searchParams.get('answer')}" checked`))
  assert.equal((await get(links[0]!.replace('sign=', 'sign=x'))).status, 404)
  assert.deepEqual([(await happened(it)).length, (await resultOf(it, survey)).n], [2, 0])
  // In the person's language or the reader's own, without script, to send only to ourselves.
  assert.match(await (await get(links[0]!.replace('in=en', 'in=sv'))).text(), /lang="sv"[\s\S]*Hur nöjd är du med vår hjälp\?/)
  assert.match(await (await get(links[0]!, { cookie: 'language=nl' })).text(), /Hoe tevreden ben je over onze hulp\?/)
  const link = links[4]!
  assert.equal((await post(link, {})).status, 422)
  assert.equal((await post(link, { score: '6' })).status, 422)
  assert.equal((await post(link.replace('sign=', 'sign=x'), { score: '1' })).status, 404)
  const colleague = await house.browser(it.org, it.agent)
  assert.equal((await colleague.post(link.replace(/^https?:\/\/[^/]+/, ''), { score: '5' })).status, 403)
  assert.equal((await happened(it)).length, 2)
  const answered = await Promise.all([
    post(link, { score: '1', comment: ' too <b>late ' }),
    post(link, { score: '1', comment: 'too <b>late' }),
  ])
  assert.deepEqual(answered.map(each => each.status), [303, 303]) // biome-ignore format: a list
  assert.deepEqual((await happened(it)).slice(2), ['Create:Rating', 'Create:Task'])
  assert.deepEqual(
    (await as(it, it.agent, ctx => tasksIn(ctx, thread))).map(each => [each.text, each.person]),
    [['Unhappy: 1 of 5. “too <b>late”', it.agent.person]],
  )
  await post(link, { score: '2' })
  await post(link, { score: '4', comment: 'well, in the end' })
  assert.deepEqual((await happened(it)).slice(4), ['Update:Rating', 'Update:Rating'])
  later(25 * 3600)
  assert.equal((await post(link, { score: '1' })).status, 409)
  assert.match(await (await get(link)).text(), /Your answer has been counted\.[\s\S]*satisfied/)
  const { counts, n, asked: many } = await resultOf(it, survey)
  assert.deepEqual([counts, n, many], [[0, 0, 0, 1, 0], 1, 1])
  const { items } = await as(it, it.agent, ctx => satisfaction.answers(ctx, { survey }))
  assert.deepEqual(items.map(each => [each.score, each.comment, each.thread]), [[4, 'well, in the end', thread]]) // biome-ignore format: a list
  assert.match(await (await colleague.get(`/inbox/all/${thread}`)).text(), /well, in the end/)
  // What the house asked is no answer of ours, and opens nothing again.
  const talk = await as(it, it.agent, ctx => crm.show(ctx, { thread }))
  assert.deepEqual([talk.state, (await happened(it)).length], ['done', 6])
})

test('where the channel shows it so, the question is answered in the conversation itself: in the reader’s language, for a day anew, and nobody finds it by guessing', async () => {
  const elsewhere = await desk('keyed')
  const it = await desk('keyed')
  const survey = await make(it)
  const thread = await finished(it, 'by chat')
  const mark = asked()[0]!.draft.question!
  const keyed = channels().find(each => each.name === 'keyed')!
  const called = (await calledAccount(keyed, { id: it.account }))!
  const choose = (choice: number, words = '') => inLanguage('de', () => called.choose(mark, { choice, words }))
  const open = (await inLanguage('de', () => called.question(mark)))!
  assert.deepEqual([open.text, open.open, open.says, open.given, open.ends], ['Wie zufrieden bist du mit unserer Hilfe?', true, '', undefined, undefined]) // biome-ignore format: one line
  assert.deepEqual([open.choices.length, open.choices[4]], [5, { value: 5, name: 'sehr zufrieden' }])
  await assert.rejects(choose(6), { code: 'invalid' })
  const other = (await calledAccount(keyed, { id: elsewhere.account }))!
  for (const each of [mark, 'satisfaction:x', `satisfaction:${survey}`, `else:${mark.split(':')[1]}`])
    assert.equal(await other.question(each), null, each)
  assert.equal(await other.choose(mark, { choice: 5, words: '' }), null)
  assert.deepEqual(await happened(it), ['Create:Survey', 'Question:Survey'])
  const first = (await choose(1))!
  assert.deepEqual([first.given, first.open], [{ choice: 1, words: '' }, true])
  assert.match(first.says, /^Danke! Deine Antwort ist gezählt/)
  // A colleague reads what is to be done in the words of the house.
  assert.deepEqual((await as(it, it.agent, ctx => tasksIn(ctx, thread))).map(each => each.text), ['Unhappy: 1 of 5. Ask what went wrong.']) // biome-ignore format: one line
  assert.match((await choose(1))!.says, /^Diese Antwort haben wir schon/)
  assert.deepEqual((await choose(4, 'schneller als gedacht'))!.given, { choice: 4, words: 'schneller als gedacht' })
  assert.deepEqual((await happened(it)).slice(2), ['Create:Rating', 'Create:Task', 'Update:Rating'])
  later(25 * 3600)
  await assert.rejects(choose(2), { code: 'conflict', key: 'satisfaction.stays' })
  const closed = (await inLanguage('sv', () => called.question(mark)))!
  assert.deepEqual([closed.open, closed.says], [false, 'Du svarade: nöjd. Det är räknat, tack.'])
  assert.deepEqual((await resultOf(it, survey)).counts, [0, 0, 0, 1, 0])
})

test('nobody is asked twice in a month, after a no, without consent, while their matter is open, or by a survey that rests', async () => {
  const it = await desk('keyed')
  const survey = await make(it, { bad: null })
  const thread = await finished(it, 'first')
  assert.match(asked()[0]!.draft.text, /^How satisfied are you with our help\?\nhttps?:\S+$/, 'where one writes briefly there is one link')
  const times = async () => (await happened(it)).filter(each => each === 'Question:Survey').length
  await finished(it, 'second')
  assert.equal(await times(), 1)
  later(31 * 86_400)
  // At the same moment, and again by a job that runs twice: once.
  const job = { survey, thread: await ended(it, 'third') }
  await Promise.all([satisfaction.askOne.run(it.org, job), satisfaction.askOne.run(it.org, job), satisfaction.askOne.run(it.org, job)])
  await passed(2)
  assert.equal(await times(), 2)
  const why = async () => (await system(it, ctx => satisfaction.asking(ctx, survey))).map(each => each.refused)
  assert.deepEqual(new Set(await why()), new Set([null, 'recently']))
  later(31 * 86_400)
  const open = await it.thread('reopened')
  await house.settle()
  await as(it, it.agent, ctx => crm.finish(ctx, { threads: [open] }))
  await house.settle()
  await as(it, it.agent, ctx => crm.reopen(ctx, { threads: [open] }))
  await passed(2)
  await as(it, it.agent, ctx => cases.open(ctx, { thread: open }))
  await as(it, it.agent, ctx => crm.finish(ctx, { threads: [open] }))
  await passed(2)
  await as(it, await manager(it), ctx => satisfaction.pause(ctx, { survey }))
  await finished(it, 'while it rests')
  await as(it, await manager(it), ctx => satisfaction.goOn(ctx, { survey }))
  assert.equal(await times(), 2)
  // A purpose that nobody allowed yet, allowed, withdrawn between the end and the question.
  const person = (await as(it, it.agent, ctx => crm.show(ctx, { thread }))).person!
  const boss = await manager(it)
  const { purpose } = await as(it, boss, ctx => consent.purposeMake(ctx, { name: 'Surveys' }))
  await as(it, boss, ctx => satisfaction.change(ctx, { survey, name: 'Care', kind: 'csat', purpose, delayMinutes: 60 }))
  const word = { person, purpose, source: 'mail' as const, proof: 'said so' }
  const allow = () => as(it, it.agent, ctx => consent.grant(ctx, { ...word, basis: 'contract' }))
  await finished(it, 'never said')
  await allow()
  await ended(it, 'said and taken back')
  await as(it, it.agent, ctx => consent.withdraw(ctx, word))
  await passed(2)
  assert.deepEqual([await times(), (await why()).includes('noConsent')], [2, true])
  await allow()
  await finished(it, 'allowed')
  assert.equal(await times(), 3)
  await assert.rejects(
    as(it, boss, ctx => satisfaction.change(ctx, { survey, name: 'Care', kind: 'nps' })),
    { key: 'satisfaction.kindStays' },
  )
  await assert.rejects(
    house.as(await house.organisation(), 'manager', ctx => satisfaction.pause(ctx, { survey })),
    { code: 'notFound' },
  )
  await assert.rejects(
    as(it, it.agent, ctx => satisfaction.pause(ctx, { survey })),
    { code: 'forbidden' },
  )
})

test('a case that was closed is asked about once, in the language of its customer, and a link ends after thirty days', async () => {
  const it = await desk('named')
  const survey = await make(it, { kind: 'ces', closing: 'case', bad: 3, questions: { de: 'Ging es leicht?' } })
  const thread = await it.thread('repair')
  await house.settle()
  const { person } = await as(it, it.agent, ctx => crm.show(ctx, { thread }))
  await as(it, it.agent, ctx => personEdit(ctx, { person: person!, language: 'de' }))
  const { case: one } = await as(it, it.agent, ctx => cases.open(ctx, { thread }))
  await as(it, it.agent, ctx => crm.finish(ctx, { threads: [thread] }))
  await as(it, it.agent, ctx => cases.close(ctx, { case: one }))
  await passed(2)
  const [{ draft }] = asked() as [(typeof done)[number]]
  assert.match(draft.text, /^Ging es leicht\?[\s\S]*7 – sehr leicht/)
  const [link] = linksIn(draft.text)
  later(32 * 86_400)
  assert.equal((await post(link!, { score: '1' })).status, 409)
  assert.match(await (await get(link!)).text(), /Diese Frage ist geschlossen/)
  assert.equal((await resultOf(it, survey)).n, 0)
})

test('an anonymous answer leads to nobody: not by the page, not by a table, and not if one tries', async () => {
  const it = await desk('named')
  mails.length = 0
  const survey = await make(it, { kind: 'nps', way: 'mail', anonymous: true, bad: null })
  await assert.rejects(make(it, { anonymous: true, way: 'thread', bad: null }), { key: 'satisfaction.anonymousByMail' })
  await finished(it, 'secret')
  assert.deepEqual(mails.map(each => each.to), ['anna@example.org']) // biome-ignore format: a list
  assert.equal(asked().length, 0, 'the conversation holds no link')
  const [link] = linksIn(mails[0]!.text)
  const [, , token] = new URL(link!).searchParams.get('about')!.split('.')
  const before = await everything()
  assert.equal((await post(link!, { score: '3', comment: 'never again' })).status, 303)
  assert.equal((await post(link!, { score: '10', comment: 'wonderful' })).status, 303)
  const fresh = (await everything()).filter(each => !before.includes(each))
  assert.ok(before.every(row => !row.includes(token!)) && fresh.every(row => !row.includes(token!)), 'nobody keeps what the mail holds')
  // What is new are the answer, its count and a hash; none of them names a person, a thread, what was asked, or a moment.
  assert.equal(fresh.length, 3)
  const rows = await system(
    it,
    async ctx =>
      (
        await sql<{
          id: string
        }>`select id from survey_ask union select id from thread union select id from person union select id from activity`.execute(ctx.db)
      ).rows,
  )
  for (const { id } of rows)
    assert.ok(
      fresh.every(row => !row.includes(id)),
      id,
    )
  const hour = now().toISOString().slice(0, 13)
  assert.ok(fresh.every(row => !row.includes(hour.replace('T', ' ')) && !row.includes(hour)))
  assert.deepEqual((await happened(it)).filter(each => /Rating|Task/.test(each)), []) // biome-ignore format: a list
  for (const more of ['thread', 'person', 'ask', 'team'])
    await assert.rejects(
      system(it, ctx => sql`update survey_answer set ${sql.ref(more)} = id`.execute(ctx.db)),
      /check/,
    )
  const { counts, asked: many } = await resultOf(it, survey)
  assert.deepEqual([counts[3], counts[10], many], [1, 0, 1])
  assert.deepEqual((await system(it, ctx => satisfaction.answers(ctx, { survey }))).items, [], 'one among few is known')
  // The mail brings the way out: looking changes nothing, one press does, and another one takes it back.
  const no = /<(.+)>/.exec(mails[0]!.headers!['List-Unsubscribe']!)![1]!
  assert.equal((await get(no)).status, 200)
  later(31 * 86_400)
  await finished(it, 'again')
  assert.equal(mails.length, 2)
  await post(no, { 'List-Unsubscribe': 'One-Click' })
  later(31 * 86_400)
  await finished(it, 'after a no')
  assert.equal(mails.length, 2)
  await post(`${no}&again=1`, {})
  await finished(it, 'after a yes')
  assert.equal(mails.length, 3)
  await tickNow('satisfaction.forgetTickets')
  assert.deepEqual((await everything()).filter(each => each.startsWith('survey_ticket')), []) // biome-ignore format: a list

  /** Every row of every table of the house, as text. */
  async function everything(): Promise<string[]> {
    const tables = await owner.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'jobs')`,
    )
    const all: string[] = []
    for (const { name } of tables.rows)
      all.push(
        ...(await owner.query(`select t::text as row from ${name} t`)).rows.map(({ row }) => `${name.replace('public.', '')} ${row}`),
      )
    return all.filter(each => !each.startsWith('jobs.queue') && !each.startsWith('jobs.version'))
  }
})

test('results tell the figure, how sure it is, and small groups together; the settings make, show, change and take back', async () => {
  const it = await desk('named')
  const browser = await house.browser(it.org, await manager(it))
  assert.match(await (await browser.get('/satisfaction')).text(), /Nobody is asked yet/)
  const made = await browser.post('/settings/surveys', {
    name: 'Repairs',
    kind: 'nps',
    closing: 'case',
    way: 'thread',
    share: '40',
    delay: '1.5',
    bad: 'usual',
    'question.sv': 'Hur då?',
  })
  const path = made.headers.get('location')!
  const survey = path.split('/').at(-1)!
  const read = async () => system(it, ctx => satisfaction.theSurvey(ctx, survey))
  assert.deepEqual(await read().then(each => [each.share, each.delayMinutes, each.bad, each.questions]), [40, 90, 6, { sv: 'Hur då?' }])
  assert.match(await (await browser.get(`${path}/preview?in=sv`)).text(), /Hur då\?[\s\S]*inte alls troligt/)
  const wrong = await browser.post(`${path}/change`, { name: '', share: '0', delay: 'x' })
  assert.equal(wrong.status, 422)
  await browser.post(`${path}/pause`, {})
  assert.ok((await read()).pausedAt)
  const day = now().toISOString().slice(0, 10)
  const team = '0198a000-0000-7000-8000-00000000000a'
  const row = (nth: number, score: number, channel: string) => ({ id: crypto.randomUUID(), survey, kind: 'nps' as const, score, comment: `words ${nth}`, day, anonymous: false, ask: crypto.randomUUID(), answered_at: now(), person: null, thread: null, case_id: null, channel, team, type: null, task: null, alsoAsked: 1 }) // biome-ignore format: a row
  const scores = [...Array(70).fill(10), ...Array(20).fill(8), ...Array(10).fill(0)]
  const channelOf = (nth: number) => (nth < 90 ? 'named' : nth < 97 ? 'keyed' : 'slow')
  await system(it, ctx => satisfaction.takeOver(ctx, scores.map((score, nth) => row(nth, score, channelOf(nth))))) // biome-ignore format: one line
  const page = await (await browser.get(`/satisfaction/${survey}`)).text()
  assert.match(page, />\+60</)
  assert.match(page, /between \+45 and \+71[\s\S]*100 of 200 answered \(50%\)/)
  const { items } = await system(it, ctx => satisfaction.groups(ctx, { survey, by: 'channel' }))
  assert.deepEqual(items.map(each => [each.part, each.result.n]), [['named', 90], [null, 10]]) // biome-ignore format: a list
  const bad = await (await browser.get(`/satisfaction/${survey}?from=0&to=0`)).text()
  assert.match(bad, /words 99/)
  assert.doesNotMatch(bad, /words 1</)
  const first = await system(it, ctx => satisfaction.answers(ctx, { survey, limit: 60 }))
  const rest = await system(it, ctx => satisfaction.answers(ctx, { survey, limit: 60, before: first.next! }))
  assert.equal(new Set([...first.items, ...rest.items].map(each => each.id)).size, 100)
  assert.equal((await (await house.browser(it.org, 'member')).get('/satisfaction')).status, 403)
})
