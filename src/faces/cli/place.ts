/** Where a command works: on the database of a running server, on one's own, or on the embedded one, started for as long as it takes. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#kernel/config.ts'
import { derivedKey, useMasterKey } from '#kernel/crypto.ts'
import { closeDatabase, openDatabase } from '#kernel/db.ts'
import { StartError } from '#kernel/errors.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { isFilled, serverUrl } from '#kernel/migrate.ts'
import { runningDatabase, startPostgres, waitForDatabase } from '#kernel/postgres.ts'

const quiet = { debug: () => {}, info: () => {}, warn: () => {} }

export interface Place {
  config: Config
  ownerUrl: string
}

/** What a command needs to find: anything, a database that a server has filled, or nothing yet. */
export type Needs = 'something' | 'filled' | 'nothing'

/** Opens the installation for a command. */
export async function at<T>(config: Config, purpose: string, needs: Needs, use: (place: Place) => Promise<T>): Promise<T> {
  const there = async (ownerUrl: string) => {
    if (needs === 'filled' && !(await isFilled(ownerUrl))) throw nothingIn(config)
    return use({ config, ownerUrl })
  }
  if (config.databaseUrl) {
    await waitForDatabase(config.databaseUrl)
    return there(config.databaseUrl)
  }
  const running = runningDatabase(config.dataDir)
  if (running) return there(running.ownerUrl)
  if (needs !== 'nothing' && !existsSync(join(config.dataDir, 'pg'))) throw nothingIn(config)
  return forTheTime(config, purpose, there)
}

const nothingIn = ({ databaseUrl, dataDir }: Config) =>
  new StartError('cli.nothingHere', { folder: databaseUrl ? 'DATABASE_URL' : dataDir })

async function forTheTime<T>(config: Config, purpose: string, use: (ownerUrl: string) => Promise<T>): Promise<T> {
  const postgres = await startPostgres({ dataDir: config.dataDir, log: quiet, purpose: `trefoil ${purpose}` })
  try {
    return await use(postgres.ownerUrl)
  } finally {
    await postgres.stop()
  }
}

/** Signs in as the server does, so that a command can do what the server can, and no more. */
export async function asServer<T>({ config, ownerUrl }: Place, run: (url: string) => Promise<T>): Promise<T> {
  useMasterKey(masterKeyOf(config.dataDir, config.masterKey))
  const url = await serverUrl(ownerUrl, derivedKey('database role').toString('hex'))
  openDatabase(url, 4)
  try {
    return await run(url)
  } finally {
    await closeDatabase()
  }
}
