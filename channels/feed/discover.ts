/** From the address of a page or a feed to a feed that was read. */
import { Parser } from 'htmlparser2'
import { ChannelError } from '#kernel/errors.ts'
import type { Answered } from '#kernel/fetch.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Step } from '#social/channels/words.ts'
import { typedAddress, webAddress } from './addresses.ts'
import { ask, forgetPause } from './client.ts'
import { decode } from './decode.ts'
import { type Feed, readFeed } from './read.ts'
import { asked as askedForm, type Settings, settings as settingsForm } from './settings.ts'

type Tell = (step: Step) => void

interface Found {
  url: string
  feed: Feed
}

/** Settings of a feed that was read. Throws ChannelError `rejected` with a message key that says what to do. */
export async function discover(given: unknown, tell: Tell): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  const typed = form.success ? typedAddress(form.data.url) : undefined
  if (!form.success || !typed) throw new ChannelError('rejected', { says: 'feed.adviceAddress' })
  const { url, feed } = await open(typed, tell)
  tell({ says: 'feed.stepRead', values: { count: feed.items.length }, state: 'done' })
  forgetPause(url)
  const settings = settingsForm.parse({ ...form.data, url })
  return { settings, name: cleanName(feed.title) || new URL(url).hostname, address: url }
}

async function open(url: string, tell: Tell): Promise<Found> {
  const says = 'feed.stepOpen'
  const values = { host: new URL(url).host }
  tell({ says, values, state: 'running' })
  try {
    const answer = (await ask(url))!
    const feed = feedIn(answer)
    tell({ says, values, state: 'done' })
    return feed
      ? { url, feed }
      : await search([...feedsNamedIn(decode(answer.bytes, typeOf(answer)).text, answer.url), ...usualAt(answer.url)], tell)
  } catch (error) {
    throw advised(error)
  }
}

const typeOf = ({ headers }: Answered): string | undefined => headers.get('content-type') ?? undefined

/** Undefined when it is something else, as a page is. */
function feedIn(answer: Answered): Feed | undefined {
  try {
    return readFeed(answer.bytes, typeOf(answer))
  } catch (error) {
    if (error instanceof ChannelError && error.says === 'feed.notFeed') return undefined
    throw error
  }
}

/** Where pages that name no feed often have one. */
const usualAt = (page: string): string[] =>
  ['/feed', '/rss.xml', '/atom.xml', '/feed.xml', '/index.xml', '/feed.json'].map(path => new URL(path, page).href)

/** The first that is a feed. */
async function search(urls: string[], tell: Tell): Promise<Found> {
  const says = 'feed.stepSearch'
  tell({ says, state: 'running' })
  for (const url of new Set(urls)) {
    const found = await tried(url)
    if (!found) continue
    tell({ says, state: 'done' })
    return found
  }
  tell({ says, state: 'failed', advice: 'feed.adviceNoFeed' })
  throw new ChannelError('rejected', { says: 'feed.adviceNoFeed' })
}

async function tried(url: string): Promise<Found | undefined> {
  try {
    const feed = feedIn((await ask(url))!)
    return feed && { url, feed }
  } catch (error) {
    if (error instanceof ChannelError) return undefined
    throw error
  }
}

const kinds = ['application/rss+xml', 'application/atom+xml', 'application/feed+json', 'application/rdf+xml', 'application/json']
const mostLinks = 5

/** The feeds that a page names in its head, in its order; those of comments last. Scripts, patterns and everything else on the page count for nothing. */
export function feedsNamedIn(html: string, address: string): string[] {
  const found: { url: string; isOther: boolean }[] = []
  let base = address
  const parser = new Parser({
    onopentag(name, { href, rel = '', type = '', title = '' }) {
      if (name === 'body') parser.pause()
      if (name === 'base') base = webAddress(href, address) ?? base
      if (name !== 'link' || !rel.toLowerCase().split(/\s+/).includes('alternate')) return
      const url = kinds.includes(type.trim().toLowerCase()) ? webAddress(href, base) : undefined
      if (url) found.push({ url, isOther: /comment|kommentar|reacties/i.test(`${title} ${url}`) })
    },
  })
  parser.end(html.slice(0, 500_000))
  return [...found.filter(each => !each.isOther), ...found.filter(each => each.isOther)].slice(0, mostLinks).map(each => each.url)
}

const advices: Record<string, string> = {
  'kernel.reachAddress': 'feed.adviceAddress',
  'kernel.reachForbidden': 'feed.advicePrivate',
  'kernel.reachUnknown': 'feed.adviceAddress',
  'feed.notFeed': 'feed.adviceNoFeed',
}

/** Whatever failed, a person reads what to do. */
function advised(error: unknown): unknown {
  if (!(error instanceof ChannelError)) return error
  const says = advices[error.says] ?? (error.says.startsWith('kernel.') ? 'feed.adviceLater' : error.says)
  return new ChannelError('rejected', { says, cause: error })
}
