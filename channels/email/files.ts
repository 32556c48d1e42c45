/** The files that came with a mail: named so that they can be kept, unwrapped where a program wrapped them, without those that only serve programs. Pure. */
import { extname } from 'node:path'
import type { Attachment as Part } from 'postal-mime'
import { cleanName, cleanText, textOf } from '#kernel/plain.ts'
import type { Attachment } from '#social/channels/words.ts'
import { contentOf, contentType, type Mail, readMime } from './mime.ts'
import { signedContent } from './signed.ts'
import { filesIn } from './tnef.ts'

const mostFiles = 200

export interface Opened {
  text?: string
  html?: string
  attachments: Attachment[]
  /** The words of mails that were attached whole, for the fold below the message. */
  history: string[]
}

/** The mail's words and files; when all of it is inside a signature, those of the mail within. Adds to the mail's flaws. */
export async function filesOf(mail: Mail): Promise<Opened> {
  const sealed = mail.attachments.find(({ mimeType }) => /^application\/(x-)?pkcs7-mime$/.test(mimeType))
  const inner = sealed && signedContent(contentOf(sealed.content))
  if (inner) return within(mail, await readMime(inner))
  if (sealed || contentType(mail).type === 'multipart/encrypted' || /^-----BEGIN PGP MESSAGE-----/m.test((mail.text ?? '').slice(0, 5000)))
    mail.flaws.push('email.flawEncrypted')
  const parts = mail.attachments.filter(part => !serving.test(part.mimeType))
  if (parts.length > mostFiles) mail.flaws.push('email.flawFiles')
  const attachments = parts.slice(0, mostFiles).flatMap((part, index) => attachmentsFrom(part, index, mail))
  return { text: mail.text, html: mail.html, attachments: withoutTwins(attachments), history: await historyOf(parts) }
}

async function within(outer: Mail, inner: Mail): Promise<Opened> {
  const deeper = inner.attachments.some(({ mimeType }) => /pkcs7-mime$/.test(mimeType))
  const opened = deeper ? { ...inner, attachments: [], history: [] } : await filesOf(inner)
  if (deeper) outer.flaws.push('email.flawEncrypted')
  outer.flaws.push(...inner.flaws.filter(flaw => flaw !== 'email.flawNoSender'))
  return opened
}

/** Detached signatures and the fields of a bounce say nothing to a person. */
const serving = /^application\/((x-)?pkcs7-signature|pgp-signature|pgp-encrypted)$/

function attachmentsFrom(part: Part, index: number, mail: Mail): Attachment[] {
  const content = contentOf(part.content)
  if (part.mimeType !== 'application/ms-tnef' && !/^winmail\.dat$/i.test(part.filename ?? '')) return [attachmentFrom(part, index, content)]
  const files = filesIn(content)
  if (files.length === 0 && content.length > 2000) mail.flaws.push('email.flawTnef')
  if (files.length === 0) return content.length > 2000 ? [attachmentFrom(part, index, content)] : []
  return files.map((file, place) => ({ ...file, name: fileName(file.name, file.type, place), type: typeOf(file.type) }))
}

function attachmentFrom(part: Part, index: number, content: Uint8Array): Attachment {
  const type = typeOf(part.mimeType)
  const cid = part.contentId?.trim().replace(/^<|>$/g, '').slice(0, 200)
  const inline = part.disposition === 'inline' || part.related === true
  return { name: fileName(part.filename ?? '', type, index), type, content, ...(cid && { cid }), ...(inline && { inline }) }
}

const typeOf = (text: string): string => (/^[a-z0-9][\w.+-]{0,100}\/[a-z0-9][\w.+-]{0,100}$/.test(text) ? text : 'application/octet-stream')

const endings: Record<string, string> = {
  'message/rfc822': '.eml',
  'message/delivery-status': '.txt',
  'message/feedback-report': '.txt',
  'text/calendar': '.ics',
  'application/ics': '.ics',
  'text/plain': '.txt',
  'text/html': '.html',
  'text/csv': '.csv',
  'text/vcard': '.vcf',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/svg+xml': '.svg',
}

/** Only the last part of a path, none of the characters that file systems or browsers read as more than a name. */
export function fileName(given: string, type: string, index: number): string {
  const last = given.split(/[/\\]/).at(-1) ?? ''
  const plain = cleanName(last, 400)
    .replace(/[:*?"<>|]/g, '_')
    .replace(/^[.\s]+/, '')
  const ending = extname(plain).slice(0, 20)
  const stem = plain
    .slice(0, plain.length - extname(plain).length)
    .slice(0, 180)
    .trim()
  return stem || ending ? `${stem}${ending}` : `${type.split('/')[0]}-${index + 1}${endings[type] ?? ''}`
}

/** An invitation often comes twice, as an alternative and then as a file with a name. */
function withoutTwins(all: Attachment[]): Attachment[] {
  const calendars = all.filter(({ type }) => type === 'text/calendar' || type === 'application/ics')
  const twins = calendars.filter((one, index) => calendars.slice(index + 1).some(other => Buffer.compare(one.content, other.content) === 0))
  return all.filter(each => !twins.includes(each))
}

async function historyOf(parts: Part[]): Promise<string[]> {
  const mails = parts.filter(({ mimeType, content }) => mimeType === 'message/rfc822' && contentOf(content).length < 2_000_000).slice(0, 3)
  return Promise.all(mails.map(async ({ content }) => asHistory(await readMime(contentOf(content)))))
}

function asHistory(mail: Mail): string {
  const sender = mail.from?.address ? `${mail.from.name ?? ''} <${mail.from.address}>` : ''
  const above = [sender, (mail.date ?? '').replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$/, '$1 $2'), mail.subject ?? '']
    .map(each => cleanName(each, 500))
    .filter(Boolean)
    .join(' · ')
  return `${above}\n\n${cleanText(mail.text?.trim() ? mail.text : textOf(mail.html ?? '', 100_000))}`.slice(0, 100_000).trim()
}
