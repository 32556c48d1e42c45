/** Direct messages, on a server of their published lexicons. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { accountOf, draftOf } from '#social/channels/contract.ts'
import type { Account, Draft, Heard, HeardMessage } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import type { Settings } from './settings.ts'
import { messages, settings } from './testing.ts'

describe('direct messages, on a server of their published lexicons', () => {
  const { converse, listen } = channel.can as Required<typeof channel.can>
  const bert = 'did:web:bert.example'
  let server: Server
  let account: Account<Settings>
  /** The one conversation, as its service keeps it. */
  let kept: { id: string; text: string; sender: { did: string }; sentAt: string }[]
  let asked: string[]
  let fault: ((name: string) => 'refuse' | 'drop' | undefined) | undefined
  let proxies: Set<string | undefined>
  let status = 'request'

  before(async () => {
    server = createServer((request, reply) => void respond(request, reply))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    allowHosts(['localhost', '127.0.0.0/8'])
  })
  after(() => {
    setClock()
    allowHosts([])
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    ;[kept, asked, fault, proxies, status] = [[], [], undefined, new Set(), 'request']
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`
    account = accountOf({ ...settings, did: `did:web:${newId()}.example`, password: newId(), server: origin })
  })

  const said = (did: string, text: string) => {
    const sentAt = new Date(Date.UTC(2026, 10, 22, 12, kept.length)).toISOString()
    kept.push({ id: `m${kept.length + 1}`, text, sender: { did }, sentAt })
    return kept.at(-1)!
  }
  const rev = () => String(kept.length).padStart(13, '2')

  async function respond(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const url = new URL(request.url!, 'http://x')
    const name = url.pathname.split('.').at(-1)!
    asked.push(name)
    if (url.pathname.includes('chat.bsky')) proxies.add(request.headers['atproto-proxy'] as string | undefined)
    const wrong = fault?.(name)
    if (wrong === 'refuse') return void reply.writeHead(400).end(JSON.stringify({ error: 'InvalidToken', message: 'Bad token scope' }))
    const body = parts.length ? (JSON.parse(Buffer.concat(parts).toString()) as { message?: { text: string } }) : {}
    const answer = answerTo(name, url.searchParams, body)
    if (wrong === 'drop') return void request.socket.destroy()
    reply.writeHead(answer ? 200 : 501).end(JSON.stringify(answer ?? {}))
  }
  function answerTo(name: string, query: URLSearchParams, body: { message?: { text: string } }): unknown {
    const me = { did: account.settings.did }
    const convo = { id: 'c1', rev: rev(), members: [me, { did: bert }], status }
    const answers: Record<string, () => unknown> = {
      createSession: () => ({ accessJwt: 'a', refreshJwt: 'r', did: me.did, handle: 'care.example' }),
      listNotifications: () => ({ notifications: [] }),
      listRecords: () => ({ records: [] }),
      listConvos: () => ({ convos: kept.length ? [convo] : [] }),
      getConvo: () => ({ convo }),
      acceptConvo: () => {
        status = 'accepted'
        return {}
      },
      getMessages: () => ({ messages: [...kept].reverse() }),
      getLog: () => {
        const logs = kept.map((message, at) => ({
          $type: 'chat.bsky.convo.defs#logCreateMessage',
          rev: String(at + 1).padStart(13, '2'),
          convoId: 'c1',
          message,
        }))
        const fresh = logs.filter(each => each.rev > query.get('cursor')!)
        return { logs: [{ $type: 'chat.bsky.convo.defs#logReadMessage', rev: '0', convoId: 'c1' }, ...fresh], cursor: rev() }
      },
      sendMessage: () => said(me.did, body.message!.text),
    }
    return answers[name]?.()
  }
  let cursor: string | null = null
  async function hear(): Promise<HeardMessage[]> {
    const all: Heard[] = []
    for (let more = true; more; ) {
      const batch = await listen.since(account, cursor)
      ;[cursor, more] = [batch.cursor, batch.more]
      all.push(...batch.heard)
    }
    return messages(all)
  }
  const draft = (text: string): Draft => draftOf(text, { answers: ['chat:c1/m1', 'chat:c1'] })

  test('what was there before is not heard, what comes is: from whom, in which conversation, and not for everybody', async () => {
    said(bert, 'Long ago')
    cursor = null
    assert.deepEqual(await hear(), [])
    said(bert, 'Do you mend lamps?')
    said(account.settings.did, 'Written by another program')
    const [theirs, ours] = await hear()
    assert.deepEqual(
      [theirs!.remoteId, theirs!.direction, theirs!.from.remoteId, theirs!.answers, theirs!.text, theirs!.open],
      ['chat:c1/m2', 'in', bert, ['chat:c1'], 'Do you mend lamps?', undefined],
    )
    assert.deepEqual([ours!.direction, ours!.to.map(each => each.remoteId)], ['out', [bert]])
    assert.deepEqual(await hear(), [])
    assert.deepEqual([...proxies], ['did:web:api.bsky.chat#bsky_chat'])
  })

  test('into an empty place the first one comes too', async () => {
    cursor = null
    assert.deepEqual(await hear(), [])
    said(bert, 'Hello')
    assert.deepEqual(
      (await hear()).map(each => each.text),
      ['Hello'],
    )
  })

  test('an answer goes into its conversation once, takes a stranger up, and is not heard as another one', async () => {
    said(bert, 'Hello')
    cursor = null
    await hear()
    const key = newId()
    assert.deepEqual(await converse.reply(account, draft('Yes, every Tuesday.'), key), { state: 'done', remoteId: 'chat:c1/m2' })
    assert.deepEqual(await converse.reply(account, draft('Yes, every Tuesday.'), key), { state: 'done', remoteId: 'chat:c1/m2' })
    assert.deepEqual([kept.length, status, asked.filter(each => each === 'acceptConvo').length], [2, 'accepted', 1])
    assert.deepEqual(await hear(), [])
  })

  test('sent and not told, it is found; not there, it waits a minute before it is sent again', async () => {
    said(bert, 'Hello')
    const key = newId()
    setClock(() => new Date(Date.UTC(2026, 10, 22, 12, 0, 30)))
    fault = name => (name === 'sendMessage' ? 'drop' : undefined)
    await assert.rejects(converse.reply(account, draft('Yes.'), key), { kind: 'unsure' })
    fault = undefined
    assert.deepEqual(await converse.lookUp!(account, key), { state: 'done', remoteId: 'chat:c1/m2' })
    const other = newId()
    fault = name => (name === 'sendMessage' ? 'drop' : undefined)
    await assert.rejects(converse.reply(account, draft('Yes.'), other), { kind: 'unsure' })
    kept.pop()
    fault = undefined
    assert.equal(await converse.lookUp!(account, other), null, 'the same words of another answer are not taken for it')
    await assert.rejects(converse.reply(account, draft('Yes.'), other), { kind: 'down', says: 'bluesky.onTheWay' })
    setClock()
  })

  test('a sign-in that does not reach so far holds up nothing else, is not asked all the time, and says so when somebody answers', async () => {
    fault = name => (/Convo|Log|Message/.test(name) ? 'refuse' : undefined)
    cursor = null
    assert.deepEqual([await hear(), await hear()], [[], []])
    assert.equal(asked.filter(each => each === 'listConvos').length, 2, 'once, and once in a fresh session')
    await assert.rejects(converse.reply(account, draft('Yes.'), newId()), { kind: 'rejected', says: 'bluesky.noTalk' })
    await assert.rejects(converse.reply(account, draft('x'.repeat(1001)), newId()), { says: 'bluesky.tooLongForTalk' })
    const picture = { name: 'a.png', type: 'image/png', content: new Uint8Array() }
    await assert.rejects(converse.reply(account, { ...draft('x'), attachments: [picture] }, newId()), { says: 'bluesky.noFilesInTalk' })
  })
})
