// Node strips the types of .ts by itself; .tsx needs its JSX turned into calls as well. This hook does that, and keeps what it made.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import './remember.mjs'

const kept = fileURLToPath(new URL('../.cache/tsx/', import.meta.url))

function translate(path) {
  const source = readFileSync(path, 'utf8')
  const file = `${kept}${createHash('sha256').update(path).update(source).digest('hex').slice(0, 24)}.js`
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return made(path, source, file)
  }
}

function made(path, source, file) {
  // Read only where something has changed: it is a large library.
  const { transformSync } = createRequire(import.meta.url)('oxc-transform')
  const { code, errors } = transformSync(path, source, {
    lang: 'tsx',
    jsx: { runtime: 'automatic', importSource: 'hono/jsx' },
    sourcemap: false,
    typescript: { onlyRemoveTypeImports: true },
  })
  if (errors.length) throw new SyntaxError(`${path}: ${errors[0].message}`)
  try {
    mkdirSync(kept, { recursive: true })
    writeFileSync(`${file}.${process.pid}`, code)
    renameSync(`${file}.${process.pid}`, file)
  } catch {
    // A read-only checkout still runs; it only translates anew each time.
  }
  return code
}

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.tsx')) return next(url, context)
    return { format: 'module', source: translate(fileURLToPath(url)), shortCircuit: true }
  },
})
