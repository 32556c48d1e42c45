/**
 * A text becomes one or more posts, each there once. The network keeps our once-keys for an hour; beyond that, and on servers that keep none, what is
 * there is found among the account's own posts since it began. What may still be on its way is given a minute before it is sent again.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import type { Delivery, Draft } from '#social/channels/words.ts'
import { ask } from './client.ts'
import { id, status } from './entities.ts'
import { markOf, ready, upload } from './files.ts'
import { type Server, serverAt } from './instance.ts'
import type { On, Sending } from './memory.ts'
import * as memory from './memory.ts'
import { remoteIdOf, statusIn } from './names.ts'
import { after, ownPosts, page } from './pages.ts'
import { checked, markOfContent, markOfText, type Piece, piecesOf, quoting, sharedOf, tailOf } from './pieces.ts'
import { asked } from './polls.ts'

/** Where a text goes: below which post, and who may read it. */
export interface Place {
  replyTo: string | null
  visibility: string
}

/** Sends what is not there yet of a draft. Doing it again with the same once-key does nothing more. Throws ChannelError. */
export async function publish(account: On, given: Draft, onceKey: string, place: () => Promise<Place>): Promise<Delivery> {
  const done = await memory.sentAs(account, onceKey)
  if (done) return delivered(account, given, done)
  const draft = await quoting(account, given)
  const server = await serverAt(account.settings.server)
  asked(draft, server.poll)
  const it = (await resumed(account, onceKey)) ?? (await begun(account, draft, onceKey, { place, server }))
  const pieces = checked(piecesOf(draft, it), server)
  await agree(account, onceKey, it, pieces)
  while (it.ids.length < pieces.length) await post(account, { draft, onceKey, it, server, piece: pieces[it.ids.length]! })
  await memory.finish(account, onceKey, it)
  return delivered(account, draft, it)
}

/** Was it sent? Null when nothing of it, or not all, is there. */
export async function lookUp(account: On, onceKey: string): Promise<Delivery | null> {
  const done = await memory.sentAs(account, onceKey)
  if (done) return delivered(account, {}, done)
  const it = await resumed(account, onceKey)
  if (!it || it.ids.length < it.essences.length) return null
  await memory.finish(account, onceKey, it)
  return delivered(account, {}, it)
}

function delivered({ settings }: On, { repliesFrom }: Pick<Draft, 'repliesFrom'>, { ids, url }: memory.Sent): Delivery {
  const remoteId = remoteIdOf(settings.server, 'statuses', ids[0]!)
  return { state: 'done', remoteId, ...(url && { url }), ...(repliesFrom && { note: 'mastodon.noteReplies' }) }
}

// —— what is sent ——

async function begun(
  account: On,
  draft: Draft,
  onceKey: string,
  { place, server }: { place: () => Promise<Place>; server: Server },
): Promise<Sending> {
  const tail = await tailOf(account, draft, server)
  const where = { ...(await place()), most: server.characters, tail }
  const pieces = checked(piecesOf(draft, where), server)
  const before = await newestOwn(account)
  const essences = pieces.map(({ text }) => markOfText(text))
  const it: Sending = { ...where, after: before, essences, ids: [], url: null, media: {} }
  await memory.keepSending(account, onceKey, it)
  return it
}

/** Between two tries the words may have been changed: what is not there yet goes out as it is now. */
async function agree(account: On, onceKey: string, it: Sending, pieces: Piece[]): Promise<void> {
  const now = pieces.map(({ text }) => markOfText(text))
  const essences = [...it.essences.slice(0, it.ids.length), ...now.slice(it.ids.length)]
  if (essences.join() === it.essences.join()) return
  it.essences = essences
  await memory.keepSending(account, onceKey, it)
}

async function newestOwn(account: On): Promise<string | null> {
  const known = await memory.newestOwn(account)
  return known !== undefined ? known : ((await page(account.settings, ownPosts(account.settings), { limit: 1 }))[0]?.id ?? null)
}

// —— what is there already ——

async function resumed(account: On, onceKey: string): Promise<Sending | undefined> {
  const it = await memory.sendingOf(account, onceKey)
  if (it) await adopt(account, onceKey, it)
  return it
}

const mostPages = 10

/** Takes as sent what stands among our own posts since it began: same words, below the same post, and not sent for anything else. */
async function adopt(account: On, onceKey: string, it: Sending): Promise<void> {
  const { settings } = account
  for (let from = it.after, pages = 0; pages < mostPages && it.ids.length < it.essences.length; pages++) {
    const found = await after(settings, ownPosts(settings), from)
    for (const { item } of found) await adoptOne(account, onceKey, it, item)
    if (found.length === 0 || from === null) return
    from = found.at(-1)!.id
  }
}

async function adoptOne(account: On, onceKey: string, it: Sending, item: unknown): Promise<void> {
  const found = status.safeParse(item).data
  if (!found || it.ids.includes(found.id) || markOfContent(found.content) !== it.essences[it.ids.length]) return
  if (found.in_reply_to_id !== (it.ids.at(-1) ?? it.replyTo) || (found.visibility === 'direct') !== (it.visibility === 'direct')) return
  const claimed = await memory.claimedBy(account, found.id)
  if (claimed === undefined || claimed === onceKey) await taken(account, onceKey, it, found)
}

async function taken(account: On, onceKey: string, it: Sending, post: { id: string; url?: string | null | undefined }): Promise<void> {
  if (it.ids.length === 0) it.url = post.url ?? null
  it.ids.push(post.id)
  await memory.claim(account, post.id, onceKey)
  await memory.keepSending(account, onceKey, it)
}

// —— sending ——

interface Next {
  draft: Draft
  onceKey: string
  it: Sending
  server: Server
  piece: Piece
}

const posted = z.object({ id, url: z.string().max(4000).nullish().catch(null) })

/** A server that is slow may still be at it, and not know its own once-key yet: then it is not asked again so soon. */
async function post(account: On, next: Next): Promise<void> {
  const { onceKey, it } = next
  const part = `${onceKey} ${it.ids.length}`
  const media_ids = await filesOf(account, next)
  const body = { ...(await bodyOf(account, next)), ...(media_ids.length && { media_ids }) }
  if (!(await memory.beginTry(account, part))) throw new ChannelError('down', { says: 'mastodon.onTheWay' })
  const key = createHash('sha256').update(part).digest('hex')
  try {
    const said = await ask(account.settings, { method: 'POST', path: '/api/v1/statuses', body, onceKey: key, makes: true }, posted)
    await taken(account, onceKey, it, said)
  } catch (error) {
    if (!(await isThereAllTheSame(account, next, error))) throw error
  }
}

async function isThereAllTheSame(account: On, { onceKey, it }: Next, error: unknown): Promise<boolean> {
  if (!(error instanceof ChannelError)) return false
  const before = it.ids.length
  if (error.kind === 'unsure') await adopt(account, onceKey, it).catch(() => {})
  else await memory.endTry(account, `${onceKey} ${before}`)
  return it.ids.length > before
}

/** Each file goes up once, however often it is tried. */
async function filesOf(account: On, { onceKey, it, server, piece }: Next): Promise<string[]> {
  const ids: string[] = []
  for (const file of piece.files) {
    const [mark, known] = [markOf(file), it.media[markOf(file)]]
    const isThere = known !== undefined && (await ready(account.settings, known))
    it.media[mark] = isThere ? known : await upload(account.settings, file, server)
    if (!isThere) await memory.keepSending(account, onceKey, it)
    ids.push(it.media[mark])
  }
  return ids
}

async function bodyOf({ settings }: On, { draft, it, server, piece }: Next) {
  const isFirst = it.ids.length === 0
  const quoted = isFirst && draft.quotes && server.quotes ? statusIn(settings.server, draft.quotes) : undefined
  return {
    ...sharedOf(draft, piece),
    visibility: it.visibility,
    in_reply_to_id: it.ids.at(-1) ?? it.replyTo ?? undefined,
    ...(isFirst && asked(draft, server.poll)),
    // The one name is Mastodon's, the other that of servers which had quotes before it.
    ...(quoted && { quoted_status_id: quoted, quote_id: quoted }),
  }
}
