import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Files, faultsIn } from './fixture.ts'
import { tables } from './tables.ts'

const person = `create table person (org uuid not null, id uuid); call protect('person'); create view person_now as select * from person;`
const note = `create table note (org uuid not null, person uuid references person); call protect('note');`

const world = (more: Files): Promise<string[]> =>
  faultsIn(tables, { 'src/social/people/0001-people.sql': person, 'src/areas/crm/0001-crm.sql': note, ...more })

test('a store names its own tables and the views of lower floors', async () => {
  const store = `
    export const a = db => db.selectFrom('note as n').innerJoin('person_now as p', 'p.id', 'n.person').selectAll()
    export const b = sql\`with fresh as (select * from note) select * from fresh join person_now using (org)\`
    export const c = db => db.with('recent', q => q.selectFrom('note')).selectFrom('recent').selectAll()
    export const d = Array.from('person')`
  assert.deepEqual(await world({ 'src/areas/crm/store.ts': store }), [])
})

test('a table of another module is closed, however it is named', async () => {
  for (const query of [
    `db.selectFrom('person')`,
    `db.selectFrom(['note', 'person as p'])`,
    `db.selectFrom('note').leftJoin('person', 'a', 'b')`,
    `db.updateTable('person')`,
    'sql`select * from note, person p`',
    'sql`delete from note using ${x} where id in (select id from person)`',
  ]) {
    const [fault, ...more] = await world({ 'src/areas/crm/store.ts': `\nexport const a = ${query}` })
    assert.match(fault ?? query, /^src\/areas\/crm\/store\.ts:2: names the table "person" of src\/social\/people; read a view/)
    assert.deepEqual(more, [])
  }
})

test('nothing of a higher floor or of a neighbour is named, in code or in a migration', async () => {
  assert.match((await world({ 'src/social/people/store.ts': `export const a = db.selectFrom('note')` }))[0]!, /does not stand below/)
  assert.match((await world({ 'src/areas/commerce/0001-commerce.sql': 'alter table note add column x int' }))[0]!, /does not stand below/)
  assert.match((await world({ 'src/areas/commerce/0001-a.sql': 'create view v as select * from person' }))[0]!, /names the table "person"/)
  assert.match(
    (await world({ 'src/areas/commerce/0001-a.sql': 'create function f() returns void as $$ delete from person $$' }))[0]!,
    /"person"/,
  )
})

test('a name that no migration makes is found', async () => {
  assert.match(
    (await world({ 'src/areas/crm/store.ts': `export const a = db.selectFrom('notes')` }))[0]!,
    /"notes", which no migration makes/,
  )
})

test('two modules never make the same table', async () => {
  assert.match(
    (await world({ 'src/areas/commerce/0001-a.sql': note }))[0]!,
    /"note" is made by src\/areas\/crm|is made by src\/areas\/commerce/,
  )
})

test('every table has its organisation first and is protected', async () => {
  assert.match((await world({ 'src/areas/commerce/0001-a.sql': 'create table shop (org uuid, id uuid)' }))[0]!, /"shop" is not guarded/)
  assert.match((await world({ 'src/kernel/0001-a.sql': 'create table shop (org uuid, id uuid)' }))[0]!, /"shop" is not guarded/)
  assert.deepEqual(await world({ 'src/kernel/0001-a.sql': 'create table installation (name text)' }), [])
})

test('SQL outside a store is found', async () => {
  for (const code of [`export const a = ctx.db.selectFrom('note')`, 'export const a = sql`select 1`']) {
    assert.ok((await world({ 'src/areas/crm/actions.ts': code })).some(fault => fault.includes('SQL stands in stores only')))
  }
  assert.deepEqual(await world({ 'src/areas/crm/actions.test.ts': `export const a = ctx.db.selectFrom('note')` }), [])
})
