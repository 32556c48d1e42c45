/** What a feed and its answer say of other addresses: who pushes it, what it calls itself, where its older items stand. */
import { webAddress } from './addresses.ts'

export interface Relations {
  /** Hubs of WebSub (W3C Recommendation, 23 January 2018, section 4). */
  hubs: string[]
  /** The topic by which the hubs know it. */
  self?: string | undefined
  /** Where older items stand (RFC 5005: the page or the archive before this one). */
  older?: string | undefined
}

interface Link {
  href?: string | undefined
  rel?: string | undefined
}

const mostHubs = 5

export function relationsOf(links: readonly Link[] | undefined): Relations {
  const all = (rel: string) => (links ?? []).filter(each => each.rel?.toLowerCase() === rel).flatMap(({ href }) => href ?? [])
  return { hubs: all('hub').slice(0, mostHubs), self: all('self')[0], older: all('prev-archive')[0] ?? all('next')[0] }
}

/** The links of an answer's header (RFC 8288); what cannot be read of it is left out. */
export function linksIn(header: string | null): Link[] {
  return (header ?? '')
    .slice(0, 8000)
    .split(/,\s{0,10}(?=<)/)
    .flatMap(part => {
      const end = part.indexOf('>')
      const rels = /;\s{0,10}rel\s{0,10}=\s{0,10}(?:"([^"]{0,200})"|([\w-]{1,50}))/i.exec(part.slice(end + 1, end + 1000))
      const href = part.trimStart().startsWith('<') && end > 0 ? part.slice(part.indexOf('<') + 1, end) : undefined
      return href && rels ? (rels[1] ?? rels[2] ?? '').split(' ').map(rel => ({ href, rel })) : []
    })
}

/** The header counts before the document; addresses may be written from where the feed was found. */
export function relationsFrom(url: string, header: string | null, inFeed: Relations): Relations {
  const said = relationsOf(linksIn(header))
  const hubs = (said.hubs.length ? said.hubs : inFeed.hubs).flatMap(each => webAddress(each, url) ?? [])
  return { hubs, self: webAddress(said.self ?? inFeed.self, url) ?? url, older: webAddress(said.older ?? inFeed.older, url) }
}
