/** Mails that bear another mail's Message-ID: some programs give the same one to every mail they send, and none of those may be lost. */
import { createHash } from 'node:crypto'
import type { FetchMessageObject, ImapFlow } from 'imapflow'

const askedTogether = 20

/**
 * For each mail of the open folder that is not the first with its Message-ID and was not written at the same moment: what tells it from the first. The
 * same mail delivered twice has the same date, and stays one.
 */
export async function distinctIn(line: ImapFlow, mails: FetchMessageObject[]): Promise<Map<number, string>> {
  const before = await earlier(line, mails)
  const firsts = new Map<string, string>()
  const distinct = new Map<number, string>()
  for (const mail of [...before, ...mails].sort((a, b) => a.uid - b.uid)) {
    const id = mail.envelope?.messageId
    if (!id) continue
    const written = dateOf(mail)
    if (!firsts.has(id)) firsts.set(id, written)
    else if (firsts.get(id) !== written) distinct.set(mail.uid, createHash('sha256').update(written).digest('hex').slice(0, 12))
  }
  return distinct
}

const dateOf = ({ envelope }: FetchMessageObject): string => {
  const date = envelope?.date
  return date instanceof Date ? String(date.getTime()) : (date ?? '')
}

/** Mails of the folder that came before these and have one of their Message-IDs; usually none. */
async function earlier(line: ImapFlow, mails: FetchMessageObject[]): Promise<FetchMessageObject[]> {
  const first = Math.min(...mails.map(({ uid }) => uid))
  const ids = [
    ...new Set(mails.flatMap(({ envelope }) => (envelope?.messageId && printable(envelope.messageId) ? [envelope.messageId] : []))),
  ]
  const found: number[] = []
  for (let at = 0; at < ids.length && first > 1; at += askedTogether) {
    const some = ids.slice(at, at + askedTogether).map(id => ({ header: { 'message-id': id } }))
    const uids = await line.search({ uid: `1:${first - 1}`, ...(some.length > 1 ? { or: some } : some[0]) }, { uid: true })
    if (Array.isArray(uids)) found.push(...uids)
  }
  return found.length ? line.fetchAll(found.slice(0, 500).join(','), { uid: true, envelope: true }, { uid: true }) : []
}

const printable = (id: string): boolean => /^[\x21-\x7e]{3,500}$/.test(id)
