/** What is remembered of the outside for a while: never more than so many things, each with its end, however many hosts somebody makes up. */
import { now } from '#kernel/clock.ts'

export interface Lasting<V> {
  get(name: string): V | undefined
  set(name: string, value: V, milliseconds: number): void
  delete(name: string): void
  readonly size: number
}

/** The oldest goes when there is no room. */
export function lasting<V>(most: number): Lasting<V> {
  const kept = new Map<string, { value: V; until: number }>()
  return {
    get(name) {
      const it = kept.get(name)
      if (it && it.until > now().getTime()) return it.value
      kept.delete(name)
      return undefined
    },
    set(name, value, milliseconds) {
      kept.delete(name)
      kept.set(name, { value, until: now().getTime() + milliseconds })
      if (kept.size > most) kept.delete(kept.keys().next().value!)
    },
    delete: name => void kept.delete(name),
    get size() {
      return kept.size
    },
  }
}

export const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
