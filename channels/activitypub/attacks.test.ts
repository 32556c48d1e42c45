/** What was done to others, done to us: each row is a fault that another server had (named by its number), and must have no effect here. */
import assert from 'node:assert/strict'
import { sign as cryptoSign } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { clean } from '#kernel/sanitize.ts'
import { draftOf } from '#social/channels/contract.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { actorDocument } from './actor.ts'
import { channel } from './channel.ts'
import { lasting } from './lasting.ts'
import { everybody } from './names.ts'
import { keyIdOf, signed } from './sign.ts'
import { type Member, type Posting, type Stranger, startWorld, type World } from './testing.ts'

let world: World
let care: Member
let anna: Stranger
let evil: Stranger
let inbox: string
let shared: string

before(async () => {
  world = await startWorld()
  care = world.join('care', 'support')
  anna = world.stranger('social', 'anna')
  evil = world.stranger('evil', 'mallory')
  inbox = `${care.id}/inbox`
  shared = `${world.origin('care')}/activitypub/inbox`
})
after(async () => {
  setClock()
  await world.stop()
})

/** A note of theirs for us, and the act that brings it. */
function said(who: { id: string }, note: Record<string, unknown> = {}, act: Record<string, unknown> = {}) {
  const id = `${who.id}/${newId()}`
  const object = { id, type: 'Note', attributedTo: who.id, content: '<p>Hi</p>', to: [care.id], ...note }
  return { id: `${id}#create`, type: 'Create', actor: who.id, to: [care.id], object, ...act }
}

/** Runs it; nothing may be heard by it. Returns what it said. */
async function unheard<T>(run: () => Promise<T>, name = ''): Promise<T> {
  care.heard.length = 0
  const told = await run()
  assert.deepEqual(care.heard, [], name)
  return told
}

const heardAfter = async (run: () => Promise<unknown>): Promise<string[]> => {
  care.heard.length = 0
  await run()
  return care.heard.map(each => ('undone' in each && each.undone ? `un${each.is}` : each.is))
}

/** A good signature of Anna's over these headers only. */
function coveringOnly(names: string[], headers: Record<string, string>): string {
  const values: Record<string, string | undefined> = {
    ...headers,
    host: new URL(inbox).host,
    '(request-target)': `post ${new URL(inbox).pathname}`,
  }
  const base = names.map(name => `${name}: ${values[name]}`).join('\n')
  const signature = cryptoSign('RSA-SHA256', Buffer.from(base), anna.settings.privateKey).toString('base64')
  return `keyId="${keyIdOf(anna.settings)}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${signature}"`
}

describe('what is believed', () => {
  test('CVE-2024-23832: nobody says anything in the name of another, nor of another host', async () => {
    const at = (host: string, path: string) => `${world.origin(host)}${path}`
    world.answer('evil', '/copy', { body: said(anna).object })
    world.answer('evil', '/hop', { status: 302, headers: { location: at('social', '/real') } })
    world.answer('social', '/real', { body: { ...said(anna).object, id: at('social', '/real') } })
    const rows: [string, Record<string, unknown>][] = [
      ['a note with an id on another host', said(evil, { id: `${anna.id}/1` })],
      ['a note by somebody else', said(evil, { attributedTo: anna.id })],
      ['a note by both', said(evil, { id: `${anna.id}/2`, attributedTo: [evil.id, anna.id] })],
      ['a note by nobody', said(evil, { attributedTo: undefined })],
      ['an act with an id on another host', said(evil, {}, { id: `${anna.id}/act` })],
      ['a note to be fetched from another host', said(evil, {}, { object: at('social', '/real') })],
      ['a copy of a note of another host', said(evil, {}, { object: at('evil', '/copy') })],
      ['a redirect to a note of another host', said(evil, {}, { object: at('evil', '/hop') })],
      ['a change to another’s note', said(evil, { id: `${anna.id}/1` }, { type: 'Update' })],
      ['the end of another’s note', said(evil, {}, { type: 'Delete', object: `${anna.id}/1` })],
      [
        'an Undo of another’s Follow',
        said(evil, {}, { type: 'Undo', object: { id: `${anna.id}#f`, type: 'Follow', actor: anna.id, object: care.id } }),
      ],
      ['an Undo of anything else', said(evil, {}, { type: 'Undo', object: said(evil) })],
    ]
    for (const [name, activity] of rows) await unheard(() => evil.post(inbox, activity), name)
    const following = (undone: boolean) =>
      channel.can.follow!.follow(care.account, { network: 'activitypub', address: '', remoteId: anna.id }, undone)
    await following(false)
    const asked = world.brought.findLast(({ body }) => body.type === 'Follow')!.body
    for (const object of [asked, asked.id, { id: `${care.id}/follows/x`, type: 'Follow', actor: care.id, object: evil.id }])
      await unheard(() => evil.post(shared, said(evil, {}, { type: 'Accept', object })), 'a yes to what they were not asked')
    const toAll = { to: [everybody], cc: [] }
    for (const who of [anna, evil])
      await unheard(() => who.post(shared, said(who, toAll, toAll)), 'words to all of somebody who was not followed, or did not say yes')
    await following(true)
    world.answer('evil', '/fake', { body: { ...actorDocument({ settings: anna.settings }), name: 'Not Anna' } })
    for (const remoteId of [at('evil', '/fake'), anna.id])
      assert.equal((await channel.can.profile!.whoIs(care.account, { network: 'activitypub', address: '', remoteId }))?.name, 'anna')
    for (const path of ['/copy', '/hop']) assert.equal(await channel.can.listen!.find!(care.account, at('evil', path)), null)
  })

  test('CVE-2025-54888: a good signature is good for its own actor only', async () => {
    for (const where of [inbox, shared]) {
      assert.equal(await unheard(() => evil.post(where, said(anna))), 401)
      assert.equal(await unheard(() => anna.post(where, said(anna), { signer: evil.settings })), 401)
    }
    assert.deepEqual(await heardAfter(() => anna.post(inbox, said(anna))), ['message'])
    assert.deepEqual(await heardAfter(() => anna.post(shared, said(anna), { style: 'rfc9421' })), ['message'])
  })

  test('CVE-2026-28432: no signature that is not one is taken, and where nobody lives there is no inbox', async () => {
    type Spoil = NonNullable<Posting['spoil']>
    const sign =
      (change: (text: string) => string | undefined): Spoil =>
      ({ signature = '' }) => ({ headers: { signature: change(signature) } })
    const cavage: [string, Spoil][] = [
      ['none', sign(() => undefined)],
      ['empty', sign(() => '')],
      ['words', sign(() => 'Signature')],
      ['without a key', sign(text => text.replace(/keyId="[^"]+",/, ''))],
      ['without itself', sign(text => text.replace(/,signature=.*/, ''))],
      ['empty itself', sign(text => text.replace(/signature="[^"]+"/, 'signature=""'))],
      ['twice', sign(text => `${text},${text}`)],
      ['two in one header', sign(text => `${text}, ${text}`)],
      ['covering nothing', sign(text => text.replace(/headers="[^"]+"/, 'headers=""'))],
      ['covering the default', sign(text => text.replace(/headers="[^"]+",/, ''))],
      ['not covering the target', sign(text => text.replace('(request-target) ', ''))],
      ['not covering the host', sign(text => text.replace(' host', ''))],
      ['not covering the date', sign(text => text.replace(' date', ''))],
      ['not covering the digest', sign(text => text.replace(' digest', ''))],
      ['covering what is not there', sign(text => text.replace(' digest', ' digest x-none'))],
      ['with another algorithm', sign(text => text.replace('rsa-sha256', 'hmac-sha256'))],
      ['with none', sign(text => text.replace('rsa-sha256', 'none'))],
      [
        'with a moment that is not covered',
        ({ signature = '' }) => ({ headers: { date: 'x', signature: `${signature},created=${Math.floor(Date.now() / 1000)}` } }),
      ],
      ['with a bit changed', sign(text => text.replace(/signature="(.)/, (_, first) => `signature="${first === 'A' ? 'B' : 'A'}`))],
      ['of a great length', sign(text => `${text},other="${'x'.repeat(2900)}",more="${'x'.repeat(2900)}"`)],
      ['with half a quote', sign(text => text.slice(0, -1))],
      ['whose digest is another’s', () => ({ headers: { digest: `SHA-256=${Buffer.alloc(32).toString('base64')}` } })],
      ['whose digest is missing', () => ({ headers: { digest: undefined } })],
      ['whose digest is by a weaker sum', () => ({ headers: { digest: 'MD5=AAAA' } })],
      ['whose body was changed', (_, body) => ({ body: body.replace('Hi', 'Ho') })],
      ['for another path', () => ({ url: `${care.id}/inbox?x=1` })],
      [
        'for another host',
        (_, body) => ({
          headers: signed(anna.settings, { method: 'POST', url: new URL(inbox.replace('care', 'other')), body: Buffer.from(body) }),
        }),
      ],
    ]
    const standard: [string, Spoil][] = [
      ['without what it covers', () => ({ headers: { 'signature-input': 'sig1=' } })],
      [
        'not covering the body',
        ({ 'signature-input': input = '' }) => ({ headers: { 'signature-input': input.replace(' "content-digest"', '') } }),
      ],
      [
        'with a later moment',
        ({ 'signature-input': input = '' }) => ({ headers: { 'signature-input': input.replace(/created=\d+/, 'created=99999999999') } }),
      ],
      ['without a moment', ({ 'signature-input': input = '' }) => ({ headers: { 'signature-input': input.replace(/;created=\d+/, '') } })],
      ['under another name', ({ signature = '' }) => ({ headers: { signature: signature.replace('sig1', 'sig2') } })],
      [
        'with parameters at what it covers',
        ({ 'signature-input': input = '' }) => ({ headers: { 'signature-input': input.replace('"@method"', '"@method";req') } }),
      ],
      ['whose digest is another’s', () => ({ headers: { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` } })],
      ['whose body was changed', (_, body) => ({ body: body.replace('Hi', 'Ho') })],
    ]
    for (const [style, rows] of [
      ['cavage', cavage],
      ['rfc9421', standard],
    ] as const)
      for (const [name, spoil] of rows)
        assert.equal(await unheard(() => anna.post(inbox, said(anna), { spoil, style }), name), 401, `${style} ${name}`)
    const enough = ['(request-target)', 'host', 'date', 'digest']
    const covering =
      (names: string[]): Spoil =>
      headers => ({ headers: { signature: coveringOnly(names, headers) } })
    for (const missing of enough) {
      const spoil = covering(enough.filter(name => name !== missing))
      assert.equal(await unheard(() => anna.post(inbox, said(anna), { spoil }), missing), 401, `truly signed, but not ${missing}`)
    }
    assert.equal(await anna.post(inbox, said(anna), { spoil: covering(enough) }), 202)
    assert.equal(await anna.post(`${world.origin('care')}/activitypub/actors/nobody/inbox`, said(anna)), 404)
    assert.equal(await unheard(() => anna.post(shared, { ...said(anna), to: [], object: { type: 'Note' } })), 202, 'nobody is meant')
  })

  test('a key counts under its own name only, and only as its owner’s', async () => {
    const document = actorDocument({ settings: evil.settings })
    const key = document.publicKey as { id: string }
    const rows: [string, unknown][] = [
      ['another’s id', { ...document, id: anna.id, inbox: `${anna.id}/inbox`, publicKey: { ...key, owner: anna.id } }],
      ['another’s key', { ...document, publicKey: { ...key, id: `${anna.id}#main-key` } }],
      ['a key of another', { ...document, publicKey: { ...key, owner: anna.id } }],
      ['a key that names an owner who does not name it', { ...key, id: `${evil.id}/key`, owner: evil.id }],
      ['a key that is none', { ...document, publicKey: { ...key, publicKeyPem: 'x' } }],
    ]
    for (const [at, [name, body]] of rows.entries()) {
      const path = `/activitypub/actors/confused${at}`
      const settings = { ...evil.settings, username: `confused${at}` }
      const own = JSON.parse(JSON.stringify(body).replaceAll('/mallory', `/confused${at}`))
      world.answer('evil', path, { body: own })
      for (const actor of [anna.id, `${world.origin('evil')}${path}`])
        assert.equal(await unheard(() => evil.post(inbox, said({ id: actor }), { signer: settings })), 401, name)
    }
    assert.deepEqual(await heardAfter(() => anna.post(inbox, said(anna))), ['message'], 'nothing was kept under anna’s name')
  })

  test('CVE-2026-42462: words of Linked Data that turn a document around are refused', async () => {
    for (const word of ['@graph', '@reverse', '@included', '@nest']) {
      assert.equal(await unheard(() => anna.post(inbox, { ...said(anna), [word]: [said(evil)] })), 400)
      assert.equal(await unheard(() => anna.post(inbox, said(anna, { tag: [{ [word]: {} }] }))), 400)
    }
    const deep = Array.from({ length: 40 }).reduce<unknown>(inside => ({ inside }), {})
    assert.equal(await unheard(() => anna.post(inbox, said(anna, { deep }))), 400)
    const turned = { '@context': { actor: 'https://www.w3.org/ns/activitystreams#object' } }
    assert.deepEqual(await heardAfter(() => anna.post(inbox, { ...said(anna), ...turned })), ['message'], 'plain names mean what they say')
  })

  test('CVE-2024-25623: a file that somebody uploaded is no act, and none of ours can be taken for one', async () => {
    const note = said(anna).object as { id: string }
    for (const type of ['application/json', 'text/html', 'application/ld+json', 'application/octet-stream', 'image/png']) {
      world.answer('social', new URL(note.id).pathname, { body: note, type })
      assert.equal(await channel.can.listen!.find!(care.account, note.id), null, type)
      assert.equal(await unheard(() => anna.post(inbox, said(anna), { type })), 415)
    }
    world.answer('social', new URL(note.id).pathname, { body: note })
    assert.equal((await channel.can.listen!.find!(care.account, note.id))?.remoteId, note.id)
    await care.account.memory.set('file:x.y', { type: 'application/activity+json', bytes: 'e30=' })
    assert.equal((await world.get(`${care.id}/files/x.y`)).status, 404)
  })
})

describe('where we go', () => {
  test('CVE-2024-39687 and others: nobody sends us into a private network, however it is written', async () => {
    const port = new URL(world.origin('care')).port
    const inside = ['127.0.0.1', '[::1]', '[::]', '0.0.0.0', '10.0.0.1', '169.254.169.254', '[::ffff:10.0.0.1]', '[64:ff9b::a00:1]', '[2002:a00:1::]', '[2001::]', '2130706433', 'localhost'] // biome-ignore format: one list
    world.asked.length = 0
    for (const [at, host] of inside.entries()) {
      const target = `http://${host}:${port}/activitypub/actors/x`
      world.answer('evil', `/to${at}`, { status: 302, headers: { location: target } })
      const signer = { ...evil.settings, server: `http://${host}:${port}`, username: 'x' }
      assert.equal(await unheard(() => evil.post(inbox, said({ id: target }), { signer })), 401, host)
      for (const id of [target, `${world.origin('evil')}/to${at}`])
        assert.equal(await channel.can.listen!.find!(care.account, id), null, id)
      assert.equal(await channel.can.profile!.whoIs(care.account, { network: 'activitypub', address: `x@${host}:${port}` }), null)
      await channel.work!(care.account, { do: 'deliver', news: { activity: { type: 'Like' } }, inbox: target })
      const toPerson = { do: 'person', news: { activity: { type: 'Like' } }, id: target }
      await assert.rejects(channel.work!(care.account, toPerson), { kind: 'rejected' }, host)
    }
    assert.deepEqual([...new Set(world.asked.map(each => each.split(' ')[1]))], ['evil'])
    const elsewhere = { ...actorDocument({ settings: evil.settings }), inbox: `${world.origin('social')}/inbox` }
    world.answer('evil', '/activitypub/actors/elsewhere', {
      body: JSON.parse(JSON.stringify(elsewhere).replaceAll('/mallory', '/elsewhere')),
    })
    assert.equal(await channel.can.profile!.whoIs(care.account, { network: 'activitypub', address: '', remoteId: `${world.origin('evil')}/activitypub/actors/elsewhere` }), null) // biome-ignore format: one call
  })

  test('CVE-2026-34148: redirects come to an end, and a key that failed is not asked for again', async () => {
    world.answer('evil', '/self', { status: 302, headers: { location: '/self' } })
    world.answer('evil', '/ping', { status: 302, headers: { location: '/pong' } })
    world.answer('evil', '/pong', { status: 302, headers: { location: '/ping' } })
    for (let at = 0; at < 12; at++) world.answer('evil', `/chain${at}`, { status: 302, headers: { location: `/chain${at + 1}` } })
    world.asked.length = 0
    for (const path of ['/self', '/ping', '/chain0'])
      assert.equal(await channel.can.listen!.find!(care.account, `${world.origin('evil')}${path}`), null)
    assert.equal(world.asked.length, 1 + 2 + 5)
    world.asked.length = 0
    const lost = { ...evil.settings, username: 'lost' }
    for (let at = 0; at < 5; at++) assert.equal(await unheard(() => evil.post(inbox, said(evil), { signer: lost })), 401)
    assert.equal(world.asked.length, 1)
  })

  test('CVE-2026-69132: 100,000 hosts that somebody made up leave next to nothing behind', () => {
    const kept = lasting<{ at: number }>(5000)
    const before = process.memoryUsage().heapUsed
    for (let at = 0; at < 100_000; at++) kept.set(`https://host-${at}.example/inbox`, { at }, 60_000)
    assert.equal(kept.size, 5000)
    assert.ok(process.memoryUsage().heapUsed - before < 40_000_000)
    setClock(() => new Date(Date.now() + 61_000))
    assert.equal(kept.get('https://host-99999.example/inbox'), undefined)
    setClock()
  })

  test('a page with status 200, a document of 2 MB, one that is no JSON, and a limit without a moment are what they are', async () => {
    const at = (path: string) => `${world.origin('evil')}${path}`
    world.answer('evil', '/html', { type: 'text/html', body: '<p>200</p>' })
    world.answer('evil', '/large', { body: { id: at('/large'), type: 'Note', content: 'x'.repeat(2_000_000) } })
    world.answer('evil', '/none', { body: '{"id":' })
    world.answer('evil', '/limit', { status: 429 })
    for (const path of ['/html', '/large', '/none']) assert.equal(await channel.can.listen!.find!(care.account, at(path)), null)
    await assert.rejects(channel.can.listen!.find!(care.account, at('/limit')), { kind: 'wait' })
  })
})

describe('when and how often', () => {
  test('a clock may be an hour off, and no act counts twice', async () => {
    const post = (hours: number) => {
      setClock(() => new Date(Date.now() + hours * 3_600_000))
      const spoil = () => {
        setClock()
        return {}
      }
      return anna.post(inbox, said(anna), { spoil })
    }
    assert.deepEqual([await post(1), await post(-1), await post(-11), await post(2), await post(-13)], [202, 202, 202, 401, 401])
    const once = said(anna)
    assert.deepEqual(await heardAfter(async () => { for (let at = 0; at < 3; at++) await anna.post(at ? shared : inbox, once) }), ['message']) // biome-ignore format: one line
    const follow = { id: `${anna.id}#f1`, type: 'Follow', actor: anna.id, object: care.id }
    const undo = { id: `${anna.id}#u1`, type: 'Undo', actor: anna.id, object: follow }
    assert.deepEqual(await heardAfter(async () => { for (const each of [follow, undo, follow]) await anna.post(inbox, each) }), ['follow', 'unfollow']) // biome-ignore format: one line
  })

  test('CVE-2026-33869: in whatever order things come, what was taken back stays so', async () => {
    const note = said(anna)
    const id = (note.object as { id: string }).id
    const gone = { id: `${id}#delete`, type: 'Delete', actor: anna.id, object: { id, type: 'Tombstone' } }
    const like = { id: `${anna.id}#l2`, type: 'Like', actor: anna.id, object: `${care.id}/notes/${'A'.repeat(22)}` }
    const follow = { ...like, id: `${anna.id}#f2`, type: 'Follow', object: care.id }
    const again = { ...follow, id: `${anna.id}#f4` }
    const undone = (act: { id: string }, object: unknown = act) => ({ id: `${act.id}-undo`, type: 'Undo', actor: anna.id, object })
    const changed = said(anna, {}, { type: 'Update' })
    const rows: [Record<string, unknown>[], string[]][] = [
      [[{ ...gone, to: [care.id] }, note], ['removal']],
      [[undone(follow), follow], ['unfollow']],
      [
        [again, { ...again, id: `${anna.id}#b4`, type: 'Block' }, again],
        ['follow', 'unfollow'],
      ],
      [[undone({ ...like, id: `${anna.id}#l3` }), { ...like, id: `${anna.id}#l3` }], ['unreaction']],
      [
        [like, undone(like, like.id)],
        ['reaction', 'unreaction'],
      ],
      [
        [changed, { ...changed, id: `${changed.id}-first`, type: 'Create' }],
        ['message', 'edit'],
      ],
    ]
    for (const [acts, heard] of rows) assert.deepEqual(await heardAfter(async () => { for (const each of acts) assert.equal(await anna.post(inbox, each), 202) }), heard) // biome-ignore format: one line
    assert.equal((await care.account.memory.list('follower:')).length, 0)
  })

  test('nobody moves to where they are, nor to somebody who does not know of it', async () => {
    const move = (target: string) => ({ id: `${evil.id}/${newId()}`, type: 'Move', actor: evil.id, object: evil.id, target })
    const moved = async (target: string) => {
      assert.ok([202, 401].includes(await unheard(() => evil.post(inbox, move(target)))))
      return (await care.account.memory.list('moved:')).length
    }
    const next = world.stranger('social', 'next')
    world.answer('evil', '/activitypub/actors/mallory', { body: { ...actorDocument({ settings: evil.settings }), alsoKnownAs: [evil.id] } })
    assert.deepEqual([await moved(evil.id), await moved(next.id), await moved(anna.id), await moved(`${anna.id}/none`)], [0, 0, 0, 0])
    const again = world.stranger('third', 'mallory')
    world.answer('third', '/activitypub/actors/mallory', {
      body: { ...actorDocument({ settings: again.settings }), alsoKnownAs: [evil.id] },
    })
    const before = care.heard.length
    assert.equal(await evil.post(inbox, move(again.id)), 202)
    assert.equal((await care.account.memory.list('moved:')).length, 1)
    const moves = care.heard.slice(before).flatMap(each => (each.is === 'move' ? [each] : []))
    assert.deepEqual(
      moves.map(({ from, to }) => [from.remoteId, to.remoteId]),
      [[evil.id, again.id]],
    )
  })
})

describe('who and how much', () => {
  test('CVE-2026-23961: whoever is blocked is neither heard, nor read, nor written to, at any door', async () => {
    const strict = world.join('care', 'strict', { signedOnly: true, blocked: `evil.example,suspend,true\n@ben@${new URL(anna.id).host}` })
    const [to, theirs] = [`${strict.id}/inbox`, (who: Stranger) => said(who, { to: [strict.id] }, { to: [strict.id] })]
    const ben = world.stranger('social', 'ben')
    assert.deepEqual([await evil.post(to, theirs(evil)), await evil.post(shared, theirs(evil)), await ben.post(to, theirs(ben)), await anna.post(to, theirs(anna))].map(each => each < 300), [false, false, true, true]) // biome-ignore format: one line
    assert.deepEqual(strict.heard.map(each => each.is === 'message' && each.from.remoteId), [anna.id]) // biome-ignore format: one line
    const note = said(evil).object as { id: string }
    world.answer('evil', new URL(note.id).pathname, { body: note })
    assert.equal(await channel.can.listen!.find!(strict.account, note.id), null)
    world.brought.length = 0
    await channel.work!(strict.account, { do: 'deliver', news: { activity: { type: 'Like' } }, inbox: `${evil.id}/inbox` })
    await channel.work!(strict.account, { do: 'person', news: { activity: { type: 'Like' } }, id: evil.id })
    assert.deepEqual(world.brought, [])
    const sent = await channel.can.publish!.send(strict.account, draftOf('x', { id: 'x', open: true }), 'x') // biome-ignore format: one call
    const id = sent.state === 'done' ? sent.remoteId : ''
    assert.deepEqual(
      [(await world.get(id)).status, (await world.get(`${strict.id}/outbox`)).status, (await world.get(strict.id)).status],
      [401, 401, 200],
    )
    assert.equal((await channel.can.listen!.find!(care.account, id))?.remoteId, id, 'who says who they are may read')
  })

  test('CVE-2026-23963: names, bodies and lists have an end', async () => {
    const long = world.stranger('social', 'long')
    const document = {
      ...actorDocument({ settings: long.settings }),
      name: 'n'.repeat(300_000),
      preferredUsername: 'u'.repeat(300_000),
      summary: '<b>'.repeat(100_000),
    }
    world.answer('social', '/activitypub/actors/long', { body: document })
    assert.deepEqual(await heardAfter(() => long.post(inbox, said(long, { summary: 's'.repeat(100_000), tag: Array(500).fill({ type: 'Mention', href: anna.id, name: '@a' }) }))), ['message']) // biome-ignore format: one line
    const [{ from, to, subject }] = care.heard as [HeardMessage]
    assert.deepEqual(
      [from.name!.length <= 200, from.address.length <= 500, to.length <= 21, subject!.length <= 500],
      [true, true, true, true],
    )
    assert.equal(await unheard(() => anna.post(inbox, said(anna, { content: 'x'.repeat(1_100_000) }))), 413)
    assert.equal(await unheard(() => anna.post(inbox, { ...said(anna), id: `${anna.id}/${'x'.repeat(600)}` })), 400)
  })

  test('CVE-2025-68475: what is made to take for ever does not, and what would run in a reader does not', async () => {
    const start = performance.now()
    for (const content of [
      '<a '.repeat(200_000),
      '<a href="'.repeat(60_000),
      '&lt;'.repeat(100_000),
      ' '.repeat(500_000),
      '@'.repeat(400_000),
    ])
      assert.deepEqual(await heardAfter(() => anna.post(inbox, said(anna, { content }))), ['message'])
    for (const [name, header] of Object.entries({
      signature: 'a="'.repeat(1500),
      'signature-input': `sig1=(${'"a" '.repeat(1500)}`,
      digest: 'sha-256='.repeat(700),
    }))
      assert.equal(await unheard(() => anna.post(inbox, said(anna), { spoil: () => ({ headers: { [name]: header } }) })), 401)
    assert.ok(performance.now() - start < 5000)
    await heardAfter(() => anna.post(inbox, said(anna, { content: '<a href="https://evil.example/" onclick="x()">https://bank.example</a><script>x()</script><img src=x onerror=x()>' }))) // biome-ignore format: one line
    const html = clean((care.heard[0] as HeardMessage).html!)
    assert.match(html, /data-host="evil\.example"/)
    assert.doesNotMatch(html, /script|onclick|onerror/)
  })

  test('CVE-2023-36461: a host that never answers holds up nobody else, and what it said is asked for again', async () => {
    world.answer('slow', '/activitypub/actors/late', { silent: true })
    const late = { ...evil.settings, server: world.origin('slow'), username: 'late' }
    const ended = AbortSignal.timeout(3000)
    const waiting = evil.post(inbox, said(evil), { signer: late }).catch(() => 0)
    assert.deepEqual(await heardAfter(() => anna.post(inbox, said(anna))), ['message'])
    assert.equal(ended.aborted, false)
    void waiting
    world.answer('slow', '/activitypub/actors/down', { status: 500 })
    assert.equal(await unheard(() => evil.post(inbox, said(evil), { signer: { ...late, username: 'down' } })), 503)
  })

  test('the network tells of everybody’s end: of those whom nobody here knows, nothing is asked', async () => {
    const farewell = {
      id: `${world.origin('third')}/x#delete`,
      type: 'Delete',
      actor: `${world.origin('third')}/x`,
      to: [everybody, care.id],
      object: `${world.origin('third')}/x`,
    }
    world.asked.length = 0
    assert.equal(
      await unheard(() => evil.post(inbox, farewell, { signer: { ...evil.settings, server: world.origin('third'), username: 'x' } })),
      202,
    )
    assert.deepEqual(world.asked, [])
  })
})
