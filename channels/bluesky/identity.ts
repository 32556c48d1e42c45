/** Who a handle is, and where an account lives: handle → DID → document → server (specifications “Handle” and “DID”). Nothing is believed one way only. */
import { resolveTxt } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { isDid, isHandle } from './names.ts'
import { isServer } from './settings.ts'

export interface Identity {
  did: string
  /** Undefined when the document names none. */
  handle: string | undefined
  /** Origin of the server that holds the account. */
  server: string
}

const directory = 'https://plc.directory'
const patience = 8000
const shortly = { maxBytes: 100_000, timeoutMs: patience }

/** Of a handle or a DID. Undefined when there is none, or when handle and document do not agree. Throws ChannelError `down` when it cannot be asked. */
export async function identityOf(name: string): Promise<Identity | undefined> {
  const did = isDid(name) ? name : await didOf(name)
  const identity = did && (await documented(did))
  return identity && (isDid(name) || identity.handle === name) ? identity : undefined
}

/** The DID that a domain names as its own: by its name service, else by a file on its web server. */
async function didOf(handle: string): Promise<string | undefined> {
  if (!isHandle(handle)) return undefined
  const [named, served] = await Promise.all([Promise.race([byNameService(handle), late()]), byWebServer(handle)])
  return named ?? served
}

/** A name service that is silent holds up nobody. */
const late = (): Promise<undefined> => sleep(patience, undefined, { ref: false })

async function byNameService(handle: string): Promise<string | undefined> {
  const texts = await resolveTxt(`_atproto.${handle}`).catch((): string[][] => [])
  const dids = texts.map(parts => parts.join('')).filter(text => text.startsWith('did='))
  const did = dids.length === 1 ? dids[0]!.slice('did='.length).trim() : ''
  return isDid(did) ? did : undefined
}

async function byWebServer(handle: string): Promise<string | undefined> {
  const answer = await guardedFetch(`https://${handle}/.well-known/atproto-did`, { ...shortly, maxBytes: 5000 }).catch(() => undefined)
  const did = answer?.status === 200 ? new TextDecoder().decode(answer.bytes).trim() : ''
  return isDid(did) ? did : undefined
}

const service = z.object({ id: z.string().max(500), type: z.string().max(200), serviceEndpoint: z.unknown().optional() })
const document = z.object({
  id: z.string().max(300),
  alsoKnownAs: z.array(z.string().max(500)).max(100).catch([]),
  service: z.array(service.nullable().catch(null)).max(100).catch([]),
})

/** What a document says of the account; undefined when it is another's or names no server. */
export function readDocument(given: unknown, did: string): Identity | undefined {
  const parsed = document.safeParse(given)
  if (!parsed.success || parsed.data.id !== did) return undefined
  const { alsoKnownAs, service: services } = parsed.data
  const pds = services.find(each => each?.type === 'AtprotoPersonalDataServer' && /^(did:.{1,300})?#atproto_pds$/.test(each.id))
  const server = pds?.serviceEndpoint
  if (typeof server !== 'string' || !isServer(server)) return undefined
  const handle = alsoKnownAs
    .find(each => each.startsWith('at://'))
    ?.slice('at://'.length)
    .toLowerCase()
  return { did, handle: handle && isHandle(handle) ? handle : undefined, server: new URL(server).origin }
}

const known = new Map<string, { identity: Identity; until: number }>()
const [mostKnown, keptFor] = [5000, 3_600_000]

/** As its document says; kept for an hour. */
export async function documented(did: string): Promise<Identity | undefined> {
  const kept = known.get(did)
  if (kept && kept.until > now().getTime()) return kept.identity
  const address = addressOfDocument(did)
  const answer = address ? await guardedFetch(address, { ...shortly, accept: 'application/json' }) : undefined
  if (answer && answer.status >= 500) throw new ChannelError('down', { says: 'bluesky.serverTrouble' })
  const identity = answer?.status === 200 ? readDocument(parsed(answer.bytes), did) : undefined
  if (identity) remember(did, identity)
  return identity
}

function remember(did: string, identity: Identity): void {
  known.delete(did)
  known.set(did, { identity, until: now().getTime() + keptFor })
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
}

function addressOfDocument(did: string): string | undefined {
  if (did.startsWith('did:plc:')) return `${directory}/${did}`
  const host = did.slice('did:web:'.length)
  return isHandle(host) ? `https://${host}/.well-known/did.json` : undefined
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
