/**
 * The network's stream of everything that is said, as a second way to hear what concerns an account. What came waits here until the house has
 * committed it: the cursor says how far that is, and what lies behind it is told again.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { log } from '#kernel/log.ts'
import { guardedSocket, type OpenLine } from '#kernel/socket.ts'
import type { Account, Passing } from '#social/channels/words.ts'
import { forgetName } from './called.ts'
import { collections, fromChange, type Recent, recentUpTo } from './concerns.ts'
import { fromJetstream, fromRelay, type Told } from './frames.ts'
import { posts, uriOf } from './names.ts'
import { callByName, type Sieving, sieving } from './overhearing.ts'
import { isJetstream, type Settings, streamOf } from './settings.ts'
import type { Given, Kept, Sifted } from './sifting.ts'
import type { Read, Self } from './translate.ts'

type On = Account<Settings>

/** Where the stream stands, at which address, and up to which of the things that wait here all is committed. */
export const mark = z.object({
  of: z.string().max(300),
  at: z.int().min(0),
  session: z.string().max(20),
  number: z.int().min(0),
})
export type Mark = z.output<typeof mark>

interface Waiting {
  number: number
  position: number
  bytes: number
  read?: Read | undefined
  passing?: Passing | undefined
}

interface Stream {
  address: string
  session: string
  waiting: Waiting[]
  number: number
  bytes: number
  position: number | undefined
  recent: Recent
  line: OpenLine | undefined
  /** Position at which something was too large to be taken; -1 for none. */
  stuckAt: number
}

const streams = new Map<string, Stream>()
/** From where an account's stream goes on when it is opened. */
const resumed = new Map<string, Mark | undefined>()

/** Is the account's stream open now? Then notifications need hardly be asked for. */
export const isOpen = (account: string): boolean => streams.get(account)?.line !== undefined

const atOnce = 500

interface ToldSince {
  read: Read[]
  passing: Passing[]
  mark: Mark | undefined
  more: boolean
}

/** What came after the mark, oldest first. What is handed out waits on until a later mark says that it was committed. */
export function toldSince({ id }: On, before: Mark | undefined): ToldSince {
  const stream = streams.get(id)
  if (!stream) {
    resumed.set(id, before)
    return { read: [], passing: [], mark: before, more: false }
  }
  const done = before?.session === stream.session ? before.number : 0
  forget(stream, done)
  const told = stream.waiting.slice(0, endOf(stream.waiting))
  const more = told.length < stream.waiting.length
  const at = more ? told.at(-1)!.position : stream.position
  const number = told.at(-1)?.number ?? done
  const next = at === undefined ? before : { of: stream.address, at, session: stream.session, number }
  return { read: told.flatMap(({ read }) => read ?? []), passing: told.flatMap(({ passing }) => passing ?? []), mark: next, more }
}

/** All of one position belong together: the stream can only go on behind it. */
function endOf(waiting: Waiting[]): number {
  let end = Math.min(atOnce, waiting.length)
  while (end < waiting.length && waiting[end]!.position === waiting[end - 1]!.position) end++
  return end
}

function forget(stream: Stream, upTo: number): void {
  const count = stream.waiting.findIndex(({ number }) => number > upTo)
  const gone = stream.waiting.splice(0, count < 0 ? stream.waiting.length : count)
  for (const { bytes } of gone) stream.bytes -= bytes
  if (!isFull(stream, 0.5)) stream.line?.resume()
}

const [mostWaiting, mostBytes] = [20_000, 64 * 1024 * 1024]
const isFull = ({ waiting, bytes }: Stream, share = 1): boolean => waiting.length >= mostWaiting * share || bytes >= mostBytes * share

/** Listens until `signal` aborts, whatever happens to the line; `news` when something came that concerns the account. */
export async function follow(account: On, news: () => void, signal: AbortSignal): Promise<void> {
  const address = streamOf(account.settings, account.sieve !== undefined)
  if (!address) return
  const before = resumed.get(account.id)
  resumed.delete(account.id)
  const position = before?.of === address ? before.at : undefined
  const stream: Stream = { ...fresh(), address, position }
  streams.set(account.id, stream)
  try {
    for (let broken = 0; !signal.aborted; ) {
      const began = Date.now()
      const fault = await heard(account, address, stream, news, signal)
      if (signal.aborted) return
      if (Date.now() - began > 60_000) broken = 0
      log.warn({ err: fault, account: account.id, broken }, 'the stream was interrupted')
      await sleep(pauseAfter(fault, broken++), undefined, { signal, ref: false }).catch(() => {})
    }
  } finally {
    streams.delete(account.id)
  }
}

const fresh = () => ({
  session: randomBytes(6).toString('base64url'),
  waiting: [],
  number: 0,
  bytes: 0,
  recent: recentUpTo(50_000),
  line: undefined,
  stuckAt: -1,
})

function pauseAfter(fault: ChannelError, broken: number): number {
  const asked = fault.until ? fault.until.getTime() - Date.now() : 0
  return Math.max(asked, Math.min(300_000, pauses.first * 2 ** Math.min(broken, 20)))
}

let pauses = { first: 1000, silence: 60_000 }
/** For tests: shorter ones, in milliseconds; without any, the usual ones again. */
export function usePauses(given: Partial<typeof pauses> = {}): void {
  pauses = { first: 1000, silence: 60_000, ...given }
}

/** Of one message: the network allows 5 MB (specification “Event Stream”). */
const mostInMessage = 5 * 1024 * 1024

/** Until the line ends; why it did. */
async function heard(account: On, address: string, stream: Stream, news: () => void, signal: AbortSignal): Promise<ChannelError> {
  const ended = new AbortController()
  const from = stream.position
  const both = AbortSignal.any([signal, ended.signal])
  const listener = listenerOf({ account, stream, from, news, end: fault => ended.abort(fault) }, both)
  try {
    await guardedSocket(addressFrom(account.settings, address, from), {
      maxBytes: mostInMessage,
      silenceMs: pauses.silence,
      signal: both,
      opened: line => (stream.line = line),
      hears: listener.hears,
    })
    return ended.signal.reason instanceof ChannelError ? ended.signal.reason : broken()
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    await listener.settled()
    if (error.says === 'kernel.reachTooLarge') passOver(account, stream)
    return error
  } finally {
    await listener.settled()
    stream.line = undefined
  }
}

interface Listening {
  account: On
  stream: Stream
  /** Where it was asked to go on. */
  from: number | undefined
  news: () => void
  end: (fault: ChannelError) => void
}

/** What it hears is looked at here, or, where somebody listens for what passes by, in threads of the house. */
function listenerOf(it: Listening, signal: AbortSignal): Pick<Sieving, 'hears' | 'settled'> {
  const { account, stream } = it
  const ofJetstream = isJetstream(stream.address)
  const told = tellerOf(it)
  if (!account.sieve || !account.settings.overhears) {
    const hears = (piece: Uint8Array) => {
      const all = ofJetstream ? fromJetstream(Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString()) : fromRelay(piece, collections) // biome-ignore format: one choice
      for (const each of all) told(each, piece.length)
      if (isFull(stream)) stream.line?.pause()
    }
    return { hears, settled: async () => {} }
  }
  const given: Given = { did: account.settings.did, isJetstream: ofJetstream, collections: collectionsOf(account.settings) }
  callByName(account, given, signal)
  const threads = sieving(account.sieve, given, sifted => took(it, sifted, told), error => it.end(brokenBy(error))) // biome-ignore format: one call
  const hears = (piece: Uint8Array) => {
    threads.hears(piece)
    if (isFull(stream) || threads.isBehind()) stream.line?.pause()
  }
  return { hears, settled: threads.settled }
}

type Teller = (told: Told, bytes: number) => void

function tellerOf({ account, stream, from, news, end }: Listening): Teller {
  let isFirst = true
  return (told, bytes) => {
    if (isFirst && 'position' in told && isJetstream(stream.address)) missing(account, from, told.position)
    isFirst = false
    if (told.is === 'error') end(faultOf(account, stream, told.name))
    else if (told.is === 'outdated') sayGap(account)
    else if (take(account, stream, told, bytes)) news()
  }
}

function took({ stream, news }: Listening, { kept, first, position }: Sifted, told: Teller): void {
  if (first !== undefined) told({ is: 'passed', position: first }, 0)
  for (const each of kept) {
    if ('told' in each) told(each.told, each.bytes)
    else wait(stream, each)
  }
  if (position !== undefined) stream.position = position
  if (kept.some(each => 'post' in each)) news()
  if (!isFull(stream)) stream.line?.resume()
}

function wait(stream: Stream, { bytes, position, post }: Extract<Kept, { post: unknown }>): void {
  stream.position = position
  stream.waiting.push({ number: ++stream.number, position, bytes, passing: post })
  stream.bytes += bytes
}

function brokenBy(error: unknown): ChannelError {
  log.error({ err: error }, 'what passed by could not be looked at')
  return broken()
}

const broken = (says = 'kernel.reachDown') => new ChannelError('down', { says })

/** Jetstream goes back a little, because its instances do not quite agree on the time; a relay goes on behind the number. */
const rewind = 5_000_000

/** What only passes by are posts. */
const collectionsOf = ({ listensToAll }: Settings): string[] => (listensToAll ? [...collections] : [posts])

function addressFrom(settings: Settings, address: string, position: number | undefined): string {
  const url = new URL(address)
  if (isJetstream(address)) {
    for (const each of collectionsOf(settings)) url.searchParams.append('wantedCollections', each)
    url.searchParams.set('maxMessageSizeBytes', String(mostInMessage - 1024))
  }
  if (position !== undefined) url.searchParams.set('cursor', String(isJetstream(address) ? Math.max(0, position - rewind) : position))
  return url.href
}

/** Keeps what concerns the account. True when somebody waits for it; that some post was taken back is told with whatever comes next. */
function take({ settings, sieve }: On, stream: Stream, told: Exclude<Told, { is: 'error' | 'outdated' }>, bytes: number): boolean {
  stream.position = told.position
  if (told.is === 'identity') forgetName(told.did)
  const self: Self = { did: settings.did, handle: settings.handle }
  const read = told.is === 'change' ? fromChange(told, self, stream.recent) : null
  if (!read || told.is !== 'change') return false
  const isGone = sieve !== undefined && settings.overhears && told.does === 'delete' && told.collection === posts
  const passing: Passing | undefined = isGone ? { remoteId: uriOf(told), at: read.heard.at, gone: true } : undefined
  stream.waiting.push({ number: ++stream.number, position: told.position, bytes, read, passing })
  stream.bytes += bytes
  return read.heard.is !== 'removal'
}

// —— what is lost ——

/** A position that the server never had: it begins anew. Too slow: it goes on where it stood. */
function faultOf(account: On, stream: Stream, name: string): ChannelError {
  if (name === 'FutureCursor') {
    stream.position = undefined
    sayGap(account)
  }
  return broken(name === 'ConsumerTooSlow' ? 'kernel.reachSlow' : 'kernel.reachDown')
}

/** The same message would end each new line as well: at the second time it goes on from now. */
function passOver(account: On, stream: Stream): void {
  const at = stream.position ?? 0
  const isAgain = stream.stuckAt === at
  stream.stuckAt = isAgain ? -1 : at
  if (!isAgain) return
  stream.position = undefined
  sayGap(account)
}

/** Jetstream does not say that it has forgotten: it begins with the oldest that it has. */
const quiet = 300_000_000

function missing(account: On, asked: number | undefined, first: number): void {
  if (asked !== undefined && first - asked > quiet) sayGap(account)
}

/** Shown at the account; what answers and mentions us comes by notifications all the same. */
function sayGap(account: On): void {
  log.warn({ account: account.id }, 'the stream has forgotten where we stood and goes on from now')
  account.later([{ is: 'gap' }]).catch(error => log.error({ err: error, account: account.id }, 'a gap in the stream was not told'))
}

/** What was put off: only the word that something is missing, said to people by the account's page. */
export async function work(_account: On, _task: unknown): Promise<void> {
  throw new ChannelError('rejected', { says: 'bluesky.streamGap' })
}
