/** Putting rows back into a database whose tables are there and empty. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { StartError } from '../errors.ts'
import type { Entry, Totals } from './archive.ts'
import { Fingerprint, wholeLines } from './rows.ts'
import { fullName, type TableShape } from './shape.ts'

const quoted = (...names: string[]) => names.map(name => pg.escapeIdentifier(name)).join('.')

/** The entries of an archive, of which one can see which comes next. */
export interface Coming {
  next: Entry | undefined
  advance(): Promise<void>
}

export async function coming(entries: AsyncGenerator<Entry>): Promise<Coming> {
  const it: Coming = {
    next: undefined,
    async advance() {
      const { value, done } = await entries.next()
      it.next = done ? undefined : value
    },
  }
  await it.advance()
  return it
}

/** Puts every row that comes into its table, in the transaction that is open on `client`; says what that was. */
export async function fillTables(client: pg.Client, tables: TableShape[], entries: Coming): Promise<Totals['tables']> {
  const prints = new Map(tables.map(table => [fullName(table), new Fingerprint()]))
  while (entries.next?.name.startsWith('tables/')) {
    const name = tableIn(entries.next)
    const table = tables.find(each => fullName(each) === name)
    if (!table) throw new StartError('kernel.backup.unknownTable', { name })
    const text = `copy ${quoted(table.schema, table.name)} (${table.columns.map(column => quoted(column)).join(', ')}) from stdin`
    await pipeline(Readable.from(piecesOf(name, entries, prints.get(name)!)), client.query(copyFrom(text)))
  }
  return Object.fromEntries([...prints].map(([name, print]) => [name, { rows: print.rows, fingerprint: print.text }]))
}

/** `tables/public.person/000001.copy` → `public.person` */
const tableIn = (entry: Entry): string => entry.name.split('/')[1] ?? ''

async function* piecesOf(name: string, entries: Coming, print: Fingerprint): AsyncGenerator<Buffer> {
  while (entries.next?.name.startsWith('tables/') && tableIn(entries.next) === name) {
    for await (const lines of wholeLines(entries.next.content, 256 * 1024)) {
      print.add(lines)
      yield lines
    }
    await entries.advance()
  }
}

/** Readies the tables: empty, with their partitions, and without anything that would refuse or change what comes. Returns what to do after. */
export async function openTables(client: pg.Client, tables: TableShape[]): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ all: boolean }>('select rolsuper as all from pg_roles where rolname = current_user')
  for (const table of tables) for (const { name, bound } of table.partitions) await addPartition(client, table, name, bound)
  await client.query(`truncate ${tables.map(({ schema, name }) => quoted(schema, name)).join(', ')}`)
  if (rows[0]?.all) await client.query('set local session_replication_role = replica') // No triggers, and no second look at references that held before.
  return rows[0]?.all ? async () => {} : unguarded(client, tables)
}

async function addPartition(client: pg.Client, { schema, name: parent }: TableShape, name: string, bound: string): Promise<void> {
  if (!/^(DEFAULT|FOR VALUES [^;]*)$/.test(bound)) throw new StartError('kernel.backup.partition')
  await client.query(`create table if not exists ${quoted(schema, name)} partition of ${quoted(schema, parent)} ${bound}`)
}

/** An owner without special rights lifts the guards of its own tables for the length of this transaction. */
async function unguarded(client: pg.Client, tables: TableShape[]): Promise<() => Promise<void>> {
  const each = async (change: (table: string) => string, those: TableShape[]) => {
    for (const { schema, name } of those) await client.query(change(quoted(schema, name)))
  }
  const guarded = tables.filter(table => table.guarded)
  await each(table => `alter table ${table} disable trigger user`, tables)
  await each(table => `alter table ${table} no force row level security`, guarded)
  return async () => {
    await each(table => `alter table ${table} enable trigger user`, tables)
    await each(table => `alter table ${table} force row level security`, guarded)
  }
}
