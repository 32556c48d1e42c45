/**
 * `npm test`: one database, one browser and one set of prepared folders for the whole run; then Node's own test runner, the long files first, the short ones
 * by dozens in one process. `npm test -- <files>` runs only those, each in a process of its own.
 */
import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '#kernel/postgres.ts'
import { browserPath } from './browser.ts'
import { installPeers } from './peers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** These start servers, browsers, databases and compilers: each file is a process of its own. The longest begin, those that draw and those that wait by turns. */
const long = ['stories/**/*', 'faults/**/*', 'peers/{activitypub,bluesky,email}', 'src/faces/cli/**/*', 'tools/new']
/** The rest of these takes no time to speak of: it comes last, so that no processor is idle at the end. */
const brief = ['peers/**/*']
const short = ['src/**/*', 'channels/**/*', 'models/**/*', 'tools/**/*']
/** So many short files share one process, which loads the house once, and a database. */
const together = 34

/** A file that hangs ends after ten minutes, with its name, rather than never. */
const timeout = 600_000
/** One more than there are processors, because some always wait for a clock. */
const concurrency = availableParallelism() + 1

/** A test's data need not outlive a power cut, nor is its log worth packing; many test files share the connections. */
const forTests = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_compression: 'off', max_connections: '200' }
const silent = { debug() {}, info() {}, warn() {} }

const dataDir = mkdtempSync(join(memory() ?? tmpdir(), `trefoil-tests-${process.pid}-`))
chmodSync(dataDir, 0o711) // As root, the database runs as another user, who must be able to pass.
const [folders, temporary] = [join(dataDir, 'folders'), join(dataDir, 'tmp')]
mkdirSync(folders)
mkdirSync(temporary)
chmodSync(temporary, 0o1777)
const postgres = await startPostgres({ dataDir, log: silent, purpose: 'tests', settings: forTests })
const browser = await browserPath().catch((error: Error) => void process.stderr.write(`No browser for the stories: ${error.message}\n`))
Object.assign(process.env, {
  TEST_DATABASE_URL: postgres.ownerUrl,
  TEST_FOLDERS: folders,
  TMPDIR: temporary,
  ...(browser && { CHROMIUM: browser }),
})

const given = process.argv.slice(2)
if (given.length === 0 || given.some(word => /^(\.\/)?(peers|stories)\//.test(word))) await installPeers()
await finish(given.length > 0 ? await some(given) : await everything())

/**
 * Where files lie in memory, if there is room for all of a run. A file system on a disk takes half a second of a processor for the thousand files of one
 * database that come and go; with FULL=1 it is asked to.
 */
function memory(): string | undefined {
  const [folder, room] = ['/dev/shm', 4 * 1024 ** 3]
  if (process.env.FULL || process.platform !== 'linux' || process.availableMemory() < 2 * room) return undefined
  const mount = readFileSync('/proc/mounts', 'utf8').split('\n').find(line => line.split(' ')[1] === folder) // biome-ignore format: one line
  if (!mount?.startsWith('tmpfs') || mount.includes('noexec')) return undefined
  clearLeft(folder)
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > room ? folder : undefined
}

/** A run that was killed leaves its folder, and memory is dear: an hour later whoever comes next takes it away. */
function clearLeft(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = /^trefoil-tests-(\d{1,9})-/.exec(name) ?? []
    const path = join(folder, name)
    if (pid && !existsSync(`/proc/${pid}`) && Date.now() - statSync(path).mtimeMs > 3_600_000)
      rmSync(path, { recursive: true, force: true })
  }
}

/** Files and flags of Node's runner, as they were given. */
function some(words: string[]): Promise<number> {
  const files = words.some(word => !word.startsWith('-')) ? [] : [...filesIn(long), ...filesIn(short), ...filesIn(brief)]
  const flags = ['--import', './tools/hook.mjs', '--test', `--test-concurrency=${concurrency}`, `--test-timeout=${timeout}`]
  const runner = spawn(process.execPath, [...flags, ...words, ...new Set(files)], { cwd: root, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void runner.kill(signal))
  return new Promise(resolve => runner.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))))
}

async function everything(): Promise<number> {
  const alone = byTurns(filesIn(long))
  const [shared, last] = [short, brief].map(places => filesIn(places).filter(file => !alone.includes(file))) as [string[], string[]]
  const ending = new AbortController()
  let code = 1
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      code = 128 + constants.signals[signal]
      ending.abort()
    })
  const tests = run({ files: [...alone, ...inGroups(shared), ...last], cwd: root, concurrency, timeout, signal: ending.signal })
  tests.on('test:summary', ({ file, success }) => {
    if (file === undefined && success) code = 0
  })
  for await (const part of tests.compose(spec)) process.stdout.write(part)
  return code
}

function filesIn(places: string[]): string[] {
  return places.flatMap(place => globSync(`${place}.test.{ts,tsx}`, { cwd: root }).sort())
}

/** One from the beginning, one from the end. */
function byTurns(files: string[]): string[] {
  return files.map((_, at) => files.at(at % 2 ? -(at + 1) / 2 : at / 2)!)
}

/** One file for each group, which runs its members one after the other. */
function inGroups(files: string[]): string[] {
  const groups = Array.from({ length: Math.ceil(files.length / together) }, (_, at) => files.slice(at * together, (at + 1) * together))
  return groups.map((members, at) => {
    const file = join(dataDir, `group-${at + 1}.test.mjs`)
    const one = JSON.stringify(new URL('together.ts', import.meta.url).href)
    writeFileSync(file, `import { together } from ${one}\nawait together(${JSON.stringify(members)})\n`)
    return file
  })
}

async function finish(code: number): Promise<never> {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
  process.exit(code)
}
