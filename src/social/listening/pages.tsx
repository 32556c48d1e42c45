import { ChannelError, Refusal, refuse } from '#kernel/errors.ts'
import { raw } from '#kernel/page.tsx'
import { takeWebhook } from './actions.ts'

const mostBytes = 1024 * 1024
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Where networks push to us. The account's channel decides whether a push is genuine; what it brings is committed before we say that we have it, and what is
 * pushed again is known. Every door that does not exist answers alike.
 */
export const webhook = raw('POST', '/webhooks/:org/:account', 'nobody', async c => {
  const { org = '', account = '' } = c.req.param()
  if (!id.test(org) || !id.test(account)) refuse('notFound', 'kernel.notFound')
  const body = await bodyOf(c.req.raw)
  const request = new Request(c.req.url, { method: 'POST', headers: c.req.raw.headers, body })
  const taken = await takeWebhook(org, account, request).catch(asRefusal)
  return taken === null ? refuse('notFound', 'kernel.notFound') : c.body(null, 204)
})

async function bodyOf(request: Request): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > mostBytes) refuse('tooLarge', 'kernel.tooLarge', { most: mostBytes })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** What is not genuine is refused; what fails on our side is asked for again later. */
function asRefusal(error: unknown): never {
  if (!(error instanceof ChannelError)) throw error
  if (error.kind === 'rejected') return refuse('forbidden', 'listening.notGenuine')
  throw new Refusal('unavailable', 'listening.later', {}, { retryAfter: 60 })
}
