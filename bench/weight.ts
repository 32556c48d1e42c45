/** What the browser must fetch for an ordinary page: script and style as they are served, packed, with everything that they import at once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { Client } from 'undici'
import type { Bench, Figure } from './figure.ts'
import { type Server, signIn, startServer } from './server.ts'

interface Fetched {
  packed: number
  text: string
}

async function fetched(client: Client, path: string, cookie: string): Promise<Fetched> {
  const { statusCode, headers, body } = await client.request({
    path,
    method: 'GET',
    headers: { cookie, accept: '*/*', 'accept-encoding': 'br' },
  })
  const bytes = Buffer.from(await body.arrayBuffer())
  if (statusCode !== 200) throw new Error(`${path} was answered with ${statusCode}`)
  return { packed: bytes.length, text: (headers['content-encoding'] === 'br' ? brotliDecompressSync(bytes) : bytes).toString() }
}

const named = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[1]!)

/** A script with what it imports before it runs; what is loaded when it is used is another matter. */
async function scripts(client: Client, first: string[], cookie: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  const waiting = [...first]
  for (const path of waiting) {
    if (sizes.has(path)) continue
    const { packed, text } = await fetched(client, path, cookie)
    sizes.set(path, packed)
    for (const found of named(text, /(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w*{},$\s]+\bfrom\b\s*)?["']([^"']+)["']/g))
      waiting.push(new URL(found, `http://host${path}`).pathname)
  }
  return sizes
}

type Weight = Record<'script' | 'style' | 'page', number>

async function weightOf(server: Server, path: string, cookie: string): Promise<Weight> {
  const client = new Client(server.url)
  const page = await fetched(client, path, cookie)
  const script = await scripts(client, named(page.text, /<script[^>]*\ssrc="([^"]+)"/g), cookie)
  const styles = await Promise.all(named(page.text, /<link rel="stylesheet" href="([^"]+)"/g).map(each => fetched(client, each, cookie)))
  await client.close()
  const sum = (list: Iterable<number>) => [...list].reduce((total, each) => total + each, 0) / 1000
  return { script: sum(script.values()), style: sum(styles.map(each => each.packed)), page: page.packed / 1000 }
}

const pages = ['/inbox/all', '/home', '/people']

export const bench: Bench = {
  says: 'Script and style of an ordinary page, packed as they are served',
  async run() {
    const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-bench-'))
    const server = await startServer(dataDir, { demo: true })
    try {
      const cookie = await signIn(server)
      const weights: Weight[] = []
      for (const path of pages) weights.push(await weightOf(server, path, cookie))
      const figure = (what: 'script' | 'style' | 'page', goal?: number): Figure => {
        const runs = weights.map(each => each[what])
        const value = Math.max(...runs)
        return { name: `weight.${what}`, unit: 'kB packed (brotli)', value, baseline: { what: 'the budget', value: goal ?? value }, goal: goal ? { most: goal } : undefined, runs, more: { pages } } // biome-ignore format: one figure
      }
      return [figure('script', 100), figure('style', 40), figure('page')]
    } finally {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
