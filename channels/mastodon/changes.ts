/** What became of posts that were heard: the network hints at it while it is listened to; what it did not hint at is looked for in turn. */
import { now } from '#kernel/clock.ts'
import type { HeardEdit, HeardRemoval, HeardTally } from '#social/channels/words.ts'
import type { Status } from './entities.ts'
import { forgetHints, forgetSeen, hints, isTimeToLook, keepSeen, type On, ours, type Seen, seenAs, someSeen } from './memory.ts'
import { network, remoteIdOf } from './names.ts'
import { statusAt, statusesAt } from './pages.ts'
import { pollOf, standing } from './polls.ts'
import { editOf, tallyOf } from './translate.ts'

/** `edited` is the moment that is known from then on, `votes` how its poll stands by then; neither for what is gone. */
export interface Change {
  id: string
  edited: string | null
  votes?: string | undefined
  heard: HeardEdit | HeardTally | HeardRemoval
}

/** What was told and kept is not told again. */
export async function conclude(account: On, changes: Omit<Change, 'heard'>[]): Promise<void> {
  for (const { id, edited, votes } of changes) {
    const known = await seenAs(account, id)
    if (edited === null && votes === undefined) await forgetSeen(account, id)
    else if (known) await keepSeen(account, id, { ...known, edited, votes })
  }
}

export async function changed(account: On): Promise<Change[]> {
  const found: Change[] = []
  const hinted = Map.groupBy(await hints(account), ({ post }) => post)
  for (const [id, each] of hinted) {
    const change = await changeOf(account, id, await statusAt(account.settings, id))
    // Until what was told is kept, it may have to be told again; then there is nothing left to tell.
    if (change.length === 0) await forgetHints(account, each)
    found.push(...change)
  }
  const inTurn = await lookInTurn(account)
  return [...found, ...inTurn.filter(({ id }) => !hinted.has(id))]
}

async function changeOf(account: On, id: string, post: Status | null): Promise<Change[]> {
  const known = await seenAs(account, id)
  return !known ? [] : post ? newsIn(account, id, post, known) : [goneIn(account, id, known)]
}

function newsIn({ settings }: On, id: string, post: Status, known: Seen): Change[] {
  if (known.edited === ours) return []
  const votes = standing(pollOf(post))
  const edit = post.edited_at && post.edited_at !== known.edited ? editOf(post, settings) : null
  const tally = votes !== known.votes ? tallyOf(post, settings) : null
  const then = { id, edited: edit ? post.edited_at! : known.edited, votes }
  return [edit, tally].flatMap(heard => (heard ? { ...then, heard } : []))
}

function goneIn({ settings }: On, id: string, { from }: Seen): Change {
  const about = remoteIdOf(settings.server, 'statuses', id)
  return { id, edited: null, heard: { is: 'removal', remoteId: `${about}/gone`, at: now(), about, from: { network, address: from } } }
}

// —— in turn ——

const [everyMinutes, atOnce, oneByOne] = [10, 40, 8]

/** Where nobody hints, some are looked at every ten minutes: several thousand a day, of the last two weeks. */
async function lookInTurn(account: On): Promise<Change[]> {
  if (!(await isTimeToLook(account, everyMinutes))) return []
  const ids = await someSeen(account, atOnce)
  if (ids.length === 0) return []
  const there = await statusesAt(account.settings, ids)
  const found: Change[] = []
  for (const id of there ? ids : ids.slice(0, oneByOne)) {
    // What is missing from a list is only believed to be gone when the server says so of itself.
    const post = there?.get(id) ?? (await statusAt(account.settings, id))
    found.push(...(await changeOf(account, id, post)))
  }
  return found
}
