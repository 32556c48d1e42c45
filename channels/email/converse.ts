/** Answering by mail: sent once, filed among the sent ones, and findable again by the id that we chose. */

import type { ImapFlow } from 'imapflow'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Delivery, Draft } from '#social/channels/words.ts'
import { readAddress } from './addresses.ts'
import { sendMail } from './client.ts'
import { compose, messageIdFor, type Ready } from './compose.ts'
import { borrow, foldersOf, inFolder, sentFolder } from './lines.ts'
import { ownAddresses, type Settings } from './settings.ts'

export const remoteIdFor = (account: Account<Settings>, onceKey: string): string => messageIdFor(account.settings, onceKey)

/** Sends the draft, unless the sent folder shows that this once-key was sent before. Throws ChannelError; `unsure` is to be settled by `lookUp`. */
export function reply(account: Account<Settings>, draft: Draft, onceKey: string): Promise<Delivery> {
  const { settings } = account
  return borrow(account, async line => {
    const remoteId = messageIdFor(settings, onceKey)
    const sent = await sentFolder(line)
    if (sent && (await holds(line, sent, 'message-id', remoteId))) return { state: 'done', remoteId }
    const from = chosen(draft, settings) ?? (await addressWritten(line, draft, settings))
    const mail = await compose(settings, draft, onceKey, from, now())
    const refused = await sendMail(settings, mail)
    const filed = await file(line, sent, mail)
    const note = refused.join('\n').slice(0, 2000) || (filed ? '' : 'email.notFiled')
    return { state: 'done', remoteId, ...(note && { note }) }
  })
}

/**
 * Was it sent? Yes when the copy is among the sent mails (some servers file it themselves), or when somebody already answered it. Otherwise the network
 * cannot tell.
 */
export function lookUp(account: Account<Settings>, onceKey: string): Promise<Delivery | null> {
  const remoteId = messageIdFor(account.settings, onceKey)
  return borrow(account, async line => {
    for (const { path, sent } of await foldersOf(line, [])) {
      const seen = sent ? await holds(line, path, 'message-id', remoteId) : await answered(line, path, remoteId)
      if (seen) return { state: 'done', remoteId }
    }
    return null
  })
}

const answered = async (line: ImapFlow, path: string, id: string): Promise<boolean> =>
  (await holds(line, path, 'in-reply-to', id)) || holds(line, path, 'references', id)

async function holds(line: ImapFlow, path: string, header: string, id: string): Promise<boolean> {
  return (await found(line, path, header, id)).length > 0
}

/** A search looks for parts of a header; with its brackets an id is whole. */
async function found(line: ImapFlow, path: string, header: string, id: string): Promise<number[]> {
  return inFolder(line, path, async () => {
    const uids = await line.search({ header: { [header]: `<${id}>` } }, { uid: true })
    if (!Array.isArray(uids)) throw new ChannelError('down', { says: 'email.folderClosed' })
    return uids
  })
}

/** A copy for the person's other mail programs; Gmail's server keeps one by itself. Nothing that happens here undoes that the mail is out. */
async function file(line: ImapFlow, sent: string | undefined, mail: Ready): Promise<boolean> {
  try {
    if (line.capabilities.has('X-GM-EXT-1')) return true
    if (sent && (await holds(line, sent, 'message-id', mail.messageId))) return true
    const path = sent ?? (await line.mailboxCreate('Sent')).path
    return Boolean(await line.append(path, mail.source, ['\\Seen'], now()))
  } catch {
    return false
  }
}

/** Only an address of this mailbox is written from, whoever asks for another. */
function chosen({ writtenFrom }: Draft, settings: Settings): string | undefined {
  const address = writtenFrom && readAddress(writtenFrom)
  return address && ownAddresses(settings).includes(address) ? address : undefined
}

/** The one of our addresses that the answered mail was written to, so that an alias answers as itself. */
async function addressWritten(line: ImapFlow, draft: Draft, settings: Settings): Promise<string> {
  const answeredId = draft.answers[0]?.replace(/#[^#]*$/, '')
  if (settings.aliases.length === 0 || !answeredId?.includes('@')) return settings.address
  for (const { path } of await foldersOf(line, settings.folders)) {
    const uids = await found(line, path, 'message-id', answeredId)
    const mail = uids[0] && (await inFolder(line, path, () => line.fetchOne(String(uids[0]), { uid: true, envelope: true }, { uid: true })))
    const addresses = mail ? [mail.envelope?.to, mail.envelope?.cc, mail.envelope?.from].flatMap(list => list ?? []) : []
    const own = addresses.map(each => readAddress(each.address ?? '')).find(address => address && ownAddresses(settings).includes(address))
    if (own) return own
  }
  return settings.address
}
