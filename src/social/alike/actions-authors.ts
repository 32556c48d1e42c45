/** What authors did lately: a few fading counters for each, for so many authors and no more. */
import { faded } from './rules.ts'
import type { Habits } from './words.ts'

export interface Authors {
  /** Hears one post of theirs; says what they did lately, this post included. Times are in milliseconds. */
  hear(author: string, at: number, post: { alike: boolean; linking: boolean }): Habits
  readonly size: number
}

interface Author {
  at: number
  minute: number
  hour: number
  heard: number
  alike: number
  linking: number
}

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const nothing: Author = { at: 0, minute: 0, hour: 0, heard: 0, alike: 0, linking: 0 }

/** Whoever was heard longest ago is forgotten first. Nothing is kept over a restart: habits are known again after an hour. */
export function authors({ most = 50_000 }: { most?: number } = {}): Authors {
  const known = new Map<string, Author>()

  function hear(author: string, at: number, post: { alike: boolean; linking: boolean }): Habits {
    const it = after(known.get(author) ?? nothing, at, post)
    known.delete(author)
    known.set(author, it)
    if (known.size > most) known.delete(known.keys().next().value!)
    return habitsOf(it)
  }

  return {
    hear,
    get size() {
      return known.size
    },
  }
}

function after(last: Author, at: number, post: { alike: boolean; linking: boolean }): Author {
  const passed = at - last.at
  return {
    at: Math.max(at, last.at),
    minute: faded(last.minute, passed, minute) + 1,
    hour: faded(last.hour, passed, hour) + 1,
    heard: faded(last.heard, passed, day) + 1,
    alike: faded(last.alike, passed, day) + Number(post.alike),
    linking: faded(last.linking, passed, day) + Number(post.linking),
  }
}

const habitsOf = ({ minute, hour, heard, alike, linking }: Author): Habits => ({
  lastMinute: minute,
  lastHour: hour,
  alike: alike / heard,
  linking: linking / heard,
  heard,
})
