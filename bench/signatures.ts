/** How many signed deliveries one core proves, with their keys at hand; against the platform's own asynchronous way of checking the same signature. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { allowHosts } from '#kernel/fetch.ts'
import { actorDocument } from '#root/channels/activitypub/actor.ts'
import type { Wire } from '#root/channels/activitypub/cavage.ts'
import { activityType } from '#root/channels/activitypub/documents.ts'
import { signerOf } from '#root/channels/activitypub/keys.ts'
import { claimIn } from '#root/channels/activitypub/proof.ts'
import { settings as form, type Settings } from '#root/channels/activitypub/settings.ts'
import { publicPem, type Style, signed, styles } from '#root/channels/activitypub/sign.ts'
import { newKey } from '#root/channels/activitypub/testing.ts'
import { type Bench, type Figure, median } from './figure.ts'

const [rounds, each] = [5, 3000]
const body = new TextEncoder().encode(JSON.stringify({ type: 'Create', object: { type: 'Note', content: '<p>Hello</p>'.repeat(40) } }))

function wireOf(sender: Settings, style: Style): Wire {
  const url = new URL('https://care.example/activitypub/actors/support/inbox')
  const headers = new Headers({ 'content-type': activityType, ...signed(sender, { method: 'POST', url, body }, style) })
  return { method: 'POST', origin: url.origin, path: url.pathname, headers, body }
}

/** Deliveries per second of processor time: the digest of the body, the headers, the clock, and the key's own word. */
async function proving(sender: Settings, wire: Wire): Promise<number> {
  const start = process.cpuUsage()
  for (let at = 0; at < each; at++) await signerOf(sender, claimIn(wire))
  return perSecond(start)
}

async function platform(sender: Settings, wire: Wire): Promise<number> {
  const { base, signature } = claimIn(wire)
  const der = Buffer.from(publicPem(sender).replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  const key = await crypto.subtle.importKey('spki', der, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify'])
  const [data, proof] = [new TextEncoder().encode(base), new Uint8Array(signature)]
  const start = process.cpuUsage()
  for (let at = 0; at < each; at++) await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, proof, data)
  return perSecond(start)
}

function perSecond(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return each / ((user + system) / 1e6)
}

async function figureOf(sender: Settings, style: Style): Promise<Figure> {
  const wire = wireOf(sender, style)
  await proving(sender, wire)
  const [runs, others]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    runs.push(await proving(sender, wire))
    others.push(await platform(sender, wire))
  }
  const baseline = { what: 'WebCrypto on the signature alone', value: median(others) }
  return { name: `signatures.${style}`, unit: 'proved per second and core', value: median(runs), baseline, goal: { least: 3000 }, runs }
}

export const bench: Bench = {
  says: 'Signed deliveries proved, with their keys at hand',
  async run() {
    const server = createServer((_, response) =>
      response.setHeader('content-type', activityType).end(JSON.stringify(actorDocument({ settings: sender }))),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const sender = form.parse({ username: 'anna', name: 'Anna', server: origin, privateKey: newKey() })
    allowHosts(['127.0.0.1'])
    const figures: Figure[] = []
    for (const style of styles) figures.push(await figureOf(sender, style))
    server.close()
    return figures
  },
}
