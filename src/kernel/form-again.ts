/** A form that was refused is shown again as it was sent, to browsers that do not do that by themselves. */
import type { Context } from 'hono'
import { typedIn } from './form-data.ts'
import { refilled, type Wrong } from './html/refilled.ts'

/** The page that the form stood on, with the form as it was sent; null where there is no such page or nothing was typed. */
export async function formAgain(
  c: Context,
  ask: (path: string, headers: Headers) => Promise<Response>,
  wrong: Wrong,
): Promise<{ html: string; policy: string } | null> {
  const data = typedIn(c.req.raw)
  const from = URL.parse(c.req.header('referer') ?? '')
  if (!data || !from || from.origin !== c.req.header('origin')) return null
  const page = await ask(from.pathname + from.search, asBefore(c))
  if (page.status !== 200 || !page.headers.get('content-type')?.startsWith('text/html')) return null
  const html = refilled(await page.text(), { path: c.req.path, values: textsOf(data) }, wrong)
  return html === null ? null : { html, policy: page.headers.get('content-security-policy') ?? '' }
}

/** What makes the page the one that they had: who they are, their language, their time zone. */
function asBefore(c: Context): Headers {
  const headers = new Headers({ accept: 'text/html' })
  for (const name of ['cookie', 'accept-language', 'host', 'user-agent', 'x-forwarded-host', 'x-forwarded-proto']) {
    const value = c.req.header(name)
    if (value) headers.set(name, value)
  }
  return headers
}

function textsOf(data: FormData): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  for (const [name, value] of data) if (typeof value === 'string') texts.set(name, [...(texts.get(name) ?? []), value])
  return texts
}
