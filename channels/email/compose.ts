/** From a draft to a mail: headers by which every mail program finds the thread, text and HTML side by side. Pure, but for the boundaries of the parts. */
import { createHash } from 'node:crypto'
import MailComposer, { type MailComposerAttachment } from 'nodemailer/lib/mail-composer'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Draft, Handle } from '#social/channels/words.ts'
import { readAddress } from './addresses.ts'
import { domainOf, type Settings } from './settings.ts'

export interface Ready {
  /** Bare, without angle brackets. */
  messageId: string
  from: string
  recipients: string[]
  source: Buffer
}

/** Our Message-ID is the once-key at the account's domain, so that the same key is the same mail wherever it turns up. */
export function messageIdFor(settings: Pick<Settings, 'address'>, onceKey: string): string {
  const plain = /^[a-z0-9][a-z0-9._-]{0,199}$/i.test(onceKey) && !onceKey.includes('..')
  return `${plain ? onceKey : createHash('sha256').update(onceKey).digest('hex')}@${domainOf(settings.address)}`
}

/** The mail as it goes out. `from` is the one of the account's addresses that the thread came to. Throws ChannelError (`rejected`) on a bad recipient. */
export async function compose(settings: Settings, draft: Draft, onceKey: string, from: string, at: Date): Promise<Ready> {
  const [to, copied, blind] = [draft.to, draft.copied, draft.blindCopied].map(list => list.map(mailbox)) as [Box[], Box[], Box[]]
  const recipients = [...new Set([...to, ...copied, ...blind].map(({ address }) => address))]
  if (recipients.length === 0) throw new ChannelError('rejected', { says: 'email.noRecipient' })
  const messageId = messageIdFor(settings, onceKey)
  const chain = draft.answers.map(threadable).filter(id => id !== undefined)
  const signature = settings.signature.trim() || (draft.signature ?? '')
  const composer = new MailComposer({
    messageId: `<${messageId}>`,
    date: at,
    from: { name: cleanName(draft.senderName || settings.senderName), address: from },
    to,
    cc: copied,
    subject: subjectOf(draft),
    ...(chain[0] && { inReplyTo: `<${chain[0]}>`, references: referencesFrom(chain) }),
    ...senderOf(draft, from),
    headers: { ...(draft.automatic && byItself), ...(draft.leave && leaving(draft.leave)) },
    text: signed(draft.text, signature),
    html: htmlOf(draft, signature),
    attachments: draft.attachments.map(attached),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  })
  return { messageId, from, recipients, source: await composer.compile().build() }
}

/** RFC 3834: no person wrote it, and no machine is to answer. */
const byItself = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' }

/** RFC 8058: mail programs offer to leave with one press, and post there themselves. */
const leaving = (url: string) => ({ 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' })

/** RFC 5322, 3.6.2: who wrote it is named beside whose mailbox it is. One without a mailbox of their own is named at this one. */
function senderOf({ writer }: Draft, from: string): { sender?: Box } {
  if (!writer) return {}
  return { sender: { name: cleanName(writer.name ?? ''), address: readAddress(writer.address) ?? from } }
}

interface Box {
  name: string
  address: string
}

function mailbox(handle: Handle): Box {
  const address = readAddress(handle.address)
  if (!address || address.endsWith('.invalid')) throw new ChannelError('rejected', { says: 'email.badRecipient' })
  return { name: cleanName(handle.name ?? ''), address }
}

const answering = /^(re|aw|sv|antw|antwoord|vs)\s?(\[\d{1,3}\])?\s?:/i

function subjectOf(draft: Draft): string {
  const subject = cleanName(draft.subject ?? '', 900)
  return draft.answers.length && subject && !answering.test(subject) ? `Re: ${subject}` : subject
}

/** What can stand in a References header: real Message-IDs, without what we added to tell two mails apart; no digests. */
function threadable(remoteId: string): string | undefined {
  const id = remoteId.replace(/#[^#]*$/, '')
  return id.length <= 600 && id.includes('@') && !/[\s<>]/.test(id) ? id : undefined
}

/** Oldest first; the root and the nearest ones where the chain is long (RFC 5322 lets a line grow, servers do not). */
function referencesFrom(nearestFirst: string[]): string[] {
  const chain = [...new Set(nearestFirst)].reverse()
  const short = chain.length > 20 ? [chain[0]!, ...chain.slice(-19)] : chain
  return short.map(id => `<${id}>`)
}

const signed = (text: string, signature: string): string =>
  signature.trim() ? `${text.trimEnd()}\n\n-- \n${signature.trim()}\n` : `${text.trimEnd()}\n`

function htmlOf(draft: Draft, signature: string): string {
  const body = draft.html ?? paragraphs(draft.text)
  const below = signature.trim() ? `<div>-- <br>${paragraphs(signature.trim())}</div>` : ''
  return `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${body}${below}</body></html>`
}

const paragraphs = (text: string): string =>
  text
    .trim()
    .split(/\n{2,}/)
    .map(paragraph => `<p>${linked(escaped(paragraph)).replaceAll('\n', '<br>')}</p>`)
    .join('\n')

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const linked = (html: string): string =>
  html.replace(/\bhttps?:\/\/[^\s<>"]{1,2000}/g, found => {
    const url = withoutEnd(found)
    return `<a href="${url}">${url}</a>${found.slice(url.length)}`
  })

/** The sentence's own signs are not part of an address. */
function withoutEnd(url: string): string {
  const sign = ['&gt;', '&quot;', '.', ',', ';', ':', '!', '?', ')', "'", ']'].find(each => url.endsWith(each))
  return sign ? withoutEnd(url.slice(0, -sign.length)) : url
}

const attached = (file: Draft['attachments'][number]): MailComposerAttachment => ({
  filename: cleanName(file.name).replace(/[/\\]/g, '_') || 'file',
  content: Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength),
  contentType: /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream',
  ...(file.cid && /^[^\s<>]+$/.test(file.cid) && { cid: file.cid, contentDisposition: 'inline' }),
})
