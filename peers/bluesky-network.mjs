// A whole network of its own: directory, server and view, as its makers test them. Ends when its input does.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, database] = process.argv.slice(2)
// Asked for by name only; nothing needs to be there.
process.env.REDIS_HOST ??= '127.0.0.1:1'
process.env.LOG_ENABLED ??= 'false'
const { TestNetwork } = await import(pathToFileURL(join(folder, 'node_modules/@atproto/dev-env/dist/index.js')).href)
const network = await TestNetwork.create({ dbPostgresUrl: database, dbPostgresSchema: 'network' })
console.log(JSON.stringify({ server: network.pds.url, directory: network.plc.url, view: network.bsky.url }))
process.stdin.resume().on('end', async () => {
  await network.close().catch(() => {})
  process.exit(0)
})
