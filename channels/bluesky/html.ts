/** A post's text with its links, as HTML; the places of links are bytes, and nobody promises that they are right. */
import { z } from 'zod'
import { storable } from '#kernel/plain.ts'
import { isDid, profileOf } from './names.ts'

const feature = z.object({ $type: z.string().max(200), uri: z.string().max(8000).optional(), did: z.string().max(300).optional() })
const facet = z.object({
  index: z.object({ byteStart: z.int().min(0), byteEnd: z.int().min(0) }),
  features: z.array(feature.nullable().catch(null)).max(20),
})
const list = z.array(facet.nullable().catch(null)).max(1000)

interface Lead {
  start: number
  end: number
  to: string
}

function leadsIn(facets: unknown): Lead[] {
  const found = (list.safeParse(facets).data ?? []).flatMap(each => {
    const to = each?.features.map(target).find(Boolean)
    return each && to ? [{ start: each.index.byteStart, end: each.index.byteEnd, to }] : []
  })
  return found.filter(({ start, end }) => start < end).sort((one, other) => one.start - other.start)
}

function target(it: z.output<typeof feature> | null): string | undefined {
  if (it?.uri && /^https?:\/\//i.test(it.uri) && URL.canParse(it.uri)) return it.uri
  return it?.did && isDid(it.did) ? profileOf(it.did) : undefined
}

/** Where a post leads by its links. */
export const linksIn = (facets: unknown): string[] => leadsIn(facets).map(({ to }) => to)

/** Whom a post names. */
export const namedIn = (facets: unknown): string[] =>
  (list.safeParse(facets).data ?? []).flatMap(each => each?.features.flatMap(it => it?.did ?? []) ?? [])

/** Undefined when there is nothing that the text alone does not say. Links that overlap, or begin in the middle of a character, are none. */
export function htmlOf(text: string, facets: unknown): string | undefined {
  const leads = leadsIn(facets)
  if (leads.length === 0) return undefined
  const bytes = Buffer.from(storable(text))
  const words = (start: number, end: number) => escaped(bytes.subarray(start, end).toString())
  let [html, at] = ['', 0]
  for (const { start, end, to } of leads) {
    if (start < at || end > bytes.length || isInside(bytes, start) || isInside(bytes, end)) continue
    html += `${words(at, start)}<a href="${escaped(storable(to))}">${words(start, end)}</a>`
    at = end
  }
  return at ? `<p>${html}${words(at, bytes.length)}</p>`.replaceAll('\n', '<br>') : undefined
}

const isInside = (bytes: Buffer, at: number): boolean => at < bytes.length && (bytes[at]! & 0xc0) === 0x80

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, mark => marks[mark]!)
