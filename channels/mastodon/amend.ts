/** What we said is changed or taken back, in all its parts; and our signs on what others said. Done again, nothing more is done. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import type { Draft, React } from '#social/channels/words.ts'
import { ask, isMissing, ServerError } from './client.ts'
import { anything, id, type Status } from './entities.ts'
import { described, markOf, upload } from './files.ts'
import { type Server, serverAt } from './instance.ts'
import { claim, forgetSeen, forgetWhole, keepWhole, type On, type Whole, wholeOf } from './memory.ts'
import { statusIn } from './names.ts'
import { statusAt } from './pages.ts'
import { type Piece, piecesOf, sharedOf, tailOf } from './pieces.ts'
import { askedStill } from './polls.ts'
import type { Settings } from './settings.ts'

function idOf({ settings }: On, remoteId: string): string {
  const found = statusIn(settings.server, remoteId)
  if (!found) throw new ChannelError('rejected', { says: 'mastodon.notOurs' })
  return found
}

export async function edit(account: On, remoteId: string, draft: Draft): Promise<void> {
  const [first, server] = [idOf(account, remoteId), await serverAt(account.settings.server)]
  const current = await statusAt(account.settings, first)
  if (!current) return
  if (current.account.id !== account.settings.accountId) throw new ChannelError('rejected', { says: 'mastodon.notOurs' })
  const before = await wholeOf(account, first)
  const pieces = piecesOf(draft, { most: server.characters, visibility: current.visibility, tail: await tailOf(account, draft, server) })
  const it: Change = { draft, server, current, ids: before.ids.slice(0, pieces.length), media: { ...before.media } }
  for (const [at, piece] of pieces.entries()) await (at < before.ids.length ? change(account, it, piece, at) : append(account, it, piece))
  await takeAway(account.settings, before.ids.slice(pieces.length))
  await keepWhole(account, it)
}

interface Change extends Whole {
  draft: Draft
  server: Server
  current: Status
}

/** A later part may have been taken away by hand: then there is nothing to change. */
async function change(account: On, it: Change, piece: Piece, at: number): Promise<void> {
  const { settings } = account
  const current = at === 0 ? it.current : await statusAt(settings, it.ids[at]!)
  if (!current) return
  const body = {
    ...sharedOf(it.draft, piece),
    ...(await filesFor(settings, it, piece, current)),
    ...askedStill(current, it.server.poll),
  }
  await ask(settings, { method: 'PUT', path: `/api/v1/statuses/${current.id}`, body }, anything).catch(error => {
    const isUnknown = error instanceof ServerError && [404, 405, 501].includes(error.status)
    throw isUnknown ? new ChannelError('rejected', { says: 'mastodon.noEdit', cause: error }) : error
  })
}

/** Files that are there already stay, with the description that they have now. */
async function filesFor(settings: Settings, it: Change, { files }: Piece, current: Pick<Status, 'media_attachments'>) {
  const there = current.media_attachments.map(each => each.id)
  const media_ids: string[] = []
  for (const file of files) {
    const known = it.media[markOf(file)]
    it.media[markOf(file)] = known && there.includes(known) ? known : await upload(settings, file, it.server)
    media_ids.push(it.media[markOf(file)]!)
  }
  return { media_ids, media_attributes: media_ids.map((id, at) => ({ id, description: described(files[at]!, it.server) })) }
}

const posted = z.object({ id })

async function append(account: On, it: Change, piece: Piece): Promise<void> {
  const { settings } = account
  const { media_ids } = await filesFor(settings, it, piece, { media_attachments: [] })
  const place = { in_reply_to_id: it.ids.at(-1), visibility: it.current.visibility }
  const body = { ...sharedOf(it.draft, piece), ...place, ...(media_ids.length && { media_ids }) }
  const onceKey = createHash('sha256')
    .update(JSON.stringify([it.ids, piece.text]))
    .digest('hex')
  const said = await ask(settings, { method: 'POST', path: '/api/v1/statuses', body, onceKey, makes: true }, posted)
  await claim(account, said.id, it.current.id)
  it.ids.push(said.id)
  await keepWhole(account, it)
}

export async function remove(account: On, remoteId: string): Promise<void> {
  const first = idOf(account, remoteId)
  await forgetSeen(account, first)
  await takeAway(account.settings, (await wholeOf(account, first)).ids)
  await forgetWhole(account, first)
}

/** The last one first, so that no part is left without what it follows. */
async function takeAway(settings: Settings, ids: string[]): Promise<void> {
  for (const each of ids.toReversed())
    await ask(settings, { method: 'DELETE', path: `/api/v1/statuses/${each}`, allowance: 'deletes' }, anything).catch(unlessGone)
}

function unlessGone(error: unknown): void {
  if (!isMissing(error)) throw error
}

// —— signs ——

const acts: Record<string, [done: string, undone: string]> = { like: ['favourite', 'unfavourite'], share: ['reblog', 'unreblog'] }
export const kinds: React<Settings>['kinds'] = ['like', 'share']

export async function react(account: On, remoteId: string, kind: string, undone: boolean): Promise<void> {
  const act = acts[kind]?.[undone ? 1 : 0]
  if (!act) throw new ChannelError('rejected', { says: 'mastodon.noSuchSign' })
  await ask(account.settings, { method: 'POST', path: `/api/v1/statuses/${idOf(account, remoteId)}/${act}` }, anything).catch(unlessGone)
}
