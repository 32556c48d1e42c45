/** `npm test`: one database and one browser for the whole run, then Node's own test runner. `npm test -- <files>` runs only those. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '#kernel/postgres.ts'
import { browserPath } from './browser.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = ['src', 'channels', 'models', 'tools', 'peers', 'faults', 'stories']
const everything = folders.map(folder => `${folder}/**/*.test.{ts,tsx}`)

/** A test's data need not outlive a power cut; many test files share the connections. */
const forTests = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }
const silent = { debug() {}, info() {}, warn() {} }

const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-tests-'))
chmodSync(dataDir, 0o711) // As root, the database runs as another user, who must be able to pass.
const postgres = await startPostgres({ dataDir, log: silent, purpose: 'tests', settings: forTests })
const browser = await browserPath().catch((error: Error) => void process.stderr.write(`No browser for the stories: ${error.message}\n`))

const given = process.argv.slice(2)
const files = given.some(word => !word.startsWith('-')) ? given : [...given, ...everything]
const runner = spawn(
  process.execPath,
  // A file that hangs ends after ten minutes, with its name, rather than never.
  ['--import', './tools/hook.mjs', '--test', '--test-concurrency=3', '--test-timeout=600000', ...files],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TEST_DATABASE_URL: postgres.ownerUrl, ...(browser && { CHROMIUM: browser }) } },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void runner.kill(signal))

runner.once('exit', (code, signal) => void finish(code ?? 128 + (signal ? constants.signals[signal] : 0)))

async function finish(code: number): Promise<never> {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
  process.exit(code)
}
