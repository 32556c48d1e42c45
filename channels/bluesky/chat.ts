/** The service of direct messages (lexicons `chat.bsky.convo.*`), as far as we use it, and what things are called there. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { type Ask, ask, type On } from './session.ts'

const service = 'did:web:api.bsky.chat#bsky_chat'

/** Throws ChannelError; `rejected` when the sign-in does not reach as far as direct messages. */
export async function askChat<T>(on: On, it: Omit<Ask, 'proxy'>, schema: z.ZodType<T>): Promise<T> {
  try {
    return await ask(on, { ...it, proxy: service }, schema)
  } catch (error) {
    if (!(error instanceof ChannelError) || error.kind !== 'reconnect') throw error
    throw new ChannelError('rejected', { says: 'bluesky.noTalk', cause: error })
  }
}

export const id = z.string().min(1).max(200)
const sender = z.object({ did: z.string().max(300) })
export const message = z.object({
  id,
  text: z.string().max(100_000),
  sender,
  sentAt: z.string().max(100),
  replyTo: z.object({ id }).optional().catch(undefined),
})
export type Message = z.output<typeof message>

export const remoteIdOf = (convoId: string, messageId: string): string => `${convoNamed(convoId)}/${messageId}`
/** What every message of a conversation answers. */
export const convoNamed = (convoId: string): string => `chat:${convoId}`
/** The conversation to which a message belongs; undefined for a post. */
export const convoIn = (remoteId: string): string | undefined =>
  remoteId.startsWith('chat:') ? remoteId.slice('chat:'.length).split('/')[0] || undefined : undefined
