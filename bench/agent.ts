/** One of the people at the desk: reads pages at the pace of people, has each page open so that it looks again on news, and writes now and then. */
import { Pool } from 'undici'
import { timeOf } from './load.ts'
import { pause } from './server.ts'

/** What was waited for; `again` is a page that looked again by itself. */
export const kinds = ['view', 'counts', 'thread', 'cases', 'write', 'again'] as const
export type Kind = (typeof kinds)[number]

export interface Desk {
  url: string
  cookie: string
  person: string
  /** Conversations of their own, and filters in words that they saved. */
  threads: Talk[]
  words: string[]
  /** Numbers of their own cases. */
  cases: number[]
}

export interface Talk {
  thread: string
  /** The latest answer, which whoever answers has read. */
  seen: string | null
}

export interface Shift {
  /** Milliseconds that they look at a page before the next deed, on average. */
  looks: number
  /** By the clock of this process. */
  until: number
  /** Which share of the conversations that they read they also write in. */
  writes: number
  /** Told of each answer of the server: what was waited for, and for how many milliseconds. */
  took(kind: Kind, milliseconds: number): void
}

interface Page {
  kind: Kind
  path: string
  /** On whose news it looks again. */
  topics: string[]
  seen?: string | null
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!

function viewOf({ words }: Desk): Page {
  const path = pick(['/inbox/mine', '/inbox/mine', '/inbox/unassigned', '/inbox/open', '/inbox/waiting', '/inbox/all', ...words.map(each => `/inbox/all?q=${encodeURIComponent(each)}`)]) // biome-ignore format: one list
  return { kind: 'view', path, topics: ['inbox'] }
}

function threadOf({ threads }: Desk): Page {
  const { thread, seen } = pick(threads)
  return { kind: 'thread', seen, path: `/inbox/mine/${thread}`, topics: ['inbox', `thread:${thread}`, `tasks:${thread}`] }
}

function casesOf({ cases }: Desk): Page {
  const path = pick(['/cases/list/mine', '/cases/list/team', '/cases/list/active', '/cases/board', `/cases/K-${pick(cases)}`])
  return { kind: 'cases', path, topics: ['cases'] }
}

/** As a day goes: mostly between the list and a conversation. */
function nextOf(desk: Desk): Page {
  const chance = Math.random()
  if (chance < 0.35) return viewOf(desk)
  if (chance < 0.75) return threadOf(desk)
  return chance < 0.9 ? casesOf(desk) : { kind: 'counts', path: '/home', topics: [] }
}

/** Until the end of the shift. Any answer that is not a whole page is a fault. */
export async function work(desk: Desk, shift: Shift): Promise<void> {
  // A connection that rested long the server may close just now; browsers would ask once more.
  const pool = new Pool(desk.url, { connections: 6, pipelining: 1, keepAliveTimeout: 2000, keepAliveMaxTimeout: 2000 })
  try {
    await pause(shift.looks * Math.random())
    while (performance.now() < shift.until) {
      const page = nextOf(desk)
      shift.took(page.kind, await timeOf(pool, desk.cookie, page.path))
      await stay(pool, desk, page, shift)
    }
  } finally {
    await pool.destroy()
  }
}

async function stay(pool: Pool, desk: Desk, page: Page, shift: Shift): Promise<void> {
  const leave = follow(pool, desk, page, shift)
  try {
    await pause(shift.looks * 2 * Math.random())
    if (page.kind === 'thread' && Math.random() < shift.writes) await write(pool, desk, page, shift)
  } finally {
    await leave()
  }
}

async function write(pool: Pool, { url, cookie, person }: Desk, { path, seen }: Page, { took }: Shift): Promise<void> {
  const [deed, fields] = pick([
    ['note', { text: 'Looked it up, the parcel left on Tuesday.' }],
    ['note', { text: 'Who knows this supplier?' }],
    ['reply', { text: 'Thank you for waiting. It is with you tomorrow.', ...(seen && { seen }) }],
    ['assign', { to: person }],
  ] as const)
  const began = performance.now()
  const { statusCode, body } = await pool.request({
    path: `${path}/${deed}`,
    method: 'POST',
    headers: { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/vnd.turbo-stream.html, text/html' },
    body: new URLSearchParams({ ...fields }).toString(),
  })
  const said = await body.text()
  took('write', performance.now() - began)
  if (statusCode >= 400 && statusCode !== 409) throw new Error(`${deed} was answered with ${statusCode}: ${said.slice(0, 500)}`)
}

/** As `web/behaviours/live.ts` does it: soon after news, but not often. */
const [soon, rest] = [60, 300]

/** Keeps the page open until the returned function is called. */
function follow(pool: Pool, desk: Desk, page: Page, shift: Shift): () => Promise<void> {
  const gone = new AbortController()
  let failed: unknown
  const following = page.topics.length ? listen(pool, desk, page, shift, gone.signal) : Promise.resolve()
  const ended = following.catch(error => {
    failed = gone.signal.aborted ? undefined : error
  })
  return async () => {
    gone.abort()
    await ended
    if (failed) throw failed
  }
}

async function listen(pool: Pool, desk: Desk, page: Page, shift: Shift, signal: AbortSignal): Promise<void> {
  const query = page.topics.map(topic => `topic=${encodeURIComponent(topic)}`).join('&')
  const path = `/live?${query}&since=${Date.now()}`
  const { body } = await pool.request({ path, method: 'GET', headers: { cookie: desk.cookie }, signal })
  for await (const chunk of body) {
    if (!String(chunk).includes('event: refresh')) continue
    await pause(soon)
    if (signal.aborted) return
    shift.took('again', await timeOf(pool, desk.cookie, page.path, { headers: { priority: 'u=6' } }))
    await pause(rest - soon)
  }
}
