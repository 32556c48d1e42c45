/** How a feed is answered: whole to who has not seen it, with one line to who has (RFC 9110, section 13), and open to readers on other pages. */
import { createHash } from 'node:crypto'
import { now } from '#kernel/clock.ts'

const minute = 60_000

/** Pages and pictures of other origins may read what everybody may read. */
const open = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }

/** `type` with its charset. By its tag what changed is always seen; by its date only after a minute, because dates know no parts of a second. */
export function answered(
  request: Request,
  body: string | Uint8Array<ArrayBuffer>,
  about: { type: string; changedAt: Date; more?: Record<string, string> },
): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const isSettled = now().getTime() - about.changedAt.getTime() > minute
  const headers = {
    ...open,
    etag: tag,
    'cache-control': 'public, max-age=300',
    ...(isSettled && { 'last-modified': about.changedAt.toUTCString() }),
    ...about.more,
  }
  if (isKnown(request.headers, tag, headers['last-modified'])) return new Response(null, { status: 304, headers })
  return new Response(body, { headers: { ...headers, 'content-type': about.type } })
}

/** The date counts only for who names no tag, and only the very same: after a removal it may be an earlier one. */
function isKnown(asked: Headers, tag: string, changed: string | undefined): boolean {
  const tags = asked.get('if-none-match')
  if (tags !== null) return tags.split(',').some(each => [tag, '*'].includes(each.trim().replace(/^W\//, '')))
  return changed !== undefined && asked.get('if-modified-since') === changed
}

export const nothing = (): Response => new Response('', { status: 404, headers: open })
