/** Our own words as HTML: paragraphs, links, people and subjects, and nothing that was not escaped. */
import { partsOf } from './names.ts'

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escaped = (text: string): string => text.replace(/[&<>"']/g, mark => marks[mark]!)

const special = /https?:\/\/[^\s<>"]{1,2000}|[@#][\p{L}\p{N}_.@:-]{1,320}/gu

interface Found {
  start: number
  text: string
}

/** Where something begins that is more than a word; never in the middle of one. */
function foundIn(text: string): Found[] {
  const all = [...text.matchAll(special)].map(match => ({ start: match.index, text: trimmed(match[0]) }))
  return all.filter(({ start, text: it }) => isSpecial(it) && !/[\p{L}\p{N}_@/]$/u.test(text.slice(Math.max(0, start - 2), start)))
}

const isSpecial = (text: string): boolean =>
  text.startsWith('@') ? partsOf(text) !== undefined && !text.startsWith('@@') : text.length > 1

/** The full stop behind an address belongs to the sentence; a subject ends with its word. */
function trimmed(text: string): string {
  if (text.startsWith('#')) return /^#[\p{L}\p{N}_]{1,100}/u.exec(text)?.[0] ?? ''
  let end = text.length
  while (end > 0 && '.,;:!?)-'.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

export const addressesIn = (text: string): string[] => [
  ...new Set(foundIn(text).flatMap(({ text }) => (text.startsWith('@') ? [text.slice(1).toLowerCase()] : []))),
]

export const subjectsIn = (text: string): string[] => [
  ...new Set(foundIn(text).flatMap(({ text }) => (text.startsWith('#') && !/^#\d+$/.test(text) ? [text.slice(1)] : []))),
]

/** Whom an address in the text means, and where that leads. */
export type Leads = Map<string, { id: string; url: string }>

export function htmlOf(text: string, leads: Leads): string {
  const paragraphs = text.trim().split(/\n{2,20}/)
  return paragraphs.map(each => `<p>${lineHtml(each.trim(), leads).replaceAll('\n', '<br>')}</p>`).join('')
}

function lineHtml(text: string, leads: Leads): string {
  let [html, at] = ['', 0]
  for (const { start, text: it } of foundIn(text)) {
    html += escaped(text.slice(at, start)) + linked(it, leads)
    at = start + it.length
  }
  return html + escaped(text.slice(at))
}

function linked(text: string, leads: Leads): string {
  if (text.startsWith('http')) return `<a href="${escaped(text)}" rel="nofollow noopener">${escaped(text)}</a>`
  const lead = text.startsWith('@') ? leads.get(text.slice(1).toLowerCase()) : undefined
  return lead ? mention(text.slice(1).split('@')[0]!, lead.url) : escaped(text)
}

/** As others show people: by the name, with the host behind the link. */
export const mention = (name: string, url: string): string =>
  `<span class="h-card"><a href="${escaped(url)}" class="u-url mention">@<span>${escaped(name)}</span></a></span>`
