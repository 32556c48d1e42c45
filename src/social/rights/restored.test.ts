/** A backup that is put back brings nobody back who was erased since it was taken. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { nightlyBackups, takeNightly } from '#kernel/backup/nightly.ts'
import { restore } from '#kernel/backup.ts'
import { setClock } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { closeDatabase, openDatabase } from '#kernel/db.ts'
import { useErasuresFolder } from '#kernel/erasures.ts'
import { serverUrl } from '#kernel/migrate.ts'
import { testHouse } from '#kernel/testing.ts'
import { make as merge } from '#social/merges/actions.ts'
import { add as note } from '#social/notes/actions.ts'
import { personAdd } from '#social/people/actions.ts'
import { migrations } from '../../contents.ts'
import * as rights from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const manager = await house.member(org, 'manager')
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, manager, run)
const asHouse = <T>(run: (ctx: Ctx) => Promise<T>) =>
  house.as(org, { kind: 'system', account: null, person: null, role: null, via: 'test' }, run)
const folder = mkdtempSync(join(tmpdir(), 'trefoil-erased-'))
const place = { ownerUrl: house.ownerUrl, dataDir: join(folder, 'before'), masterKey: Buffer.alloc(32, 7), keep: 9, log: { info() {}, warn: assert.fail } } // biome-ignore format: one place
const name = `restored_${Date.now()}`
const restoredUrl = Object.assign(new URL(house.ownerUrl), { pathname: `/${name}` }).href

after(async () => {
  setClock()
  await onCluster(`drop database if exists ${name} with (force)`)
  rmSync(folder, { recursive: true })
})

async function onCluster(text: string, url = Object.assign(new URL(house.ownerUrl), { pathname: '/postgres' }).href): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}

const nights = (count: number) => setClock(() => new Date(Date.now() + count * 86_400_000 + 1000))

async function erased(person: string): Promise<void> {
  const { request } = await as(ctx => rights.note(ctx, { person, kind: 'erasure', how: 'mail' }))
  await as(ctx => rights.prepare(ctx, { request }))
  await house.settle()
  await as(ctx => rights.decide(ctx, { request, days: 1 }))
}

const known = async (url: string): Promise<string> =>
  JSON.stringify(await onCluster(`select coalesce((select string_agg(p::text, ',') from person p), '') || coalesce((select string_agg(h::text, ',') from handle h), '')
    || coalesce((select string_agg(n::text, ',') from person_note n), '') as all`, url)) // biome-ignore format: a statement

test('whoever was erased after a backup is erased again when it was put back, with records that were joined since', async () => {
  const dataDir = join(folder, 'after')
  for (const each of [place.dataDir, dataDir]) mkdirSync(join(each, 'files'), { recursive: true })
  useErasuresFolder(place.dataDir)
  const add = async (name: string) => (await as(ctx => personAdd(ctx, { name, network: 'email', address: `${name}@example.org` }))).person
  const [zora, twin, bo] = [await add('zora'), await add('zorina'), await add('bo')]
  for (const person of [zora, twin, bo]) await as(ctx => note(ctx, { person, text: 'Likes lamps' }))
  await house.settle()
  await takeNightly(place)
  await as(ctx => merge(ctx, { kept: zora, gone: twin, reason: 'same' }))
  const later = await add('later')
  await erased(zora)
  await erased(later)
  nights(1)
  await asHouse(ctx => rights.eraseDue.run(ctx))
  await house.settle()
  await takeNightly(place)
  assert.doesNotMatch(await known(house.ownerUrl), /zor|later/)
  const [before] = nightlyBackups(place.dataDir)
  await onCluster(`create database ${name}`)
  await restore({ file: before!.file, ownerUrl: restoredUrl, dataDir, migrations: migrations() })
  assert.match(await known(restoredUrl), /zora.*zorina/, 'the backup itself still knows them')
  await closeDatabase()
  openDatabase(await serverUrl(restoredUrl, 'test'), 4)
  useErasuresFolder(dataDir)
  assert.equal(await rights.eraseAgain(), 2)
  const left = await known(restoredUrl)
  assert.doesNotMatch(left, /zor|later/)
  assert.match(left, /bo@example\.org/)
  const { rows } = await asHouse(ctx => sql<{ state: string }>`select state from rights_request order by id`.execute(ctx.db))
  assert.deepEqual(
    rows.map(each => each.state),
    ['done', 'done'],
  )
  assert.equal(await rights.eraseAgain(), 0)
})
