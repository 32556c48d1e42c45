/** Every table says whose its rows are: the database's own catalogue against what the modules declared. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testHouse } from '#kernel/testing.ts'
import { declarations } from './actions.ts'

const house = await testHouse()
const org = await house.organisation()

interface Column {
  table: string
  name: string
  type: string
}

const columns = await house.as(org, 'owner', async ctx => {
  const { rows } = await sql<Column>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname <> 'org' order by 1, a.attnum`.execute(
    ctx.db,
  )
  return rows
})
const declared = new Map(declarations().map(each => [each.table, each]))
const inTable = (table: string) => columns.filter(each => each.table === table)
const holdsText = ({ type }: Column) => /^(text|character|json|bytea|tsvector|citext|xml)/.test(type) || /\[\]$/.test(type)
const namesSomebody = ({ name, type }: Column) =>
  type === 'uuid' && /^(person|author|customer|contact|subject|visitor|reporter|respondent)$/.test(name)
const namesFile = ({ name, type }: Column) => type === 'uuid' && /(^|_)(file|picture|logo|avatar|image|photo)$/.test(name)

test('every table is declared by the module that keeps it, once', () => {
  const all = declarations().map(each => each.table)
  assert.deepEqual(
    all.filter((each, at) => all.indexOf(each) !== at),
    [],
    'declared twice',
  )
  const tables = [...new Set(columns.map(each => each.table))]
  const missing = tables.filter(each => !declared.has(each))
  assert.deepEqual(
    missing,
    [],
    `say whose these are: export const kept = keeps({ ${missing[0]}: { of: { person: 'person' } } }), see #kernel/keeps.ts`,
  )
  assert.deepEqual(
    all.filter(each => !tables.includes(each)),
    [],
    'declared, but not there',
  )
})

test('a table that names people is theirs, and one whose rows stay says of each text whether it goes', () => {
  const loose = [...declared.values()].flatMap(({ table, of, plain, blank, stays }) => {
    const own = inTable(table)
    const accounted = new Set([...(plain ?? []), ...Object.keys(blank ?? {}), ...Object.keys(of ?? {})])
    if (of && (stays || !blank)) return []
    const texts = blank || plain ? own.filter(each => holdsText(each) && !accounted.has(each.name)) : []
    const people = of || plain ? [] : own.filter(namesSomebody)
    return [...texts, ...people].map(each => `${table}.${each.name}`)
  })
  assert.deepEqual(loose, [])
})

test('every file that something names is known, and every column that is declared is there', () => {
  const files = columns.filter(namesFile).filter(({ table, name }) => declared.get(table)?.leads?.[name] !== 'file')
  assert.deepEqual(
    files.map(({ table, name }) => `${table}.${name}`),
    [],
  )
  const wrong = [...declared.values()].flatMap(it => {
    const there = new Set(inTable(it.table).map(each => each.name))
    const named = [
      ...Object.keys(it.of ?? {}),
      ...Object.keys(it.blank ?? {}),
      ...Object.keys(it.leads ?? {}),
      ...(it.plain ?? []),
      it.key ?? [],
    ].flat()
    return named.filter(each => !there.has(each)).map(each => `${it.table}.${each}`)
  })
  assert.deepEqual(wrong, [])
})
