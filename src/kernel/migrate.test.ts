import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { StartError } from './errors.ts'
import { isFilled, type Migration, migrate, migrationsOf, schemaHash } from './migrate.ts'
import { testHouse } from './testing.ts'

const house = await testHouse()

const migration = (name: string, text: string): Migration => ({
  module: 'test',
  name,
  text,
  hash: createHash('sha256').update(text).digest('hex'),
})

async function owner<T>(text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: house.ownerUrl })
  await client.connect()
  try {
    return (await client.query(text)).rows as T[]
  } finally {
    await client.end()
  }
}
const exists = async (table: string) => (await owner<{ there: boolean }>(`select to_regclass('${table}') is not null as there`))[0]!.there

test('each migration runs once, in its order, whoever starts at the same time', async () => {
  const two = [migration('0001-a.sql', 'create table first_one (a int)'), migration('0002-b.sql', 'alter table first_one add b int')]
  const ran = await Promise.all([1, 2, 3].map(() => migrate(house.ownerUrl, two)))
  assert.deepEqual(ran.sort(), [0, 0, 2])
  assert.equal(await migrate(house.ownerUrl, two), 0)
  assert.equal(await migrate(house.ownerUrl, [...two, migration('0003-c.sql', 'alter table first_one add c int')]), 1)
  assert.deepEqual(
    (
      await owner<{ column_name: string }>(`select column_name from information_schema.columns where table_name = 'first_one' order by 1`)
    ).map(each => each.column_name),
    ['a', 'b', 'c'],
  )
})

test('one that was changed after it ran is refused, with a sentence that says what to do, before anything else runs', async () => {
  await migrate(house.ownerUrl, [migration('0011-kept.sql', 'create table kept_one (a int)')])
  const changed = [
    migration('0011-kept.sql', 'create table kept_one (a text)'),
    migration('0012-next.sql', 'create table next_one (a int)'),
  ]
  await assert.rejects(
    migrate(house.ownerUrl, changed),
    error => error instanceof StartError && /0011-kept\.sql was changed after it ran\. Restore/.test(error.message),
  )
  assert.equal(await exists('next_one'), false)
})

test('one that fails leaves nothing half done, those before it stay, and mended it runs', async () => {
  const before = migration('0021-before.sql', 'create table before_one (a int)')
  const broken = migration('0022-broken.sql', 'create table half_one (a int); insert into half_one values (1); select 1 / 0')
  await assert.rejects(migrate(house.ownerUrl, [before, broken]), /Migration test\/0022-broken\.sql failed/)
  assert.deepEqual([await exists('before_one'), await exists('half_one')], [true, false])
  const mended = migration('0022-broken.sql', 'create table half_one (a int)')
  assert.equal(await migrate(house.ownerUrl, [before, mended]), 1)
  assert.equal(await exists('half_one'), true)
})

test('migrations are the numbered files beside a module, and their state has one name', async () => {
  const root = await mkdtemp(join(tmpdir(), 'trefoil-migrations-'))
  try {
    for (const name of ['0002-b.sql', '0001-a.sql', 'notes.sql', '0003-c.txt']) await writeFile(join(root, name), `-- ${name}`)
    const found = migrationsOf(root, ['.', 'nowhere'])
    assert.deepEqual(
      found.map(each => each.name),
      ['0001-a.sql', '0002-b.sql'],
    )
    assert.match(schemaHash(found), /^[0-9a-f]{16}$/)
    assert.notEqual(schemaHash(found), schemaHash([...found].reverse()))
    assert.notEqual(schemaHash(found), schemaHash(found.slice(1)))
  } finally {
    await rm(root, { recursive: true })
  }
})

test('a filled database is known from an empty one', async () => {
  assert.equal(await isFilled(house.ownerUrl), true)
  assert.equal(await isFilled(Object.assign(new URL(house.ownerUrl), { pathname: '/template1' }).href), false)
})
