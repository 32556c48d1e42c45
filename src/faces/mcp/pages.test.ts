import assert from 'node:assert/strict'
import { test } from 'node:test'
import { published } from '#faces/api/actions.ts'
import { serve } from '#kernel/http.tsx'
import { may } from '#kernel/permissions.ts'
import { testHouse } from '#kernel/testing.ts'
import { makeKey, revokeKey } from '#social/credentials/actions.ts'

const house = await testHouse()
const app = serve(house.house.modules, { baseUrl: 'http://house.invalid', trustProxy: false })
const org = await house.organisation()

interface Answer {
  result?: {
    serverInfo?: { name: string }
    tools?: { name: string; inputSchema: { type: string }; annotations: { readOnlyHint: boolean; destructiveHint: boolean } }[]
    isError?: boolean
    content?: { type: string; text: string }[]
  }
  error?: { code: number }
}

const send = async (key: string, body: string) =>
  app.request('http://house.invalid/mcp', {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  })

async function says(key: string, method: string, params: object = {}): Promise<Answer> {
  const answer = await send(key, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  assert.equal(answer.status, 200)
  return (await answer.json()) as Answer
}
const call = async (key: string, name: string, input: object = {}) => (await says(key, 'tools/call', { name, arguments: input })).result!

const agent = await house.member(org, 'agent')
const keyOf = async (scopes: string[] = []) => (await house.as(org, agent, ctx => makeKey(ctx, { name: 'Assistant', scopes }))).key

test('an assistant introduces itself, and is told who we are', async () => {
  const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  assert.equal((await says(await keyOf(), 'initialize', hello)).result!.serverInfo!.name, 'trefoil')
})

test('the tools are those actions that the holder of the key may do, and only reading ones say that they change nothing', async () => {
  const { tools } = (await says(await keyOf(), 'tools/list')).result!
  const allowed = published().filter(action => may(agent, action.info.who))
  assert.deepEqual(
    tools!.map(each => each.name),
    allowed.map(each => each.info.name.replace('.', '_')),
  )
  assert.ok(tools!.some(each => each.name === 'crm_reply') && !tools!.some(each => each.name === 'members_invite'))
  for (const [at, tool] of tools!.entries()) {
    assert.equal(tool.inputSchema.type, 'object')
    assert.equal(tool.annotations.readOnlyHint, allowed[at]!.info.reads === true)
    assert.equal(tool.annotations.destructiveHint, allowed[at]!.info.reads !== true)
  }
  const few = (await says(await keyOf(['inbox.read']), 'tools/list')).result!.tools!
  const reading = allowed.filter(each => each.info.who === 'inbox.read').map(each => each.info.name.replace('.', '_'))
  assert.deepEqual([few.map(each => each.name), few.every(each => each.annotations.readOnlyHint), few.length > 5], [reading, true, true])
})

test('a tool answers what its action gives', async () => {
  const { content, isError } = await call(await keyOf(), 'crm_counts')
  assert.equal(isError, undefined)
  assert.equal(JSON.parse(content![0]!.text).all, 0)
})

test('a refusal is an answer that says what to mend, and so is a tool that one may not use or that is not there', async () => {
  const key = await keyOf()
  const wrong = await call(key, 'people_personAdd', { name: '', admin: true })
  assert.equal(wrong.isError, true)
  assert.match(wrong.content![0]!.text, /^name: /m)
  assert.match(wrong.content![0]!.text, /^admin: /m)
  const [forbidden, missing] = [await call(key, 'members_invite', { email: 'x@test.invalid', role: 'owner' }), await call(key, 'no_such')]
  assert.deepEqual([forbidden.isError, forbidden], [true, missing])
  const limited = await call(await keyOf(['inbox.read']), 'people_personAdd', { name: 'Zoe' })
  assert.equal(limited.isError, true)
})

test('what an assistant did is in the audit as done by it', async () => {
  const { content } = await call(await keyOf(), 'people_personAdd', { name: 'Zoe Dahl' })
  assert.ok(content)
  const { audit } = await import('#social/members/actions.ts')
  const { items } = await house.as(org, 'owner', ctx => audit(ctx, {}))
  assert.deepEqual([items[0]!.action, items[0]!.via], ['people.personAdd', 'mcp'])
})

test('without a key, and with a revoked one, nothing is answered but 401', async () => {
  const { id, key } = await house.as(org, agent, ctx => makeKey(ctx, { name: 'Gone', scopes: [] }))
  await house.as(org, agent, ctx => revokeKey(ctx, { key: id }))
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  for (const each of [key, 'tf_wrong']) assert.equal((await send(each, list)).status, 401)
})

test('what is no message of the protocol is refused, and nothing falls', async () => {
  const key = await keyOf()
  for (const body of [
    '',
    '{',
    '[]',
    '{}',
    '"x"',
    '{"jsonrpc":"2.0","id":1,"method":"no/such"}',
    `{"jsonrpc":"2.0","id":1,"method":"tools/call"}`,
  ]) {
    const { status } = await send(key, body)
    assert.ok(status < 500, `${body}: ${status}`)
  }
})
