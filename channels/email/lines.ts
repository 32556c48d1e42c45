/** One line per account: whoever needs the mailbox while it is watched borrows the watching line, so that a provider's limit of connections is never met. */

import type { ImapFlow, ListResponse } from 'imapflow'
import type { Account } from '#social/channels/words.ts'
import { imapFault, withImap } from './client.ts'
import type { Settings } from './settings.ts'

export interface Watched {
  line: ImapFlow
  /** The folder that the server tells news of. */
  folder: string
}

export const watched = new Map<string, Watched>()

/** Runs on the watching line when there is one, else on a line of its own; afterwards the watching line waits for news again. Throws ChannelError. */
export async function borrow<T>(account: Account<Settings>, run: (line: ImapFlow) => Promise<T>): Promise<T> {
  const watching = watched.get(account.id)
  if (!watching?.line.usable) return withImap(account.settings, run)
  try {
    return await run(watching.line)
  } catch (error) {
    throw imapFault(error)
  } finally {
    await inFolder(watching.line, watching.folder, async () => {}).catch(() => {})
  }
}

/** With the folder open for reading only, so that nothing is marked as seen. */
export async function inFolder<T>(line: ImapFlow, path: string, run: () => Promise<T>): Promise<T> {
  const lock = await line.getMailboxLock(path, { readOnly: true, acquireTimeout: 60_000 })
  try {
    return await run()
  } finally {
    lock.release()
  }
}

export interface Folder {
  path: string
  sent: boolean
}

/** The folders to listen to: those that were chosen, else the inbox, the sent mail and the archive, as the server itself marks them. */
export async function foldersOf(line: ImapFlow, chosen: string[]): Promise<Folder[]> {
  const all = (await line.list()).filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
  const usual = ({ path, specialUse }: ListResponse) => isInbox(path) || ['\\Sent', '\\Archive'].includes(specialUse ?? '')
  const mine = all.filter(chosen.length ? ({ path }) => chosen.some(name => same(name, path)) : usual)
  const ordered = mine.sort((a, b) => Number(isInbox(b.path)) - Number(isInbox(a.path)))
  return ordered.slice(0, 50).map(({ path, specialUse }) => ({ path, sent: specialUse === '\\Sent' }))
}

const isInbox = (path: string): boolean => path.toUpperCase() === 'INBOX'
const same = (one: string, other: string): boolean => one === other || (isInbox(one) && isInbox(other))

/** Where sent mail is kept; undefined when the account has no such folder yet. */
export const sentFolder = async (line: ImapFlow): Promise<string | undefined> =>
  (await line.list()).find(({ specialUse }) => specialUse === '\\Sent')?.path
