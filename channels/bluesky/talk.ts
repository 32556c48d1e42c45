/**
 * Direct messages. They are kept by a service of their own (lexicons `chat.bsky.convo.*`), which the account's server asks for us. A conversation there is one
 * here: each of its messages answers it. What the service or the sign-in does not give holds up nothing else.
 */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { storable } from '#kernel/plain.ts'
import type { Handle, HeardMessage } from '#social/channels/words.ts'
import { askChat, convoNamed, id, message, remoteIdOf } from './chat.ts'
import { documented } from './identity.ts'
import { isDid, profileOf } from './names.ts'
import type { On } from './session.ts'
import { isOurs } from './talk-sent.ts'
import { network, ownHandle } from './translate.ts'

const convo = z.object({ id, rev: z.string().max(200), members: z.array(z.object({ did: z.string().max(300) })).max(200) })
const convos = z.object({ convos: z.array(z.unknown()).max(200) })
const log = z.object({ $type: z.string(), convoId: id, message: z.unknown() })
const logs = z.object({ cursor: z.string().max(200).optional(), logs: z.array(z.unknown()).max(1000) })
const messages = z.object({ messages: z.array(z.unknown()).max(200) })

export interface Talked {
  heard: HeardMessage[]
  /** How far everything is heard; empty while there is no conversation at all. */
  chat: string | undefined
  more: boolean
}

const pause = 15 * 60_000

/** What was said since then. Without a mark, from now on. Never throws: the service is asked again after a quarter of an hour. */
export async function talked(on: On, chat: string | undefined): Promise<Talked> {
  if (await on.memory.get('no talk')) return { heard: [], chat, more: false }
  try {
    return chat ? await fromLog(on, chat) : await fromConvos(on, chat)
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    await on.memory.set('no talk', error.says, { until: new Date(now().getTime() + pause) })
    return { heard: [], chat, more: false }
  }
}

async function fromLog(on: On, chat: string): Promise<Talked> {
  const said = await askChat(on, { name: 'chat.bsky.convo.getLog', query: { cursor: chat } }, logs)
  const heard: HeardMessage[] = []
  for (const each of said.logs) {
    const it = log.safeParse(each).data
    if (it?.$type.endsWith('#logCreateMessage')) heard.push(...(await heardOf(on, it.convoId, it.message)))
  }
  const next = said.cursor ?? chat
  return { heard, chat: next, more: said.logs.length > 0 && next !== chat }
}

/** Where the log is begun: what was there when the account was connected is not heard, what came into an empty place since is. */
async function fromConvos(on: On, chat: string | undefined): Promise<Talked> {
  const said = await askChat(on, { name: 'chat.bsky.convo.listConvos', query: { limit: 20 } }, convos)
  const all = said.convos.flatMap(each => convo.safeParse(each).data ?? [])
  const newest =
    all
      .map(({ rev }) => rev)
      .sort()
      .at(-1) ?? ''
  if (chat === undefined) return { heard: [], chat: newest, more: false }
  const heard: HeardMessage[] = []
  for (const { id: convoId } of all) {
    const { messages: list } = await askChat(on, { name: 'chat.bsky.convo.getMessages', query: { convoId, limit: 50 } }, messages)
    for (const each of list.reverse()) heard.push(...(await heardOf(on, convoId, each)))
  }
  return { heard, chat: newest, more: false }
}

async function heardOf(on: On, convoId: string, given: unknown): Promise<HeardMessage[]> {
  const it = message.safeParse(given).data
  const at = new Date(it?.sentAt ?? Number.NaN)
  if (!it || Number.isNaN(at.getTime()) || !isDid(it.sender.did)) return []
  const own = ownHandle(on.settings)
  const isOwn = it.sender.did === on.settings.did
  if (isOwn && (await isOurs(on, convoId, it.text))) return []
  const answers = [...(it.replyTo ? [remoteIdOf(convoId, it.replyTo.id)] : []), convoNamed(convoId)]
  const envelope = { is: 'message' as const, remoteId: remoteIdOf(convoId, it.id), at, copied: [], attachments: [] }
  const from = isOwn ? own : await personOf(it.sender.did)
  const to = isOwn ? await othersIn(on, convoId) : [own]
  return [{ ...envelope, direction: isOwn ? 'out' : 'in', from, to, answers, text: storable(it.text) }]
}

/** Their handle as their own document says it; nobody is turned away because it cannot be asked. */
async function personOf(did: string): Promise<Handle> {
  const handle = (await documented(did).catch(() => undefined))?.handle
  return { network, address: handle ?? did, remoteId: did, url: profileOf(did) }
}

async function othersIn(on: On, convoId: string): Promise<Handle[]> {
  const { convo: it } = await askChat(on, { name: 'chat.bsky.convo.getConvo', query: { convoId } }, z.object({ convo }))
  const dids = it.members.map(({ did }) => did).filter(did => isDid(did) && did !== on.settings.did)
  return Promise.all(dids.slice(0, 20).map(personOf))
}
