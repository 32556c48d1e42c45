/** Who follows, what reaches them, and how servers are written to. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { actorDocument } from './actor.ts'
import { channel } from './channel.ts'
import * as followers from './followers.ts'
import { everybody, network } from './names.ts'
import { keyIdOf } from './sign.ts'
import { type Member, newKey, type Posting, type Stranger } from './testing.ts'
import { addressed, care, draft, json, messages, remoteIdOf, shop, twoHouses, world } from './testing-houses.ts'

describe('followers, and the servers behind them', () => {
  twoHouses()

  test('a follower is accepted, told of each thing once a server, and no longer when gone', async () => {
    const [one, two]: [Stranger, Stranger] = [
      world.stranger('social', `a${newId().slice(-6)}`),
      world.stranger('social', `b${newId().slice(-6)}`),
    ]
    const follow = (who: Stranger) => ({ id: `${who.id}#follow`, type: 'Follow', actor: who.id, object: care.id })
    for (const who of [one, two]) assert.equal(await who.post(`${care.id}/inbox`, follow(who)), 202)
    assert.deepEqual(await world.settle(), [])
    const accepts = world.brought.filter(({ body }) => body.type === 'Accept' && (body.object as { actor: string }).actor === one.id)
    assert.deepEqual([accepts.length, accepts[0]!.path], [1, new URL(`${one.id}/inbox`).pathname])
    world.brought.length = 0
    const it = draft('For all')
    await channel.can.publish!.send(care.account, it, it.id)
    await world.settle()
    assert.deepEqual(world.brought.map(({ path, body }) => [path, body.type]), [['/activitypub/inbox', 'Create']]) // biome-ignore format: one line
    for (const who of [one, two])
      await who.post(`${care.id}/inbox`, { id: `${who.id}#undo`, type: 'Undo', actor: who.id, object: follow(who) })
    world.brought.length = 0
    await channel.can.publish!.send(care.account, draft('For nobody'), newId())
    await world.settle()
    assert.deepEqual(world.brought, [])
    assert.deepEqual(care.heard.map(each => each.is === 'follow' && Boolean(each.undone)), [false, false, true, true]) // biome-ignore format: one line
  })

  test('an account asks to follow, is let or refused, hears what is said to everybody, and ends it; whoever is gone is lost', async () => {
    const { follow } = channel.can.follow!
    const handle = addressed(shop)
    assert.deepEqual(await follow(care.account, handle, false), {
      state: 'asked',
      who: { ...handle, name: shop.settings.name, url: shop.id },
    })
    await world.settle()
    const kinds = (member: Member) => member.heard.map(each => (each.is === 'consent' ? each.accepted : `${each.is}${'undone' in each ? ' undone' : ''}`)) // biome-ignore format: one line
    assert.deepEqual([kinds(shop), kinds(care)], [['follow'], [true]])
    assert.equal((await follow(care.account, handle, false)).state, 'done')
    const counts = async () => [(await json(`${care.id}/following`)).totalItems, (await json(`${shop.id}/followers`)).totalItems]
    assert.deepEqual(await counts(), [1, 1])
    await channel.can.publish!.send(shop.account, draft('News', { parts: [{ text: 'and more', attachments: [] }] }), newId())
    await channel.can.publish!.send(shop.account, draft(`For @${addressed(care).address}`), newId())
    await world.settle()
    const said = messages(care).map(({ text, automatic, to }) => [text.slice(0, 4), automatic, to.length])
    assert.deepEqual(said.sort(), [['For ', undefined, 1], ['News', 'list', 0]]) // biome-ignore format: one line

    for (const _ of [1, 2]) await follow(care.account, handle, true)
    await world.settle()
    assert.deepEqual([kinds(shop), (await json(`${care.id}/following`)).totalItems], [['follow', 'follow undone'], 0])
    await follow(care.account, handle, false)
    await world.settle()
    assert.deepEqual(kinds(shop).slice(2), ['follow'], 'asked anew, it is news again')
    const [shy, full] = [world.stranger('social', `s${newId().slice(-6)}`), world.stranger('full', 'busy')]
    await follow(care.account, { ...addressed(shop), remoteId: shy.id }, false)
    const asked = world.brought.findLast(({ body }) => body.type === 'Follow')!.body
    await shy.post(`${world.origin('care')}/activitypub/inbox`, { id: `${shy.id}#no`, type: 'Reject', actor: shy.id, object: asked.id })
    assert.equal(kinds(care).at(-1), false)
    world.answer('full', '/activitypub/actors/busy/inbox', { status: 403 })
    for (const [remoteId, address, says] of [
      [full.id, '', 'refused'],
      [undefined, `nobody@${new URL(shop.id).host}`, 'nobodyThere'],
      [care.id, '', 'oneself'],
    ] as const)
      await assert.rejects(follow(care.account, { network, address, remoteId: remoteId! }, false), {
        kind: 'rejected',
        says: `activitypub.${says}`,
      })
    await world.leave(shop)
    assert.equal(kinds(care).at(-1), false)
    assert.equal((await json(`${care.id}/following`)).totalItems, 0)
  })

  test('followers hear once how the account looks now, and that it is gone when it was removed; whoever asks after that hears so too', async () => {
    const who = world.stranger('social', `d${newId().slice(-6)}`)
    await who.post(`${care.id}/inbox`, { id: `${who.id}#follow`, type: 'Follow', actor: who.id, object: care.id })
    const it = draft('For all')
    const note = remoteIdOf(await channel.can.publish!.send(care.account, it, it.id))
    await world.settle()
    const told = async () => {
      world.brought.length = 0
      await care.account.later([channel.upon!.presents])
      assert.deepEqual(await world.settle(), [])
      return world.brought.map(({ body }) => [body.type, (body.object as { name?: string }).name])
    }
    await told()
    assert.deepEqual(await told(), [], 'as it was')
    Object.assign(care.settings, { name: '' })
    Object.assign(care.account, { look: { name: 'Nordlicht', colour: '#123456' } })
    assert.deepEqual(await told(), [['Update', 'Nordlicht']])
    Object.assign(care.account, { look: { name: 'Nordlicht', colour: '#654321' } })
    assert.deepEqual(await told(), [], 'no copy holds a colour')

    await world.leave(care)
    assert.deepEqual(world.brought.map(({ body }) => [body.type, body.object]), [['Delete', care.id]]) // biome-ignore format: one line
    const asked = [care.id, `${care.id}/outbox`, note, `${world.origin('care')}/.well-known/webfinger?resource=${care.id}`, `${care.id}x`]
    assert.deepEqual(await Promise.all(asked.map(async url => (await world.get(url)).status)), [410, 410, 410, 410, 404])
    assert.deepEqual(await json(care.id), { '@context': (await json(shop.id))['@context'], id: care.id, type: 'Tombstone' })
    assert.equal(await who.post(`${care.id}/inbox`, { id: `${who.id}#again`, type: 'Follow', actor: who.id, object: care.id }), 410)
  })

  test('what names nobody comes to the shared inbox and reaches who knows it: a change, an end, an undoing by its name, a farewell', async () => {
    const shared = `${world.origin('care')}/activitypub/inbox`
    assert.deepEqual((await json(care.id)).endpoints, { sharedInbox: shared })
    const who = world.stranger('social', `c${newId().slice(-6)}`)
    const other = world.join('care', 'other')
    const note = (more: Record<string, unknown> = {}) => ({ id: `${who.id}/${newId()}`, type: 'Note', attributedTo: who.id, content: '<p>One</p>', ...more }) // biome-ignore format: one line
    const act = (type: string, object: unknown, more: Record<string, unknown> = {}) => ({ id: `${who.id}#${newId()}`, type, actor: who.id, object, ...more }) // biome-ignore format: one line
    const said = note({ to: [care.id] })
    const [like, follow] = [act('Like', `${care.id}/notes/${'A'.repeat(22)}`), act('Follow', care.id)]
    for (const each of [act('Create', said, { to: [care.id] }), like, follow]) await who.post(`${care.id}/inbox`, each)
    care.heard.splice(3)
    const kinds = async (...acts: Record<string, unknown>[]) => {
      const before = care.heard.length
      for (const each of acts) assert.equal(await who.post(shared, { to: [everybody], ...each }), 202)
      return care.heard.slice(before).map(each => ('undone' in each && each.undone ? `un${each.is}` : each.is))
    }
    assert.deepEqual(await kinds(act('Update', { ...said, content: '<p>Two</p>', to: [everybody], updated: new Date().toISOString() })), [
      'edit',
    ])
    assert.deepEqual(await kinds(act('Undo', like.id), act('Delete', said.id), act('Delete', note().id)), ['unreaction', 'removal'])
    assert.equal((await json(`${care.id}/followers`)).totalItems, 1)
    assert.deepEqual([await kinds(act('Delete', who.id)), other.heard], [[], []])
    assert.equal(await followers.isFollowing(care.account, who.id), false)

    // Nobody knew it when it was said to be gone, and nobody asked for a proof: only what its own address says counts.
    const [gone, there] = [note({ to: [care.id] }), note({ to: [care.id] })]
    world.answer('social', new URL(there.id).pathname, { body: there })
    assert.deepEqual(await kinds(act('Delete', gone.id), act('Delete', there.id)), [])
    assert.deepEqual(await kinds(act('Create', gone), act('Create', there)), ['message'])
    assert.equal(care.heard.at(-1)!.remoteId, there.id)
  })

  test('a post to 10,000 followers on 1,000 servers returns at once, and becomes one task a server', async () => {
    for (let at = 0; at < 10_000; at++) {
      const host = `h${at % 1000}.example`
      await care.account.memory.set(`follower:${host}:${at}`, {
        id: `https://${host}/${at}`,
        inbox: `https://${host}/${at}/inbox`,
        shared: `https://${host}/inbox`,
      })
    }
    const start = performance.now()
    await channel.can.publish!.send(care.account, draft('To all'), newId())
    assert.ok(performance.now() - start < 200)
    const [tell] = care.account.tasks.splice(0)
    await channel.work!(care.account, tell)
    assert.equal(care.account.tasks.splice(0).length, 1000)
  })

  test('a server that refuses one way of signing is asked once in the other; one that rests is left alone, and one that is gone is forgotten', async () => {
    const who = world.stranger('picky', 'anna')
    await who.post(`${care.id}/inbox`, { id: `${who.id}#f`, type: 'Follow', actor: who.id, object: care.id })
    const inbox = '/activitypub/inbox'
    await world.settle()
    world.answer('picky', inbox, ({ headers }) => ({ status: headers['signature-input'] ? 202 : 401 }))
    const say = async () => {
      await channel.can.publish!.send(care.account, draft('x'), newId())
      return world.settle()
    }
    const asked = () => world.asked.splice(0).filter(each => each === `POST picky ${inbox}`).length
    asked()
    assert.deepEqual([await say(), asked(), await say(), asked()], [[], 2, [], 1])
    world.answer('picky', inbox, { status: 429 })
    assert.deepEqual([await say(), asked(), await say(), asked()], [['wait activitypub.wait'], 1, ['wait activitypub.wait'], 0])
    setClock(() => new Date(Date.now() + 3_600_000))
    world.answer('picky', inbox, { status: 410 })
    assert.deepEqual([await say(), asked(), await say(), asked()], [[], 1, [], 0])
    setClock()
  })

  test('a new key under the old name is taken when the old one no longer fits, not more often than once a minute', async () => {
    const who = world.stranger('social', 'rotates')
    const like = (at: number) => ({ id: `${who.id}#like-${at}`, type: 'Like', actor: who.id, object: `${care.id}/notes/${'A'.repeat(22)}` })
    const fresh = { ...who.settings, privateKey: newKey() }
    const byFresh: Posting = {
      signer: fresh,
      spoil: ({ signature = '' }) => ({ headers: { signature: signature.replace(keyIdOf(fresh), keyIdOf(who.settings)) } }),
    }
    const bring = (at: number, how?: Posting) => who.post(`${care.id}/inbox`, like(at), how)
    assert.deepEqual([await bring(1), await bring(2, byFresh)], [202, 401])
    const document = actorDocument({ settings: fresh })
    const key = { ...(document.publicKey as object), id: keyIdOf(who.settings) }
    world.answer('social', '/activitypub/actors/rotates', { body: { ...document, publicKey: key } })
    assert.equal(await bring(3, byFresh), 401, 'asked within this minute')
    setClock(() => new Date(Date.now() + 61_000))
    assert.deepEqual([await bring(4, byFresh), await bring(5)], [202, 401])
    setClock()
    assert.equal(care.heard.length, 2)
  })
})
