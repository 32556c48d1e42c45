/** XML as a small tree of names, attributes and texts, written so that no text can be taken for a tag. */

export interface Element {
  name: string
  attributes: Record<string, string | number | undefined>
  inside: (Element | string | undefined)[]
}

export const element = (name: string, attributes: Element['attributes'] = {}, ...inside: Element['inside']): Element => ({
  name,
  attributes,
  inside,
})

/** What XML 1.0 cannot hold even in disguise (section 2.2) is left out. */
const possible = (text: string): string => text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')

export const escaped = (text: string): string =>
  possible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export const written = (root: Element): string => `<?xml version="1.0" encoding="utf-8"?>\n${drawn(root)}\n`

function drawn({ name, attributes, inside }: Element): string {
  const told = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : ` ${key}="${escaped(String(value))}"`))
  const within = inside.map(each => (typeof each === 'object' ? drawn(each) : escaped(each ?? ''))).join('')
  return within ? `<${name}${told.join('')}>${within}</${name}>` : `<${name}${told.join('')}/>`
}
