// The bot server of npm's `@evanp/activitypub-bot`: `node activitypub-bot.mjs <folder> <port> <database>`. Its bot `anna` does what the lines of the
// input say (`["sendNote", …]`: the name of a method of its context); ends when its input does.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [folder, port, database] = process.argv.slice(2)
const require = createRequire(join(folder, 'package.json'))

// It asks for version 4 of its vocabulary, of which the registry has 3.1 only: contexts that it registers are looked up before the network is, and what it
// writes is shortened by the one of them that holds the keys.
const contexts = new Map()
const Loader = require('activitystrea.ms/src/contextloader.js')
const usual = Loader.prototype.makeDocLoader
Loader.prototype.makeDocLoader = function () {
  const load = usual.call(this)
  return async url => (contexts.has(url) ? { contextUrl: null, document: contexts.get(url), documentUrl: url } : load(url))
}
const vocabulary = require('activitystrea.ms')
vocabulary.registerContext = (url, context) => void contexts.set(url, context)
vocabulary.use({ init: (_models, _reasoner, written) => written.add('https://w3id.org/security/v1') })

Object.defineProperty(vocabulary.models.Object.prototype, 'isActivity', {
  value: function () {
    return Boolean(this.actor)
  },
})

const bots = join(folder, 'node_modules/@evanp/activitypub-bot/lib')
const load = async file => import(pathToFileURL(join(bots, file)).href)
const [{ makeApp }, { default: Bot }, { default: OKBot }, { default: as2 }] = await Promise.all(
  ['app.js', 'bot.js', 'bots/ok.js', 'activitystreams.js'].map(load),
)
const anna = new Bot('anna', { fullname: 'Anna Ek' })
const workers = { deliveryWorkerCount: 1, distributionWorkerCount: 1, fanoutWorkerCount: 1, intakeWorkerCount: 1 }
const app = await makeApp({
  databaseUrl: database,
  origin: `http://127.0.0.1:${port}`,
  bots: { ok: new OKBot('ok'), anna },
  logLevel: 'silent',
  allowPrivateNetworkRequests: true,
  ...workers,
})
app.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))

const input = createInterface(process.stdin)
input.on('close', () => process.exit())
for await (const line of input) {
  const [name, ...given] = JSON.parse(line)
  const said = await Promise.all(given.map(each => (each.type && name !== 'doActivity' ? as2.import(each) : each)))
  const { id } = await anna._context[name](...said)
  process.stdout.write(`${id}\n`)
}
