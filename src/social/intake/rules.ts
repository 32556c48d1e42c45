import { cleanName, cleanText, cut } from '#kernel/plain.ts'
import type { Attachment, Handle, HeardEdit, HeardMessage, Poll, Remote } from '#social/channels/words.ts'

/** The same thing heard twice is one thing: it is known by its channel and its remote id, whichever account heard it. */
export const onceKey = (channel: string, remoteId: string): string => `heard:${channel}:${remoteId}`

/** Of what was heard twice at once, the first counts. */
export function firsts<T extends { remoteId: string }>(heard: T[]): T[] {
  const seen = new Set<string>()
  return heard.filter(({ remoteId }) => !seen.has(remoteId) && seen.add(remoteId))
}

/** What touches the same thing twice is done one after the other, everything else at once. */
export function waves<T>(list: T[], touched: (each: T) => string): T[][] {
  const times = new Map<string, number>()
  const found: T[][] = []
  for (const each of list) {
    const key = touched(each)
    const wave = times.get(key) ?? 0
    times.set(key, wave + 1)
    const there = found[wave]
    if (there) there.push(each)
    else found[wave] = [each]
  }
  return found
}

export interface Planned {
  message: HeardMessage
  id: string
  thread: string
  /** It begins its thread. */
  opens: boolean
}

export interface Plan {
  messages: Planned[]
  /** Names to be kept: of the messages, and of those that they answer and that have not come yet. */
  names: Remote[]
}

/** A message belongs to the thread in which it was answered before it came, else to that of the nearest one that it answers, else it begins one. */
export function plan(messages: HeardMessage[], known: Remote[], newId: (at: Date) => string): Plan {
  const threads = new Map(known.map(({ remoteId, thread }) => [remoteId, thread]))
  const names = new Map<string, Remote>()
  const planned = messages.map(message => {
    const { remoteId, answers, at } = message
    const found = threads.get(remoteId) ?? answers.map(each => threads.get(each)).find(Boolean)
    const thread = found ?? newId(at)
    const id = newId(at)
    threads.set(remoteId, thread)
    names.set(remoteId, { remoteId, object: id, thread })
    for (const answered of reserved(answers)) {
      if (threads.has(answered)) continue
      threads.set(answered, thread)
      names.set(answered, { remoteId: answered, object: null, thread })
    }
    return { message, id, thread, opens: !found }
  })
  return { messages: planned, names: [...names.values()] }
}

/** The nearest ones and the first of all: enough to find the thread from any side. */
const reserved = (answers: string[]): string[] => [...new Set([...answers.slice(0, 3), ...answers.slice(-1)])]

const most = { subject: 990, text: 1_900_000, html: 7_900_000, quoted: 1_900_000, addresses: 200 }

/** What is longer than the house keeps is cut, what no database holds is taken out, and both leave the message otherwise whole. */
export function storable(message: HeardMessage, now: Date): HeardMessage {
  const { subject, html, quoted } = message
  const isLong = message.text.length > most.text || (html?.length ?? 0) > most.html || (quoted?.length ?? 0) > most.quoted
  const flaws = [...(message.flaws ?? []), ...(isLong ? ['intake.flawCut'] : [])]
  return {
    ...message,
    at: believable(message.at, now),
    from: handleIn(message.from),
    to: message.to.slice(0, most.addresses).map(handleIn),
    copied: message.copied.slice(0, most.addresses).map(handleIn),
    replyTo: message.replyTo?.slice(0, 20).map(handleIn),
    subject: subject === undefined ? undefined : cut(cleanName(subject, 2000), most.subject),
    text: cut(cleanText(message.text), most.text),
    html: html === undefined ? undefined : cut(html.toWellFormed().replaceAll('\0', ''), most.html),
    quoted: quoted === undefined ? undefined : cut(cleanText(quoted), most.quoted),
    flaws: flaws.length ? flaws.slice(0, 50) : undefined,
  }
}

/** Of a handle only what the house keeps is taken: one line each, and an address that is never empty. */
export const handleIn = (handle: Handle): Handle => ({
  network: handle.network,
  address: cleanName(handle.address, 500) || '?',
  ...(handle.name && { name: cleanName(handle.name, 300) }),
  ...(handle.remoteId && { remoteId: cleanName(handle.remoteId, 500) }),
  ...(handle.url && { url: cleanName(handle.url, 2000) }),
  ...(handle.also && cleanName(handle.also.address, 500) && { also: { ...handle.also, address: cleanName(handle.also.address, 500) } }),
})

/** A moment that no message can have is read as now; a clock that is a day ahead is not believed. */
export function believable(at: Date, now: Date): Date {
  const time = at.getTime()
  return Number.isNaN(time) || time < 0 || time > now.getTime() + 86_400_000 ? now : at
}

/** A message that cannot be kept as it is, is kept as its bare words, with its original beside it. */
export function bare(message: HeardMessage): HeardMessage {
  const { is, remoteId, direction, at, from, automatic, original } = message
  const words = (text: string, length: number) => cut(text.toWellFormed().replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\n]/gu, ' '), length)
  return {
    is,
    remoteId: words(remoteId, 500),
    direction,
    at,
    from: { network: from.network, address: words(from.address, 400) },
    to: [],
    copied: [],
    answers: [],
    subject: words(message.subject ?? '', 500),
    text: words(message.text, 100_000),
    attachments: [],
    ...(automatic && { automatic }),
    ...(original && { original }),
    flaws: ['intake.flawBare'],
  }
}

/** What one of our own addresses wrote is ours, whichever way it came. */
export const isOurs = (message: HeardMessage, own: Set<string>, normalise: (address: string) => string): boolean =>
  message.direction === 'out' || own.has(normalise(message.from.address))

/** Only who wrote something changes it or takes it away: outside by their lasting id or their address, and what we said by one of ours. */
export function isItsWriter(
  { address, remoteId }: Handle,
  object: { side: 'inside' | 'outside'; detail: Record<string, unknown> },
  own: Set<string>,
  normalise: (address: string) => string,
): boolean {
  if (object.side === 'inside') return own.has(normalise(address))
  const writer = object.detail.from as { address?: string; remoteId?: string } | undefined
  if (writer?.remoteId && remoteId) return writer.remoteId === remoteId
  return writer?.address !== undefined && [normalise(address), remoteId].includes(normalise(writer.address))
}

/** A conversation is with the one who wrote from outside, or with the first outside whom we wrote to. */
export function otherSide(message: HeardMessage, own: Set<string>, normalise: (address: string) => string): Handle | null {
  if (!isOurs(message, own, normalise)) return message.from
  return [...message.to, ...message.copied].find(({ address }) => !own.has(normalise(address))) ?? null
}

/** What anybody may read on its network, anybody may read here; everything else stays among those of its thread. */
export const audienceOf = (message: Pick<HeardMessage, 'open'>): 'public' | 'thread' => (message.open ? 'public' : 'thread')

/** A change is as long as a message may be, and holds nothing that no database keeps. */
export function storableChange({ text, html, subject }: Pick<HeardEdit, 'text' | 'html' | 'subject'>): {
  text: string
  html?: string
  subject?: string
} {
  return {
    text: cut(cleanText(text), most.text),
    ...(html !== undefined && { html: cut(html.toWellFormed().replaceAll('\0', ''), most.html) }),
    ...(subject !== undefined && { subject: cut(cleanName(subject, 2000), most.subject) }),
  }
}

/** Beside its words, a message keeps who wrote to whom, where it lay, whether a machine wrote it, and what was odd about it. */
export function detailOf(message: HeardMessage, account: string | null): Record<string, unknown> {
  const { from, to, copied, replyTo, automatic, flaws, folder, remoteId, url, waits, poll } = message
  const entries = {
    remoteId,
    from: { ...brief(from), ...(from.remoteId && from.remoteId !== from.address && { remoteId: from.remoteId }) },
    to: to.map(brief),
    copied: copied.map(brief),
    replyTo: replyTo?.map(brief),
    account,
    automatic,
    flaws,
    folder,
    url: url?.slice(0, 2000),
    waits,
    warning: message.warning && cut(cleanName(message.warning, 2000), 1000),
    poll: poll && keptPoll(poll),
    quotes: message.quotes?.slice(0, 2000),
  }
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)),
  )
}

/** Of a poll some dozens of choices are kept, each of one line. */
export const keptPoll = ({ choices, endsAt, many }: Poll) => ({
  choices: choices.slice(0, 50).map(({ name, votes }) => ({ name: cleanName(name, 300), ...(votes !== undefined && { votes }) })),
  ...(endsAt && !Number.isNaN(endsAt.getTime()) && { endsAt: endsAt.toISOString() }),
  ...(many && { many }),
})

const brief = ({ address, name }: Handle) => ({ address, ...(name && { name }) })

/** Of a language that its writer names, only which one it is counts, not where it is spoken. */
export const languageIn = (language: string | undefined): string | undefined => /^[a-z]{2}(?=-|$)/.exec(language?.toLowerCase() ?? '')?.[0]

/** In lists a message is shown by the beginning of its words on one line. */
export const snippetOf = (message: HeardMessage): string =>
  cut(cleanName(message.text.slice(0, 1000), 300) || message.attachments[0]?.name || '', 200)

/** The original of a message that has flaws is kept as its last file. */
export const filesOf = ({ attachments, original, flaws }: HeardMessage): Attachment[] =>
  [...attachments, ...(original && flaws?.length ? [original] : [])].slice(0, 300)

/** Only a fault of the data ends when it is taken in smaller parts: what the database or our own code cannot digest; every other passes by itself. */
export function isOfTheData(error: unknown): boolean {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return /^(21|22|23|54)/.test(code)
  return ['TypeError', 'RangeError', 'SyntaxError', 'ZodError', '$ZodError', 'Refusal'].includes(String(name))
}

/** What a picture shows is kept as far as a description goes; without one, nothing is said of it. */
export const altOf = (alt: string | undefined): string | null => cut(cleanText(alt ?? '').trim(), 5000) || null

/** Nobody reads further back than this: a conversation is followed to its beginning by at most so many steps. */
export const farthestParent = 10
