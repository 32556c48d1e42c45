/** What the browser gets: `web/` bundled, named by its content, packed beforehand, made anew only when a source changed. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context, Env, Hono } from 'hono'
import type { AssetFile, Assets } from './assets-build.ts'

export type { Assets } from './assets-build.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const sources = join(root, 'web')
const kept = join(root, '.cache/web')

/** What a channel has other people's pages load: `channels/<name>/browser/main.ts`, made into `<name>.js`. */
const guests = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(root, 'channels'))
      .map(name => [name, join(root, 'channels', name, 'browser')] as const)
      .filter(([, folder]) => existsSync(folder)),
  )
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

let assets: Assets = { stamp: '', files: {} }

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.md'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

// Content, not dates: a fresh checkout of the same sources is the same. The lock file stands for the packages.
function stampOf(): string {
  const hash = createHash('sha256')
  const beside = ['package-lock.json', 'src/kernel/assets-build.ts'].map(name => join(root, name)).filter(existsSync)
  for (const file of [sources, ...Object.values(guests())].flatMap(filesBelow).concat(beside))
    hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

const list = (stamp: string) => join(kept, `${stamp}.json`)

/** Bundles the browser's files unless the same sources were bundled before. Throws with the bundler's own words when a source is wrong. */
export async function prepareBrowserFiles(): Promise<Assets> {
  const stamp = stampOf()
  if (!existsSync(list(stamp))) await makeAnew(stamp)
  assets = JSON.parse(readFileSync(list(stamp), 'utf8')) as Assets
  return assets
}

async function makeAnew(stamp: string): Promise<void> {
  const { build } = await import('./assets-build.ts')
  mkdirSync(kept, { recursive: true })
  const made = await build(sources, kept, stamp, guests())
  forgetOld()
  writeFileSync(`${list(stamp)}.${process.pid}`, JSON.stringify(made))
  renameSync(`${list(stamp)}.${process.pid}`, list(stamp))
}

// A second process may still serve the files of an hour ago.
function forgetOld(): void {
  const hourAgo = Date.now() - 3_600_000
  for (const name of readdirSync(kept)) {
    const file = join(kept, name)
    if (statSync(file).mtimeMs < hourAgo) rmSync(file, { force: true, recursive: true })
  }
}

/** Address of a browser file by its plain name: `main.js`, `main.css`, `inter.woff2`. */
export const assetUrl = (name: string): string => `/assets/${assets.files[name]?.file ?? name}`

function encodingFor(accepted: string | undefined, file: AssetFile): '' | 'br' | 'gzip' {
  if (!file.packed) return ''
  if (accepted?.includes('br')) return 'br'
  return accepted?.includes('gzip') ? 'gzip' : ''
}

const read = new Map<string, Uint8Array<ArrayBuffer>>()
function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  const bytes = read.get(name) ?? new Uint8Array(readFileSync(join(kept, name)))
  read.set(name, bytes)
  return bytes
}

function send(c: Context, file: AssetFile, caching: string): Response {
  const { bytes, headers } = packedFor(c.req.header('accept-encoding'), file)
  if (file.file.startsWith('sw-')) headers['content-security-policy'] = "default-src 'none'; connect-src 'self'"
  return c.body(bytes, 200, { ...headers, 'cache-control': caching })
}

function packedFor(accepted: string | undefined, file: AssetFile) {
  const encoding = encodingFor(accepted, file)
  const suffix = { '': '', br: '.br', gzip: '.gz' }[encoding]
  const headers: Record<string, string> = {
    'content-type': types[extname(file.file)] ?? 'application/octet-stream',
    vary: 'accept-encoding',
  }
  if (encoding) headers['content-encoding'] = encoding
  return { bytes: bytesOf(file.file + suffix), headers }
}

/** A channel's script for other people's pages, at an address that never changes: the browser asks whether it is still the same. */
export function scriptOf(channel: string, request: Request, headers: Record<string, string>): Response | undefined {
  const file = assets.files[`${channel}.js`]
  if (!file) return undefined
  const mark = { ...headers, etag: `"${file.file}"` }
  if (request.headers.get('if-none-match')?.includes(mark.etag)) return new Response(null, { status: 304, headers: mark })
  const packed = packedFor(request.headers.get('accept-encoding') ?? undefined, file)
  return new Response(packed.bytes, { headers: { ...packed.headers, ...mark } })
}

const forever = 'public, max-age=31536000, immutable'
const shortly = 'public, max-age=0, must-revalidate'

/** `/assets/*` for ever; the few files with a fixed address (`/sw.js`, manifest, icon, offline page) only until they change. */
export function assetRoutes<E extends Env>(app: Hono<E>): void {
  app.get('/assets/:file', c => {
    const wanted = basename(c.req.param('file'))
    const file = Object.values(assets.files).find(each => each.file === wanted)
    return file ? send(c, file, forever) : c.notFound()
  })
  for (const [path, name] of [
    ['/favicon.svg', 'favicon.svg'],
    ['/manifest.webmanifest', 'manifest.webmanifest'],
    ['/sw.js', 'sw.js'],
    ['/offline.html', 'offline.html'],
  ] as const) {
    app.get(path, c => (assets.files[name] ? send(c, assets.files[name], shortly) : c.notFound()))
  }
}
