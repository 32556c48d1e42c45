import { z } from 'zod'
import { action, cursor, id, limit, parse } from '#kernel/action.ts'
import { admittedIn, closedAmong } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { sign, signedBy } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { refuse } from '#kernel/errors.ts'
import { letterHtml, letterText } from '#kernel/html/letter.tsx'
import { newId } from '#kernel/ids.ts'
import { every, job, later, outsideJob } from '#kernel/jobs.ts'
import { announce } from '#kernel/live.ts'
import { canMail, type Mail, sendMail } from '#kernel/mail.ts'
import { inLanguage, isLanguage } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { remembered } from '#kernel/remembered.ts'
import { withoutBlocked } from '#social/graph/actions.ts'
import { memberByPerson } from '#social/members/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { doors, type KindName, kindNames, type Notice } from './words.ts'

// —— telling ——

/** Tells people, each by the doors they chose. What was told before for the same activity and reason is not told again. */
export async function notify(ctx: Ctx, notices: Notice[]): Promise<void> {
  const wanted = notices.filter(notice => rules.worthTelling(notice, ctx.actor.person))
  const readable = await withoutShutOut(ctx, wanted)
  const worth = await withoutBlocked(ctx, readable, it => ({ to: it.person, from: it.actor === undefined ? ctx.actor.person : it.actor }))
  if (worth.length === 0) return
  const choices = await store.choicesOf(ctx, [...new Set(worth.map(notice => notice.person))])
  const rows = worth.map(notice => rowOf(ctx, notice, choices)).filter(row => row.in_app || row.by_mail)
  if (rows.length === 0) return
  const added = await store.addAll(ctx, rows)
  await ring(
    ctx,
    added.map(row => row.person),
  )
  for (const person of new Set(added.filter(row => row.by_mail).map(row => row.person)))
    await later(ctx, mailSoon, { person }, { at: rules.mailDueAt(ctx.now), key: person })
}

/** Nobody is told of what is closed to them. */
async function withoutShutOut<N extends { person: string; thread?: string | null }>(ctx: Ctx, notices: N[]): Promise<N[]> {
  const rooms = await closedAmong(
    ctx,
    notices.flatMap(each => each.thread ?? []),
  )
  if (rooms.size === 0) return notices
  const admitted = await admittedIn(ctx, [...rooms.keys(), ...rooms.values()])
  const isIn = (person: string, places: string[]) => admitted.some(each => each.person === person && places.includes(each.place))
  return notices.filter(({ person, thread }) => !thread || !rooms.has(thread) || isIn(person, [thread, rooms.get(thread)!]))
}

function rowOf(ctx: Ctx, notice: Notice, choices: rules.Choice[]) {
  const { app, mail } = rules.doorsFor(notice.person, notice.kind, choices)
  return {
    id: newId(ctx.now),
    person: notice.person,
    kind: notice.kind,
    activity: notice.activity ?? null,
    thread: notice.thread ?? null,
    object: notice.object ?? null,
    actor: notice.actor === undefined ? ctx.actor.person : notice.actor,
    says: notice.says,
    told: Object.fromEntries(Object.entries(notice.told ?? {}).map(([name, value]) => [name, rules.oneLine(value)])),
    path: rules.ownPath(notice.path),
    in_app: app,
    by_mail: mail,
    at: ctx.now,
  }
}

/** The bell of these people counts again, in every open page. */
async function ring(ctx: Ctx, people: string[]): Promise<void> {
  const topics = [...new Set(people)].map(person => `person:${person}`)
  for (let at = 0; at < topics.length; at += 100) await announce(ctx, { org: ctx.org, kind: 'notify', topics: topics.slice(at, at + 100) })
}

// —— reading ——

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')

const notification = z.object({
  id,
  kind: z.enum(kindNames),
  actor: id.nullable(),
  thread: id.nullable(),
  object: id.nullable(),
  says: z.string(),
  told: z.record(z.string(), z.string()),
  path: z.string(),
  at: z.date(),
  seenAt: z.date().nullable(),
})

export const list = action({
  says: 'List one’s own notifications, newest first',
  who: 'self.manage',
  reads: true,
  takes: z.strictObject({ unseen: z.boolean().optional(), before: cursor, limit }),
  gives: z.object({ items: z.array(notification), next: z.string().nullable() }),
  run: async (ctx, input) => {
    const rows = await store.latest(ctx, self(ctx), input)
    const named = await withActors(ctx, rows)
    return {
      items: named.map(({ seen_at, ...row }) => ({ ...row, seenAt: seen_at })),
      next: rows.length === input.limit ? rows.at(-1)!.id : null,
    }
  },
})

/** The name of who caused it goes into the sentence. */
async function withActors(ctx: Ctx, rows: store.Row[]): Promise<store.Row[]> {
  const cards = await cardsOf(
    ctx,
    rows.map(row => row.actor).filter(actor => actor !== null),
  )
  return rows.map(row => ({ ...row, told: { ...row.told, actor: (row.actor && cards.get(row.actor)?.name) || '–' } }))
}

export const count = action({
  says: 'Count one’s own unseen notifications, at most a hundred',
  who: 'self.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ unseen: z.number() }),
  run: async ctx => ({ unseen: (await unseen(ctx)).shown }),
})

export const see = action({
  says: 'Mark notifications as seen: these, those of a thread, or all',
  who: 'self.manage',
  passing: true,
  takes: z.strictObject({ ids: z.array(id).min(1).max(200).optional(), thread: id.optional() }),
  gives: z.object({ seen: z.array(id) }),
  run: async (ctx, which) => ({ seen: await saw(ctx, which) }),
})

const unseen = async (ctx: Ctx): Promise<store.Unseen> => {
  const { person } = ctx.actor
  if (!person) return { shown: 0, any: false }
  return remembered(ctx, `notifications.unseen ${person}`, [`person:${person}`], () => store.unseen(ctx, person))
}

async function saw(ctx: Ctx, which: store.Which): Promise<string[]> {
  const seen = await store.see(ctx, self(ctx), which)
  if (seen.length) await ring(ctx, [self(ctx)])
  return seen
}

/** Whoever looks at a thread has seen what was told of it. */
export async function sawThread(ctx: Ctx, thread: string): Promise<void> {
  if ((await unseen(ctx)).any) await saw(ctx, { thread })
}

/** What was told of a thread, or only of these objects in it, is of another from now on. */
export const moveNotices = store.moveAll

export const unsee = action({
  says: 'Make notifications unseen again',
  who: 'self.manage',
  takes: z.strictObject({ ids: z.array(id).min(1).max(10_000) }),
  gives: z.object({}),
  run: async (ctx, { ids }) => {
    await store.unsee(ctx, self(ctx), ids)
    await ring(ctx, [self(ctx)])
    return {}
  },
})

/** Where one of one’s own leads; it is seen from now on. */
export async function openNotification(ctx: Ctx, notification: string): Promise<string> {
  const [row] = await store.byIds(ctx, self(ctx), [parse(id, notification)])
  if (!row) return refuse('notFound', 'kernel.notFound')
  if (!row.seen_at) await see(ctx, { ids: [row.id] })
  return row.path
}

// —— choosing ——

const chosen = z.strictObject({ kind: z.enum(kindNames), door: z.enum(doors), wanted: z.boolean() })

export const choices = action({
  says: 'See which kinds of news one is told, and by which doors',
  who: 'self.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.object({ kind: z.enum(kindNames), doors: z.object({ app: z.boolean(), mail: z.boolean() }) })) }),
  run: async ctx => ({ items: rules.tableOf(self(ctx), await store.choicesOf(ctx, [self(ctx)])) }),
})

export const choose = action({
  says: 'Choose which kinds of news one is told, and by which doors',
  who: 'self.manage',
  takes: z.strictObject({ choices: z.array(chosen).min(1).max(50) }),
  gives: z.object({}),
  run: async (ctx, input) => {
    await store.choose(
      ctx,
      input.choices.map(each => ({ ...each, person: self(ctx) })),
    )
    return {}
  },
})

// —— mail ——

export const mailSoon = job('News that nobody has seen yet is mailed', z.object({ person: id }), async (ctx, { person }) => {
  if (!canMail()) return
  for (const news of rules.mailsOf(await store.takeForMail(ctx, person)))
    await later(ctx, mailNow, { person, ids: news.map(row => row.id) })
})

/** One mail is one job, so that one which fails is tried again alone. */
export const mailNow = outsideJob(
  'One mail with the news of one thread',
  z.object({ person: id, ids: z.array(id) }),
  async (org, { person, ids }) => {
    const mail = await asSystem(org, ctx => mailFor(ctx, person, ids))
    if (mail) await sendMail(mail)
  },
)

/** In the reader's language; null when everything was seen meanwhile, or the reader has left. */
async function mailFor(ctx: Ctx, person: string, ids: string[]): Promise<Mail | null> {
  // It may have been closed to them since they were to be told.
  const news = rules.stillNews(await withoutShutOut(ctx, await store.byIds(ctx, person, ids)))
  const to = news.length ? await memberByPerson(ctx, person) : null
  if (!to || to.suspendedAt) return null
  const named = await withActors(ctx, news)
  const off = offLink(ctx, person, news[0]!.kind)
  const headers = rules.headersOf(named, off, new URL(houseOrigin()).hostname)
  const letter = await inLanguage(isLanguage(to.language) ? to.language : ctx.language, () => written(named, off), ctx.zone)
  return { to: to.email, headers, ...letter }
}

async function written(news: rules.News[], off: string): Promise<{ subject: string; text: string; html: string }> {
  const letter = rules.letterOf(news, { origin: houseOrigin(), off })
  return { subject: letter.title, text: letterText(letter), html: await letterHtml(letter) }
}

const purpose = 'notifications off'

/** A link that ends mails of this kind with one click (RFC 8058): no sign-in, only what is signed. */
export function offLink(ctx: Ctx, person: string, kind: KindName): string {
  const about = `${ctx.org}.${person}.${kind}`
  return `${houseOrigin()}/notifications/off?${new URLSearchParams({ about, sign: sign(purpose, about) })}`
}

/** What a link of ours ends; null for every other. */
export function offAbout(about: string, signature: string): { org: string; person: string; kind: KindName } | null {
  const [org, person, kind] = about.split('.')
  if (!org || !person || !rules.isChoice(kind, 'mail') || !signedBy(purpose, about, signature)) return null
  return { org, person, kind: kind as KindName }
}

/** No more mails of this kind to this person. */
export const turnOff = ({ org, person, kind }: { org: string; person: string; kind: KindName }): Promise<void> =>
  asSystem(org, ctx => store.choose(ctx, [{ person, kind, door: 'mail', wanted: false }]))

export const forgetOld = every({ hour: 2 }, 'News of more than a year ago is forgotten', async ctx => {
  await store.forgetBefore(ctx, new Date(ctx.now.getTime() - 366 * 86_400_000))
})
