/** From what a page sent to what the house understands: data to data. */
import { createHash } from 'node:crypto'
import { cleanName, storable } from '#kernel/plain.ts'
import type { Account, Attachment, HeardMessage } from '#social/channels/words.ts'
import type { Commenting, Saying, Sending } from './calls.ts'
import type { Settings } from './settings.ts'
import { handleOf, type Visitor } from './visitors.ts'

type Of = Pick<Account<Settings>, 'id'>

/** Words of a conversation. All of a visitor's words belong together; only the first stand alone. */
export function heardWords(account: Of, visitor: Visitor, said: Saying, at: Date): HeardMessage {
  return { ...heard(account, visitor, said, at), text: said.text, ...(said.subject && { subject: cleanName(said.subject, 200) }) }
}

/** A file of a conversation, as a message without words. */
export const heardFile = (account: Of, visitor: Visitor, sent: Sending, file: Attachment, at: Date): HeardMessage => ({
  ...heard(account, visitor, sent, at),
  attachments: [file],
})

function heard(account: Of, visitor: Visitor, said: Sending, at: Date): HeardMessage {
  const remoteId = `${account.id}/${visitor.key}/${said.id}`
  const title = cleanName(said.title ?? '', 200)
  return {
    is: 'message',
    remoteId,
    direction: 'in',
    at,
    from: handleOf(account, visitor),
    to: [],
    copied: [],
    answers: remoteId === visitor.first ? [] : [visitor.first],
    ...(title && remoteId === visitor.first && { subject: title }),
    text: '',
    attachments: [],
    url: storable(said.page),
  }
}

/** A comment is public and stands on its page; the page is the conversation. */
export function heardComment(account: Of, visitor: Visitor, said: Commenting, { at, waits }: { at: Date; waits: boolean }): HeardMessage {
  const page = pageOf(said.page)
  const thread = `${account.id}/page/${page.mark}`
  return {
    ...heard(account, visitor, said, at),
    remoteId: `${thread}/${said.id}`,
    answers: [...(said.answers ? [`${thread}/${said.answers}`] : []), thread],
    subject: cleanName(said.title ?? '', 200) || cleanName(page.address, 200),
    text: said.text,
    url: storable(page.address),
    open: true,
    ...(waits && { waits }),
  }
}

const trackers = /^(utm_|fbclid$|gclid$|mc_|ref$)/

/** The address of a page without what only says how one came there, and a short mark for it. */
export function pageOf(text: string): { address: string; mark: string } {
  const url = new URL(text)
  url.hash = ''
  for (const name of [...url.searchParams.keys()]) if (trackers.test(name)) url.searchParams.delete(name)
  const address = `${url.origin}${url.pathname}${url.searchParams.size ? `?${url.searchParams}` : ''}`.slice(0, 2000)
  return { address, mark: createHash('sha256').update(address).digest('hex').slice(0, 32) }
}

/** Which page a message of a comments' conversation stands on; undefined for one of a chat. */
export const pageIn = (remoteId: string): string | undefined => /^[^/]{1,60}\/page\/([0-9a-f]{32})(\/|$)/.exec(remoteId)?.[1]

/** A file as it was sent, under a name that can be kept. */
export async function attachmentOf(file: File): Promise<Attachment> {
  const name = cleanName(file.name.replace(/[/\\]/g, '_'), 200) || 'file'
  const type = /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/.test(file.type) ? file.type : 'application/octet-stream'
  return { name, type, content: new Uint8Array(await file.arrayBuffer()) }
}
