/** Part of the lift test: starts the server of this tree on a free port with a new database, asks it how it is, and stops it. */
import { readConfig } from '#kernel/config.ts'
import { startServer } from '../src/server.ts'

const running = await startServer(readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: process.argv[2] ?? 'data', LOG_LEVEL: 'silent' }))
try {
  const { status } = await fetch(`${running.url}/healthz`)
  if (status !== 200) throw new Error(`/healthz answers ${status}`)
} finally {
  await running.stop()
}
process.exit(0)
