/** How acts become shares, and where people stand in the picture. */
import { influence, weightAt } from '#social/influence/actions.ts'
import { type Kind, type Tie, type Voice, weights, window } from './words.ts'

export interface Act {
  mover: string
  moved: string
  kind: Kind
  at: Date
}

/** What somebody said where everybody can read it. */
export interface Said {
  id: string
  thread: string
  author: string | null
  at: Date
}

export interface Reaction {
  object: string
  person: string
  at: Date
}

export interface Shown extends Act {
  spoke: string
  answer: string | null
  thread: string
}

/** Whoever answers was moved by the words right before theirs, whoever reacts by what they react to; not by oneself, and not who answers for us. */
export function actsOf(posts: readonly Said[], reactions: readonly Reaction[], staff: ReadonlySet<string>): Shown[] {
  const byId = new Map(posts.map(each => [each.id, each]))
  const last = new Map<string, Said>()
  const acts: Shown[] = []
  for (const post of posts.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1))) {
    const before = last.get(post.thread)
    last.set(post.thread, post)
    if (before?.author && post.author && before.author !== post.author && !staff.has(post.author))
      acts.push({
        mover: before.author,
        moved: post.author,
        kind: 'reply',
        at: post.at,
        spoke: before.id,
        answer: post.id,
        thread: post.thread,
      })
  }
  for (const { object, person, at } of reactions) {
    const post = byId.get(object)
    if (post?.author && post.author !== person && !staff.has(person))
      acts.push({ mover: post.author, moved: person, kind: 'reaction', at, spoke: object, answer: null, thread: post.thread })
  }
  return acts
}

const day = 86_400_000

/** A share in a topic comes from whom somebody moved and how much those move others in turn; later acts count more. */
export function voicesOf(acts: readonly Act[], staff: ReadonlySet<string>): Voice[] {
  const people = [...new Set(acts.flatMap(({ mover, moved }) => [mover, moved]))].sort()
  const place = new Map(people.map((person, at) => [person, at]))
  const since = acts.reduce((least, { at }) => Math.min(least, at.getTime()), Number.POSITIVE_INFINITY)
  const engine = influence(
    people.length,
    {
      from: Int32Array.from(acts, ({ moved }) => place.get(moved)!),
      to: Int32Array.from(acts, ({ mover }) => place.get(mover)!),
      weight: Float32Array.from(acts, ({ kind, at }) => weightAt(weights[kind], at.getTime(), since, window.halfLife * day)),
    },
    { precision: 1e-7 },
  )
  const shares = engine.scores()
  const movedBy = new Map<string, { moved: Set<string>; acts: number }>()
  for (const { mover, moved } of acts) {
    const it = movedBy.get(mover) ?? { moved: new Set(), acts: 0 }
    it.moved.add(moved)
    movedBy.set(mover, { ...it, acts: it.acts + 1 })
  }
  return [...movedBy].map(([person, { moved, acts: count }]) => ({
    ...{ person, share: shares[place.get(person)!]!, moved: moved.size, acts: count },
    staff: staff.has(person),
  }))
}

export interface Spot {
  person: string
  x: number
  y: number
}

/** In the picture somebody stands in the middle and the others around, at even distances; without a middle all stand around. */
export function spotsOf(people: readonly string[], middle: string | undefined): Spot[] {
  const around = people.filter(each => each !== middle)
  const spots = around.map((person, nth) => {
    const angle = (2 * Math.PI * nth) / around.length - Math.PI / 2
    return { person, x: Math.round(200 + 150 * Math.cos(angle)), y: Math.round(200 + 150 * Math.sin(angle)) }
  })
  return middle === undefined ? spots : [{ person: middle, x: 200, y: 200 }, ...spots]
}

/** The picture shows those of the strongest ties, twelve besides the middle at most. */
export function shownOf(ties: readonly Tie[], middle: string | undefined): { people: string[]; ties: Tie[] } {
  const people = new Set(middle === undefined ? [] : [middle])
  const most = people.size + 12
  for (const { mover, moved } of ties.toSorted((a, b) => b.acts - a.acts))
    if (new Set([...people, mover, moved]).size <= most) people.add(mover).add(moved)
  return { people: [...people], ties: ties.filter(({ mover, moved }) => people.has(mover) && people.has(moved)) }
}
