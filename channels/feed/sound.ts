/** What no honest feed is, and what a parser would spend its time on: seen in one pass, before it is read. */
import { deepestJson, depthOf } from '#kernel/json.ts'

const mostParts = 150_000
const longestTag = 50_000

/** Neither more tags and attributes, longer ones, nor deeper lists than anybody writes. */
export const isSound = (text: string): boolean =>
  /^[\s\ufeff]*[{[]/.test(text.slice(0, 1000)) ? depthOf(text) <= deepestJson : hasSoundTags(text)

function hasSoundTags(text: string): boolean {
  let parts = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const aside = text.startsWith('<![CDATA[', at) ? ']]>' : text.startsWith('<!--', at) ? '-->' : undefined
    const tag = aside ? { end: text.indexOf(aside, at), attributes: 0 } : tagAt(text, at)
    parts += 1 + tag.attributes
    if (parts > mostParts) return false
    if (tag.end < 0) return aside !== undefined // A section without its end is for the parser to refuse.
    at = tag.end
  }
  return true
}

/** Where the tag ends, a `>` between quotes not counted; -1 when that is too far. */
function tagAt(text: string, start: number): { end: number; attributes: number } {
  let quote = ''
  let attributes = 0
  const most = Math.min(text.length, start + longestTag)
  for (let at = start + 1; at < most; at++) {
    const each = text[at]!
    if (quote) quote = each === quote ? '' : quote
    else if (each === '"' || each === "'") quote = each
    else if (each === '=') attributes++
    else if (each === '>') return { end: at, attributes }
  }
  return { end: -1, attributes }
}
