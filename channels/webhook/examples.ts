/** The last things that were pushed, so that a person sees in them where what stands. */
import { now } from '#kernel/clock.ts'
import { readJson } from '#kernel/json.ts'
import { placesIn } from '#kernel/json-places.ts'
import { cut, storable } from '#kernel/plain.ts'
import type { Account, Example } from '#social/channels/words.ts'
import type { Genuine } from './genuine.ts'
import type { Settings } from './settings.ts'
import { heardIn } from './translate.ts'

const most = 5
const mostBytes = 50_000
const pause = 10_000
const week = 7 * 86_400_000

/** When this process kept one of an account last, and how many it kept: a flood of pushes is not written down twice. */
const kept = new Map<string, { at: number; count: number }>()

/** Keeps what was genuine for a week, the last five of an account, one in ten seconds. */
export async function keepExample({ id, memory }: Account<Settings>, { id: push }: Genuine, body: Uint8Array): Promise<void> {
  const [at, last] = [now().getTime(), kept.get(id)]
  if (body.length > mostBytes || (last && at - last.at < pause)) return
  const count = (last?.count ?? Math.trunc(at / 60_000)) + 1
  if (kept.size > 5000) kept.clear()
  kept.set(id, { at, count })
  const text = storable(new TextDecoder().decode(body))
  await memory.set(`example:${count % most}`, { at, push: push?.slice(0, 300), text }, { until: new Date(at + week) })
}

interface Kept {
  at: number
  push?: string
  text: string
}

/** Newest first, read by the settings of the account that is given. */
export async function examples(account: Account<Settings>): Promise<Example[]> {
  const all = (await account.memory.list('example:', { limit: most })).map(({ value }) => value as Kept)
  return all.toSorted((one, other) => other.at - one.at).map(each => exampleOf(account, each))
}

function exampleOf(account: Account<Settings>, { at, push, text }: Kept): Example {
  const json = readJson(text)
  const original = json === undefined ? text : JSON.stringify(json, null, 2)
  // Of a list, each entry is read by itself; the first stands for all.
  const item = Array.isArray(json) ? json[0] : json
  const heard = heardIn(account, { id: push }, new TextEncoder().encode(text), new Date(at))
  return { at: new Date(at), original: cut(original, 20_000), places: item === undefined ? [] : placesIn(item), heard: heard.slice(0, 3) }
}
