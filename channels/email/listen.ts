/** Hearing a mailbox: everything after a cursor, and news of more. */

import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Heard } from '#social/channels/words.ts'
import { imapFault, openImap } from './client.ts'
import { borrow, type Folder, foldersOf, inFolder, watched } from './lines.ts'
import { mostBytes } from './mime.ts'
import { ownAddresses, type Settings } from './settings.ts'
import { heardIn, type Place } from './translate.ts'
import { distinctIn } from './twins.ts'

const mostMails = 200
const mostTogether = 40_000_000
const fetchedTogether = 8_000_000
const beginning = 262_144
const piece = 2_000_000

/** Up to where a folder was heard. `from`: only mails that came in since then, until the scan that this began has reached the end. */
const state = z.strictObject({ uidvalidity: z.string().max(30), lastUid: z.int().min(0), from: z.iso.datetime().optional() })
const cursorForm = z.strictObject({ at: z.iso.datetime(), folders: z.record(z.string().max(500), state) })
type State = z.output<typeof state>
type Cursor = z.output<typeof cursorForm>

/** A cursor that cannot be read counts as none: everything in the window is heard again, and known by its remote ids. */
function readCursor(text: string | null): Cursor | undefined {
  try {
    return cursorForm.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}

interface Waiting extends Folder {
  state: State
  /** In the order of their UIDs, at most `mostMails`. */
  mails: FetchMessageObject[]
  /** What the state becomes when all of `mails` were taken and there are no more. */
  end: number
  more: boolean
}

/** Everything after the cursor, oldest first, at most 200 mails or 40 MB at once. A first cursor begins `historyDays` ago. */
export function since(account: Account<Settings>, text: string | null): Promise<{ heard: Heard[]; cursor: string; more: boolean }> {
  return borrow(account, async line => {
    const cursor = readCursor(text)
    const began = now().toISOString()
    const folders: Waiting[] = []
    for (const folder of await foldersOf(line, account.settings.folders)) {
      const waiting = await waitingIn(line, folder, cursor, account.settings)
      if (waiting) folders.push(waiting)
    }
    const taken = oldestFirst(folders)
    const heard = await hear(line, folders, taken, ownAddresses(account.settings))
    const more = folders.some(folder => folder.more || folder.mails.some(mail => !taken.includes(mail)))
    const states = folders.map(folder => [folder.path, after(folder, taken)] as const)
    return { heard, cursor: JSON.stringify({ at: began, folders: { ...cursor?.folders, ...Object.fromEntries(states) } }), more }
  })
}

async function waitingIn(line: ImapFlow, folder: Folder, cursor: Cursor | undefined, settings: Settings): Promise<Waiting | undefined> {
  const known = cursor?.folders[folder.path]
  if (known && !known.from && (await unchanged(line, folder.path, known)))
    return { ...folder, state: known, mails: [], end: known.lastUid, more: false }
  try {
    return await inFolder(line, folder.path, () => look(line, folder, known, cursor, settings))
  } catch (error) {
    if ((error as { mailboxMissing?: boolean }).mailboxMissing) return undefined
    throw error
  }
}

/** The open folder's own news come by themselves; asking its status is not allowed while it is open. */
async function unchanged(line: ImapFlow, path: string, known: State): Promise<boolean> {
  if (line.mailbox && line.mailbox.path === path) return false
  const status = await line.status(path, { uidNext: true, uidValidity: true })
  return Boolean(status && String(status.uidValidity) === known.uidvalidity && status.uidNext && status.uidNext - 1 <= known.lastUid)
}

/** A new UIDVALIDITY means that all numbers changed: what came in lately is heard again, and its remote ids show that it is not new. */
async function look(
  line: ImapFlow,
  folder: Folder,
  known: State | undefined,
  cursor: Cursor | undefined,
  settings: Settings,
): Promise<Waiting> {
  if (!line.mailbox) throw new ChannelError('down', { says: 'email.folderClosed' })
  const uidvalidity = String(line.mailbox.uidValidity)
  const next = line.mailbox.uidNext
  const same = known?.uidvalidity === uidvalidity ? known : undefined
  const state: State = same ?? { uidvalidity, lastUid: 0, from: windowFrom(cursor, known, settings) }
  const end = Math.max(state.lastUid, next - 1)
  if (!same && !known && settings.historyDays === 0) return { ...folder, state: { uidvalidity, lastUid: end }, mails: [], end, more: false }
  const query = { uid: `${state.lastUid + 1}:*`, ...(state.from && { since: new Date(state.from) }) }
  const found = await line.search(query, { uid: true })
  if (!Array.isArray(found)) throw new ChannelError('down', { says: 'email.folderClosed' })
  const uids = found.filter(uid => uid > state.lastUid).sort((a, b) => a - b)
  const mails = uids.length ? await line.fetchAll(uids.slice(0, mostMails).join(','), about, { uid: true }) : []
  return {
    ...folder,
    state,
    mails: mails.sort((a, b) => a.uid - b.uid),
    end: Math.max(end, uids.at(-1) ?? 0),
    more: uids.length > mostMails,
  }
}

const about = { uid: true, size: true, internalDate: true, flags: true, envelope: true } as const
const day = 86_400_000

function windowFrom(cursor: Cursor | undefined, known: State | undefined, settings: Settings): string {
  const window = now().getTime() - settings.historyDays * day
  return new Date(known && cursor ? Math.min(window, new Date(cursor.at).getTime() - 2 * day) : window).toISOString()
}

/** Each folder stays in the order of its UIDs; among the folders' next mails the one that came in first is taken. */
function oldestFirst(folders: Waiting[]): FetchMessageObject[] {
  const queues = folders.map(({ mails }) => mails.slice())
  const taken: FetchMessageObject[] = []
  for (let size = 0; taken.length < mostMails && (size < mostTogether || taken.length === 0); ) {
    const [first] = queues.filter(queue => queue.length).sort((a, b) => cameIn(a[0]!).getTime() - cameIn(b[0]!).getTime())
    if (!first) break
    const mail = first.shift()!
    size += Math.min(mail.size ?? 0, mostBytes)
    taken.push(mail)
  }
  return taken
}

const cameIn = (mail: FetchMessageObject): Date => {
  const date = new Date(mail.internalDate ?? 0)
  return Number.isNaN(date.getTime()) ? new Date(0) : date
}

function after(folder: Waiting, taken: FetchMessageObject[]): State {
  const left = folder.mails.find(mail => !taken.includes(mail))
  const last = folder.mails.filter(mail => taken.includes(mail)).at(-1)
  const { uidvalidity, from } = folder.state
  if (!left && !folder.more) return { uidvalidity, lastUid: folder.end }
  return { uidvalidity, lastUid: last?.uid ?? folder.state.lastUid, ...(from && { from }) }
}

/** Fetches the taken mails folder by folder and puts what was heard in the order in which it was taken. */
async function hear(line: ImapFlow, folders: Waiting[], taken: FetchMessageObject[], own: string[]): Promise<Heard[]> {
  const heard = new Map<FetchMessageObject, Heard[]>()
  for (const folder of folders) {
    const mails = folder.mails.filter(mail => taken.includes(mail) && !mail.flags?.has('\\Draft'))
    if (mails.length === 0) continue
    await inFolder(line, folder.path, async () => {
      const distinct = await distinctIn(line, mails)
      for (const group of groups(mails)) await hearGroup(line, group, mail => placeOf(folder, mail, own, distinct.get(mail.uid)), heard)
    })
  }
  return taken.flatMap(mail => heard.get(mail) ?? [])
}

const placeOf = (folder: Folder, mail: FetchMessageObject, own: string[], distinct?: string): Place => ({
  folder: folder.path,
  sent: folder.sent,
  own,
  received: cameIn(mail),
  ...((mail.size ?? 0) > mostBytes && { cutFrom: mail.size }),
  ...(distinct && { distinct }),
})

/** Small mails are fetched several at once, large ones alone. */
function groups(mails: FetchMessageObject[]): FetchMessageObject[][] {
  const all: FetchMessageObject[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const mail of mails) {
    size += mail.size ?? 0
    if (size > fetchedTogether || all.at(-1)!.length >= 50) all.push([])
    if (all.at(-1)!.length === 0) size = mail.size ?? 0
    all.at(-1)!.push(mail)
  }
  return all
}

async function hearGroup(
  line: ImapFlow,
  group: FetchMessageObject[],
  place: (mail: FetchMessageObject) => Place,
  heard: Map<FetchMessageObject, Heard[]>,
) {
  const large = (group[0]?.size ?? 0) > mostBytes
  const sources = await sourcesOf(line, group, large)
  for (const mail of group) {
    const source = sources.get(mail.uid)
    if (source) heard.set(mail, await heardIn(source, place(mail)))
  }
}

/** A mail that vanished meanwhile is left out. One that the server cannot hand over is taken as far as its envelope goes, so that it does not hold up the rest. */
async function sourcesOf(line: ImapFlow, group: FetchMessageObject[], large: boolean): Promise<Map<number, Buffer>> {
  const wanted = { uid: true, source: large ? { start: 0, maxLength: beginning } : true }
  try {
    if (!large && group.length === 1 && (group[0]!.size ?? 0) > piece) return await inPieces(line, group[0]!)
    const mails = await line.fetchAll(group.map(({ uid }) => uid).join(','), wanted, { uid: true })
    return new Map(mails.flatMap(({ uid, source }) => (source ? [[uid, source] as const] : [])))
  } catch (error) {
    if (!line.usable || !(error as { responseStatus?: string }).responseStatus) throw error
    if (group.length > 1) return new Map((await Promise.all(group.map(mail => sourcesOf(line, [mail], large)))).flatMap(each => [...each]))
    return new Map([[group[0]!.uid, envelopeSource(group[0]!)]])
  }
}

/** A large mail piece by piece into one place: the line would hold it twice. A server's word on the size may be wrong. */
async function inPieces(line: ImapFlow, { uid, size = 0 }: FetchMessageObject): Promise<Map<number, Buffer>> {
  let whole = Buffer.allocUnsafe(size)
  let end = 0
  for (let last = piece; last === piece && end < mostBytes; ) {
    const [part] = await line.fetchAll(String(uid), { uid: true, source: { start: end, maxLength: piece } }, { uid: true })
    last = part?.source?.length ?? 0
    if (end + last > whole.length) whole = Buffer.concat([whole.subarray(0, end), Buffer.alloc(piece)])
    end += part?.source?.copy(whole, end) ?? 0
  }
  return new Map(end ? [[uid, whole.subarray(0, end)]] : [])
}

function envelopeSource({ envelope }: FetchMessageObject): Buffer {
  const from = envelope?.from?.[0]?.address ?? ''
  const lines = [`Message-ID: ${envelope?.messageId ?? ''}`, `From: <${from}>`, `Subject: ${envelope?.subject ?? ''}`]
  return Buffer.from(`${lines.map(each => each.replace(/[\r\n]/g, ' ')).join('\r\n')}\r\n\r\n`)
}

/** Waits for news: the first folder's come at once (IDLE), the others are asked for each minute. Resolves on abort, throws ChannelError when the line breaks. */
export async function watch(account: Account<Settings>, news: () => void, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const line = await openImap(account.settings, true)
  try {
    const folders = await foldersOf(line, account.settings.folders)
    const [first, ...others] = folders.map(({ path }) => path)
    if (!first) throw new ChannelError('rejected', { says: 'email.noFolder' })
    watched.set(account.id, { line, folder: first })
    await attend(line, first, others, news, signal)
  } catch (error) {
    throw imapFault(error)
  } finally {
    if (watched.get(account.id)?.line === line) watched.delete(account.id)
    await line.logout().catch(() => line.close())
  }
}

const askOthersEvery = 60_000

async function attend(line: ImapFlow, first: string, others: string[], news: () => void, signal: AbortSignal): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    line.once('close', () => (signal.aborted ? resolve() : reject(new ChannelError('down', { says: 'email.lineBroke' }))))
  })
  ended.catch(() => {})
  line.on('exists', ({ count, prevCount }) => count > prevCount && news())
  let seen = 0
  line.on('mailboxOpen', ({ path, uidNext }) => {
    if (path !== first || uidNext === seen) return
    seen = uidNext
    news()
  })
  await inFolder(line, first, async () => {})
  const asking = setInterval(() => void askOthers(line, others, news).catch(() => {}), askOthersEvery)
  asking.unref()
  return ended.finally(() => clearInterval(asking))
}

const lastNext = new WeakMap<ImapFlow, Map<string, number>>()

async function askOthers(line: ImapFlow, others: string[], news: () => void): Promise<void> {
  const before = lastNext.get(line) ?? new Map<string, number>()
  lastNext.set(line, before)
  for (const path of others) {
    const status = await line.status(path, { uidNext: true })
    const next = status ? (status.uidNext ?? 0) : 0
    if (next !== before.get(path) && before.set(path, next)) news()
  }
}
