import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Post } from '#social/channels/words.ts'
import { collections } from './concerns.ts'
import { type Given, type Kept, sift } from './sifting.ts'

const recorded = <T>(name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'recordings', `${name}.json`), 'utf8')) as T
const { self, frames } = recorded<{ self: { did: string }; frames: string[] }>('network-stream')
const { events } = recorded<{ events: unknown[] }>('stream')
const stranger = 'did:plc:strangerstrangerstranger'
const anna = 'did:plc:annaannaannaannaannaanna'
const all = () => true

const given = (more: Partial<Given> = {}): Given => ({ did: stranger, isJetstream: true, collections: [...collections], ...more })
const bytes = (...list: unknown[]) => list.map(each => Buffer.from(typeof each === 'string' ? each : JSON.stringify(each)))
const ofRelay = (did: string, fits = all) => sift(frames.map(frame => Buffer.from(frame, 'base64')), given({ did, isJetstream: false }), fits) // biome-ignore format: one call
const says = (kept: Kept[]) => kept.map(each => ('post' in each ? `${each.post.kind} ${each.post.text}` : each.told.is === 'change' ? `${each.told.does} ${each.told.collection}` : each.told.is)) // biome-ignore format: one list
const postsIn = (kept: Kept[]) => kept.flatMap(each => ('post' in each ? [each.post] : []))

const start = 1_790_000_000_000_000
const event = (record: unknown, more: object = {}, commit: object = {}) => ({
  did: anna,
  time_us: start,
  kind: 'commit',
  commit: { rev: 'r', operation: 'create', collection: 'app.bsky.feed.post', rkey: '3kaaaaaaaaaaa', cid: 'c', record, ...commit },
  ...more,
})

test('for an account that none of it concerns, both streams tell the same posts, and each by the name that the network knows', () => {
  const [relay, jetstream] = [ofRelay(stranger), sift(bytes(...events), given(), all)]
  const plain = (kept: Kept[]) => postsIn(kept).map(({ at: _, ...post }) => post)
  assert.deepEqual(plain(relay.kept), plain(jetstream.kept))
  const found = postsIn(relay.kept)
  assert.ok(found.length >= 6)
  for (const each of found) assert.match(each.remoteId, /^at:\/\/did:plc:\w{24}\/app\.bsky\.feed\.post\/\w{13}$/)
  assert.deepEqual([...new Set(found.map(each => each.kind))].sort(), ['post', 'quote', 'reply'])
  const reply = found.find(each => each.kind === 'reply')!
  assert.ok(reply.answers?.startsWith('at://') && found.find(each => each.kind === 'quote')?.shares)
  assert.equal(found.filter(each => each.changed).length, 1)
  assert.equal(relay.position, 38)
})

test('what concerns our account is handed on as it was told, and is nobody else’s to keep', () => {
  const { kept } = ofRelay(self.did)
  assert.deepEqual(
    postsIn(kept).map(each => each.text),
    ['Nothing to do with anybody: the weather is fine.'],
  )
  assert.ok(says(kept).filter(each => each === 'create app.bsky.feed.post').length >= 4)
  const linked = sift(bytes(event({ text: `https://bsky.app/profile/${stranger}` })), given(), all)
  assert.equal(postsIn(linked.kept).length, 1, 'only a link to us')
})

test('of a post that fits nothing only the place in the stream is kept, and each is looked at with its words, links, language and kind', () => {
  const looked: Post[] = []
  const record = {
    text: 'Grüße',
    langs: ['pt-BR'],
    reply: {},
    facets: [{ features: [{ uri: 'https://a.example/' }, null, { did: anna }] }, null],
    embed: { $type: 'app.bsky.embed.external', external: { uri: 'https://b.example/', title: 'A lamp' } },
  }
  const { kept, position, first } = sift(
    bytes(event(record), event({ text: 'x', langs: ['de', 'en'] }, { time_us: start + 7 })),
    given({ called: { [anna]: 'anna.example' } }),
    post => {
      // biome-ignore format: one call
      looked.push({ ...post, links: [...post.links!] })
      return false
    },
  )
  assert.deepEqual([kept, first, position], [[], start, start + 7])
  assert.deepEqual(looked, [
    { text: 'Grüße\n\nA lamp', source: 'bluesky', kind: 'reply', links: ['https://a.example/', 'https://b.example/'], language: 'pt', author: 'anna.example' }, // biome-ignore format: one post
    { text: 'x', source: 'bluesky', kind: 'post', links: [], author: 'anna.example' },
  ])
})

test('a like, a follow and a repost of others pass by; that something was taken back is always told', () => {
  const like = { subject: { uri: `at://${anna}/app.bsky.feed.post/3kaaaaaaaaaaa`, cid: 'c' } }
  const { kept } = sift(bytes(event(like, {}, { collection: 'app.bsky.feed.like' }), event(undefined, {}, { operation: 'delete' })), given(), all) // biome-ignore format: one call
  assert.deepEqual(says(kept), ['delete app.bsky.feed.post'])
})

test('a post has the moment that its writer says, unless that is later than the network told it', () => {
  const at = (createdAt: unknown) => postsIn(sift(bytes(event({ text: 'x', createdAt })), given(), all).kept)[0]!.at.toISOString()
  const told = new Date(start / 1000).toISOString()
  assert.equal(at('2025-01-02T03:04:05Z'), '2025-01-02T03:04:05.000Z')
  assert.ok(at('2999-01-02T03:04:05Z') <= told && at({}) <= told && at('x'.repeat(100_000)) <= told)
})

test('whatever the pieces hold, nothing is thrown, and what is no post is none', () => {
  const odd = [null, 0, '', '{', [], { commit: null }, event(null), event('x'), event({ text: 7 }), event({ text: 'x', facets: 1, embed: 'y' }), event({ text: 'x', facets: [{ features: {} }], embed: null, langs: [7] }), event({ text: 'x' }, { did: 'did:x' }), event({ text: 'x' }, { time_us: 'x' }), event({ text: 'x' }, {}, { rkey: '../..' }), event({ text: '\ud800\0'.repeat(50) })] // biome-ignore format: one list
  const { kept } = sift(bytes(...odd), given(), all)
  assert.ok(postsIn(kept).every(each => each.text.isWellFormed() && !each.text.includes('\0')))
  assert.ok(kept.length >= 2 && kept.length <= 5)
  for (const frame of frames)
    for (let end = 0; end < frame.length; end += 97) sift([Buffer.from(frame.slice(0, end), 'base64')], given({ isJetstream: false }), all)
})
