import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { locale, t, zone } from '#kernel/messages.ts'
import { record } from '#social/activities/actions.ts'
import { type Activity, on } from '#social/activities/words.ts'
import { Edited, Removed } from '#social/content/words.ts'
import * as outbox from '#social/outbox/actions.ts'
import { freeSlot, weeksOf } from './actions-slots.ts'
import { quotingOf, type Stage, stages, theDraft, thePost, write, writing } from './actions-writing.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** How long what goes out at once can still be called off, in milliseconds: as long as the way back is offered. */
const grace = 10_000

const moment = { at: z.coerce.date().optional(), said: line(60).optional() }

export const plan = action({
  says: 'Publish a draft: now, at a moment (`at`, or `said` as in “thu 9”), or in the next free slot of each account. `draft` is kept first',
  who: 'posts.publish',
  takes: z.strictObject({
    post: id,
    draft: writing.optional(),
    when: z.enum(['now', 'at', 'slot']),
    ...moment,
    undescribed: z.enum(['on']).optional(),
  }),
  gives: z.object({ dueAt: z.date() }),
  run: async (ctx, { post, draft, when, undescribed, ...said }) => {
    const row = await theDraft(ctx, post)
    if (draft) await write(ctx, row, draft)
    const it = (await store.one(ctx, post))!
    const known = new Map((await stages(ctx)).map(each => [each.id, each]))
    const going = it.variants.flatMap(variant => ({ variant, stage: known.get(variant.account)! })).filter(({ stage }) => stage)
    rules.goesSomewhere(going)
    rules.areDescribed(it.pictures, undescribed === 'on')
    refuseFaults(going.flatMap(({ variant, stage }) => faultsIn(it, variant, stage)))
    const quoting = await quotingOf(ctx, it, [...known.values()])
    rules.isAsked(
      it.poll,
      going.map(({ stage }) => stage.limits),
    )
    rules.isQuoted(quoting, going.map(({ stage }) => rules.quotedOn(quoting, stage))) // biome-ignore format: one thought
    const dueAts = await momentsFor(
      ctx,
      when,
      said,
      going.map(({ stage }) => stage),
    )
    for (const [at, { variant, stage }] of going.entries()) await send(ctx, { post: it, variant, stage, quoting, dueAt: dueAts[at]! })
    const dueAt = new Date(Math.min(...dueAts.map(Number)))
    await store.change(ctx, post, { due_at: dueAt, at: dueAt, planned_by: ctx.actor.person, planned_at: ctx.now, wanted_at: null })
    record(ctx, words.Planned, { object: post, detail: { accounts: going.length, dueAt: dueAt.toISOString() } })
    tell(ctx, 'posts')
    return { dueAt }
  },
})

const faultsIn = ({ text: shared, pictures, poll }: words.Post, variant: words.Variant, { limits, ...stage }: Stage): FieldFault[] =>
  rules
    .faultsOf({ text: variant.text ?? shared, warning: variant.warning, pictures: rules.picturesBy(stage.id, pictures), poll }, limits)
    .map(fault => ({ field: stage.id, key: fault.key, values: { ...fault.values } }))

function refuseFaults(fields: FieldFault[]): void {
  if (fields.length) throw new Refusal('invalid', 'marketing.doesNotFit', {}, { fields })
}

async function momentsFor(ctx: Ctx, when: 'now' | 'at' | 'slot', said: { at?: Date; said?: string }, to: Stage[]): Promise<Date[]> {
  if (when === 'now') return to.map(() => new Date(ctx.now.getTime() + grace))
  if (when === 'at') {
    const at = momentIn(ctx, said)
    return to.map(() => at)
  }
  const weeks = await weeksOf(ctx)
  const found: Date[] = []
  for (const { id: account, name } of to) {
    await store.heldSlots(ctx, account)
    found.push((await freeSlot(ctx, account, weeks.of(account))) ?? refuse('conflict', 'marketing.noSlot', { name }))
  }
  return found
}

/** Monday first, in the language of whoever speaks. */
const weekdayNames = (): string[] =>
  [5, 6, 7, 8, 9, 10, 11].map(day => new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 0, day)))

/** Whoever looks at a page means their own clocks; everyone else those of the organisation. */
const clocksOf = (ctx: Ctx): string => (ctx.actor.via === 'page' ? zone() : ctx.zone)

function momentIn(ctx: Ctx, { at, said }: { at?: Date; said?: string }): Date {
  const spoken = {
    now: ctx.now,
    zone: clocksOf(ctx),
    weekdays: weekdayNames(),
    today: t('marketing.today'),
    tomorrow: t('marketing.tomorrow'),
  }
  const moment = at ?? rules.momentSaid(said ?? '', spoken)
  const fields = [{ field: 'said', key: 'marketing.unclear' }]
  if (!moment || Number.isNaN(moment.getTime())) throw new Refusal('invalid', 'marketing.unclear', {}, { fields })
  rules.isAhead(moment, ctx.now)
  return moment
}

interface Going {
  post: words.Post
  variant: words.Variant
  stage: Stage
  quoting: words.Quoting | null
  dueAt: Date
}

async function send(ctx: Ctx, { post, variant, stage, quoting, dueAt }: Going): Promise<void> {
  const { limits } = stage
  const quoted = rules.quotedOn(quoting, stage)
  const [first = '', ...others] = rules.saidThere(variant.text ?? post.text, limits)
  const attachments = rules.picturesFor(rules.picturesBy(stage.id, post.pictures), limits, post.poll).map(picture => {
    const { name, type, alt } = picture
    const { file, size } = rules.goingOf(picture)
    return { file, name, type, size, alt, cid: null, inline: false }
  })
  const { content, delivery } = await outbox.publish(ctx, {
    account: variant.account,
    text: first,
    ...(others.length && { parts: others.map(part => ({ text: part, attachments: [] })) }),
    ...(limits.warning && variant.warning && { warning: variant.warning }),
    ...(variant.repliesFrom && limits.repliesFrom?.includes(variant.repliesFrom) && { repliesFrom: variant.repliesFrom }),
    ...(quoted && (quoting?.link ? { quotesLink: quoted } : { quotes: quoted })),
    ...(limits.poll && post.poll && { poll: rules.pollGoing(post.poll) }),
    attachments,
    dueAt,
  })
  await store.changeVariant(ctx, post.id, variant.account, { content, delivery, due_at: dueAt, back_at: null })
}

// —— before it went out ——

export const move = action({
  says: 'Have a planned post go out at another moment, or on another day (`2026-11-30`) at the same time',
  who: 'posts.publish',
  takes: z.strictObject({ post: id, ...moment, day: z.iso.date().optional() }),
  gives: z.object({ was: z.date(), dueAt: z.date() }),
  run: async (ctx, { post, day, ...said }) => {
    const was = (await thePost(ctx, post)).due_at ?? refuse('conflict', 'marketing.notPlanned')
    const { variants } = (await store.one(ctx, post))!
    rules.waits(variants)
    const waiting = variants.filter(each => each.state === 'waiting')
    const dueAt = day ? rules.movedTo(was, day, clocksOf(ctx)) : momentIn(ctx, said)
    rules.isAhead(dueAt, ctx.now)
    for (const { account, delivery, dueAt: its } of waiting) {
      const at = new Date(dueAt.getTime() + (its!.getTime() - was.getTime()))
      await outbox.reschedule(ctx, { delivery: delivery!, dueAt: at })
      await store.changeVariant(ctx, post, account, { due_at: at })
    }
    await store.change(ctx, post, { due_at: dueAt, at: dueAt })
    record(ctx, words.Moved, { object: post, detail: { from: was.toISOString(), to: dueAt.toISOString() } })
    tell(ctx, 'posts')
    return { was, dueAt }
  },
})

export const callOff = action({
  says: 'Make a planned post a draft again: it does not go out',
  who: 'posts.publish',
  takes: z.strictObject({ post: id }),
  gives: z.object({ was: z.date() }),
  run: async (ctx, { post }) => {
    const was = (await thePost(ctx, post)).due_at ?? refuse('conflict', 'marketing.notPlanned')
    const { variants } = (await store.one(ctx, post))!
    rules.waits(variants)
    for (const { delivery } of variants.filter(each => each.state === 'waiting')) await outbox.cancel(ctx, { delivery: delivery! })
    await store.clearVariants(ctx, post)
    await store.change(ctx, post, { due_at: null, planned_by: null, planned_at: null, wanted_at: was, at: ctx.now })
    record(ctx, words.CalledOff, { object: post })
    tell(ctx, 'posts')
    return { was }
  },
})

// —— after it went out ——

export const amend = action({
  says: 'Change the words of a post that went out, in one account whose network can do that',
  who: 'posts.publish',
  takes: z.strictObject({ post: id, account: id, text: text(50_000) }),
  gives: z.object({}),
  run: async (ctx, { post, account, text: said }) => {
    await thePost(ctx, post)
    const it = (await store.one(ctx, post))!
    const variant = it.variants.find(each => each.account === account && each.content) ?? refuse('notFound', 'kernel.notFound')
    const stage = (await stages(ctx)).find(each => each.id === account && each.canEdit) ?? refuse('conflict', 'marketing.cannotChange')
    if (variant.state !== 'sent') refuse('conflict', 'marketing.notGone')
    const changed = { ...variant, text: said.replaceAll('\r\n', '\n') }
    refuseFaults(faultsIn(it, changed, stage).map(fault => ({ ...fault, field: 'text' })))
    const [first = '', ...others] = rules.saidThere(changed.text, stage.limits)
    await outbox.change(ctx, {
      content: variant.content!,
      text: first,
      ...(others.length && { parts: others }),
    })
    await store.changeVariant(ctx, post, account, { text: changed.text })
    record(ctx, words.Changed, { object: post, detail: { account } })
    tell(ctx, 'posts')
    return {}
  },
})

export const takeBack = action({
  says: 'Take a post back everywhere: what waits does not go out, what went out is deleted where its network can do that',
  who: 'posts.publish',
  takes: z.strictObject({ post: id }),
  gives: z.object({ left: z.number() }),
  run: async (ctx, { post }) => {
    await thePost(ctx, post)
    const { variants } = (await store.one(ctx, post))!
    const able = new Set((await stages(ctx)).filter(each => each.canRemove).map(each => each.id))
    const back: words.Variant[] = []
    for (const variant of variants.filter(each => each.content && each.state !== 'back')) {
      if (variant.state !== 'waiting' && !(variant.state === 'sent' && able.has(variant.account))) continue
      await outbox.withdraw(ctx, { content: variant.content! })
      await store.changeVariant(ctx, post, variant.account, { back_at: ctx.now })
      back.push(variant)
    }
    if (back.length === 0) refuse('conflict', 'marketing.cannotTakeBack')
    record(ctx, words.TakenBack, { object: post })
    tell(ctx, 'posts')
    return { left: variants.filter(each => each.state === 'sent' && !back.includes(each)).length }
  },
})

// —— what was done to it from its conversation ——

const ours = (happened: Pick<Activity<{ noun: string }>, 'side' | 'object' | 'detail'>[]): string[] =>
  happened.flatMap(({ side, object, detail }) => (side === 'inside' && detail.noun === 'Message' && object) || [])

export const followChanges = on(Edited, 'what was changed from its conversation is changed in the post', async (ctx, happened) => {
  for (const { post, account, content, text: written } of await store.saidAs(ctx, ours(happened))) {
    const said = (await outbox.wordsOf(ctx, content))?.parts ?? []
    if (said.length === 0 || rules.isSameSaid(written, said)) continue
    await store.changeVariant(ctx, post, account, { text: rules.inParts(said) })
    tell(ctx, 'posts')
  }
})

export const followRemovals = on(Removed, 'what was taken back from its conversation is back in the post', async (ctx, happened) => {
  for (const { post, account } of await store.saidAs(ctx, ours(happened))) {
    await store.changeVariant(ctx, post, account, { back_at: ctx.now })
    tell(ctx, 'posts')
  }
})
