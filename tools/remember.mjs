// Where imports lead. Node looks for each file anew at every start, which takes a third of it; here what it found is kept until something else is installed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url).href
const packages = `${root}node_modules/`
const folder = fileURLToPath(new URL('../.cache/imports/', import.meta.url))
const kept = `${folder}${stateOf('package.json', 'node_modules/.package-lock.json')}.json`

/** What is installed, in a word: npm writes the second of these files last. */
function stateOf(...files) {
  const hash = createHash('sha256').update(process.version)
  for (const file of files) hash.update(read(new URL(`../${file}`, import.meta.url)))
  return hash.digest('hex').slice(0, 24)
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** From who asks for what to what was found: its address below the root, and its format. */
const known = new Map(Object.entries(JSON.parse(read(kept) || '{}')))
const before = known.size

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL, conditions, importAttributes } = context
    if (!parentURL?.startsWith(root) || conditions.includes('require') || importAttributes.type) return next(specifier, context)
    return written(specifier, parentURL) ?? remembered(specifier, parentURL) ?? found(specifier, parentURL, next(specifier, context))
  },
})

const relative = /^\.\.?\//

/** Our own files say where they mean, with the extension. */
function written(specifier, parentURL) {
  if (!relative.test(specifier) || parentURL.startsWith(packages)) return
  if (specifier.endsWith('.ts')) return answer(new URL(specifier, parentURL).href, 'module-typescript')
  if (specifier.endsWith('.tsx')) return answer(new URL(specifier, parentURL).href, 'module')
}

/** All our files mean the same by the name of a package. */
const keyOf = (specifier, parentURL) =>
  relative.test(specifier) || parentURL.startsWith(packages) ? `${specifier} ${parentURL.slice(root.length)}` : specifier

function remembered(specifier, parentURL) {
  const [path, format] = known.get(keyOf(specifier, parentURL)) ?? []
  return path && answer(root + path, format)
}

/** Nothing when the file is gone: then Node says so. */
const answer = (url, format) => (existsSync(fileURLToPath(url)) ? { url, format, shortCircuit: true } : undefined)

function found(specifier, parentURL, result) {
  const { url, format } = result
  if (format && url.startsWith(root) && !/[?#]/.test(url)) known.set(keyOf(specifier, parentURL), [url.slice(root.length), format])
  return result
}

process.on('exit', () => {
  if (known.size === before) return
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${kept}.${process.pid}`, JSON.stringify(Object.fromEntries(known)))
    renameSync(`${kept}.${process.pid}`, kept)
  } catch {
    // A read-only checkout still runs; it only looks anew each time.
  }
})
