/** Posts of our own, and answers: in public where the conversation is public, else only to those who are in it. */
import { ChannelError } from '#kernel/errors.ts'
import type { Delivery, Draft, Limits, SaidLimits } from '#social/channels/words.ts'
import type { Status } from './entities.ts'
import { type Server, serverAt } from './instance.ts'
import type { On } from './memory.ts'
import { addressOf, normalise, statusIn } from './names.ts'
import { statusAt } from './pages.ts'
import { type Place, publish } from './posting.ts'
import { count } from './text.ts'
import { homeOf } from './translate.ts'

/** Mastodon's own figures; what the account's server says is kept when it is sent. */
const usual: Limits = { text: 500, attachments: 4, attachmentBytes: 99 * 1024 * 1024, alt: 1500, warning: 300, count }
export const publishLimits: Limits = { ...usual, parts: 25, poll: { choices: 4, length: 50, hours: 720, alone: true } }
/** A long answer becomes several posts by itself. */
export const replyLimits: Limits = { ...usual, text: 5000 }

/** As the account's own server says; a long answer still becomes several posts. */
export async function limitsOfPosts({ settings }: On): Promise<SaidLimits> {
  const { poll, ...server } = await serverAt(settings.server)
  return { ...takenBy(server), poll: { choices: poll.choices, length: poll.length, hours: Math.floor(poll.most / 3600), alone: true } }
}
export async function limitsOfAnswers({ settings }: On): Promise<SaidLimits> {
  const said = takenBy(await serverAt(settings.server))
  return { ...said, text: Math.max(replyLimits.text, said.text) }
}

const takenBy = ({ characters, files, fileBytes, description, types }: Omit<Server, 'poll'>) => ({
  text: characters,
  attachments: files,
  attachmentBytes: fileBytes,
  alt: description,
  types: types ?? null,
})

export const send = (account: On, draft: Draft, onceKey: string): Promise<Delivery> =>
  publish(account, draft, onceKey, async () => ({ replyTo: null, visibility: draft.open ? 'public' : 'private' }))

export const reply = (account: On, draft: Draft, onceKey: string): Promise<Delivery> =>
  publish(account, draft, onceKey, () => placeOf(account, draft))

/** Below the nearest post that is still there, first of all one of those to whom it goes; somebody who is only named gets it as a direct message. */
async function placeOf(account: On, draft: Draft): Promise<Place> {
  const near = draft.answers.flatMap(each => statusIn(account.settings.server, each) ?? [])
  const parent = await answered(account, near, draft)
  if (parent) return { replyTo: parent.id, visibility: draft.open ? narrower(parent.visibility) : 'direct' }
  if (near.length) throw new ChannelError('rejected', { says: 'mastodon.answeredGone' })
  if (draft.to.length === 0) throw new ChannelError('rejected', { says: 'mastodon.nothingToAnswer' })
  return { replyTo: null, visibility: 'direct' }
}

const mostAsked = 5

async function answered({ settings }: On, near: string[], { to }: Draft): Promise<Status | undefined> {
  const people = to.map(({ address }) => normalise(address))
  let nearest: Status | undefined
  for (const id of near.slice(0, mostAsked)) {
    const found = await statusAt(settings, id)
    if (found && people.includes(normalise(addressOf(found.account.acct, homeOf(settings))))) return found
    nearest ??= found ?? undefined
  }
  return nearest
}

/** An answer is never shown to more people than what it answers. */
const narrower = (visibility: string): string => (['public', 'unlisted', 'private'].includes(visibility) ? visibility : 'direct')
