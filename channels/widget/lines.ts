/** A conversation as the visitor sees it: its lines in the account's memory, told to whoever waits for the next one. */
import { newId } from '#kernel/ids.ts'
import type { Account } from '#social/channels/words.ts'
import type { Settings } from './settings.ts'
import { until } from './visitors.ts'

export interface Line {
  id: string
  by: 'visitor' | 'us'
  at: string
  text: string
  name?: string
  files?: { name: string; size: number; url?: string }[]
  /** Counts its changes. */
  changed?: number
  /** Taken back. */
  gone?: true
  /** The mark of what it asks, where one press answers. */
  asks?: string
}

const atOnce = 300

/** The latest lines in their order, some hundreds. */
export async function linesOf(account: Account<Settings>, key: string): Promise<Line[]> {
  const prefix = `line/${key}/`
  let earlier: unknown[] = []
  let kept = await account.memory.list(prefix, { limit: atOnce })
  while (kept.length === atOnce) {
    earlier = kept.map(each => each.value)
    kept = await account.memory.list(prefix, { after: kept.at(-1)!.name, limit: atOnce })
  }
  return [...earlier, ...kept.map(each => each.value)] as Line[]
}

/** Where the line of this id lies: chosen once, in the order of their coming, so that putting it there again changes nothing. */
export async function placeOf(account: Account<Settings>, key: string, id: string): Promise<string> {
  const name = `line/${key}/${newId()}/${id}`
  const isNew = await account.memory.set(`place/${key}/${id}`, name, { fresh: true, until: until() })
  return isNew ? name : ((await account.memory.get(`place/${key}/${id}`)) as string)
}

/** Null where no such line is; asking for it leaves nothing behind. */
export async function lineAt(account: Account<Settings>, key: string, id: string): Promise<{ place: string; line: Line } | null> {
  const place = (await account.memory.get(`place/${key}/${id}`)) as string | undefined
  const line = place && ((await account.memory.get(place)) as Line | undefined)
  return place && line ? { place, line } : null
}

/** Puts another one in its place, which tells whoever looks at it. */
export async function changeLine(account: Account<Settings>, key: string, id: string, how: (line: Line) => Line): Promise<void> {
  const found = await lineAt(account, key, id)
  if (!found) return
  const { place, line } = found
  await account.memory.set(place, { ...how(line), changed: (line.changed ?? 0) + 1 }, { until: until() })
  await account.wake(topicOf(key))
}

/** Puts it there and tells whoever waits. */
export async function putLine(account: Account<Settings>, key: string, line: Line): Promise<void> {
  await account.memory.set(await placeOf(account, key, line.id), line, { until: until() })
  await account.wake(topicOf(key))
}

/** Whoever waits for this visitor's next line is told under this name. */
export const topicOf = (key: string): string => `talk/${key}`
/** Whether we write to this visitor just now is told under these names, and kept nowhere. */
export const writingTopic = (key: string, isWriting: boolean): string => `${isWriting ? 'writing' : 'silent'}/${key}`
