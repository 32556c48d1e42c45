/** What goes along with a question: the conversation, ready answers that fit it, and how similar questions were answered before. */
import { list as readyAnswers } from '#areas/answers/actions.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { date, t } from '#kernel/messages.ts'
import { may } from '#kernel/permissions.ts'
import { contentOf } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import { search } from '#social/search/actions.ts'
import { messagesOf, threadOf } from '#social/threads/actions.ts'
import * as rules from './rules.ts'
import type { Source } from './words.ts'

/** The newest part of a conversation, as the actor may read it. Refuses one in which nobody from outside has written. */
export async function conversation(ctx: Ctx, thread: string): Promise<{ said: Content[]; parts: rules.Part[]; question: Content }> {
  const { items } = await messagesOf(ctx, thread, { limit: 60 })
  const said = items.filter(each => each.deletedAt === null)
  const question = said.findLast(each => each.noun === 'Message' && each.side === 'outside' && each.text.trim())
  return { said, parts: rules.partsOf(said), question: question ?? refuse('conflict', 'assistant.nothingSaid') }
}

export interface Sourced {
  parts: rules.Part[]
  sources: Source[]
}

const [mostReady, mostPast] = [3, 3]

/** What an answer to this question can rest on. Each colleague's differ: nothing is found that the actor may not read. */
export async function sourcesFor(ctx: Ctx, thread: string, question: string): Promise<Sourced> {
  const [ready, past] = [await fittingAnswers(ctx, question), await pastAnswers(ctx, thread, question)]
  const all = [...ready, ...past]
  return { parts: all.map(({ text }) => ({ who: 'source', text })), sources: all.map(({ title, href }) => ({ title, href })) }
}

interface Found extends Source {
  text: string
}

async function fittingAnswers(ctx: Ctx, question: string): Promise<Found[]> {
  if (!may(ctx.actor, 'inbox.read')) return []
  const all = []
  for (let after: string | undefined, part = 0; part < 5; part++) {
    const { items, next } = await readyAnswers(ctx, { limit: 100, after })
    all.push(...items)
    if (!next) break
    after = next
  }
  return rules.likest(question, all, mostReady).map(({ id, title, text }) => ({ title, text, href: `/settings/answers/${id}` }))
}

/** Our own answers in other conversations, without what belongs to those who got them. */
async function pastAnswers(ctx: Ctx, thread: string, question: string): Promise<Found[]> {
  const telling = rules.tellingWords(question)
  if (telling.length < 2 || !may(ctx.actor, 'search.read')) return []
  const { items } = await search(ctx, { q: `is:message ${telling.join(' OR ')}`, order: 'best', limit: 40 })
  const contents = await contentOf(ctx, items.map(each => each.id)) // biome-ignore format: one thought
  const ours = items.flatMap(({ id }) => contents.get(id) ?? []).filter(each => isAnswer(each) && each.thread !== thread)
  const found: Found[] = []
  for (const each of ours.slice(0, mostPast)) found.push(await withoutTheirs(ctx, each))
  return found
}

const isAnswer = ({ noun, side, audience, text, deletedAt }: Content): boolean =>
  noun === 'Message' && side === 'inside' && audience !== 'staff' && deletedAt === null && text.length >= 40

async function withoutTheirs(ctx: Ctx, { id, thread, author, at, text }: Content): Promise<Found> {
  const { person } = await threadOf(ctx, thread)
  const cards = await cardsOf(ctx, [person, author].filter(each => each !== null)) // biome-ignore format: one thought
  const names = [...cards.values()].map(each => each.name)
  return {
    // No subject: it belongs to somebody else.
    title: t('assistant.pastAnswer', { at: date(at) }),
    href: `/threads/${thread}#message-${id}`,
    text: rules.impersonal(text.slice(0, 3000).toWellFormed(), names),
  }
}
