/** Parts that stand on many pages as they are, such as the rows of a list while one conversation after the other is opened: drawn once. */
import { raw } from 'hono/html'
import { date, language, zone } from '../messages.ts'
import type { Html } from '../page.tsx'

const most = 4000
const drawn = new Map<string, Html>()

/** `given` must be all that the part is drawn from; language, time zone and today belong to it by themselves. */
export function drawnAgain(name: string, given: unknown, draw: () => Html): Html {
  const key = `${name} ${language()} ${zone()} ${date(new Date())} ${JSON.stringify(given)}`
  const known = drawn.get(key)
  if (known) return known
  const html = draw().toString()
  if (typeof html !== 'string') throw new Error(`${name} waits for something and can not be drawn again`)
  if (drawn.size >= most) for (const old of [...drawn.keys()].slice(0, most / 4)) drawn.delete(old)
  const kept = raw(html) as unknown as Html
  drawn.set(key, kept)
  return kept
}
