/**
 * Influence of a million people with ten million ties: from nothing, and after a thousand ties more; against the package ngraph.pagerank on a tenth of it where a
 * registry has it, else against the same with maps. Ties go to few more often than to many (Zipf), as who speaks is not who listens.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { influence } from '#social/influence/actions.ts'
import { type Bench, type Figure, median } from './figure.ts'

const rounds = 3

interface Made {
  from: Int32Array
  to: Int32Array
  weight: Float32Array
}

function makeTies(people: number, count: number, seed: number): Made {
  let state = seed
  const roll = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const ties = { from: new Int32Array(count), to: new Int32Array(count), weight: new Float32Array(count) }
  for (let at = 0; at < count; at++) {
    ties.from[at] = Math.floor(roll() * people)
    // Half are drawn to the well known, whose numbers lie anywhere.
    const rank = roll() < 0.5 ? Math.floor(people ** roll()) : Math.floor(roll() * people)
    ties.to[at] = (Math.imul(rank, 7_368_787) >>> 0) % people
    ties.weight[at] = 1 + Math.floor(roll() * 4)
  }
  return ties
}

/** Of processor time, of which no other process takes any. */
function seconds(run: () => void): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** Dense power iteration, each score to twelve digits. */
function reference(people: number, { from, to, weight }: Made): Float64Array {
  const out = new Float64Array(people)
  const isTie = (at: number) => from[at] !== to[at]
  for (let at = 0; at < from.length; at++) if (isTie(at)) out[from[at]!]! += weight[at]!
  let scores = new Float64Array(people).fill(1 / people)
  for (let far = 1; far > 1e-12; ) {
    const idle = scores.reduce((sum, each, person) => (out[person] === 0 ? sum + each : sum), 0)
    const next = new Float64Array(people).fill((0.15 + 0.85 * idle) / people)
    for (let at = 0; at < from.length; at++) if (isTie(at)) next[to[at]!]! += (0.85 * scores[from[at]!]! * weight[at]!) / out[from[at]!]!
    far = next.reduce((sum, each, person) => sum + Math.abs(each - scores[person]!), 0)
    scores = next
  }
  return scores
}

/** The largest difference of two scores, where the highest score is 1. */
function apart(one: Float64Array, other: Float64Array): number {
  let [most, highest] = [0, 0]
  for (let person = 0; person < one.length; person++) {
    most = Math.max(most, Math.abs(one[person]! - other[person]!))
    highest = Math.max(highest, other[person]!)
  }
  return most / highest
}

// —— what others make of it ——

interface Peer {
  what: string
  run(people: number, ties: Made): void
}

function peer(): Peer {
  const folder = mkdtempSync(join(tmpdir(), 'bench-influence-'))
  try {
    const names = ['ngraph.graph@20', 'ngraph.pagerank@2']
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, ...names], {
      stdio: 'ignore',
      timeout: 120_000,
    })
    const load = createRequire(join(folder, 'index.js'))
    const make = load('ngraph.graph') as () => { addLink(from: number, to: number): void }
    const rank = load('ngraph.pagerank') as (graph: unknown) => unknown
    const run = (_: number, { from, to }: Made) => {
      const graph = make()
      for (let at = 0; at < from.length; at++) graph.addLink(from[at]!, to[at]!)
      rank(graph)
    }
    return { what: 'ngraph.pagerank (to its usual 0.005)', run }
  } catch {
    return { what: 'ten rounds with maps', run: withMaps }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function withMaps(people: number, { from, to }: Made): void {
  const ties = new Map<number, number[]>()
  for (let at = 0; at < from.length; at++) ties.set(from[at]!, [...(ties.get(from[at]!) ?? []), to[at]!])
  let scores = new Map(Array.from({ length: people }, (_, person) => [person, 1 / people]))
  for (let round = 0; round < 10; round++) {
    const next = new Map<number, number>()
    for (const [person, all] of ties)
      for (const each of all) next.set(each, (next.get(each) ?? 0.15 / people) + (0.85 * scores.get(person)!) / all.length)
    scores = new Map([...scores.keys()].map(person => [person, next.get(person) ?? 0.15 / people]))
  }
}

// —— figures ——

function beside(): Figure {
  const [people, count] = [100_000, 1_000_000]
  const ties = makeTies(people, count, 5)
  const { what, run } = peer()
  const runs = Array.from({ length: rounds }, () => seconds(() => influence(people, ties, { precision: 0.005 })))
  const theirs = seconds(() => run(people, ties))
  return { name: 'seconds for 100,000 people and 1,000,000 ties to 0.005, the graph built', unit: 's', value: median(runs), baseline: { what: `seconds by ${what}`, value: theirs }, goal: { most: 1 / 60, of: 'ratio' }, runs } // biome-ignore format: one figure
}

function both(one: Made, other: Made): Made {
  const joined = makeTies(1, one.from.length + other.from.length, 1)
  for (const list of ['from', 'to', 'weight'] as const) {
    joined[list].set(one[list])
    joined[list].set(other[list], one.from.length)
  }
  return joined
}

const megabytes = (): number => process.memoryUsage().rss / 1e6

function whole(): Figure[] {
  const [people, count] = [1_000_000, 10_000_000]
  const ties = makeTies(people, count, 7)
  const idle = megabytes()
  let engine = influence(1)
  let most = 0
  const runs = Array.from({ length: rounds }, () =>
    seconds(() => {
      engine = influence(people, ties)
      most = Math.max(most, megabytes())
    }),
  )
  const loose = Array.from({ length: rounds }, () => seconds(() => influence(people, ties, { precision: 0.005 })))
  const far = apart(engine.scores(), reference(people, ties))
  const batches = Array.from({ length: rounds }, (_, nth) => makeTies(people, 1000, 100 + nth))
  const more = batches.map(batch => seconds(() => engine.add(batch)))
  const joined = [ties, ...batches].reduce(both)
  const farther = apart(engine.scores(), reference(people, joined))
  return [
    { name: 'seconds for 1,000,000 people and 10,000,000 ties, the graph built', unit: 's', value: median(runs), baseline: { what: 'seconds to 0.005, as others usually stop', value: median(loose) }, goal: { most: 60 }, runs, more: { loose } }, // biome-ignore format: one figure
    { name: 'megabytes for it, at most', unit: 'MB', value: most, baseline: { what: 'megabytes of the process with the ties before', value: idle }, goal: { most: 2000 }, runs: [] }, // biome-ignore format: one figure
    { name: 'farthest score from the reference, the highest being 1', unit: '', value: far, baseline: { what: 'the most it may be', value: 1e-6 }, goal: { most: 1e-6 }, runs: [] }, // biome-ignore format: one figure
    { name: 'seconds for 1,000 ties more', unit: 's', value: median(more), baseline: { what: 'seconds for all of them anew', value: median(runs) }, goal: { most: 1 }, runs: more }, // biome-ignore format: one figure
    { name: 'farthest score from the reference after 3,000 ties more', unit: '', value: farther, baseline: { what: 'the most it may be', value: 1e-6 }, goal: { most: 1e-6 }, runs: [] }, // biome-ignore format: one figure
  ]
}

export const bench: Bench = {
  says: 'Who moved whom: influence of a million people, whole and after a thousand ties more',
  run: async () => [...whole(), beside()],
}
