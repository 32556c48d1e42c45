/**
 * One transaction on a connection of the pool. Statements go out as they are asked for, without waiting for each other's answers, and those that
 * come again are prepared once for each connection; after its end nothing more is said in it.
 */

import type { Writable } from 'node:stream'
import { type DatabaseConnection, DefaultQueryExecutor, PostgresDialect, Transaction } from 'kysely'
import type pg from 'pg'
import type { Db } from './context.ts'

/** How Kysely says things to PostgreSQL; it never opens a connection by itself. */
const dialect = new PostgresDialect({ pool: () => Promise.reject(new Error('Connections come from the pool of the kernel')) })
const [driver, compiler, adapter] = [dialect.createDriver(), dialect.createQueryCompiler(), dialect.createAdapter()]

// What is asked once, or with ever different numbers of values, would only fill the memory of the database.
const mostValues = 16
const mostPrepared = 400
const asked = new Map<string, { times: number; name?: string }>()
let prepared = 0

/** The name under which a statement is prepared, from the third time on. */
function nameOf(text: string, values: number): string | undefined {
  if (values > mostValues) return undefined
  const known = asked.get(text)
  if (!known) {
    if (asked.size < 10 * mostPrepared) asked.set(text, { times: 1 })
    return undefined
  }
  if (!known.name && ++known.times > 2 && prepared < mostPrepared) known.name = `t${++prepared}`
  return known.name
}

const held = new WeakSet<pg.PoolClient>()

/** What is asked in one turn goes out as one piece: each piece wakes the database, and costs about as much as a small answer. */
function together(client: pg.PoolClient): void {
  if (held.has(client)) return
  held.add(client)
  const { stream } = (client as pg.PoolClient & { connection: { stream: Writable } }).connection
  stream.cork()
  process.nextTick(() => {
    held.delete(client)
    stream.uncork()
  })
}

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

function connectionOf(client: pg.PoolClient): DatabaseConnection {
  return {
    async executeQuery<R>({ sql: text, parameters }: { sql: string; parameters: readonly unknown[] }) {
      const values = parameters as unknown[]
      together(client)
      const { command, rowCount, rows } = await client.query({ name: nameOf(text, values.length), text, values })
      return { rows: rows as R[], ...(changing.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) }
    },
    async *streamQuery() {
      yield* []
      throw new Error('Rows are read whole here; take them in parts by key')
    },
  }
}

/** Runs in a transaction that begins with these settings (whole SQL statements); commits when `run` resolves and rolls back when it throws. */
export async function inTransaction<T>(pool: pg.Pool, settings: string, run: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const connection = connectionOf(client)
  let open = true
  const provider = {
    provideConnection: async <R>(consumer: (connection: DatabaseConnection) => Promise<R>) => {
      if (!open) throw new Error('This transaction has ended')
      return consumer(connection)
    },
  }
  const db: Db = new Transaction({ config: { dialect }, dialect, driver, executor: new DefaultQueryExecutor(compiler, adapter, provider) })
  let broken = false
  try {
    // Not awaited: whatever comes first goes out with it, and fails with it.
    together(client)
    const began = client.query(`begin; ${settings}`)
    began.catch(() => {})
    const value = await run(db)
    await began
    open = false
    // PostgreSQL answers a commit with ROLLBACK when a statement before it had failed.
    if ((await client.query('commit')).command !== 'COMMIT') throw new Error('A statement of this transaction failed, so nothing was kept')
    return value
  } catch (error) {
    open = false
    await client.query('rollback').catch(() => (broken = true))
    throw error
  } finally {
    client.release(broken)
  }
}
