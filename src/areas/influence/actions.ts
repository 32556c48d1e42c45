/** Who moved whom: reckoned each night from what everybody can read, shown with its topic and its evidence. */
import { z } from 'zod'
import { action, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { every } from '#kernel/jobs.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const topicKey = z.string().regex(/^(?:tag:.{1,60}|monitor:[0-9a-f-]{36})$/su)

const shown = ({ reckoned_at, ...row }: store.TopicRow & { name: string }): words.Topic => ({ ...row, reckonedAt: reckoned_at })

async function theTopic(ctx: Ctx, key: string): Promise<words.Topic> {
  const [row] = await store.topics(ctx, key)
  if (!row) refuse('notFound', 'influence.noTopic')
  return shown(row)
}

export const topics = action({
  says: 'The topics in which somebody moved somebody, those with most acts first, with how much was looked at',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.topic) }),
  run: async ctx => ({ items: (await store.topics(ctx, null)).map(shown) }),
})

const place = /^(\d(?:\.\d{1,20})?(?:e-\d{1,3})?) ([0-9a-f-]{36})$/

export const voices = action({
  says: 'Who moves others in a topic, whoever moves them most first; our own colleagues by themselves',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ topic: topicKey, staff: z.boolean().default(false), after: z.string().regex(place).optional(), limit }),
  gives: z.object({ topic: words.topic, items: z.array(words.voice), ties: z.array(words.tie), next: z.string().nullable() }),
  run: async (ctx, { topic: key, staff, after, limit: most }) => {
    const topic = await theTopic(ctx, key)
    const [, share, person] = place.exec(after ?? '') ?? []
    const items = await store.voices(ctx, key, { staff, limit: most, after: person ? { share: Number(share), person } : undefined })
    const last = items.length === most ? items.at(-1) : undefined
    const ties = await store.ties(
      ctx,
      key,
      items.slice(0, 12).map(each => each.person),
    )
    return { topic, items, ties, next: last ? `${last.share} ${last.person}` : null }
  },
})

const moment = /^(\d{1,16}) ([0-9a-f-]{36})$/

export const voice = action({
  says: 'Whom somebody moved in a topic and who moved them, with the words that show it, the latest first',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ topic: topicKey, person: id, moved: id.optional(), before: z.string().regex(moment).optional(), limit }),
  gives: z.object({
    topic: words.topic,
    voice: words.voice.nullable(),
    ties: z.array(words.tie),
    evidence: z.array(words.evidence),
    next: z.string().nullable(),
  }),
  run: async (ctx, { topic: key, person, moved, before, limit: most }) => {
    const topic = await theTopic(ctx, key)
    const [, at, act] = moment.exec(before ?? '') ?? []
    const [voice, ties, evidence] = [
      await store.voiceOf(ctx, key, person),
      await store.ties(ctx, key, [person]),
      await store.evidenceOf(ctx, key, person, { limit: most, moved, before: act ? { at: new Date(Number(at)), id: act } : undefined }),
    ]
    if (ties.length === 0) refuse('notFound', 'influence.noVoice')
    const last = evidence.length === most ? evidence.at(-1) : undefined
    return { topic, voice: voice ?? null, ties, evidence, next: last ? `${last.at.getTime()} ${last.id}` : null }
  },
})

export const reckon = action({
  says: 'Reckon all topics anew, as it is done each night',
  who: 'monitors.manage',
  takes: z.strictObject({}),
  gives: z.object({ topics: z.number() }),
  run: async ctx => ({ topics: await reckonAll(ctx) }),
})

export const reckonNightly = every({ hour: 3 }, 'Who moved whom is reckoned anew, topic by topic', async ctx => void (await reckonAll(ctx)))

async function reckonAll(ctx: Ctx): Promise<number> {
  const wanted = await store.topicsToReckon(ctx)
  for (const gone of (await store.reckoned(ctx)).filter(each => !wanted.includes(each))) await store.forgetTopic(ctx, gone)
  for (const topic of wanted) await reckonOne(ctx, topic)
  return wanted.length
}

async function reckonOne(ctx: Ctx, topic: string): Promise<void> {
  const since = new Date(ctx.now.getTime() - words.window.days * 86_400_000)
  const all = await store.postsOf(ctx, topic, since)
  const posts = all.filter(each => each.author !== null && !each.bot)
  const staff = new Set([...(await store.colleagues(ctx)), ...posts.flatMap(each => (each.side === 'inside' ? [each.author!] : []))])
  const reactions = await store.reactionsTo(
    ctx,
    posts.map(each => each.id),
  )
  const acts = rules.actsOf(posts, reactions, staff)
  const times = all.map(each => each.at.getTime())
  await store.keepTopic(
    ctx,
    {
      ...{ topic, posts: all.length, unknown: all.filter(each => each.author === null).length, bots: all.filter(each => each.bot).length },
      ...{ people: new Set(posts.map(each => each.author)).size, acts: acts.length, reckoned_at: ctx.now },
      ...{ since: times.length ? new Date(times.reduce((a, b) => Math.min(a, b))) : null },
      ...{ until: times.length ? new Date(times.reduce((a, b) => Math.max(a, b))) : null },
    },
    rules.voicesOf(acts, staff),
    acts,
  )
}
