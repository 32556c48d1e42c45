/** What is done later, each apart from the others: news for everybody is divided into one task a server, so that a slow one holds up nobody. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import type { Account } from '#social/channels/words.ts'
import { farewell, presentBy, renewal } from './actor.ts'
import { isBlocked } from './blocked.ts'
import { deliver } from './deliver.ts'
import { documentAt } from './documents.ts'
import { dropAt, inboxesOf } from './followers.ts'
import { following } from './following.ts'
import { webId } from './names.ts'
import { activityOf, acts, noteAt } from './notes.ts'
import { personAt } from './people.ts'
import { tally } from './polls.ts'
import type { Settings } from './settings.ts'
import { objectId } from './shapes.ts'

type On = Account<Settings>

const activity = z.record(z.string(), z.unknown())
/** Of a note, of how the account looks, or of anything. */
const news = z.union([
  z.strictObject({ note: z.string(), as: z.enum(acts) }),
  z.strictObject({ look: z.literal(true) }),
  z.strictObject({ activity }),
])
type News = z.output<typeof news>

const task = z.discriminatedUnion('do', [
  /** To everybody whom it concerns. */
  z.strictObject({ do: z.literal('tell'), news }),
  /** To one person, wherever they are reached. */
  z.strictObject({ do: z.literal('person'), news, id: z.string() }),
  /** To whoever wrote something. */
  z.strictObject({ do: z.literal('author'), about: z.string(), activity }),
  /** To one address. */
  z.strictObject({ do: z.literal('deliver'), news, inbox: z.string() }),
  /** To everybody, what was chosen so far. */
  z.strictObject({ do: z.literal('tally'), note: z.string() }),
  /** To those who keep a copy, where the account looks otherwise than it did. */
  z.strictObject({ do: z.literal('present') }),
  /** To everybody, that it is gone. */
  z.strictObject({ do: z.literal('leave') }),
])
export type Task = z.output<typeof task>

/** Throws ChannelError `wait` or `down` for what is worth another try. */
export async function work(account: On, given: unknown): Promise<void> {
  const it = task.parse(given)
  if (it.do === 'present') return presentBy(account, () => tell(account, { look: true }))
  if (it.do === 'tally') return tellVotes(account, it.note)
  if (it.do === 'leave') return leave(account)
  if (it.do === 'tell') return tell(account, it.news)
  if (it.do === 'deliver') return bring(account, it.news, it.inbox).catch(unlessRefused)
  const id = it.do === 'person' ? it.id : await authorOf(account, it.about)
  if (isBlocked(account.settings, id)) return
  const { inbox } = await personAt(account.settings, id)
  await bring(account, it.do === 'person' ? it.news : { activity: it.activity }, inbox)
}

/** Of many servers, some want nothing from us: that is theirs to decide, and no fault to be shown. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof ChannelError && error.kind === 'rejected')) throw error
}

/** At the end also to those who voted. */
async function tellVotes(account: On, note: string): Promise<void> {
  const told = await tally(account, note)
  if (!told) return
  const news = { note, as: 'Update' as const }
  for (let at = 0; at < told.voters.length; at += atOnce)
    await account.later(told.voters.slice(at, at + atOnce).map(id => ({ do: 'person', news, id })))
  await tell(account, news)
}

/** To those who follow, and to those who are followed. */
async function leave(account: On): Promise<void> {
  const news = { activity: farewell(account) }
  const followed = await following(account)
  await account.later(followed.map(({ inbox }) => ({ do: 'deliver', news, inbox })))
  await tell(account, news)
}

const atOnce = 500

/** A task for each server, and for each person to whom it is addressed. */
async function tell(account: On, it: News): Promise<void> {
  const note = 'note' in it ? await noteAt(account, it.note) : undefined
  const people = (note?.people ?? []).map(id => ({ do: 'person' as const, news: it, id }))
  const inboxes = note?.audience === 'people' ? [] : await inboxesOf(account)
  const tasks: Task[] = [...people, ...[...inboxes].map(inbox => ({ do: 'deliver' as const, news: it, inbox }))]
  for (let at = 0; at < tasks.length; at += atOnce) await account.later(tasks.slice(at, at + atOnce))
}

async function authorOf({ settings }: On, about: string): Promise<string> {
  const { id, attributedTo } = await documentAt(settings, about)
  const author = [attributedTo].flat().map(objectId).find(Boolean)
  if (!author || webId(author, settings)?.host !== webId(id, settings)?.host)
    throw new ChannelError('rejected', { says: 'activitypub.notBelieved' })
  return author
}

/** What it says is read now: a note that was changed meanwhile is told as it is, and one that is gone is not told at all. */
async function bring(account: On, it: News, inbox: string): Promise<void> {
  const activity = await saidOf(account, it)
  if (!activity || isBlocked(account.settings, inbox) || !webId(inbox, account.settings)) return
  if ((await deliver(account.settings, inbox, activity)) === 'gone') await dropAt(account, inbox)
}

async function saidOf(account: On, it: News): Promise<Record<string, unknown> | undefined> {
  if ('activity' in it) return it.activity
  if ('look' in it) return renewal(account)
  const note = await noteAt(account, it.note)
  return note && activityOf(account.settings, note, it.as)
}
