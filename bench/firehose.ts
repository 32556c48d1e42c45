/**
 * How much of the network's streams one core reads: from the bytes of a frame to what concerns an account. The frames are a recording of the network's own
 * servers, most of them about others as there; the same numbers for an account that everything concerns.
 */
import { readFileSync } from 'node:fs'
import { decode, decodeFirst } from 'cborg'
import { collections, fromChange, recentUpTo } from '#root/channels/bluesky/concerns.ts'
import { fromJetstream, fromRelay, type Told } from '#root/channels/bluesky/frames.ts'
import { type Bench, type Figure, median } from './figure.ts'

const [rounds, each] = [7, 20_000]
const recorded = (name: string) => JSON.parse(readFileSync(new URL(`../channels/bluesky/recordings/${name}.json`, import.meta.url), 'utf8'))
const { self, frames: relayed } = recorded('network-stream') as { self: { did: string; handle: string }; frames: string[] }
const stranger = { did: 'did:plc:strangerstrangerstranger', handle: 'stranger.example' }
// Without the words about accounts at its beginning: on the network nearly every frame is a commit.
const frames = relayed.slice(3).map(frame => new Uint8Array(Buffer.from(frame, 'base64')))
const texts = (recorded('stream') as { events: { kind: string }[] }).events.filter(({ kind }) => kind === 'commit').map(event => JSON.stringify(event)) // biome-ignore format: one list

/** Per second of processor time, so often as `each` says. */
function perSecond<T>(list: readonly T[], read: (one: T) => void): number {
  const start = process.cpuUsage()
  for (let at = 0; at < each; at++) read(list[at % list.length]!)
  const { user, system } = process.cpuUsage(start)
  return each / ((user + system) / 1_000_000)
}

function rates<T>(list: readonly T[], read: (one: T) => void): number[] {
  return Array.from({ length: rounds + 1 }, () => perSecond(list, read)).slice(1)
}

function hearing(who: typeof self): (told: Told[]) => void {
  const recent = recentUpTo(50_000)
  return told => {
    for (const one of told) if (one.is === 'change') fromChange(one, who, recent)
  }
}

const tag = { tags: { 42: (read: () => unknown) => read() } }

function bare(frame: Uint8Array): void {
  const [, rest] = decodeFirst(frame, tag)
  decode(rest, tag)
}

const figure = (name: string, runs: number[], baseline: Figure['baseline'], concerned: number[], bytes: number): Figure => ({
  name,
  unit: 'frames/s on one core',
  value: median(runs),
  baseline,
  goal: { least: 10_000 },
  runs,
  more: { allConcernUs: Math.round(median(concerned)), bytesPerFrame: Math.round(bytes) },
})

const average = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0) / sizes.length

export const bench: Bench = {
  says: 'Frames of the network’s streams read by one core, from their bytes to what concerns an account',
  async run() {
    const [theirs, ours] = [hearing(stranger), hearing(self)]
    const relay = (hear: (told: Told[]) => void) => rates(frames, frame => hear(fromRelay(frame, collections)))
    const jetstream = (hear: (told: Told[]) => void) => rates(texts, text => hear(fromJetstream(text)))
    const cbor = { what: 'decoding the frames alone, without their records', value: median(rates(frames, bare)) }
    const json = { what: 'JSON.parse of the same', value: median(rates(texts, text => void JSON.parse(text))) }
    return [
      figure('firehose.subscribeRepos', relay(theirs), cbor, relay(ours), average(frames.map(frame => frame.length))),
      figure('firehose.jetstream', jetstream(theirs), json, jetstream(ours), average(texts.map(text => text.length))),
    ]
  },
}
