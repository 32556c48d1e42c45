import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createdIn, namedIn } from './sql-text.ts'

const names = (sql: string) => namedIn(sql).map(({ name }) => name)

test('finds every table that a query names', () => {
  assert.deepEqual(names('select * from person p join "handle" h on h.person = p.id left join public.side as s using (org)'), [
    'person',
    'handle',
    'side',
  ])
  assert.deepEqual(names('select 1 from a, b as x, c y where exists (select from d)'), ['a', 'b', 'c', 'd'])
  assert.deepEqual(names('insert into a select * from b on conflict (id) do update set x = 1'), ['a', 'b'])
  assert.deepEqual(names('update only a set x = (select max(y) from b) from c'), ['a', 'b', 'c'])
  assert.deepEqual(names('delete from a using b where a.id = b.id'), ['a', 'b'])
  assert.deepEqual(names('select * from (select * from a) inner_a, b'), ['b', 'a'])
})

test('passes over what is no table: functions, holes, own names, comments, quoted text', () => {
  assert.deepEqual(names('select * from unnest(?) u, generate_series(1, 2), ?'), [])
  assert.deepEqual(
    names('with newest as (select * from a), counted (n) as materialized (select count(*) from newest) select * from counted'),
    ['a'],
  )
  assert.deepEqual(
    names(
      "select extract(year from at), trim(both ' ' from name) -- from nowhere\n where a is distinct from b /* from c */ and d = 'from e'",
    ),
    [],
  )
  assert.deepEqual(names('select * from a for update skip locked; revoke all on a from public; grant select, update on b to c'), ['a'])
})

test('a trigger names what it is handed', () => {
  const trigger =
    'create trigger t after update on a referencing new table as fresh old table as gone for each statement execute function f();'
  assert.deepEqual(names(`${trigger} select * from fresh join gone using (id) join b using (id)`), ['b'])
})

test('tells apart what is used, pointed at and altered', () => {
  const found = namedIn(
    'create table a (b uuid references c on delete cascade); alter table if exists d add e int; create table f partition of g default',
  )
  assert.deepEqual(
    found.map(({ name, how }) => `${how} ${name}`),
    ['reference c', 'alter d', 'alter g'],
  )
})

test('finds what a migration makes', () => {
  const made = createdIn(
    'create table if not exists a (org uuid, x numeric(3, 2)); create or replace view b as select 1; create materialized view c as select 2; create index on a (x)',
  )
  assert.deepEqual(
    made.map(({ name, is }) => `${is} ${name}`),
    ['table a', 'view b', 'view c'],
  )
  assert.deepEqual(made[0]!.body.slice(0, 2), ['org', 'uuid'])
})
