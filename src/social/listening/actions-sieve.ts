/** What is listened for in each organisation, in step with whoever changes it, and the threads in which passing posts are held against it. */
import { availableParallelism } from 'node:os'
import { beforeCommit, type Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { announce, hear, type News } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { startThread, type Thread } from '#kernel/threads.ts'
import type { Sieve } from '#social/channels/words.ts'
import type { Order } from './actions-sifting.ts'
import { authorsIn } from './rules.ts'
import type { Overhearer, Sought } from './words.ts'

let overhearers: Overhearer[] = []
/** Whoever listens for what passes by, given by the composition root. */
export const useOverhearers = (given: Overhearer[]): void => void (overhearers = given)
export const overhearersHere = (): Overhearer[] => overhearers

// —— what is listened for ——

/** By the place of whoever listens and their own id. */
type Queries = Map<string, string>
const known = new Map<string, Promise<Queries>>()

const news = 'sought'
const mostNamed = 100

const collected = new WeakMap<Ctx, Set<string>>()

/** These queries were made, changed or given up: whoever holds passing posts against them does so anew at the commit. */
export function soughtAnew(ctx: Ctx, ids: string[]): void {
  const all = collected.get(ctx) ?? new Set<string>()
  for (const id of ids) all.add(id)
  collected.set(ctx, all)
  beforeCommit(ctx, 'sought', () =>
    announce(ctx, { org: ctx.org, kind: news, topics: [], detail: all.size <= mostNamed ? { ids: [...all] } : {} }),
  )
}

async function soughtFor(org: string, ids?: string[]): Promise<Queries> {
  const found: Queries = new Map()
  for (const [at, each] of overhearers.entries()) {
    const sought: Sought[] = await asSystem(org, ctx => each.sought(ctx, ids))
    for (const { id, query } of sought) found.set(`${at} ${id}`, query)
  }
  return found
}

/** Read once, and kept in step from then on. */
function soughtIn(org: string): Promise<Queries> {
  const before = known.get(org)
  if (before) return before
  const first = soughtFor(org).then(queries => {
    seek(threads, org, queries, [])
    return queries
  })
  remember(org, first)
  return first
}

function remember(org: string, queries: Promise<Queries>): void {
  known.set(org, queries)
  queries.catch(() => known.get(org) === queries && known.delete(org))
}

/** Whether anybody in this organisation listens for what passes by. */
export const isSought = async (org: string): Promise<boolean> => overhearers.length > 0 && (await soughtIn(org)).size > 0

/** Steps wait for each other, so that the last word counts. */
function inStep(org: string, ids: string[] | undefined, flipped: (org: string) => void): void {
  const before = known.get(org)
  if (!before) return
  remember(
    org,
    before.then(async queries => {
      const wasSought = queries.size > 0
      step(org, queries, await soughtFor(org, ids), ids)
      if (queries.size > 0 !== wasSought) flipped(org)
      return queries
    }),
  )
}

function step(org: string, queries: Queries, now: Queries, ids: string[] | undefined): void {
  const looked = ids ? overhearers.flatMap((_, at) => ids.map(id => `${at} ${id}`)) : [...queries.keys()]
  const gone = looked.filter(id => queries.has(id) && !now.has(id))
  const fresh: Queries = new Map([...now].filter(([id, query]) => queries.get(id) !== query))
  for (const id of gone) queries.delete(id)
  for (const [id, query] of fresh) queries.set(id, query)
  if (gone.length || fresh.size) seek(threads, org, fresh, gone)
}

let deaf: (() => void) | undefined

/** `flipped`: somebody began to listen in this organisation, or nobody does any more. */
export function followSought(flipped: (org: string) => void): void {
  deaf?.()
  deaf = hear(({ kind, org, detail }: News) => {
    if (org === '*') for (const each of known.keys()) inStep(each, undefined, flipped)
    else if (kind === news) inStep(org, (detail as { ids?: string[] } | undefined)?.ids, flipped)
  })
}

export async function forgetSought(): Promise<void> {
  deaf?.()
  deaf = undefined
  known.clear()
  await endThreads()
}

// —— threads ——

type Sifting = Thread<Order, unknown>
let threads: Sifting[] = []

const mostThreads = 2

let filled: Promise<Sifting[]> | undefined

/** So many as there are processors, two at most; made when the first of them is needed, with everything that is listened for by then. */
function threadsHere(): Promise<Sifting[]> {
  filled ??= made()
  return filled
}

async function made(): Promise<Sifting[]> {
  const count = Math.min(mostThreads, availableParallelism())
  const fresh = Array.from({ length: count }, () => startThread<Order, unknown>(new URL('actions-sifting.ts', import.meta.url)))
  threads = fresh
  for (const [org, queries] of known) await queries.then(all => seek(fresh, org, all, [])).catch(() => {})
  return fresh
}

function seek(all: Sifting[], org: string, queries: Queries, gone: string[]): void {
  const sought = [...queries].map(([id, query]) => ({ id, query }))
  for (const each of all) each.ask({ is: 'seek', org, sought, gone }).catch(error => lost(each, error))
}

/** The next one who needs it gets others, with everything that is listened for. */
function lost(thread: Sifting, error: unknown): void {
  if (!threads.includes(thread)) return
  log.error({ err: error }, 'a thread that holds posts against queries has ended')
  void endThreads()
}

async function endThreads(): Promise<void> {
  const ending = threads
  threads = []
  filled = undefined
  await Promise.all(ending.map(each => each.end()))
}

/** Undefined while nobody there listens for anything. */
export async function sieveOf(org: string): Promise<Sieve | undefined> {
  if (!(await isSought(org))) return undefined
  return {
    sift: (from, pieces, given) => sifted(org, from, pieces, given),
    authors: async () => authorsIn([...(await soughtIn(org)).values()]),
  }
}

async function sifted<Kept>(org: string, from: URL, pieces: Uint8Array[], given: unknown): Promise<Kept> {
  const { bytes, ends } = packed(pieces)
  const all = await threadsHere()
  const thread = all.reduce((best, each) => (each.waiting() < best.waiting() ? each : best))
  const answer = thread.ask({ is: 'sift', org, from: from.href, bytes, ends, given }, [bytes.buffer, ends.buffer])
  return answer.catch(error => {
    lost(thread, error)
    throw error
  }) as Promise<Kept>
}

/** In one memory of their own, so that it changes hands without being copied once more. */
function packed(pieces: Uint8Array[]): { bytes: Uint8Array<ArrayBuffer>; ends: Uint32Array<ArrayBuffer> } {
  const bytes = new Uint8Array(pieces.reduce((sum, each) => sum + each.length, 0))
  const ends = new Uint32Array(pieces.length)
  let end = 0
  for (const [at, piece] of pieces.entries()) {
    bytes.set(piece, end)
    end += piece.length
    ends[at] = end
  }
  return { bytes, ends }
}
