/** How much of all influence is whose, kept true while ties are added. */
import { addTie, copied, type Graph, graphOf, isOne, makeRoom } from './actions-graph.ts'
import { type Options, type Ties, usual } from './words.ts'

export { weightAt } from './rules.ts'

export interface Influence {
  /** Adds ties; the scores are as true afterwards as if all had been there from the beginning. */
  add(ties: Ties): void
  /** How much of their own somebody begins with: 1, unless a subject is more theirs than others' (Haveliwala's topic-sensitive rank). */
  begin(person: number, share: number): void
  /** The share of everybody in all influence; together 1. */
  scores(): Float64Array
  /** Those with the highest scores, highest first. */
  top(count: number): { person: number; score: number }[]
  readonly people: number
}

const none: Ties = { from: new Int32Array(0), to: new Int32Array(0) }

/**
 * Everybody has something of their own and gives most of what they have to those who moved them. Whoever was moved by nobody keeps it to themselves, which after
 * sharing out is the same as giving it to everybody. What has not been passed on yet is kept beside the scores (the residual) and pushed on where it is most.
 */
export function influence(people: number, ties: Ties = none, options: Options = {}): Influence {
  const { damping, precision } = { ...usual, ...options }
  const graph = graphOf(people, ties)
  const state = beginning(graph.people, 1 - damping)
  const settled = () => settle(graph, state, damping, precision, Number.POSITIVE_INFINITY)
  settle(graph, state, damping, precision, 10)

  function add(more: Ties): void {
    for (const group of bySource(more)) addOf(graph, state, more, group, damping)
    settled()
  }

  function begin(person: number, share: number): void {
    grow(graph, state, person + 1)
    state.left[person]! += (1 - damping) * (share - state.own[person]!)
    state.own[person] = share
    settled()
  }

  function scores(): Float64Array {
    const all = state.score.slice(0, graph.people)
    const sum = all.reduce((sum, each) => sum + each, 0)
    return sum > 0 ? all.map(each => Math.max(0, each) / sum) : all
  }

  return {
    add,
    begin,
    scores,
    top: count => highestOf(scores(), count),
    get people() {
      return graph.people
    },
  }
}

interface State {
  score: Float64Array
  /** What each has that has not been passed on. */
  left: Float64Array
  own: Float64Array
  /** What one person begins with, times their own. */
  share: number
}

const beginning = (people: number, share: number): State => ({
  score: new Float64Array(people),
  left: new Float64Array(people).fill(share),
  own: new Float64Array(people).fill(1),
  share,
})

function grow(graph: Graph, state: State, people: number): void {
  const known = graph.people
  if (people <= known) return
  makeRoom(graph, people)
  const room = graph.begin.length
  if (room > state.score.length)
    for (const list of ['score', 'left', 'own'] as const) state[list] = copied(state[list], new Float64Array(room))
  state.left.fill(state.share, known, people)
  state.own.fill(1, known, people)
}

/**
 * Whoever has more left than may be passes it on, until nobody has (Gauss and Southwell's relaxation; the push of Andersen, Chung and Lang 2006). As what is left
 * is nowhere more than a share of what everybody begins with, no score is further from the true one than that share of it. Of all anew, those with most come
 * first, step by step, which saves a third; where little is left each step costs more than it saves.
 */
function settle(graph: Graph, state: State, damping: number, precision: number, steps: number): void {
  const least = precision * state.share
  let most = 0
  for (let person = 0; person < graph.people; person++) most = Math.max(most, Math.abs(state.left[person]!))
  while (most > least) {
    most = Math.max(least, most / steps)
    while (pass(graph, state, damping, most));
  }
}

/** Everybody once, in order; says whether anybody had that much. */
function pass({ people, begin, count, out, to, weight }: Graph, { score, left }: State, damping: number, most: number): boolean {
  let passed = false
  for (let person = 0; person < people; person++) {
    const here = left[person]!
    if (here <= most && here >= -most) continue
    passed = true
    left[person] = 0
    score[person]! += here
    if (count[person] === 0) continue
    const each = (damping * here) / out[person]!
    const end = begin[person]! + count[person]!
    for (let at = begin[person]!; at < end; at++) left[to[at]!]! += each * weight[at]!
  }
  return passed
}

/** The places of ties of each person who acted, so that a person's older ties are gone through once. */
function bySource(ties: Ties): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (let at = 0; at < ties.from.length; at++) {
    if (!isOne(ties, at)) continue
    const group = groups.get(ties.from[at]!)
    if (group) group.push(at)
    else groups.set(ties.from[at]!, [at])
  }
  return groups
}

/** With every new tie the older ones of that person count for less: what they passed on too much is taken back, what the new ones miss is given. */
function addOf(graph: Graph, state: State, ties: Ties, [from, places]: [number, number[]], damping: number): void {
  grow(graph, state, 1 + places.reduce((most, at) => Math.max(most, ties.to[at]!), from))
  const passed = damping * state.score[from]!
  passOn(graph, state, from, -passed)
  for (const at of places) addTie(graph, from, ties.to[at]!, ties.weight ? ties.weight[at]! : 1)
  passOn(graph, state, from, passed)
}

function passOn({ begin, count, out, to, weight }: Graph, { left }: State, from: number, what: number): void {
  if (count[from] === 0 || what === 0) return
  const each = what / out[from]!
  const end = begin[from]! + count[from]!
  for (let at = begin[from]!; at < end; at++) left[to[at]!]! += each * weight[at]!
}

function highestOf(scores: Float64Array, count: number): { person: number; score: number }[] {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b)
  return Array.from(order.subarray(0, count), person => ({ person, score: scores[person]! }))
}
