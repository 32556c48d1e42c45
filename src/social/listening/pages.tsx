import { bodyOf } from '#kernel/body.ts'
import { ChannelError, Refusal, refuse } from '#kernel/errors.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { type RawRoute, raw } from '#kernel/page.tsx'
import { takeWebhook } from './actions.ts'

export { doBring, doStop, historyPanel } from './pages-history.tsx'

const mostBytes = 1024 * 1024
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Where networks push to us, and ask whether we are there. The account's channel decides whether a push is genuine; what it brings is committed before we
 * say that we have it, and what is pushed again is known. Every door that does not exist answers alike.
 */
const door: RawRoute['answer'] = async c => {
  const { org = '', account = '' } = c.req.param()
  if (!id.test(org) || !id.test(account)) refuse('notFound', 'kernel.notFound')
  const { method, headers } = c.req.raw
  const body = method === 'POST' ? await bodyOf(c.req.raw, mostBytes) : undefined
  const request = new Request(new URL(c.req.path + new URL(c.req.url).search, houseOrigin()), { method, headers, body })
  const taken = await takeWebhook(org, account, request).catch(asRefusal)
  return taken === null ? refuse('notFound', 'kernel.notFound') : (taken.answer ?? c.body(null, 202))
}

export const webhook = raw('POST', '/webhooks/:org/:account', 'nobody', door)
export const webhookAsks = raw('GET', '/webhooks/:org/:account', 'nobody', door)

/** What is not genuine is refused; what fails on our side is asked for again later. */
function asRefusal(error: unknown): never {
  if (!(error instanceof ChannelError)) throw error
  if (error.kind === 'rejected') return refuse('forbidden', 'listening.notGenuine')
  throw new Refusal('unavailable', 'listening.later', {}, { retryAfter: 60 })
}
