/** A hub of our own (WebSub, W3C Recommendation, 23 January 2018): whoever wishes is told of each post within seconds, and need not ask every half hour. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import type { Account, Call } from '#social/channels/words.ts'
import { documentAt, type Format, formats } from './addresses.ts'
import type { Settings } from './settings.ts'

const day = 86_400
/** As many may subscribe to one feed; whoever comes later asks as before. */
const most = 1000

/** What somebody wishes of the hub, to be confirmed by the address that it names. */
export const wishForm = z.strictObject({
  is: z.literal('confirm'),
  mode: z.enum(['subscribe', 'unsubscribe']),
  callback: z.string().max(2000),
  format: z.enum(['rss', 'atom', 'json']),
  seconds: z
    .int()
    .min(300)
    .max(10 * day),
  secret: z.string().max(200),
})
export type Wish = z.output<typeof wishForm>

export const subscriptionForm = z.strictObject({ callback: z.string(), format: wishForm.shape.format, secret: z.string() })

const words = (text: string, status: number): Response =>
  new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })

/** Every wish is answered at once and confirmed later, so that nobody learns from the answer what stands at an address. */
export async function take({ request }: Call<Settings>, account: Account<Settings>): Promise<Response> {
  const wish = wished(new URLSearchParams((await request.text()).slice(0, 10_000)), account.settings.path)
  if (typeof wish === 'string') return words(wish, 400)
  if (!(await isFirst(account, wish))) return words('', 429)
  await account.later([wish])
  return words('', 202)
}

/** The wish, or what is wrong with it, for the programmer who made it. */
function wished(asked: URLSearchParams, path: string): Wish | string {
  const given = (name: string) => asked.get(`hub.${name}`) ?? ''
  const format = Object.keys(formats).find(each => documentAt(path, each as Format) === given('topic'))
  const callback = URL.parse(given('callback'))
  if (!format) return 'hub.topic is none of this feed'
  if (!callback || !/^https?:$/.test(callback.protocol)) return 'hub.callback is no web address'
  const seconds = Math.min(10 * day, Math.max(300, Math.trunc(Number(given('lease_seconds'))) || 10 * day))
  const wish = { is: 'confirm', mode: given('mode'), callback: callback.href, format, seconds, secret: given('secret') }
  return wishForm.safeParse(wish).data ?? 'hub.mode is subscribe or unsubscribe, hub.secret at most 200 bytes'
}

/** One host is asked back at most once in ten seconds, so that nobody makes us knock at doors of others. */
const isFirst = ({ memory }: Account<Settings>, { callback }: Wish): Promise<boolean> =>
  memory.set(`knock:${digest(new URL(callback).host)}`, true, { fresh: true, until: new Date(now().getTime() + 10_000) })

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)
const nameOf = ({ callback, format }: Wish): string => `sub:${digest(`${format} ${callback}`)}`

/** Asks the address whether it was really its wish, and keeps it when it says the very words. Whoever does not answer has not wished. */
export async function confirm(account: Account<Settings>, wish: Wish): Promise<void> {
  if (!(await says(account, wish))) return
  const { callback, format, secret, seconds } = wish
  if (wish.mode === 'unsubscribe') return void (await account.memory.set(nameOf(wish), undefined))
  if ((await account.memory.list('sub:', { limit: most })).length >= most) return
  await account.memory.set(nameOf(wish), { callback, format, secret }, { until: new Date(now().getTime() + seconds * 1000) })
}

async function says(account: Account<Settings>, { mode, callback, format, seconds }: Wish): Promise<boolean> {
  const challenge = randomBytes(24).toString('base64url')
  const url = new URL(callback)
  const topic = documentAt(account.settings.path, format)
  const query = { mode, topic, challenge, ...(mode === 'subscribe' && { lease_seconds: String(seconds) }) }
  for (const [name, value] of Object.entries(query)) url.searchParams.append(`hub.${name}`, value)
  const answer = await guardedFetch(url, { maxBytes: 10_000, redirects: 0 }).catch(ignored)
  return Boolean(answer && answer.status >= 200 && answer.status < 300 && same(answer.bytes, Buffer.from(challenge)))
}

const same = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && timingSafeEqual(one, other)

function ignored(error: unknown): undefined {
  if (!(error instanceof ChannelError)) throw error
}
