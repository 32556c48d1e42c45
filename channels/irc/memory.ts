/** What an account heard and the house has not taken yet, whom it talks with, and what it sent: kept over broken lines, until this process ends. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Delivery, Heard } from '#social/channels/words.ts'

const hour = 3_600_000
/** A talk ends after so long a silence: an hour in a room, a day with one person. */
const ends = { room: hour, person: 24 * hour }
const mostTalks = 200
/** Beyond it the server has to wait until the house has taken some. */
export const mostWaiting = 2000
const mostAtOnce = 200

const talk = z.strictObject({ id: z.string().max(700), at: z.number() })
const cursorForm = z.strictObject({
  memory: z.string().max(60),
  taken: z.int().min(0),
  talks: z.record(z.string().max(300), talk),
})
type Talk = z.output<typeof talk>

/** An answer of ours as far as the server confirmed it. */
export interface Sent {
  at: number
  /** What still has to be seen, in its order. */
  open: { target: string; text: string }[]
  done?: Delivery & { state: 'done' }
  /** The name that the server gave to the first line. */
  id?: string
}

export interface Memory {
  /** Tells this memory from that of an earlier process: its numbers mean nothing here. */
  name: string
  waiting: { number: number; heard: Heard }[]
  last: number
  talks: Map<string, Talk>
  sent: Map<string, Sent>
}

const memories = new Map<string, Memory>()

export function memoryOf(account: string): Memory {
  const known = memories.get(account)
  if (known) return known
  const fresh: Memory = { name: randomUUID(), waiting: [], last: 0, talks: new Map(), sent: new Map() }
  memories.set(account, fresh)
  return fresh
}

export const isFull = (memory: Memory): boolean => memory.waiting.length >= mostWaiting

export function keep(memory: Memory, heard: Heard): void {
  memory.waiting.push({ number: ++memory.last, heard })
}

/** What the cursor says was taken for good is forgotten; talks that another process knew are known again. */
export function recall(memory: Memory, text: string | null): void {
  const cursor = readCursor(text)
  if (!cursor) return
  for (const [key, each] of Object.entries(cursor.talks)) if (!memory.talks.has(key)) memory.talks.set(key, each)
  if (cursor.memory === memory.name) memory.waiting = memory.waiting.filter(({ number }) => number > cursor.taken)
}

/** A cursor that cannot be read counts as none. */
function readCursor(text: string | null): z.output<typeof cursorForm> | undefined {
  try {
    return cursorForm.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}

/** The next ones, oldest first. They are kept until a cursor comes back that is behind them. */
export function next(memory: Memory): { heard: Heard[]; cursor: string; more: boolean } {
  const taken = memory.waiting.slice(0, mostAtOnce)
  const number = taken.at(-1)?.number ?? (memory.waiting[0]?.number ?? memory.last + 1) - 1
  const cursor = { memory: memory.name, taken: number, talks: Object.fromEntries(memory.talks) }
  return { heard: taken.map(each => each.heard), cursor: JSON.stringify(cursor), more: memory.waiting.length > taken.length }
}

/** The talk that goes on there, or a new one after a long silence; `key` is the room or the person, as the server makes names equal. */
export function talkAt(memory: Memory, key: string, about: { name: string; room: boolean; at: Date }): string {
  const at = about.at.getTime()
  const known = memory.talks.get(key)
  const goesOn = known && Math.abs(at - known.at) < ends[about.room ? 'room' : 'person']
  const it = goesOn ? { id: known.id, at: Math.max(at, known.at) } : { id: `${about.name}/${about.at.toISOString()}`, at }
  memory.talks.delete(key)
  memory.talks.set(key, it)
  for (const oldest of memory.talks.keys()) {
    if (memory.talks.size <= mostTalks) break
    memory.talks.delete(oldest)
  }
  return it.id
}

/** Somebody goes by another name: the talk goes on under it. */
export function moveTalk(memory: Memory, before: string, after: string): void {
  const known = memory.talks.get(before)
  if (!known || before === after) return
  memory.talks.delete(before)
  memory.talks.set(after, known)
}

const mostSent = 500

/** Begins to keep an answer; the oldest ones are forgotten. */
export function begin(memory: Memory, onceKey: string, open: Sent['open']): Sent {
  const sent: Sent = { at: Date.now(), open }
  memory.sent.set(onceKey, sent)
  for (const oldest of memory.sent.keys()) {
    if (memory.sent.size <= mostSent) break
    memory.sent.delete(oldest)
  }
  return sent
}

/**
 * The server shows a line of ours: is it part of an answer whose fate is open? When its last line was seen, the answer is done. A line that was said before
 * the answer began does not count, with a minute for a clock that goes wrong.
 */
export function seen(
  memory: Memory,
  line: { target: string; text: string; id?: string; at: Date },
  nameOf: (key: string) => string,
): boolean {
  for (const [key, sent] of memory.sent) {
    const [first] = sent.open
    if (!first || first.target !== line.target || !same(first.text, line.text) || line.at.getTime() < sent.at - 60_000) continue
    sent.open = sent.open.slice(1)
    sent.id ??= line.id
    if (sent.open.length === 0) sent.done ??= { state: 'done', remoteId: sent.id ?? nameOf(key) }
    return true
  }
  return false
}

/** A server may cut what was too long for it. */
const same = (ours: string, shown: string): boolean => ours === shown || (shown.length > 50 && ours.startsWith(shown))
