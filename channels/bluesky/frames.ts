/**
 * What the two streams of the network say, in one form: Jetstream (JSON) and `com.atproto.sync.subscribeRepos` (CBOR, specification “Event Stream”).
 * Everything in them is written by strangers: what cannot be read is passed over, and nothing is thrown.
 */
import { decode, decodeFirst } from 'cborg'
import { z } from 'zod'
import { blocksIn } from './car.ts'
import { base32 } from './cbor.ts'

/** One change of one record, who is called how from now on, or what the stream says of itself. */
export type Told = Change | Identity | Word

export interface Change {
  is: 'change'
  /** Where the stream stands: microseconds of Jetstream, the number of a relay. */
  position: number
  at: Date
  did: string
  does: 'create' | 'update' | 'delete'
  collection: string
  key: string
  /** Of this version of the record. */
  cid: string
  /** As JSON says it; not read where nobody asked for its collection. */
  record?: unknown
}

export interface Identity {
  is: 'identity'
  position: number
  did: string
  handle?: string | undefined
}

/** `position` alone: nothing in it concerns anybody. `error`: the line ends. `outdated`: what was asked for is forgotten. */
export type Word = { is: 'passed'; position: number } | { is: 'error'; name: string } | { is: 'outdated' }

const position = z.int().min(0)
const did = z.string().max(300)
const actions = z.enum(['create', 'update', 'delete'])

// —— Jetstream ——

const event = z.object({
  did,
  time_us: position,
  kind: z.string().max(40),
  commit: z
    .object({
      operation: actions,
      collection: z.string().max(300),
      rkey: z.string().max(600),
      cid: z.string().max(200).optional(),
      rev: z.string().max(100).optional(),
      record: z.unknown().optional(),
    })
    .optional()
    .catch(undefined),
  identity: z
    .object({ handle: z.string().max(300).optional() })
    .optional()
    .catch(undefined),
})

/** Empty for what is none of its events. */
export function fromJetstream(text: string): Told[] {
  const { data } = event.safeParse(parsed(text))
  if (!data) return []
  const it = { position: data.time_us, did: data.did }
  if (data.kind === 'identity') return [{ is: 'identity', ...it, handle: data.identity?.handle }]
  const { commit } = data
  if (data.kind !== 'commit' || !commit) return [{ is: 'passed', position: data.time_us }]
  const { operation: does, collection, rkey: key, cid = commit.rev ?? '', record } = commit
  return [{ is: 'change', ...it, at: new Date(data.time_us / 1000), does, collection, key, cid, record }]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// —— subscribeRepos ——

/** As DAG-CBOR narrows CBOR (no endless items, no values outside of JSON); a link becomes what JSON says for it, `{ $link }`. */
const strict = { allowIndefinite: false, allowUndefined: false, allowInfinity: false, allowNaN: false, strict: true, useMaps: false }
const linkTag = 42
const asLink = (read: () => unknown): { $link: string } => ({ $link: `b${base32(bytesOf(read()))}` })
const asBytes = (read: () => unknown): Uint8Array => bytesOf(read())
const ofRecords = { ...strict, rejectDuplicateMapKeys: true, tags: { [linkTag]: asLink } }
/** Within a frame, links are compared and not shown: their bytes are enough. */
const ofFrames = { ...strict, tags: { [linkTag]: asBytes } }

/** Links begin with a zero byte (specification “DAG-CBOR”). */
function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array) || value[0] !== 0) throw new TypeError('no link')
  return value.subarray(1)
}

const header = z.object({ op: z.int(), t: z.string().max(100).optional() })
const fault = z.object({ error: z.string().max(200) })
const info = z.object({ name: z.string().max(200) })
const bytes = z.instanceof(Uint8Array)
const placed = z.object({ seq: position, did: did.optional(), handle: z.string().max(300).optional().catch(undefined) })
const commit = z.object({
  seq: position,
  repo: did,
  time: z.string().max(100),
  ops: z.array(z.object({ action: actions, path: z.string().max(1000), cid: bytes.nullable().optional() })).max(1000),
  blocks: bytes.optional(),
})

/** Empty for what cannot be read. Records of other collections than `wanted` are not opened. */
export function fromRelay(frame: Uint8Array, wanted: ReadonlySet<string>): Told[] {
  try {
    const [head, rest] = decodeFirst(frame, ofFrames)
    const { op, t } = header.parse(head)
    const body: unknown = decode(rest, ofFrames)
    if (op === -1) return [{ is: 'error', name: fault.parse(body).error }]
    if (op !== 1) return []
    if (t === '#commit') return changesIn(commit.parse(body), wanted)
    if (t === '#info') return info.parse(body).name === 'OutdatedCursor' ? [{ is: 'outdated' }] : []
    const { seq, did: who, handle } = placed.parse(body)
    return t === '#identity' && who ? [{ is: 'identity', position: seq, did: who, handle }] : [{ is: 'passed', position: seq }]
  } catch {
    return []
  }
}

function changesIn(it: z.output<typeof commit>, wanted: ReadonlySet<string>): Told[] {
  const ops = it.ops.filter(({ path }) => wanted.has(path.slice(0, path.indexOf('/'))))
  if (ops.length === 0) return [{ is: 'passed', position: it.seq }]
  const blocks = it.blocks ? blocksIn(it.blocks) : new Map<string, Uint8Array>()
  return ops.map(({ action, path, cid }) => {
    const slash = path.indexOf('/')
    const block = cid && blocks.get(nameOf(cid))
    return {
      is: 'change',
      position: it.seq,
      at: new Date(it.time),
      did: it.repo,
      does: action,
      collection: path.slice(0, slash),
      key: path.slice(slash + 1),
      cid: cid ? `b${base32(cid)}` : '',
      ...(block && { record: recordIn(block) }),
    }
  })
}

function recordIn(block: Uint8Array): unknown {
  try {
    return decode(block, ofRecords)
  } catch {
    return null
  }
}

/** The bytes of a link as the name under which its block is found. */
export const nameOf = (cid: Uint8Array): string => Buffer.from(cid.buffer, cid.byteOffset, cid.length).toString('latin1')
