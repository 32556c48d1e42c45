/** From the network's words to ours: data to data, nothing else. What is odd about a post becomes its flaw; whatever comes, nothing is thrown. */
import { now } from '#kernel/clock.ts'
import { cleanName, cut, storable, textOf } from '#kernel/plain.ts'
import type { Handle, Heard, HeardEdit, HeardMessage, HeardTally } from '#social/channels/words.ts'
import { entry, type Media, type Notification, notification, type RemoteAccount, type Status, status } from './entities.ts'
import { addressOf, network, ownHandle, remoteIdOf, statusIn } from './names.ts'
import { pollOf, standing } from './polls.ts'
import type { Settings } from './settings.ts'

/** The account that listens. */
export type Self = Pick<Settings, 'server' | 'address' | 'accountId'>

/** Something heard, and the pictures that are still to be fetched for it. */
export interface Read {
  heard: Heard
  pictures: Media[]
  /** When its writer changed it last, as the server says it. */
  edited: string | null
}

const kinds: Record<string, string> = { favourite: 'like', reblog: 'share' }
const says = ['mention', 'status', 'quote']
const changes = ['update', 'quoted_update']

/** Null for what says nothing to us: news of the server itself, and of a kind that is not known yet. */
export function fromNotification(given: unknown, self: Self): Read | null {
  const it = notification.safeParse(given).data
  if (!it || Number.isNaN(Date.parse(it.created_at)) || it.account.id === self.accountId) return null
  if (it.type === 'follow') return only({ is: 'follow', ...ofNotification(it, self) })
  if (says.includes(it.type)) return fromStatus(it.status, self) ?? unreadable(it, self)
  if (changes.includes(it.type)) return onlyIf(editOf(it.status, self))
  return reaction(it, self)
}

function reaction(it: Notification, self: Self): Read | null {
  const kind = kinds[it.type] ?? (/emoji_reaction$|^reaction$/.test(it.type) ? it.emoji : undefined)
  const about = entry.safeParse(it.status).data?.id
  if (!kind || !about) return null
  return only({ is: 'reaction', ...ofNotification(it, self), about: remoteIdOf(self.server, 'statuses', about), kind: storable(kind) })
}

const only = (heard: Heard): Read => ({ heard, pictures: [], edited: null })
const onlyIf = (heard: Heard | null): Read | null => heard && only(heard)
const ofNotification = ({ id, created_at, account }: Notification, self: Self) => ({
  remoteId: remoteIdOf(self.server, 'notifications', id),
  at: new Date(created_at),
  from: handleOf(account, self),
})

export const homeOf = ({ address }: Pick<Self, 'address'>): string => address.split('@')[1] ?? ''

export function handleOf({ acct, url, display_name }: Pick<RemoteAccount, 'acct' | 'url' | 'display_name'>, self: Self): Handle {
  const [name, page] = [cleanName(display_name, 200), /^https?:/.test(url) && url.length <= 500 ? cleanName(url, 500) : '']
  const address = cleanName(addressOf(acct, homeOf(self)), 490)
  return { network, address, ...(page && { remoteId: page, url: page }), ...(name && { name }) }
}

// —— posts ——

/** Null for what is no post. */
export function fromStatus(given: unknown, self: Self): Read | null {
  const it = status.safeParse(given).data
  const at = new Date(it?.created_at ?? Number.NaN)
  // What is only passed on was said, and is heard, elsewhere.
  if (!it || it.reblog || Number.isNaN(at.getTime())) return null
  const flaws = flawsOf(it)
  const heard: HeardMessage = {
    is: 'message',
    remoteId: remoteIdOf(self.server, 'statuses', it.id),
    direction: it.account.id === self.accountId ? 'out' : 'in',
    at,
    from: handleOf(it.account, self),
    to: it.mentions.map(({ acct, url }) => handleOf({ acct, url, display_name: '' }, self)),
    copied: [],
    answers: [it.in_reply_to_id, it.quote].flatMap(each => (each ? [remoteIdOf(self.server, 'statuses', each)] : [])),
    ...wordsOf(it),
    ...besideWords(it, self),
    attachments: [],
    ...(it.language && { language: it.language }),
    ...(it.account.bot && { automatic: 'auto-generated' as const }),
    ...(flaws.length && { flaws }),
    ...(isOpen(it) && { open: true as const }),
    ...(it.url && /^https?:/.test(it.url) && { url: storable(it.url) }),
  }
  return { heard, pictures: it.media_attachments.filter(isPicture).slice(0, 10), edited: it.edited_at ?? null }
}

export const isOpen = ({ visibility }: Pick<Status, 'visibility'>): boolean => visibility === 'public' || visibility === 'unlisted'

/** What stands beside the words: the warning before them, what can be chosen, what is passed on. */
function besideWords({ spoiler_text, poll, quote }: Status, { server }: Self): Pick<HeardMessage, 'warning' | 'poll' | 'quotes'> {
  const warning = cleanName(spoiler_text, 900)
  const asked = pollOf({ poll })
  return {
    ...(warning && { warning }),
    ...(asked && { poll: asked }),
    ...(quote && { quotes: remoteIdOf(server, 'statuses', quote) }),
  }
}

/** What was written, whole: with the warning before it and what can be chosen in a poll below it. */
export function wordsOf({ content, spoiler_text, poll }: Status): Pick<HeardMessage, 'text' | 'html' | 'subject'> {
  const choices = poll?.options.map(({ title }) => `- ${cleanName(title, 500)}`) ?? []
  const text = cut([plainOf(content), choices.join('\n')].filter(Boolean).join('\n\n'), 900_000)
  const subject = cleanName(spoiler_text, 900)
  return { text: storable(text), ...(content && { html: storable(content) }), ...(subject && { subject }) }
}

/** The words alone. Where a post quotes another one, servers put a line with its address before them, for readers that know no quotes. */
export function plainOf(content: string): string {
  const end = content.startsWith('<p class="quote-inline">') ? content.indexOf('</p>') : -1
  return textOf(end < 0 ? content : content.slice(end))
}

const isPicture = ({ type, url }: Media): boolean => type === 'image' && /^https?:/.test(url ?? '')

function flawsOf({ media_attachments: files, sensitive }: Status): string[] {
  const isElsewhere = files.some(each => !isPicture(each))
  return [...(isElsewhere ? ['mastodon.flawMedia'] : []), ...(sensitive && files.length ? ['mastodon.flawSensitive'] : [])]
}

/** What was written about us in a form that we do not know is kept as it came. */
function unreadable(it: Notification, self: Self): Read {
  const content = new TextEncoder().encode(JSON.stringify(it.status ?? null).slice(0, 100_000))
  return only({
    is: 'message',
    ...ofNotification(it, self),
    direction: 'in',
    to: [ownHandle(self.address)],
    copied: [],
    answers: [],
    text: '',
    attachments: [],
    flaws: ['mastodon.flawUnreadable'],
    original: { name: 'post.json', type: 'application/json', content },
  })
}

/** The words as they are now; null for what was never changed. */
export function editOf(given: unknown, self: Self): HeardEdit | null {
  const it = status.safeParse(given).data
  const at = new Date(it?.edited_at ?? Number.NaN)
  if (!it || Number.isNaN(at.getTime())) return null
  const about = remoteIdOf(self.server, 'statuses', it.id)
  return { is: 'edit', remoteId: `${about}/edits/${at.toISOString()}`, at, about, from: handleOf(it.account, self), ...wordsOf(it) }
}

/** How its poll stands now; null where nothing is asked. */
export function tallyOf(it: Status, self: Self): HeardTally | null {
  const [poll, about] = [pollOf(it), remoteIdOf(self.server, 'statuses', it.id)]
  return poll
    ? { is: 'tally', remoteId: `${about}/votes/${standing(poll)}`, at: now(), about, from: handleOf(it.account, self), poll }
    : null
}

const isNotification = (given: unknown): boolean => typeof given === 'object' && given !== null && 'type' in given

/** What an answer of the network holds, whichever list it is; for recordings. Never throws. */
export function heardIn(bytes: Uint8Array, self: Self): Heard[] {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const list = Array.isArray(answer) ? answer : []
    return list.flatMap(each => (isNotification(each) ? fromNotification(each, self) : fromStatus(each, self))?.heard ?? [])
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

export const statusOf = (self: Self, heard: Heard): string | undefined =>
  statusIn(self.server, 'about' in heard ? heard.about : heard.remoteId)
