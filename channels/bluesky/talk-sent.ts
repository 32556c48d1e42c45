/** Direct messages of ours: the service knows no once-keys, so what may have been sent is looked for among what stands there, and given a minute to get there. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Delivery, Draft } from '#social/channels/words.ts'
import { askChat, convoIn, message, remoteIdOf } from './chat.ts'
import type { On } from './session.ts'
import { graphemes } from './text.ts'

const begun = z.object({ convo: z.string(), mark: z.string(), since: z.iso.datetime(), id: z.string().optional() })
type Begun = z.output<typeof begun>

const [minute, day] = [60_000, 86_400_000]
const later = (milliseconds: number): Date => new Date(now().getTime() + milliseconds)
const markOf = (text: string): string => createHash('sha256').update(text.trim()).digest('base64url').slice(0, 22)

/** Did we send these words there ourselves, or are about to? */
export const isOurs = async ({ memory }: On, convo: string, text: string): Promise<boolean> =>
  (await memory.get(`talk in ${convo} ${markOf(text)}`)) !== undefined

/** Longest text of one message (lexicon `chat.bsky.convo.defs`). */
const mostGraphemes = 1000

/** Into the conversation that it answers. Doing it again with the same once-key does nothing more. */
export async function say(on: On, draft: Draft, onceKey: string, convo: string): Promise<Delivery> {
  if (draft.attachments.length) throw new ChannelError('rejected', { says: 'bluesky.noFilesInTalk' })
  if (graphemes(draft.text).length > mostGraphemes) throw new ChannelError('rejected', { says: 'bluesky.tooLongForTalk' })
  const before = await lookUpSaid(on, onceKey)
  if (before) return before
  const it: Begun = (await begunAs(on, onceKey)) ?? { convo, mark: markOf(draft.text), since: now().toISOString() }
  const isFree = await on.memory.set(`talk try ${onceKey}`, true, { fresh: true, until: later(minute) })
  if (!isFree) throw new ChannelError('down', { says: 'bluesky.onTheWay' })
  await on.memory.set(`talk ${onceKey}`, it, { until: later(30 * day) })
  await on.memory.set(`talk in ${convo} ${it.mark}`, true, { until: later(day) })
  await accept(on, convo)
  return send(on, draft.text, onceKey, it)
}

async function send(on: On, text: string, onceKey: string, it: Begun): Promise<Delivery> {
  const body = { convoId: it.convo, message: { text } }
  try {
    const { id } = await askChat(on, { name: 'chat.bsky.convo.sendMessage', does: 'change', body }, message)
    return taken(on, onceKey, it, id)
  } catch (error) {
    // Whatever was refused is not on its way.
    if (error instanceof ChannelError && error.kind !== 'unsure') await on.memory.set(`talk try ${onceKey}`, undefined)
    throw error
  }
}

const status = z.object({ convo: z.object({ status: z.string().max(100).optional().catch(undefined) }) })

/** Whoever answers a stranger takes up the conversation. */
async function accept(on: On, convoId: string): Promise<void> {
  const { convo } = await askChat(on, { name: 'chat.bsky.convo.getConvo', query: { convoId } }, status)
  if (convo.status === 'request')
    await askChat(on, { name: 'chat.bsky.convo.acceptConvo', does: 'harmless', body: { convoId } }, z.unknown())
}

async function taken({ memory }: On, onceKey: string, it: Begun, id: string): Promise<Delivery> {
  await memory.set(`talk ${onceKey}`, { ...it, id }, { until: later(30 * day) })
  await memory.set(`talk as ${it.convo} ${id}`, onceKey, { until: later(30 * day) })
  return { state: 'done', remoteId: remoteIdOf(it.convo, id) }
}

const begunAs = async ({ memory }: On, onceKey: string): Promise<Begun | undefined> =>
  begun.safeParse(await memory.get(`talk ${onceKey}`)).data

const messages = z.object({ messages: z.array(z.unknown()).max(200) })

/** Was it sent? Null when it does not stand there; undefined for whatever is no direct message. */
export async function lookUpSaid(on: On, onceKey: string): Promise<Delivery | null | undefined> {
  const it = await begunAs(on, onceKey)
  if (!it) return undefined
  if (it.id) return { state: 'done', remoteId: remoteIdOf(it.convo, it.id) }
  const query = { convoId: it.convo, limit: 100 }
  const { messages: list } = await askChat(on, { name: 'chat.bsky.convo.getMessages', query }, messages)
  for (const each of list.reverse()) {
    const found = message.safeParse(each).data
    const isIt =
      found?.sender.did === on.settings.did && markOf(found.text) === it.mark && Date.parse(found.sentAt) >= Date.parse(it.since) - minute
    const claimed = isIt ? await on.memory.get(`talk as ${it.convo} ${found.id}`) : undefined
    if (found && isIt && (claimed === undefined || claimed === onceKey)) return taken(on, onceKey, it, found.id)
  }
  return null
}

/** The conversation in which a draft is said; undefined when it answers posts. */
export const convoOf = ({ answers }: Draft): string | undefined => answers.map(convoIn).find(each => each !== undefined)
