/** What is written: a draft as the posts that it becomes, each as the network takes it, and known again whatever a server makes of it. */
import { createHash } from 'node:crypto'
import { ChannelError } from '#kernel/errors.ts'
import { languagesOf } from '#kernel/language-of.ts'
import type { Attachment, Draft } from '#social/channels/words.ts'
import type { Server } from './instance.ts'
import type { On, Sending } from './memory.ts'
import { normalise, remoteIdOf, statusIn } from './names.ts'
import { statusAt, statusLedTo } from './pages.ts'
import { broken, count, essence } from './text.ts'
import { plainOf } from './translate.ts'

export interface Piece {
  text: string
  files: Attachment[]
}

const mostPieces = 25
/** Far more than any thread holds: nothing of it is even counted. */
const mostLetters = 200_000

/** The parts of a draft as posts; those to whom it goes are named where the network would not tell them otherwise. */
export function piecesOf(draft: Draft, { most, visibility, tail }: Pick<Sending, 'most' | 'visibility' | 'tail'>): Piece[] {
  const said = [{ text: `${draft.text}${tail}`, attachments: draft.attachments }, ...(draft.parts ?? [])]
  if (said.reduce((sum, { text }) => sum + text.length, 0) > mostLetters) throw new ChannelError('rejected', { says: 'mastodon.tooLong' })
  const names = namesFor(draft)
  // A warning counts as part of the text.
  const room = most - (names ? count(names) + 1 : 0) - count(draft.warning ?? '')
  if (room < 40) throw new ChannelError('rejected', { says: 'mastodon.tooMany' })
  const pieces = said.flatMap(({ text, attachments }) => broken(text, room).map((text, at) => ({ text, files: at ? [] : attachments })))
  if (pieces.length > mostPieces) throw new ChannelError('rejected', { says: 'mastodon.tooLong' })
  const isNamed = (at: number) => names && (at === 0 || visibility === 'direct')
  return pieces.map((piece, at) => ({ ...piece, text: isNamed(at) ? `${names} ${piece.text}`.trim() : piece.text }))
}

/** What the server would not take is not sent in part. */
export function checked(pieces: Piece[], server: Server): Piece[] {
  if (pieces.some(({ text, files }) => !text && files.length === 0)) throw new ChannelError('rejected', { says: 'mastodon.empty' })
  if (pieces.some(({ files }) => files.length > server.files)) throw new ChannelError('rejected', { says: 'mastodon.tooManyFiles' })
  return pieces
}

function namesFor({ to, copied, blindCopied, text }: Draft): string {
  const written = text.toLowerCase()
  const people = [...new Set([...to, ...copied, ...blindCopied].map(({ address }) => `@${normalise(address)}`))]
  return people.filter(each => !written.includes(each)).join(' ')
}

/** A link to quote becomes the name that the server has for what it leads to; where it leads to no post, it stays a link. */
export async function quoting({ settings }: On, draft: Draft): Promise<Draft> {
  const found = draft.quotesLink && !draft.quotes && (await statusLedTo(settings, draft.quotesLink))
  return found ? { ...draft, quotes: remoteIdOf(settings.server, 'statuses', found) } : draft
}

/** Any server of the network may have it under any address. */
export const canQuote = (link: string): boolean => URL.parse(link)?.protocol === 'https:'

/** A server that knows no quotes shows a link at the end. */
export async function tailOf({ settings }: On, { quotes, quotesLink, text }: Draft, server: Server): Promise<string> {
  if (quotes === undefined) return quotesLink && !text.includes(quotesLink) ? `\n\n${quotesLink}` : ''
  const quoted = statusIn(settings.server, quotes)
  if (!quoted) throw new ChannelError('rejected', { says: 'mastodon.quotedElsewhere' })
  if (server.quotes) return ''
  const url = (await statusAt(settings, quoted))?.url
  if (!url) throw new ChannelError('rejected', { says: 'mastodon.quotedGone' })
  return text.includes(url) ? '' : `\n\n${url}`
}

/** What a post says, whether it is new or changed. */
export function sharedOf({ warning, language }: Draft, { text }: Piece) {
  const [found] = language ? [languageOf(language)] : languagesOf([text])
  return { status: text, spoiler_text: warning ?? '', sensitive: Boolean(warning), ...(found && { language: found }) }
}

function languageOf(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language
  } catch {
    return null
  }
}

export const markOfText = (text: string): string => createHash('sha256').update(essence(text)).digest('base64url').slice(0, 16)

export const markOfContent = (content: string): string => markOfText(plainOf(content))
