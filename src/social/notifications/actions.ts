import { z } from 'zod'
import { action, cursor, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { sign, signedBy } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { refuse } from '#kernel/errors.ts'
import { later, outsideJob } from '#kernel/jobs.ts'
import { announce } from '#kernel/live.ts'
import { canMail, sendMail } from '#kernel/mail.ts'
import { inLanguage, isLanguage, t } from '#kernel/messages.ts'
import { cardsOf } from '#social/people/actions.ts'
import { concerns, table, wants } from './rules.ts'
import * as store from './store.ts'
import { doors, type Kind, kinds, type Notice, type Notification } from './words.ts'

let origin = 'http://localhost:3000'
/** Where links in mails lead. */
export const useOrigin = (given: string): void => void (origin = given)

/** Tells people of what concerns them: in the app at once, by mail when it is still unseen after two minutes. */
export async function notify(ctx: Ctx, notices: Notice[]): Promise<void> {
  const own = ctx.actor.person
  const others = notices.map(each => ({ actor: own, ...each })).filter(each => concerns(each, own))
  if (others.length === 0) return
  const choices = await store.choices(ctx, [...new Set(others.map(each => each.person))])
  const heard = (each: Notice, door: 'app' | 'mail') =>
    wants(
      choices.filter(choice => choice.person === each.person),
      each.kind,
      door,
    )
  const wanted = others.filter(each => heard(each, 'app') || heard(each, 'mail'))
  if (wanted.length === 0) return
  const told = new Set((await store.add(ctx, wanted)).map(row => row.person))
  for (const person of told) await announce(ctx, { org: ctx.org, kind: 'notify', topics: [`person:${person}`] })
  for (const person of new Set(wanted.filter(each => told.has(each.person) && heard(each, 'mail')).map(each => each.person)))
    await later(ctx, mailUnseen, { person }, { at: new Date(ctx.now.getTime() + 120_000), key: person })
}

/** One mail with everything that is still unseen: a burst in one thread is one mail, and what was seen meanwhile is none. */
export const mailUnseen = outsideJob('Who has not looked gets one mail', z.object({ person: id }), async (org, { person }) => {
  if (!canMail()) return
  const letter = await asSystem(org, ctx => letterFor(ctx, person))
  if (!letter) return
  try {
    await sendMail(letter.mail)
  } catch (error) {
    await asSystem(org, ctx => store.unmail(ctx, letter.ids))
    throw error
  }
})

async function letterFor(ctx: Ctx, person: string) {
  const to = await store.reach(ctx, person)
  if (!to) return null
  const choices = await store.choices(ctx, [person])
  const items = await store.takeUnmailed(
    ctx,
    person,
    (Object.keys(kinds) as Kind[]).filter(kind => wants(choices, kind, 'mail')),
  )
  if (items.length === 0) return null
  const spoken = isLanguage(to.language) ? to.language : ctx.language
  const mail = await inLanguage(spoken, async () => written(ctx, person, to, items), ctx.zone)
  return { mail, ids: items.map(each => each.id) }
}

async function written(ctx: Ctx, person: string, to: { email: string; name: string }, items: Notification[]) {
  const sentences = await sentencesOf(ctx, items)
  const off = `${origin}/notifications/off?${new URLSearchParams({ org: ctx.org, person, s: sign('mail off', `${ctx.org} ${person}`) })}`
  const lines = items.map((each, at) => `${sentences[at]}\n${origin}${each.path}`)
  return {
    to: to.email,
    subject: items.length === 1 ? sentences[0]! : t('notifications.subject', { count: items.length }),
    text: `${t('notifications.hello', { name: to.name })}\n\n${lines.join('\n\n')}\n\n—\n${t('notifications.why')}\n${off}`,
    headers: { 'List-Unsubscribe': `<${off}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  }
}

/** Their sentences, in the language of who reads. */
export async function sentencesOf(ctx: Ctx, items: Notification[]): Promise<string[]> {
  const people = await cardsOf(
    ctx,
    items.flatMap(each => each.actor ?? []),
  )
  return items.map(each => t(each.says, { ...each.told, actor: (each.actor && people.get(each.actor)?.name) || t('notifications.house') }))
}

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')

const item = z.object({
  id,
  kind: z.string(),
  thread: id.nullable(),
  actor: id.nullable(),
  says: z.string(),
  path: z.string(),
  at: z.date(),
  seenAt: z.date().nullable(),
})

export const list = action({
  says: 'List one’s own notifications, newest first',
  who: 'self.manage',
  reads: true,
  takes: z.strictObject({ before: cursor, unseen: z.enum(['true', 'false']).optional(), limit }),
  gives: z.object({ items: z.array(item), next: z.string().nullable() }),
  run: async (ctx, input) => {
    const items = await store.list(ctx, self(ctx), { ...input, unseen: input.unseen === 'true' })
    const sentences = await sentencesOf(ctx, items)
    return {
      items: items.map(({ told: _, ...each }, at) => ({ ...each, says: sentences[at]! })),
      next: items.length === input.limit ? items.at(-1)!.id : null,
    }
  },
})

export const see = action({
  says: 'Mark one’s own notifications as seen: one, those of a thread, or all',
  who: 'self.manage',
  takes: z.strictObject({ id: id.optional(), thread: id.optional() }),
  gives: z.object({ seen: z.number() }),
  run: async (ctx, which) => {
    const seen = await store.see(ctx, self(ctx), which)
    if (seen) await announce(ctx, { org: ctx.org, kind: 'notify', topics: [`person:${self(ctx)}`] })
    return { seen }
  },
})

export const unseen = (ctx: Ctx): Promise<number> => (ctx.actor.person ? store.unseen(ctx, ctx.actor.person) : Promise.resolve(0))

const kindName = z.enum(Object.keys(kinds) as [Kind, ...Kind[]])

export const choices = action({
  says: 'See by which door one hears of what',
  who: 'self.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.object({ kind: kindName, doors: z.array(z.object({ door: z.enum(doors), wanted: z.boolean() })) })) }),
  run: async ctx => ({ items: table(await store.choices(ctx, [self(ctx)])) }),
})

export const choose = action({
  says: 'Choose whether one hears of a kind by a door',
  who: 'self.manage',
  takes: z.strictObject({ kind: kindName, door: z.enum(doors), wanted: z.enum(['yes', 'no']) }),
  gives: z.object({}),
  run: async (ctx, { kind, door, wanted }) => {
    await store.choose(ctx, { person: self(ctx), kind, door, wanted: wanted === 'yes' })
    return {}
  },
})

/** The one click of a mail (RFC 8058): no sign-in, only the signature of the link. */
export async function mailOff(org: string, person: string, signature: string): Promise<boolean> {
  if (!signedBy('mail off', `${org} ${person}`, signature)) return false
  await asSystem(org, async ctx => {
    for (const kind of Object.keys(kinds)) await store.choose(ctx, { person, kind, door: 'mail', wanted: false })
  })
  return true
}
