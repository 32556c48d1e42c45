/** What comes one by one and in a rush is kept together: whoever comes while others are being kept waits for them, with all who came meanwhile. */
import { keptRemoteId } from '#social/channels/actions.ts'
import type { Heard } from '#social/channels/words.ts'
import type { Source } from './words.ts'

/** Keeps these for good; the names of those that were new, as they are kept. */
type Keep = (org: string, from: Source, heard: Heard[]) => Promise<string[]>

interface Caller {
  heard: Heard[]
  kept(count: number): void
  failed(error: unknown): void
}

/** So many things at once, as a stream brings at once too. */
const most = 500
const waiting = new Map<string, Caller[]>()

/** How many of these were new. The first comer waits for nobody; of two who bring the same thing, it is new for the first. */
export function together(org: string, from: Source, heard: Heard[], keep: Keep): Promise<number> {
  const line = `${org} ${from.channel} ${from.account}`
  return new Promise((kept, failed) => {
    const caller = { heard, kept, failed }
    const others = waiting.get(line)
    if (others) return void others.push(caller)
    waiting.set(line, [caller])
    void drain(line, callers => keepAll(callers, all => keep(org, from, all)))
  })
}

async function drain(line: string, keep: (callers: Caller[]) => Promise<void>): Promise<void> {
  for (let callers = waiting.get(line)!; callers.length; ) await keep(callers.splice(0, countOf(callers)))
  waiting.delete(line)
}

function countOf(callers: Caller[]): number {
  let [count, things] = [0, 0]
  for (const { heard } of callers) if ((things += heard.length) <= most || count === 0) count++
  return count
}

async function keepAll(callers: Caller[], keep: (heard: Heard[]) => Promise<string[]>): Promise<void> {
  try {
    const fresh = new Set(await keep(callers.flatMap(({ heard }) => heard)))
    for (const { heard, kept } of callers) kept(heard.filter(({ remoteId }) => fresh.delete(keptRemoteId(remoteId))).length)
  } catch (error) {
    // What one of them brought must not cost the others theirs.
    if (callers.length === 1) return callers[0]!.failed(error)
    for (const each of callers) await keepAll([each], keep)
  }
}
