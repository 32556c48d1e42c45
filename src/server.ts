/** The whole server, put together: database, house, jobs, doors. `main.ts` starts it for people, stories and faults for tests. */

import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { assetRoutes, prepareBrowserFiles } from '#kernel/assets.ts'
import { backupNightly } from '#kernel/backup/nightly.ts'
import type { Config } from '#kernel/config.ts'
import { derivedKey, useMasterKey } from '#kernel/crypto.ts'
import { closeDatabase, openDatabase } from '#kernel/db.ts'
import { useErasuresFolder } from '#kernel/erasures.ts'
import { StartError } from '#kernel/errors.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { useFilesFolder } from '#kernel/files.ts'
import { serve } from '#kernel/http.tsx'
import { useSessionLimits, watchSessions } from '#kernel/identity/sessions.ts'
import { jobsReady, prepareJobs, startJobs, stopJobs } from '#kernel/jobs.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { useMailServer } from '#kernel/mail.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { migrate, serverUrl } from '#kernel/migrate.ts'
import { useOrigin } from '#kernel/origin.ts'
import { startPostgres, waitForDatabase } from '#kernel/postgres.ts'
import { closeStreams } from '#kernel/streams.ts'
import { startListening, stopListening } from '#social/listening/actions.ts'
import { eraseAgain } from '#social/rights/actions.ts'
import { assemble, type House, migrations } from './contents.ts'

export interface Running {
  url: string
  house: House
  ownerUrl: string
  stop(): Promise<void>
}

const lines = { debug: (text: string) => log.debug(text), info: (text: string) => log.info(text), warn: (text: string) => log.warn(text) }

/** Starts everything; resolves when the first page can be asked for. Throws a StartError whose sentence says what to do. */
export async function startServer(config: Config): Promise<Running> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of undo.splice(0).reverse()) await each().catch(error => log.error({ err: error }, 'while stopping'))
  }
  try {
    return { ...(await started(config, undo)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function started(config: Config, undo: (() => Promise<void>)[]): Promise<Omit<Running, 'stop'>> {
  const taken = await takePort(config)
  undo.push(async () => void taken.server.close())
  const browserFiles = prepareBrowserFiles()
  const ownerUrl = await databaseOf(config, undo)
  const masterKey = masterKeyOf(config.dataDir, config.masterKey)
  useMasterKey(masterKey)
  const url = await openAsServer(ownerUrl, undo)
  const house = await assemble()
  applySettings(config)
  useOrigin(config.baseUrl ?? `http://localhost:${taken.port}`)
  await browserFiles
  const app = serve(house.modules, { baseUrl: config.baseUrl, trustProxy: config.trustProxy > 0 }, each =>
    assetRoutes(each as unknown as Hono),
  )
  await openLines(url, config, undo)
  await eraseAgain()
  if (config.processes === 'all') {
    const endBackups = backupNightly({ ownerUrl, dataDir: config.dataDir, masterKey, keep: config.backupKeep, log: lines })
    undo.push(async () => endBackups())
  }
  taken.answerWith(app)
  undo.push(
    () => answered(taken.server),
    async () => closeStreams(),
  )
  return { url: config.baseUrl ?? `http://localhost:${taken.port}`, house, ownerUrl }
}

async function databaseOf(config: Config, undo: (() => Promise<void>)[]): Promise<string> {
  if (config.databaseUrl) {
    await waitForDatabase(config.databaseUrl)
    return config.databaseUrl
  }
  const postgres = await startPostgres({ dataDir: config.dataDir, log: lines })
  undo.push(postgres.stop)
  return postgres.ownerUrl
}

/** Migrates as the owner, then goes on as the role that row-level security holds. */
async function openAsServer(ownerUrl: string, undo: (() => Promise<void>)[]): Promise<string> {
  const fresh = await migrate(ownerUrl, migrations())
  if (fresh > 0 || !(await jobsReady(ownerUrl))) await prepareJobs(ownerUrl)
  const url = await serverUrl(ownerUrl, derivedKey('database role').toString('hex'))
  openDatabase(url)
  undo.push(closeDatabase)
  return url
}

function applySettings(config: Config): void {
  useSessionLimits({ idleDays: config.sessionIdleDays, absoluteDays: config.sessionAbsoluteDays })
  useMailServer(config.smtpUrl, config.mailFrom)
  allowHosts(config.allowHosts)
  useFilesFolder(`${config.dataDir}/files`)
  useErasuresFolder(config.dataDir)
}

async function openLines(url: string, config: Config, undo: (() => Promise<void>)[]): Promise<void> {
  await startLive(url)
  undo.push(stopLive, async () => watchSessions()())
  const work = config.processes !== 'web'
  await startJobs(url, { work })
  undo.push(stopJobs)
  if (!work) return
  await startListening()
  undo.push(stopListening)
}

interface TakenPort {
  port: number
  server: Server
  answerWith(app: ReturnType<typeof serve>): void
}

/** The port is taken before anything else is touched: an occupied one harms nothing. Until the house is ready, it answers 503. */
async function takePort(config: Config): Promise<TakenPort> {
  let fetch: (request: Request, env: unknown) => Response | Promise<Response> = () =>
    new Response('Starting', { status: 503, headers: { 'retry-after': '1' } })
  const server = createAdaptorServer({
    fetch: (request, env) => fetch(request, env),
    serverOptions: { headersTimeout: 10_000, requestTimeout: 30_000 },
  }) as Server
  server.maxConnections = 4096
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(portTrouble(error as NodeJS.ErrnoException, config)))
    server.listen(config.port, config.host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    server,
    answerWith: app => void (fetch = (request, env) => app.fetch(request, env as never)),
  }
}

/** In milliseconds: whoever asked before the end is answered, as long as that does not take longer. */
const patience = 5000

/** Takes no more questions, and waits for what is being answered. */
async function answered(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), patience)
  // A browser keeps its line open after the answer; such a line is let go as soon as it is quiet.
  const quiet = setInterval(() => server.closeIdleConnections(), 20)
  await new Promise<void>(resolve => server.close(() => resolve()))
  clearTimeout(late)
  clearInterval(quiet)
}

function portTrouble(error: NodeJS.ErrnoException, config: Config): Error {
  if (error.code === 'EADDRINUSE') return new StartError('kernel.start.portTaken', { port: config.port, next: config.port + 1 })
  if (error.code === 'EACCES') return new StartError('kernel.start.portForbidden', { port: config.port })
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return new StartError('kernel.start.hostUnknown', { host: config.host })
  return error
}
