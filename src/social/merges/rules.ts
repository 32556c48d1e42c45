import { Parser } from 'htmlparser2'
import { refuse } from '#kernel/errors.ts'
import { type Likeness, likenesses, type Trace } from './words.ts'

export interface Mergeable {
  id: string
  mergedInto: string | null
  kind: string
  colleague: boolean
}

/** Two records of the same kind are merged, never one with itself, and a colleague is the one that is kept. */
export function mayMerge(kept: Mergeable, gone: Mergeable): void {
  if (kept.id === gone.id) refuse('conflict', 'merges.same')
  if (kept.mergedInto || gone.mergedInto) refuse('conflict', 'merges.stale')
  if (kept.kind !== gone.kind) refuse('conflict', 'merges.kinds')
  if (gone.colleague) refuse('conflict', kept.colleague ? 'merges.colleagues' : 'merges.colleague')
}

/** What was proved is joined only where nobody works here under either record, both are people, and nobody has taken the two apart before. */
export const isJoined = (one: Mergeable, other: Mergeable, wereSeparated: boolean): boolean =>
  one.id !== other.id && ![one, other].some(each => each.colleague || each.kind !== 'human' || each.mergedInto) && !wereSeparated

/** Two VIPs are merged only by whoever was asked once more. */
export function mayMergeVips(vips: number, sure: boolean): void {
  if (vips > 1 && !sure) refuse('conflict', 'merges.vips')
}

/** A proof, a checked address and a sign-in are almost certain, a shared address, number or page likely, a name alone only perhaps. */
export function strengthOf(because: Likeness): number {
  if (because === 'sameName') return 1
  return likenesses.indexOf(because) <= likenesses.indexOf('relMe') ? 3 : 2
}

/** What more than five others share says nothing of who somebody is: the telephone of a company, a common name. */
export const saysSomething = (sharedBy: number): boolean => sharedBy <= mostShared
/** How many others may share it. */
export const mostShared = 5

/** Telephone numbers are compared by their last nine digits, so that with and without the country they are one; shorter ones than seven are none. */
export function phoneTrace(text: string): string | null {
  const digits = text.replace(/\D/g, '').replace(/^0{1,4}/, '')
  return digits.length >= 7 && digits.length <= 15 ? digits.slice(-9) : null
}

/** Web pages are compared without protocol, `www.` and what follows a question mark. */
export function pageTrace(text: string): string | null {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  if (!url?.hostname.includes('.') || url.username) return null
  const path = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname
  return `${url.hostname.replace(/^www\./, '')}${path}`.toLowerCase().slice(0, 500)
}

/** Links that say `rel=me`, and no others, as whole addresses of the web; at most fifty. */
export function meLinksIn(html: string, base: string): string[] {
  const found = new Set<string>()
  const parser = new Parser({
    onopentag(name, { rel, href }) {
      if (!['a', 'link'].includes(name) || !href || !rel?.toLowerCase().split(/\s+/).includes('me') || found.size >= 50) return
      const url = URL.parse(href, base)
      if (url && /^https?:$/.test(url.protocol) && !url.username) found.add(url.href)
    },
  })
  parser.end(html)
  return [...found]
}

/** A mail address that was typed somewhere is compared in small letters. */
export function mailTrace(text: string): string | null {
  const address = text.trim().toLowerCase()
  const at = address.indexOf('@')
  const plain = at > 0 && at === address.lastIndexOf('@') && address.indexOf('.', at) > at + 1 && !address.endsWith('.')
  return plain && address.length <= 254 && !/[\s<>,;:"()]/.test(address) ? address : null
}

/** In a text that people wrote stand mail addresses and web pages, each a word of its own. */
export function tracesIn(text: string, source: string): Omit<Trace, 'person'>[] {
  const words = text.slice(0, 20_000).split(/[\s<>()",;]/)
  return words.slice(0, 3000).flatMap((word): Omit<Trace, 'person'>[] => {
    const bare = word.replace(/^mailto:/i, '').replace(/[.!?:]{1,3}$/, '')
    const mail = mailTrace(bare)
    if (mail) return [{ kind: 'mail', value: mail, source }]
    const page = /^https?:\/\//i.test(bare) ? pageTrace(bare) : null
    return page ? [{ kind: 'page', value: page, source }] : []
  })
}

/** Reasons that were found, each once for a pair, the smaller id first. */
export function pairsOf(found: Found[]): { one: string; other: string; evidence: Record<string, string>; strength: number }[] {
  const pairs = new Map<string, ReturnType<typeof pairsOf>[number]>()
  for (const { one, other, because, detail } of found) {
    const [small, large] = one < other ? [one, other] : [other, one]
    const pair = pairs.get(`${small} ${large}`) ?? { one: small, other: large, evidence: {}, strength: 0 }
    pair.evidence[because] ??= detail.slice(0, 300)
    pair.strength = Math.max(pair.strength, strengthOf(because))
    pairs.set(`${small} ${large}`, pair)
  }
  return [...pairs.values()]
}

/** What speaks for a pair is told with the strongest reason first. */
export const reasonsOf = (evidence: Record<string, string>): { because: Likeness; detail: string }[] =>
  likenesses.flatMap(because => (evidence[because] === undefined ? [] : [{ because, detail: evidence[because] }]))

export interface Found {
  one: string
  other: string
  because: Likeness
  detail: string
}

export interface Hint {
  person: string
  because: Likeness
  detail: string
}

/** Records that may be the same person are only ever suggested, the strongest reason first and each record once. */
export function suggestions(hints: Hint[], most = 5): Hint[] {
  const seen = new Set<string>()
  const sorted = [...hints].sort((a, b) => likenesses.indexOf(a.because) - likenesses.indexOf(b.because))
  return sorted.filter(hint => !seen.has(hint.person) && seen.add(hint.person)).slice(0, most)
}
