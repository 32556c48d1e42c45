/** What leaves the house, put together from what was kept: a draft as its channel takes it. */
import type { Ctx } from '#kernel/context.ts'
import { ChannelError } from '#kernel/errors.ts'
import { bytesNow, bytesOf, type FileCard, filesOf } from '#kernel/files.ts'
import { nameOf, namesIn } from '#social/channels/actions.ts'
import type { Attachment, Draft } from '#social/channels/words.ts'
import { leaveLink } from '#social/consent/actions.ts'
import { attachmentsOf } from '#social/content/actions.ts'
import type { AttachedFile, Content } from '#social/content/words.ts'
import type * as store from './store.ts'
import type * as words from './words.ts'

/** A draft without the bytes of its files, which are read when no transaction is open. */
export interface Bare {
  draft: Draft
  files: Going[]
  parts: { text: string; files: Going[] }[]
}

type Going = AttachedFile & { card: FileCard }

export async function bareDraft(ctx: Ctx, row: store.DeliveryRow, content: Content): Promise<Bare> {
  const { envelope, channel } = row
  const handles = (list: words.Address[]) => list.map(each => ({ ...each, network: channel }))
  const files = await goingWith(ctx, row.content)
  const ofParts = new Set(envelope.post?.parts.flatMap(part => part.files))
  const { warning, quotes, quotesLink, repliesFrom, language, poll, text = content.text, parts = [] } = envelope.post ?? {}
  const draft: Draft = {
    id: row.content,
    to: handles(envelope.to),
    copied: handles(envelope.copied),
    blindCopied: handles(envelope.blindCopied),
    text,
    attachments: [],
    answers: await answersOf(ctx, row),
    ...(content.subject && { subject: content.subject }),
    ...(content.html && { html: content.html }),
    ...(envelope.senderName && { senderName: envelope.senderName }),
    ...(envelope.writtenFrom && { writtenFrom: envelope.writtenFrom }),
    ...(envelope.writer && { writer: { ...envelope.writer, network: channel } }),
    ...(envelope.signature && { signature: envelope.signature }),
    ...(row.open && { open: true as const }),
    ...(envelope.automatic && { automatic: true as const }),
    ...(envelope.question && { question: envelope.question }),
    ...(warning && { warning }),
    ...(quotes && { quotes }),
    ...(quotesLink && { quotesLink }),
    ...(repliesFrom && { repliesFrom }),
    ...(language && { language }),
    ...(poll && { poll }),
    ...(await leavingBy(ctx, row)),
  }
  return {
    draft,
    files: files.filter(each => !ofParts.has(each.file)),
    parts: parts.map(part => ({ text: part.text, files: files.filter(each => part.files.includes(each.file)) })),
  }
}

/** What is sent for a purpose to one person alone bears their own link to leave. */
async function leavingBy(ctx: Ctx, { envelope }: store.DeliveryRow): Promise<{ leave?: string }> {
  const { purpose, getter } = envelope
  return purpose && getter ? { leave: leaveLink(ctx, getter, purpose) } : {}
}

/** Remote ids of what it answers, nearest first. */
async function answersOf(ctx: Ctx, { envelope, channel, thread, content }: store.DeliveryRow): Promise<string[]> {
  if (envelope.post) return []
  const before = (await namesIn(ctx, channel, thread, 50)).filter(each => each.object < content).map(each => each.remoteId)
  const nearest = envelope.answers && (await nameOf(ctx, channel, envelope.answers))
  return nearest ? [nearest, ...before.filter(each => each !== nearest)] : before
}

async function goingWith(ctx: Ctx, content: string): Promise<Going[]> {
  const attached = (await attachmentsOf(ctx, [content])).get(content) ?? []
  const cards = await filesOf(
    ctx,
    attached.map(each => each.file),
  )
  return attached.flatMap(each => (cards.has(each.file) ? [{ ...each, card: cards.get(each.file)! }] : []))
}

/** With every file in memory, for the one call that sends it. */
export async function wholeDraft(org: string, { draft, files, parts }: Bare): Promise<Draft> {
  const whole: Draft = { ...draft, attachments: await loaded(org, files) }
  if (parts.length === 0) return whole
  return { ...whole, parts: await Promise.all(parts.map(async part => ({ text: part.text, attachments: await loaded(org, part.files) }))) }
}

async function loaded(org: string, files: Going[]): Promise<Attachment[]> {
  const attachments: Attachment[] = []
  for (const file of files) {
    const content = await bytesOf(org, file.card).catch(cause => {
      throw new ChannelError('rejected', { says: 'deliveries.fileGone', cause })
    })
    attachments.push({ ...aboutFile(file), content })
  }
  return attachments
}

/** For lists that anybody may ask for: a file is read only when its bytes are looked at. */
export function lazyDraft(org: string, { draft, files, parts }: Bare): Draft {
  const each = (list: Going[]) => list.map(file => lazyFile(org, file))
  const whole: Draft = { ...draft, attachments: each(files) }
  return parts.length === 0 ? whole : { ...whole, parts: parts.map(part => ({ text: part.text, attachments: each(part.files) })) }
}

const lazyFile = (org: string, file: Going): Attachment => ({
  ...aboutFile(file),
  get content() {
    return bytesNow(org, file.card)
  },
})

const aboutFile = ({ name, type, cid, inline, alt }: Going) => ({ name, type, inline, ...(cid && { cid }), ...(alt && { alt }) })
