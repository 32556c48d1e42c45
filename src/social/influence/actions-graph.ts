/** Ties of many people in a few long lists: those of one person lie side by side, with room for some more. */
import { isTie } from './rules.ts'
import type { Ties } from './words.ts'

export interface Graph {
  people: number
  /** Where each person's ties begin, how many they are, and how many have room there. */
  begin: Int32Array
  count: Int32Array
  room: Int32Array
  /** What all of a person's ties weigh. */
  out: Float64Array
  to: Int32Array
  weight: Float32Array
  /** Up to where the lists are taken. */
  end: number
}

/** Of the ties that are handed over all at once, each person's are put side by side by counting (a compressed sparse row). */
export function graphOf(people: number, ties: Ties): Graph {
  const all = Math.max(people, highest(ties.from), highest(ties.to))
  const graph = empty(all, Math.ceil(ties.from.length * 1.05) + 1024)
  countTies(graph, ties)
  placeTies(graph, ties)
  for (let person = 0; person < all; person++) {
    const end = graph.begin[person]! + graph.count[person]!
    for (let at = graph.begin[person]!; at < end; at++) graph.out[person]! += graph.weight[at]!
  }
  return graph
}

function countTies(graph: Graph, ties: Ties): void {
  const { begin, count, room, people } = graph
  const { from } = ties
  for (let at = 0; at < from.length; at++) if (isOne(ties, at)) count[from[at]!]!++
  for (let person = 0; person < people; person++) {
    begin[person] = graph.end
    room[person] = count[person]!
    graph.end += count[person]!
  }
}

/** Each beginning runs to the end of its ties, and is put back afterwards. */
function placeTies({ begin, count, to, weight, people }: Graph, ties: Ties): void {
  const { from } = ties
  for (let at = 0; at < from.length; at++) {
    if (!isOne(ties, at)) continue
    const place = begin[from[at]!]!++
    to[place] = ties.to[at]!
    weight[place] = ties.weight ? ties.weight[at]! : 1
  }
  for (let person = 0; person < people; person++) begin[person]! -= count[person]!
}

const empty = (people: number, ties: number): Graph => ({
  people,
  begin: new Int32Array(people),
  count: new Int32Array(people),
  room: new Int32Array(people),
  out: new Float64Array(people),
  to: new Int32Array(ties),
  weight: new Float32Array(ties),
  end: 0,
})

export const isOne = ({ from, to, weight }: Ties, at: number): boolean => isTie(from[at]!, to[at]!, weight ? weight[at]! : 1)

function highest(list: Int32Array): number {
  let most = -1
  for (let at = 0; at < list.length; at++) if (list[at]! > most) most = list[at]!
  return most + 1
}

/** Room for so many people; the lists of what is known of each grow by half at least. */
export function makeRoom(graph: Graph, people: number): void {
  if (people > graph.begin.length) {
    const size = Math.max(people, Math.ceil(graph.begin.length * 1.5))
    for (const list of ['begin', 'count', 'room'] as const) graph[list] = copied(graph[list], new Int32Array(size))
    graph.out = copied(graph.out, new Float64Array(size))
  }
  graph.people = Math.max(graph.people, people)
}

export function copied<T extends Int32Array | Float32Array | Float64Array>(old: T, into: T): T {
  into.set(old.subarray(0, Math.min(old.length, into.length)))
  return into
}

/** One tie more. Where a person's room is used up, their ties move to the end, to twice the room. */
export function addTie(graph: Graph, from: number, to: number, weight: number): void {
  if (graph.count[from] === graph.room[from]) move(graph, from)
  const place = graph.begin[from]! + graph.count[from]!++
  graph.to[place] = to
  graph.weight[place] = weight
  graph.out[from]! += graph.weight[place]!
}

function move(graph: Graph, person: number): void {
  const room = Math.max(4, graph.room[person]! * 2)
  if (graph.end + room > graph.to.length) {
    const size = Math.max(graph.end + room, Math.ceil(graph.to.length * 1.25))
    graph.to = copied(graph.to, new Int32Array(size))
    graph.weight = copied(graph.weight, new Float32Array(size))
  }
  const begin = graph.begin[person]!
  const end = begin + graph.count[person]!
  graph.to.copyWithin(graph.end, begin, end)
  graph.weight.copyWithin(graph.end, begin, end)
  graph.begin[person] = graph.end
  graph.room[person] = room
  graph.end += room
}
