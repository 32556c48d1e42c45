/** Makes the browser's files: one bundle, its styles, fonts and icons, each packed with Brotli and gzip. Only loaded when a source changed. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type BuildResult, build as bundle, type OutputFile, type Plugin, stop } from 'esbuild'

export interface AssetFile {
  /** Name in the cache and below /assets/, with the hash of its content. */
  file: string
  /** Has `.br` and `.gz` beside it. */
  packed: boolean
  /** Bytes: plain, Brotli, gzip. */
  size: [number, number, number]
}

export interface Assets {
  stamp: string
  files: Record<string, AssetFile>
}

const pack = { br: promisify(brotliCompress), gz: promisify(gzip) }
const packable = new Set(['.css', '.html', '.js', '.svg', '.webmanifest'])
const resolve = createRequire(import.meta.url).resolve

const fonts = {
  'inter.woff2': '@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2',
  'inter-italic.woff2': '@fontsource-variable/inter/files/inter-latin-opsz-italic.woff2',
  'inter-more.woff2': '@fontsource-variable/inter/files/inter-latin-ext-opsz-normal.woff2',
}

/** Writes everything to `target` and returns the list. `guests` are folders whose scripts other people's pages load, by name. Shapes: see AssetFile. */
export async function build(sources: string, target: string, stamp: string, guests: Record<string, string> = {}): Promise<Assets> {
  const keep = keeper(target)
  const files: Assets['files'] = {}
  for (const [name, from] of Object.entries(fonts)) files[name] = await keep(name, readFileSync(resolve(from)))
  for (const [name, bytes] of await pictures(sources)) files[name] = await keep(name, bytes)
  const named = (text: string) => text.replace(/asset:([\w.-]+)/g, (_, name: string) => `/assets/${files[name]?.file ?? name}`)
  for (const out of await bundled(sources)) files[basename(out.path)] = await keep(basename(out.path), Buffer.from(named(out.text)))
  for (const name of ['favicon.svg', 'manifest.webmanifest', 'offline.html'])
    files[name] = await keep(name, Buffer.from(named(readFileSync(join(sources, 'fixed', name), 'utf8'))))
  files['sw.js'] = await keep(
    'sw.js',
    Buffer.from(
      await worker(
        sources,
        stamp,
        ['main.js', 'main.css', 'inter.woff2'].map(name => `/assets/${files[name]?.file}`),
      ),
    ),
  )
  for (const [name, folder] of Object.entries(guests)) files[`${name}.js`] = await keep(`${name}.js`, Buffer.from(await guest(folder)))
  // Else its program, some 100 MB, stays as long as the server does.
  await stop()
  return { stamp, files }
}

type Keep = (name: string, bytes: Uint8Array, hashed?: boolean) => Promise<AssetFile>

function keeper(target: string): Keep {
  return async (name, bytes, hashed = true) => {
    const file = hashed
      ? `${basename(name, extname(name))}-${createHash('sha256').update(bytes).digest('hex').slice(0, 10)}${extname(name)}`
      : name
    const packed = packable.has(extname(name))
    writeFileSync(join(target, file), bytes)
    return { file, packed, size: packed ? await writePacked(join(target, file), bytes) : [bytes.length, bytes.length, bytes.length] }
  }
}

async function writePacked(path: string, bytes: Uint8Array): Promise<[number, number, number]> {
  const br = await pack.br(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  const gz = await pack.gz(bytes, { level: 9 })
  writeFileSync(`${path}.br`, br)
  writeFileSync(`${path}.gz`, gz)
  return [bytes.length, br.length, gz.length]
}

// Turbo puts a style element into the page for its progress bar; our policy allows none, and last.css draws the bar.
const withoutInlineStyle: Plugin = {
  name: 'without-inline-style',
  setup: setup =>
    setup.onLoad({ filter: /turbo\.es2017-esm\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace('    this.installStylesheetElement();\n', ''),
    })),
}

// Charts are a file of their own, without a common piece that every page would have to load as well.
const chartsApart: Plugin = {
  name: 'charts-apart',
  setup: setup =>
    setup.onResolve({ filter: /chart-draw\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'asset:chart-draw.js', external: true } : null,
    ),
}

async function bundled(sources: string): Promise<OutputFile[]> {
  const options = {
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
    legalComments: 'none',
  } as const
  const made: BuildResult[] = await Promise.all([
    bundle({ ...options, entryPoints: { 'chart-draw': join(sources, 'elements/chart-draw.ts') }, outdir: 'out' }),
    bundle({ ...options, entryPoints: { main: join(sources, 'main.ts') }, outdir: 'out', plugins: [withoutInlineStyle, chartsApart] }),
    bundle({ ...options, entryPoints: { main: join(sources, 'styles/main.css') }, target: 'esnext', outdir: 'out', external: ['asset:*'] }),
  ])
  return made.flatMap(each => each.outputFiles ?? [])
}

async function worker(sources: string, stamp: string, first: string[]): Promise<string> {
  const made = await bundle({
    entryPoints: [join(sources, 'sw.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: { STAMP: JSON.stringify(stamp), FILES: JSON.stringify(first) },
  })
  return made.outputFiles[0]?.text ?? ''
}

/** One script without a name of its own in the page that loads it; its styles are a text in it. */
async function guest(folder: string): Promise<string> {
  const options = { bundle: true, minify: true, write: false, target: 'es2022', logLevel: 'silent', legalComments: 'none' } as const
  const textOf = ({ outputFiles }: BuildResult): string => outputFiles?.[0]?.text ?? ''
  const styles = textOf(await bundle({ ...options, entryPoints: [join(folder, 'styles.css')], target: 'esnext' }))
  const define = { STYLES: JSON.stringify(styles.trim()) }
  return textOf(await bundle({ ...options, entryPoints: [join(folder, 'main.ts')], format: 'iife', define }))
}

/** The mark as PNG in the sizes phones ask for. */
async function pictures(sources: string): Promise<[string, Buffer][]> {
  const { default: sharp } = await import('sharp')
  const icons = readdirSync(join(sources, 'fixed')).includes('icon.svg') ? readFileSync(join(sources, 'fixed/icon.svg')) : Buffer.alloc(0)
  if (!icons.length) return []
  return Promise.all(
    [180, 192, 512].map(
      async side =>
        [`icon-${side}.png`, await sharp(icons, { density: 300 }).resize(side, side).png({ compressionLevel: 9 }).toBuffer()] as [
          string,
          Buffer,
        ],
    ),
  )
}
