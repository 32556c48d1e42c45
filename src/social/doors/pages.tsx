import type { Context } from 'hono'
import { bodyOf } from '#kernel/body.ts'
import { ChannelError, Refusal, statusOf } from '#kernel/errors.ts'
import { addressOf, type Env } from '#kernel/http.tsx'
import { log } from '#kernel/log.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { type OpenDoor, openDoors } from '#kernel/page.tsx'
import { channels } from '#social/channels/actions.ts'
import type { Call, Channel, Door } from '#social/channels/words.ts'
import { calledAccount, knowingAccounts, leftAccount } from './actions.ts'
import { isItsDoor } from './rules.ts'

const usual = 1024 * 1024

/** Where the open network calls at the channels of this house. */
export const doorsOfChannels = openDoors(() => channels().flatMap(channel => (channel.doors ?? []).map(door => openDoor(channel, door))))

function openDoor(channel: Channel, door: Door<unknown>): OpenDoor {
  if (!isItsDoor(channel.name, door.path)) throw new Error(`${channel.name} may not open a door at ${door.path}`)
  const { method, path } = door
  return { method, path, answer: async c => answerOf(channel, door, c).catch(error => failed(error, channel.name, path)) }
}

async function answerOf(channel: Channel, door: Door<unknown>, c: Context<Env>): Promise<Response> {
  const call: Call<unknown> = {
    request: await asCalled(c, door.most ?? usual),
    params: c.req.param() as Record<string, string>,
    origin: houseOrigin(),
    from: addressOf(c),
    account: which => calledAccount(channel, which),
    knowing: it => knowingAccounts(channel, it),
    left: address => leftAccount(channel, address),
  }
  const answer = await door.answer(call)
  // A copy, because one that comes from elsewhere may not be added to.
  return new Response(answer.body, answer)
}

/** The request as the outside sent it, to the address that it called; who is signed in to the house in the same browser is nobody's business there. */
async function asCalled(c: Context<Env>, most: number): Promise<Request> {
  const { method, headers: sent } = c.req.raw
  const headers = new Headers(sent)
  headers.delete('cookie')
  const { pathname, search } = new URL(c.req.url)
  const body = method === 'POST' ? await bodyOf(c.req.raw, most) : undefined
  return new Request(houseOrigin() + pathname + search, { method, headers, body })
}

const statuses = { rejected: 403, wait: 503, down: 503, unsure: 503, reconnect: 503 } as const

/** What follows for the caller, and nothing of what happened inside. */
function failed(error: unknown, channel: string, path: string): Response {
  const isKnown = error instanceof ChannelError || error instanceof Refusal
  if (!isKnown) log.error({ err: error, channel, path }, 'a door failed')
  const status = error instanceof ChannelError ? statuses[error.kind] : error instanceof Refusal ? statusOf[error.code] : 500
  return new Response(null, { status, headers: status === 503 ? { 'retry-after': '60' } : {} })
}
