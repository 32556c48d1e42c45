/** Who is told of a change: topics of an organisation, through the database, so that every process hears and tells its own open pages. */

import { sql } from 'kysely'
import pg from 'pg'
import { afterCommit, beforeCommit, type Ctx } from './context.ts'
import { log } from './log.ts'

export interface News {
  org: string
  topics: string[]
  /** What happened, for pages that do more than refresh (`presence`, `notify`, `signOut`). */
  kind: string
  detail?: unknown
}

/** News of the last minute, for pages whose stream opens a moment after they were drawn. */
const recent: { at: number; news: News }[] = []

export const newsSince = (at: number): News[] => recent.filter(each => each.at > at).map(each => each.news)

/** What says more than "look again" was for that moment. */
function remember(news: News): void {
  if (news.kind !== 'refresh') return
  const now = Date.now()
  recent.push({ at: now, news })
  while (recent.length > 2000 || (recent[0] && recent[0].at < now - 60_000)) recent.shift()
}

type Listener = (news: News) => void
const listeners = new Set<Listener>()
const collected = new WeakMap<Ctx, Set<string>>()

/** Tells everyone who watches the topic once this transaction is committed; telling twice is telling once. */
export function tell(ctx: Ctx, topic: string): void {
  const topics = collected.get(ctx) ?? new Set()
  collected.set(ctx, topics.add(topic))
  beforeCommit(ctx, 'live', async () => {
    const list = [...(collected.get(ctx) ?? [])]
    for (let at = 0; at < list.length; at += 100) await announce(ctx, { org: ctx.org, kind: 'refresh', topics: list.slice(at, at + 100) })
  })
}

/** Tells at the commit, with more than "look again". */
export async function announce(ctx: Ctx, news: News): Promise<void> {
  await sql`select pg_notify('live', ${JSON.stringify(news)})`.execute(ctx.db)
  afterCommit(ctx, () => {
    for (const listener of soon) listener(news)
  })
}

const soon = new Set<Listener>()

/** As `hear`, of what this process itself tells, and at the moment of its commit; `hear` tells it once more. */
export function soonTold(listener: Listener): void {
  soon.add(listener)
}

/** Hears news in this process until the returned function is called. */
export function hear(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let client: pg.Client | undefined
let stopped = false

/** Would news reach this process now? */
export const isListening = (): boolean => client !== undefined

/** Keeps one connection that listens; after a break it reconnects, and everyone looks again. */
export async function startLive(url: string): Promise<void> {
  stopped = false
  const listening = new pg.Client({ connectionString: url, keepAlive: true })
  listening.on('notification', message => pass(message.payload))
  listening.on('error', error => again(url, error))
  await listening.connect()
  await listening.query('listen live')
  client = listening
}

function again(url: string, error: Error): void {
  if (stopped) return
  log.warn({ err: error }, 'live connection lost, trying again')
  client = undefined
  setTimeout(() => startLive(url).then(lookAgain, more => again(url, more as Error)), 1000).unref()
}

function lookAgain(): void {
  for (const listener of listeners) listener({ org: '*', topics: [], kind: 'refresh' })
}

function pass(payload: string | undefined): void {
  if (!payload) return
  const news = JSON.parse(payload) as News
  remember(news)
  for (const listener of listeners) listener(news)
}

export async function stopLive(): Promise<void> {
  stopped = true
  await client?.end()
  client = undefined
}
