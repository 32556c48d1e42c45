/** Signatures by RFC 9421 (HTTP Message Signatures), as far as this network uses them; anything finer is refused, not guessed at. */
import { type Claim, unproven, type Wire } from './cavage.ts'

interface Input {
  label: string
  components: string[]
  /** As it was written: it is signed too. */
  parameters: string
}

/** `label=("@method" "date");created=1;keyid="…"`: the first signature counts, further ones are somebody else's affair. */
function inputIn(header: string): Input {
  const match =
    /^([a-z*][a-z0-9_.*-]{0,50})=(\((?:"[a-z0-9@-]{1,60}" ?){1,30}\)(?:;[a-z]{1,20}=(?:"[^"\\]{0,3000}"|\d{1,15})){1,10})(?:,|$)/.exec(
      header.trim(),
    )
  const [, label = '', whole = ''] = match ?? []
  if (!label) throw unproven()
  const components = [...whole.slice(0, whole.indexOf(')')).matchAll(/"([a-z0-9@-]{1,60})"/g)].map(([, name]) => name!)
  if (new Set(components).size !== components.length) throw unproven()
  return { label, components, parameters: whole }
}

/** `;name="text";name=1` behind the list: each name once, and nothing else. */
function parametersIn(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (let rest = text.slice(text.indexOf(')') + 1); rest; ) {
    const at = rest.indexOf('=')
    const [name, value] = [rest.slice(1, at), valueAt(rest.slice(at + 1))]
    if (at < 0 || found.has(name)) throw unproven()
    found.set(name, value.replaceAll('"', ''))
    rest = rest.slice(at + 1 + value.length)
  }
  return found
}

/** The quoted text, or the number, with which it begins. */
const valueAt = (text: string): string =>
  text.startsWith('"') ? text.slice(0, text.indexOf('"', 1) + 1) : (/^\d{1,15}/.exec(text)?.[0] ?? '')

function signatureFor(label: string, header: string): Buffer {
  for (const each of header.split(',')) {
    const at = each.indexOf('=')
    const [name, value] = [each.slice(0, at).trim(), each.slice(at + 1).trim()]
    if (name === label && value.startsWith(':') && value.endsWith(':')) return Buffer.from(value.slice(1, -1), 'base64')
  }
  throw unproven()
}

const algorithms: Record<string, string> = { 'rsa-v1_5-sha256': 'rsa-sha256', ed25519: 'ed25519', hs2019: 'hs2019' }

/** Reads `Signature-Input` and `Signature`. Throws ChannelError when they are none, cover too little, or name what is not there. */
export function messageSignatureIn(wire: Wire): Claim {
  const [header, signatures] = [wire.headers.get('signature-input') ?? '', wire.headers.get('signature') ?? '']
  if (header.length > 8000 || signatures.length > 8000) throw unproven()
  const { label, components, parameters } = inputIn(header)
  const given = parametersIn(parameters)
  const [keyId = '', algorithm] = [given.get('keyid'), algorithms[given.get('alg') ?? 'hs2019']]
  if (!keyId || !algorithm || !given.has('created') || !coversEnough(components, wire)) throw unproven()
  const lines = components.map(name => `"${name}": ${component(name, wire)}`)
  return {
    keyId,
    algorithm,
    signature: signatureFor(label, signatures),
    base: [...lines, `"@signature-params": ${parameters}`].join('\n'),
    covered: components,
    created: Number(given.get('created')),
    expires: given.has('expires') ? Number(given.get('expires')) : undefined,
  }
}

const coversEnough = (covered: string[], { body }: Wire): boolean =>
  covered.includes('@method') &&
  (covered.includes('@target-uri') ||
    (covered.includes('@authority') && (covered.includes('@path') || covered.includes('@request-target')))) &&
  (body === null || covered.includes('content-digest'))

function component(name: string, wire: Wire): string {
  const [path, query] = [wire.path.split('?', 1)[0]!, wire.path.includes('?') ? wire.path.slice(wire.path.indexOf('?')) : '?']
  const derived: Record<string, string> = {
    '@method': wire.method,
    '@target-uri': `${wire.origin}${wire.path}`,
    '@authority': new URL(wire.origin).host,
    '@scheme': wire.origin.split(':', 1)[0]!,
    '@request-target': wire.path,
    '@path': path,
    '@query': query,
  }
  const value = name.startsWith('@') ? derived[name] : name === 'host' ? derived['@authority'] : wire.headers.get(name)
  if (value === undefined || value === null) throw unproven()
  return value
}
