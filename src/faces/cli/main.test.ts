import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { extract } from 'tar-stream'
import { newId } from '#kernel/ids.ts'
import { serverUrl } from '#kernel/migrate.ts'
import { type Postgres, startPostgres } from '#kernel/postgres.ts'
import { copied } from '#root/faults/prepared.ts'
import { languageOf } from './main.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const silent = { debug() {}, info() {}, warn() {} }
let folder: string
let dataDir: string
let running: Postgres

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-cli-'))
  chmodSync(folder, 0o711)
  dataDir = await copied('ready', join(folder, 'data'))
  running = await startPostgres({ dataDir, log: silent })
  await serverUrl(running.ownerUrl, 'x')
  await fill(running.ownerUrl)
})
after(async () => {
  await running.stop()
  rmSync(folder, { recursive: true })
})

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const org = newId()
  await client.query(`select set_config('trefoil.org', $1, false)`, [org])
  await client.query(`insert into organisation (id, name, slug) values ($1, 'Ocean Paper', 'ocean')`, [org])
  await client.query(`insert into organisation (id, name, slug) values ($1, 'Another', 'another')`, [newId()])
  const ada = newId()
  await client.query(`insert into account (id, email, name) values ($1, 'ada@test.invalid', 'Ada')`, [ada])
  await client.query(`insert into membership (org, account, person, role) values ($1, $2, $3, 'owner')`, [org, ada, newId()])
  await client.query(
    `insert into activity (org, id, at, verb, noun, area, detail) values ($1, $2, now(), 'Create', 'Note', 'test', '{"text": "a \\"b\\" \\\\ c"}')`,
    [org, newId()],
  )
  const place = join(dataDir, 'files', org, 'ab', 'cd')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'abcd'), 'hello')
  await client.query(`insert into file (org, id, name, type, size, hash) values ($1, $2, 'Grüße.txt', 'text/plain', 5, 'abcd')`, [
    org,
    newId(),
  ])
  await client.end()
}

function trefoil(words: string[], env: Record<string, string> = {}) {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', './tools/hook.mjs', 'src/faces/cli/main.ts', ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH, NODE_COMPILE_CACHE, DATA_DIR: dataDir, LANG: 'C', ...env },
  })
  return { status, stdout, stderr: stderr.trim() }
}

async function entriesOf(file: string): Promise<Record<string, string>> {
  const tar = extract()
  tar.end(gunzipSync(readFileSync(file)))
  const found: Record<string, string> = {}
  for await (const entry of tar) found[entry.header.name] = await text(entry)
  return found
}

test('The language is the one asked for, else the terminal’s, else English.', () => {
  assert.equal(languageOf(['doctor', '--lang', 'nl'], { LANG: 'de_DE.UTF-8' }), 'nl')
  assert.equal(languageOf(['doctor'], { LANG: 'de_DE.UTF-8' }), 'de')
  assert.equal(languageOf([], { LC_ALL: 'sv_SE', LANG: 'de_DE' }), 'sv')
  assert.equal(languageOf(['--lang', 'fr'], { LANG: 'C' }), 'en')
})

test('A backup of a running server is taken, proved, and put back elsewhere.', () => {
  const file = join(folder, 'one.tar.gz')
  const taken = trefoil(['backup', file])
  assert.equal(taken.status, 0, taken.stderr)
  assert.match(taken.stdout, /Saved in .*one\.tar\.gz .* and 1 files\./)
  assert.match(taken.stdout, /The master key is not in it/)
  assert.match(trefoil(['backup', file]).stderr, /is there already/)
  const proved = trefoil(['verify', file, '--lang', 'de'])
  assert.equal(proved.status, 0, proved.stderr)
  assert.match(proved.stdout, /✓ public\.organisation +2\n/)
  assert.match(proved.stdout, /ist vollständig: \d+ Tabellen sind/)
  const there = { DATA_DIR: join(folder, 'restored') }
  const back = trefoil(['restore', file], there)
  assert.equal(back.status, 0, back.stderr)
  assert.match(back.stdout, /Restored as of/)
  assert.match(back.stdout, /not the one that sealed/)
  const again = trefoil(['restore', file], there)
  assert.equal(again.status, 1)
  assert.match(again.stderr, /^The database is not empty/)
  const looked = trefoil(['doctor', '--deep'], there)
  assert.equal(looked.status, 0, looked.stderr)
  assert.match(looked.stdout, /✓ All \d+ indexes agree with their tables\./)
})

test('An export holds what is the organisation’s, and nothing of another.', async () => {
  const file = join(folder, 'ocean.tar.gz')
  const { status, stderr } = trefoil(['export', 'ocean', file])
  assert.equal(status, 0, stderr)
  const entries = await entriesOf(file)
  assert.equal(JSON.parse(entries['export.json']!).organisation, 'Ocean Paper')
  assert.equal(JSON.parse(entries['data/organisation.jsonl']!).slug, 'ocean')
  assert.equal(JSON.parse(entries['data/activity.jsonl']!).detail.text, 'a "b" \\ c')
  const [name] = Object.keys(entries).filter(entry => entry.startsWith('files/'))
  assert.match(name!, /\/Grüße\.txt$/)
  assert.equal(entries[name!], 'hello')
  assert.ok(!Object.values(entries).some(text => text.includes('Another')))
  assert.match(trefoil(['export', 'nowhere', file]).stderr, /There is no organisation nowhere here; there are: another, ocean\./)
})

test('A link to a new password is made for an address that is known, and for no other.', () => {
  const made = trefoil(['user', 'reset', 'Ada@test.invalid'])
  assert.equal(made.status, 0, made.stderr)
  assert.match(made.stdout, /http:\/\/localhost:3000\/reset\?token=[\w-]{40,}/)
  const unknown = trefoil(['user', 'reset', 'bob@test.invalid', '--lang', 'en'])
  assert.equal(unknown.status, 1)
  assert.match(unknown.stderr, /bob@test\.invalid/)
})

test('What can be done on the pages can be done here, by the same rules.', () => {
  const added = trefoil(['people', 'personAdd', '--name', 'Grace Hopper', '--network', 'email', '--address', 'grace@test.invalid'])
  assert.equal(added.status, 0, added.stderr)
  assert.match(JSON.parse(added.stdout).person, /^[0-9a-f-]{36}$/)
  const listed = trefoil(['directory', 'list', '--as', 'ada@test.invalid', '--organisation', 'ocean'])
  assert.ok(listed.stdout.includes('"Grace Hopper"'), listed.stderr)
  const wrong = trefoil(['people', 'personAdd', '--lang', 'nl'])
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr, /\n {2}name: /)
  assert.match(trefoil(['people', 'personAdd', '--name', 'x', '--as', 'bob@test.invalid']).stderr, /^No member bob@test\.invalid/)
  assert.match(trefoil(['actions']).stdout, /^people personAdd +Add a person/m)
})

test('doctor finds open secrets, and tables without their wall.', async () => {
  assert.equal(trefoil(['doctor']).status, 0)
  chmodSync(join(dataDir, 'secrets'), 0o755)
  const client = new pg.Client({ connectionString: running.ownerUrl })
  await client.connect()
  await client.query('alter table file no force row level security')
  try {
    const { status, stdout } = trefoil(['doctor'])
    assert.equal(status, 1)
    assert.match(stdout, /✗ Others on this machine can read keys/)
    assert.match(stdout, /✗ Row-level security is off for file:/)
  } finally {
    await client.query('alter table file force row level security')
    await client.end()
    chmodSync(join(dataDir, 'secrets'), 0o700)
  }
})

test('What is not understood is told in the language that was asked for.', () => {
  assert.match(trefoil(['bakup'], { LANG: 'sv_SE.UTF-8' }).stderr, /^Kommandot bakup finns inte/)
  assert.match(trefoil(['verify', '--lang', 'nl']).stderr, /^Er ontbreekt iets: file/)
  assert.match(trefoil(['--help', '--lang', 'de']).stdout, /^Aufruf: trefoil/)
  assert.match(trefoil(['doctor'], { DATA_DIR: join(folder, 'nothing') }).stderr, /^There is no Trefoil in/)
  assert.match(trefoil(['backup'], { PORT: 'x' }).stderr, /^PORT must be/)
})
