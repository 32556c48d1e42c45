/** Signatures as nearly every server of the network makes them: draft-cavage-http-signatures-12, with RSA and SHA-256. */
import { ChannelError } from '#kernel/errors.ts'

/** One exchange as it is signed: `origin` is where it really went, whatever its Host header says. */
export interface Wire {
  method: string
  origin: string
  /** With its query. */
  path: string
  headers: Headers
  /** Null for what has none. */
  body: Uint8Array | null
}

/** What a signature says of itself; whether it is true is not known yet. */
export interface Claim {
  keyId: string
  algorithm: string
  signature: Buffer
  /** What was signed. */
  base: string
  covered: string[]
  /** Seconds since 1970. */
  created: number | undefined
  expires: number | undefined
}

export const unproven = (cause?: unknown): ChannelError => new ChannelError('rejected', { says: 'activitypub.notGenuine', cause })

const names = ['keyId', 'algorithm', 'created', 'expires', 'headers', 'signature']

/** `a="b",c=1`: each name once. Throws ChannelError for anything else. */
function parametersIn(text: string): Map<string, string> {
  const found = new Map<string, string>()
  let rest = text.trim()
  while (rest) {
    const match = /^([a-zA-Z]{1,20})=(?:"([^"\\]{0,3000})"|(\d{1,15}))\s{0,5}(?:,\s{0,5}|$)/.exec(rest)
    const [whole = '', name = '', quoted, number] = match ?? []
    if (!match || found.has(name)) throw unproven()
    if (names.includes(name)) found.set(name, quoted ?? number!)
    rest = rest.slice(whole.length)
  }
  return found
}

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined

/** Reads the header `Signature`. Throws ChannelError when it is none, covers too little, or names what is not there. */
export function cavageIn(wire: Wire): Claim {
  const header = wire.headers.get('signature') ?? ''
  if (header.length > 6000) throw unproven()
  const parameters = parametersIn(header)
  const [keyId = '', signature = ''] = [parameters.get('keyId'), parameters.get('signature')]
  const covered = (parameters.get('headers') ?? 'date').toLowerCase().split(' ')
  // A moment that is not covered may have been written by anybody.
  const momentOf = (name: string) => (covered.includes(`(${name})`) ? numberIn(parameters.get(name)) : undefined)
  const moments = { created: momentOf('created'), expires: momentOf('expires') }
  if (!keyId || !signature || covered.length > 30 || new Set(covered).size !== covered.length) throw unproven()
  if (!coversEnough(covered, wire)) throw unproven()
  const base = covered.map(name => line(name, wire, moments)).join('\n')
  const algorithm = parameters.get('algorithm') ?? 'hs2019'
  return { keyId, algorithm, signature: Buffer.from(signature, 'base64'), base, covered, ...moments }
}

const coversEnough = (covered: string[], { body }: Wire): boolean =>
  covered.includes('(request-target)') &&
  covered.includes('host') &&
  (covered.includes('date') || covered.includes('(created)')) &&
  (body === null || covered.includes('digest'))

function line(name: string, wire: Wire, { created, expires }: Pick<Claim, 'created' | 'expires'>): string {
  if (name === '(request-target)') return `${name}: ${wire.method.toLowerCase()} ${wire.path}`
  if (name === 'host') return `host: ${new URL(wire.origin).host}`
  const value = name === '(created)' ? created : name === '(expires)' ? expires : name.startsWith('(') ? undefined : wire.headers.get(name)
  if (value === undefined || value === null) throw unproven()
  return `${name}: ${value}`
}
