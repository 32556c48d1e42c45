/** Other people's software of the open network for tests: a server of bots, on loopback, and Fedify as a library; gone with `stop`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { noPeer, peerPrograms } from '../tools/peers.ts'

/** Why they are not here; nothing when they are. */
export const noPeers = (): string | false => noPeer('@evanp/activitypub-bot') || noPeer('@fedify/fedify')

export interface Bots {
  origin: string
  /** Does one thing as the bot Anna: a method of its context; returns the id of what it made. An object with a type is read as an object of the network. */
  anna(method: string, ...given: unknown[]): Promise<string>
  stop(): Promise<void>
}

/** Takes about two seconds. `database` is a PostgreSQL of its own. */
export async function startBots(database: string): Promise<Bots> {
  const port = await freePort()
  const program = fileURLToPath(new URL('activitypub-bot.mjs', import.meta.url))
  const child = spawn(process.execPath, ['--no-warnings', program, peerPrograms, String(port), database], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  await lines.next()
  return {
    origin: `http://127.0.0.1:${port}`,
    async anna(...it) {
      child.stdin.write(`${JSON.stringify(it)}\n`)
      return String((await lines.next()).value)
    },
    stop: () => end(child),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.stdin?.end()
  const late = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(late)
}

// —— Fedify ——

/** What we use of it, as its version 2.3 has it. */
interface Signing {
  generateCryptoKeyPair(algorithm: 'RSASSA-PKCS1-v1_5'): Promise<CryptoKeyPair>
  signRequest(
    request: Request,
    key: CryptoKey,
    keyId: URL,
    options: { spec: 'rfc9421' | 'draft-cavage-http-signatures-12' },
  ): Promise<Request>
  verifyRequest(request: Request, options: Loaders): Promise<{ ownerId: URL | null } | null>
}

interface Reading {
  Object: { fromJsonLd(json: unknown, options: Loaders): Promise<Vocabulary> }
}

/** Something of the network's vocabulary, as Fedify read it. */
export interface Vocabulary {
  id: URL | null
  constructor: { name: string }
  content?: unknown
  toJsonLd(options: Loaders): Promise<Record<string, unknown>>
}

interface Loaders {
  documentLoader: Loader
  contextLoader: Loader
}
type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>

const part = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(peerPrograms, 'node_modules', path)).href)) as T

/** With a loader that takes the documents of this machine from it, and the network's own vocabularies from Fedify. */
export async function startFedify(): Promise<Signing & Reading & { loaders: Loaders }> {
  const [signing, reading, { getDocumentLoader }] = await Promise.all([
    part<Signing>('@fedify/fedify/dist/sig/mod.js'),
    part<Reading>('@fedify/vocab/dist/mod.js'),
    part<{ getDocumentLoader(): Loader }>('@fedify/vocab-runtime/dist/mod.js'),
  ])
  const contexts = getDocumentLoader()
  const load: Loader = async url => {
    if (new URL(url).hostname !== '127.0.0.1') return contexts(url)
    const answer = await fetch(url, { headers: { accept: 'application/activity+json' } })
    return { contextUrl: null, documentUrl: url, document: await answer.json() }
  }
  const { generateCryptoKeyPair, signRequest, verifyRequest } = signing
  return {
    generateCryptoKeyPair,
    signRequest,
    verifyRequest,
    Object: reading.Object,
    loaders: { documentLoader: load, contextLoader: load },
  }
}
