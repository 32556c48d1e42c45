/** Other people's servers for the tests: what peers/programs names, installed once into the cache, never beside the product's own packages. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const wanted = fileURLToPath(new URL('../peers/programs', import.meta.url))
const lists = ['package.json', 'package-lock.json']

/** Where they are once they are installed. */
export const peerPrograms = fileURLToPath(new URL('../.cache/peers', import.meta.url))
const done = join(peerPrograms, 'installed')

/** Why one of them is not here, for the title of what is skipped; nothing when it is. */
export const noPeer = (name: string): string | false =>
  !existsSync(join(peerPrograms, 'node_modules', name, 'package.json')) &&
  `${name} is not installed; \`npm test\` does it where a registry answers`

/** Some 600 MB and two minutes the first time. Where they cannot be had, what needs them is skipped. */
export async function installPeers(): Promise<void> {
  if (existsSync(done) && readFileSync(done, 'utf8') === stamp()) return
  process.stderr.write('Installing other people’s servers for the tests, once …\n')
  rmSync(peerPrograms, { recursive: true, force: true })
  mkdirSync(peerPrograms, { recursive: true })
  for (const name of lists) copyFileSync(join(wanted, name), join(peerPrograms, name))
  // No program of theirs runs while they are installed; engines and old versions are theirs to complain of.
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  try {
    await promisify(execFile)('npm', options, { cwd: peerPrograms, timeout: 900_000 })
    writeFileSync(done, stamp())
  } catch (error) {
    process.stderr.write(`They cannot be had here, so their tests are skipped: ${String((error as Error).message).slice(0, 500)}\n`)
  }
}

function stamp(): string {
  const hash = createHash('sha256')
  for (const name of lists) hash.update(readFileSync(join(wanted, name)))
  return hash.digest('hex')
}
