/**
 * Posts of a firehose and queries that are held against them. The posts have the form of what a real local network told (`recordings/stream.json`), with other
 * people, words and names; a few in a hundred name a brand, and about one in a hundred fits what somebody looks for.
 */
import { readFileSync } from 'node:fs'
import { languages } from '#kernel/messages.ts'
import { dice } from '../tools/demo/world.ts'
import { didOf, framed } from './stream-network.ts'
import { writer } from './world/words.ts'

const people = 40_000

// —— what is looked for ——

const parts = 'qua qui quo zax zel zim vex vyr jax jor xan xul tyq boq faz gux hyx keq lyz myx'.split(' ')
/** A name that nobody else has. */
const brand = (nth: number): string => [nth % 20, Math.floor(nth / 20) % 20, Math.floor(nth / 400) % 20, Math.floor(nth / 8000) % 20].map(at => parts[at]).join('') // biome-ignore format: one name
const contexts = [
  'service',
  'price',
  'broken',
  'delivery',
  'kaputt',
  'Lieferung',
  'stuk',
  'levering',
  'trasig',
  'leverans',
  'shop',
  'support',
]

const shapes: ((name: string, context: string, nth: number) => string)[] = [
  (name, context) => `${name} ${context}`,
  (name, context) => `"${name} ${context}"`,
  (name, context) => `${name} NEAR/5 ${context}`,
  (name, context, nth) => `(${name} OR #${name} OR "the ${brand(nth + 3)}") (${context} OR ${contexts[nth % 12]})`,
  (name, context) => `${name} ${context} NOT (advert* OR "buy now")`,
  (name, context, nth) => `(${name} OR @${name}) ${context} lang:${languages[nth % 4]}`,
]

/** As brands and products are looked for: a name, and something beside it. */
export const queryOf = (nth: number): string => shapes[nth % shapes.length]!(brand(nth), contexts[nth % contexts.length]!, nth)

// —— what is said ——

interface Event {
  did: string
  time_us: number
  kind: string
  commit: { operation: string; collection: string; rkey: string; rev: string; cid?: string; record?: Record<string, unknown> }
}

const { self, events } = JSON.parse(
  readFileSync(new URL('../channels/bluesky/recordings/stream.json', import.meta.url), 'utf8').replaceAll('care.test', 'elsewhere.test'),
) as { self?: { did: string }; events: Event[] }
const ours = self?.did ?? events.find(({ kind }) => kind === 'commit')!.did
const moulds = events.filter(
  ({ kind, commit }) => kind === 'commit' && commit.operation === 'create' && commit.collection === 'app.bsky.feed.post',
)

/** So many posts as frames in one memory; which of them fit, whoever holds them against the queries says. */
export interface Pool {
  frames: Buffer
  /** Where each ends. */
  ends: number[]
  texts: string[]
  /** Other names and moments than before, so that all of them are new posts. */
  renew(cycle: number): void
}

/** In place of the key and the time, which change from one time to the next. */
const [keyMark, timeMark] = ['3kkkkkkkkkkkk', 1_790_000_000_000_000]
const digits = '234567abcdefghijklmnopqrstuvwxyz'

export function poolOf(count: number, queries: number): Pool {
  const chance = dice(5)
  const write = writer(chance)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!
  const said = () => {
    const text = write(pick(languages), 6 + Math.floor(chance() * 28))
    if (chance() > 0.03) return text
    const nth = Math.floor(chance() * queries)
    return `${text} ${brand(nth)} ${chance() < 0.5 ? contexts[nth % contexts.length] : ''} ${write(pick(languages), 4)}`
  }
  const texts = Array.from({ length: count }, () => {
    const { commit, ...mould } = pick(moulds)
    const record = {
      ...commit.record,
      text: said(),
      langs: [pick(languages)],
      createdAt: new Date(Date.now() - Math.floor(chance() * 3_600_000)).toISOString(),
    }
    const event = {
      ...mould,
      did: didOf(1000 + Math.floor(chance() * people)),
      time_us: timeMark,
      commit: { ...commit, rev: keyMark, rkey: keyMark, record },
    }
    return JSON.stringify(event).replaceAll(ours, didOf(1))
  })
  return { ...framesOf(texts), texts }
}

function framesOf(texts: string[]): Pick<Pool, 'frames' | 'ends' | 'renew'> {
  const all = texts.map(framed)
  const frames = Buffer.concat(all)
  let end = 0
  const ends = all.map(each => (end += each.length))
  const places = ends.map((_, at) => {
    const from = at ? ends[at - 1]! : 0
    const rev = frames.indexOf(keyMark, from)
    return { time: frames.indexOf(String(timeMark), from), keys: [rev, frames.indexOf(keyMark, rev + 1)] }
  })
  const renew = (cycle: number) => {
    for (const [at, { time, keys }] of places.entries()) {
      const number = cycle * places.length + at
      frames.write(String(timeMark + number * 100), time, 'latin1')
      for (const key of keys)
        for (let rest = number, place = 12; place > 4; place--, rest = Math.floor(rest / 32))
          frames[key + place] = digits.charCodeAt(rest % 32)
    }
  }
  return { frames, ends, renew }
}

/** One post of its own, of this moment. */
export function probe(nth: number, text: string): string {
  const key = `3p${[...String(nth).padStart(11, '0')].map(digit => digits[Number(digit)]).join('')}`
  const record = { $type: 'app.bsky.feed.post', text, langs: ['en'], createdAt: new Date().toISOString() }
  const commit = { rev: key, operation: 'create', collection: 'app.bsky.feed.post', rkey: key, cid: 'bafyprobe', record }
  return JSON.stringify({ did: didOf(7), time_us: Date.now() * 1000, kind: 'commit', commit })
}
