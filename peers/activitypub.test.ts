/** The ActivityPub channel with other people's software: a server of bots that follows, writes and answers, and Fedify, which judges what we sign and say. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allowHosts } from '#kernel/fetch.ts'
import { testHouse } from '#kernel/testing.ts'
import { actorDocument } from '#root/channels/activitypub/actor.ts'
import { channel } from '#root/channels/activitypub/channel.ts'
import { activityType } from '#root/channels/activitypub/documents.ts'
import { keyIdOf, signed, styles } from '#root/channels/activitypub/sign.ts'
import { type Member, startWorld, type World } from '#root/channels/activitypub/testing.ts'
import { draftOf } from '#social/channels/contract.ts'
import type { Draft, Heard, HeardMessage } from '#social/channels/words.ts'
import { type Bots, noPeers, startBots, startFedify } from './activitypub.ts'
import { until as seen, within } from './until.ts'

const reason = noPeers()
const house = reason ? undefined : await testHouse()
const { publish, amend, react, converse } = channel.can as Required<typeof channel.can>

const draft = (text: string, more: Partial<Draft> = {}): Draft => draftOf(text, { open: true, ...more })

let world: World
let care: Member

/** Posts it; returns its id. */
async function post(it: Draft): Promise<string> {
  const sent = await publish.send(care.account, it, it.id)
  assert.deepEqual(await world.settle(), [])
  return sent.state === 'done' ? sent.remoteId : assert.fail(sent.state)
}

/** While we wait, the house works. */
const until = <T>(what: () => T | Promise<T>, says: string) =>
  seen(async () => {
    assert.deepEqual(await world.settle(), [])
    return what()
  }, says)

async function ask(url: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(String(url), { headers: { accept: activityType } })
  return (await answer.json()) as Record<string, unknown>
}

const heard = <T extends Heard['is']>(is: T, fits: (it: Extract<Heard, { is: T }>) => boolean) =>
  until(() => care.heard.find((each): each is Extract<Heard, { is: T }> => each.is === is && fits(each as Extract<Heard, { is: T }>)), is)

const idOf = (it: unknown): string => (typeof it === 'string' ? it : String((it as { id: unknown }).id))

describe(`the ActivityPub channel with other people’s software${reason ? ` (skipped: ${reason})` : ''}`, {
  skip: Boolean(reason),
  timeout: 300_000,
}, () => {
  let bots: Bots

  before(async () => {
    bots = await startBots(house!.ownerUrl)
    world = await startWorld()
    allowHosts(['127.0.0.1', '*.example'])
    care = world.join('here', 'support', { name: 'Support', about: 'We answer.' })
  })
  after(async () => {
    await bots?.stop()
    await world?.stop()
  })

  test('a bot follows and is accepted, and says how soon', async () => {
    const start = performance.now()
    await bots.anna('followActor', { type: 'Organization', id: care.id })
    const { from } = await heard('follow', () => true)
    assert.deepEqual([from.address, from.name], [`anna@${new URL(bots.origin).host}`, 'Anna Ek'])
    await until(async () => (await ask(`${bots.origin}/user/anna/following`)).totalItems === 1, 'it knows that it follows')
    const took = performance.now() - start
    process.stdout.write(`accepted after ${Math.round(took)} ms\n`)
    assert.ok(took < within(1000))
  })

  test('a bot that is mentioned answers into the thread, and counts our like', async () => {
    const id = await post(draft(`Hello @ok@${new URL(bots.origin).host}`))
    const answer = (await heard('message', ({ answers }) => answers.includes(id))) as HeardMessage
    assert.match(answer.text, /OK$/)
    assert.equal(answer.from.remoteId, `${bots.origin}/user/ok`)
    await react.react(care.account, answer.remoteId, 'like', false)
    const likes = idOf((await ask(answer.remoteId)).likes)
    await until(async () => (await ask(likes)).totalItems === 1, 'the like is counted')
    await react.react(care.account, answer.remoteId, 'like', true)
    await until(async () => (await ask(likes)).totalItems === 0, 'the like is gone')
  })

  test('what somebody says, changes, likes and takes back is heard; our answer goes back, and to them alone', async () => {
    const id = await bots.anna('sendNote', 'Where is my parcel?', { to: care.id })
    const said = (await heard('message', ({ remoteId }) => remoteId === id)) as HeardMessage
    assert.deepEqual([said.open, said.text], [undefined, 'Where is my parcel?'])
    const { open: _, ...answer } = draft('On its way.', { to: [said.from], answers: [id] })
    const sent = await converse.reply(care.account, answer, answer.id)
    const about = sent.state === 'done' ? sent.remoteId : ''
    await until(() => true, 'brought')
    assert.equal((await world.get(about)).status, 404)
    const act = (type: string, object: unknown) => bots.anna('doActivity', { type, object, to: care.id })
    await act('Like', about)
    await heard('reaction', it => it.about === about && it.kind === 'like')
    const note = { id, type: 'Note', attributedTo: `${bots.origin}/user/anna`, content: '<p>It came.</p>', to: care.id }
    await act('Update', note)
    await heard('edit', it => it.about === id && it.text === 'It came.')
    await act('Delete', id)
    await heard('removal', it => it.about === id)
  })

  test('what we change and take back is taken', async () => {
    const id = await post(draft('First'))
    await amend.edit!(care.account, id, draft('Second'))
    assert.deepEqual(await world.settle(), [])
    await amend.remove!(care.account, id)
    assert.deepEqual(await world.settle(), [])
    assert.equal((await ask(id)).type, 'Tombstone')
  })

  test('Fedify proves our signatures, and we prove those of Fedify, in both ways', async () => {
    const { verifyRequest, signRequest, generateCryptoKeyPair, loaders } = await startFedify()
    const body = JSON.stringify({ type: 'Like' })
    for (const style of styles) {
      const url = new URL(`${care.id}/inbox`)
      const headers = { 'content-type': activityType, ...signed(care.settings, { method: 'POST', url, body: Buffer.from(body) }, style) }
      const key = await verifyRequest(new Request(url, { method: 'POST', headers, body }), loaders)
      assert.equal(key?.ownerId?.href, care.id, style)
      assert.equal(await verifyRequest(new Request(url, { method: 'POST', headers, body: `${body} ` }), loaders), null, style)
    }
    const { privateKey, publicKey } = await generateCryptoKeyPair('RSASSA-PKCS1-v1_5')
    const der = Buffer.from(await crypto.subtle.exportKey('spki', publicKey)).toString('base64')
    const ben = world.stranger('social', 'ben')
    const publicKeyPem = `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`
    const document = actorDocument({ settings: ben.settings })
    world.answer('social', '/activitypub/actors/ben', {
      body: { ...document, publicKey: { ...(document.publicKey as object), publicKeyPem } },
    })
    for (const spec of ['rfc9421', 'draft-cavage-http-signatures-12'] as const) {
      const follow = { id: `${ben.id}#${spec}`, type: 'Follow', actor: ben.id, object: care.id }
      const request = new Request(`${care.id}/inbox`, {
        method: 'POST',
        headers: { 'content-type': activityType },
        body: JSON.stringify(follow),
      })
      const by = await signRequest(request, privateKey, new URL(keyIdOf(ben.settings)), { spec })
      assert.equal((await world.call(by)).status, 202, spec)
    }
  })

  test('Fedify reads what we say of ourselves, and what we say', async () => {
    const { Object: read, loaders } = await startFedify()
    const id = await post(draft('Look #here', { warning: 'Parcels', quotes: `${bots.origin}/user/ok/note/1` }))
    const kinds: [string, string][] = [
      [care.id, 'Organization'],
      [id, 'Note'],
      [`${care.id}/followers`, 'OrderedCollection'],
      [`${care.id}/outbox?after=`, 'OrderedCollectionPage'],
    ]
    for (const [url, kind] of kinds) {
      const it = await read.fromJsonLd(await ask(url), loaders)
      assert.deepEqual([it.constructor.name.replace('_', ''), it.id?.href], [kind, url])
    }
    const note = (await read.fromJsonLd(await ask(id), loaders)) as { summary?: unknown; sensitive?: unknown; quoteUrl?: URL }
    assert.deepEqual([String(note.summary), note.sensitive, note.quoteUrl?.href], ['Parcels', true, `${bots.origin}/user/ok/note/1`])
  })
})
