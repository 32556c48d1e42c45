/** From a mail's bytes to what the house understands. Pure, and whatever the bytes are, it never throws: what is odd is taken as far as it goes. */
import { createHash } from 'node:crypto'
import { cleanName, cleanText, cut, textOf } from '#kernel/plain.ts'
import type { Handle, Heard, HeardMessage } from '#social/channels/words.ts'
import { handleOf, handlesIn } from './addresses.ts'
import { automaticKind } from './automatic.ts'
import { filesOf } from './files.ts'
import { bodyOf, header, type Mail, messageIds, readMime } from './mime.ts'
import { fold } from './quoting.ts'
import { reportsIn } from './reports.ts'

/** Where a mail lay, and whose mailbox it is. */
export interface Place {
  folder?: string
  /** It lies among the sent ones: this account wrote it, by whatever program. */
  sent?: boolean
  /** The account's own addresses. */
  own: string[]
  /** When the server took it in; the sender's own clock may say anything. */
  received?: Date
  /** Its whole size in bytes, where only the beginning was fetched. */
  cutFrom?: number
  /** It bears the Message-ID of another mail; its own id gets this added. */
  distinct?: string
}

/** Flaws by which something of the mail is not shown; it is kept as it came. */
const losing = new Set([
  'email.flawUnreadable',
  'email.flawParts',
  'email.flawCharset',
  'email.flawFiles',
  'email.flawCut',
  'email.flawFault',
])

const mostText = 1_000_000
const mostHtml = 2_000_000

/** What was heard: one message, or the reports that a bounce holds. A fault of ours in reading one mail does not keep the others from being heard. */
export async function heardIn(bytes: Uint8Array, place: Place): Promise<Heard[]> {
  const mail = await readMime(bytes)
  try {
    const reports = place.sent ? [] : reportsIn(mail, remoteIdOf(mail, bytes, place), momentOf(mail, place))
    return reports.length ? reports : [await messageOf(mail, bytes, place)]
  } catch {
    return [await messageOf(plainly(bytes), bytes, place)]
  }
}

/** Only the beginning of the source as text; the fuzz test looks for this flaw and fails. */
const plainly = (bytes: Uint8Array): Mail => ({
  headers: [],
  headerLines: [],
  attachments: [],
  text: Buffer.from(bytes.subarray(0, 20_000)).toString('latin1'),
  flaws: ['email.flawFault'],
})

/** A mail from a file as a message, even when it is a report. No folder says whether it was sent: what one of our own addresses wrote was. */
export async function messageIn(bytes: Uint8Array, own: string[]): Promise<HeardMessage> {
  const mail = await readMime(bytes)
  const sender = handlesIn(mail.from && [mail.from])[0]?.address ?? ''
  const form = handlesIn(mail.replyTo, 1).some(({ address }) => !own.includes(address))
  return messageOf(mail, bytes, { own, sent: own.includes(sender) && !form })
}

async function messageOf(mail: Mail, bytes: Uint8Array, place: Place): Promise<HeardMessage> {
  const opened = await filesOf(mail)
  const words = wordsOf(opened.text, opened.html, mail.subject, mail.flaws)
  const from = senderOf(mail, place)
  const automatic = place.sent ? undefined : automaticKind(mail, from.address)
  const answerTo = handlesIn(mail.replyTo, 20).filter(({ address }) => address !== from.address)
  if (place.cutFrom) mail.flaws.push('email.flawTooLarge')
  const { history } = opened
  // The last file of a mail that was cut is not whole.
  const attachments = place.cutFrom ? opened.attachments.slice(0, -1) : opened.attachments
  const quoted = [words.quoted, ...history].filter(Boolean).join('\n\n')
  return {
    is: 'message',
    remoteId: remoteIdOf(mail, bytes, place),
    direction: place.sent ? 'out' : 'in',
    at: momentOf(mail, place),
    from,
    to: handlesIn(mail.to),
    copied: handlesIn(mail.cc),
    ...(answerTo.length && !place.sent && { replyTo: answerTo }),
    answers: answersOf(mail),
    ...(mail.subject && { subject: cleanName(mail.subject, 990) }),
    text: words.text,
    ...(words.html && { html: words.html }),
    ...(quoted && { quoted: cut(quoted, mostText) }),
    attachments,
    ...(automatic && { automatic }),
    ...(mail.flaws.length && { flaws: [...new Set(mail.flaws)] }),
    ...(!place.cutFrom &&
      mail.flaws.some(flaw => losing.has(flaw)) && { original: { name: 'original.eml', type: 'message/rfc822', content: bytes } }),
    ...(place.folder && { folder: place.folder }),
  }
}

function wordsOf(text: string | undefined, html: string | undefined, subject: string | undefined, flaws: string[]) {
  const whole = cleanText(text?.trim() ? text.slice(0, mostText * 2) : textOf(html ?? '', mostText))
  if (whole.length > mostText || (html?.length ?? 0) > mostHtml) flaws.push('email.flawCut')
  const parts = fold(cut(whole, mostText), subject)
  return { ...parts, html: html && cut(html.toWellFormed().replaceAll('\0', ''), mostHtml) }
}

/** The Message-ID, bare; where a mail has none, or shares it with another mail, a digest of what does not change when it is moved. */
export function remoteIdOf(mail: Mail, bytes: Uint8Array, place: Place): string {
  const id = /^<([^<>\s\p{Cc}]{1,500})>/u.exec(header(mail, 'message-id')?.trim() ?? '')?.[1]
  if (id) return place.distinct ? `${id}#${place.distinct}` : id
  const same = ['message-id', 'date', 'from', 'to', 'cc', 'subject'].map(name => header(mail, name) ?? '').join('\n')
  const body = place.cutFrom ? String(place.cutFrom) : bodyOf(bytes)
  return `sha256:${createHash('sha256').update(same).update(body).digest('hex').slice(0, 40)}`
}

/** Nearest first: In-Reply-To, then References from the end, which is the order in which mail programs write them. */
function answersOf(mail: Mail): string[] {
  const chain = messageIds(header(mail, 'references')).reverse()
  return [...new Set([...messageIds(header(mail, 'in-reply-to')).slice(0, 1), ...chain])].slice(0, 100)
}

/** The sender's clock, unless it is ahead of the server's, or says nothing. */
function momentOf(mail: Mail, { received }: Place): Date {
  const said = new Date(mail.date ?? Number.NaN)
  const latest = received ? new Date(received.getTime() + 300_000) : undefined
  const believable = said.getTime() > Date.UTC(1980) && said.getTime() < Date.UTC(2100) && (!latest || said <= latest)
  if (!believable && !received && !mail.flaws.includes('email.flawNoDate')) mail.flaws.push('email.flawNoDate')
  return believable ? said : (received ?? new Date(0))
}

/**
 * Who wrote. A form on our own web site sends in our name and puts the customer into Reply-To: then it is the customer. Without a readable sender it is
 * somebody at an address that cannot exist.
 */
function senderOf(mail: Mail, { own, sent }: Place): Handle {
  const from = handlesIn(mail.from && [mail.from])[0] ?? handlesIn(mail.sender && [mail.sender])[0]
  const answer = handlesIn(mail.replyTo, 1)[0]
  if (from && !sent && own.includes(from.address) && answer && !own.includes(answer.address)) return answer
  if (from) return from
  mail.flaws.push('email.flawNoSender')
  const fallback = answer ?? handleOf({ name: '', address: mail.returnPath ?? '' })
  return fallback ?? { network: 'email', address: 'unknown@unknown.invalid', ...nameOf(mail) }
}

function nameOf(mail: Mail): { name?: string } {
  const name = cleanName(mail.from?.name || mail.from?.address || '')
  return name ? { name } : {}
}
