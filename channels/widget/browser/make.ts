/** Elements, one by one: text is never read as HTML, so the page's policy has nothing to forbid. */

type Properties = Record<string, unknown>
type Child = Node | string | undefined | null | false

/** Names with a dash or `role` are attributes, `on…` are listeners, everything else is a property. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value as EventListener)
    else if (name.includes('-') || name === 'role') element.setAttribute(name, String(value))
    else Object.assign(element, { [name]: value })
  }
  element.append(...children.filter(child => child !== undefined && child !== null && child !== false))
  return element
}

const drawn = 'http://www.w3.org/2000/svg'

/** A sign of lines in a square of 24. */
export function sign(path: string): SVGSVGElement {
  const svg = document.createElementNS(drawn, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(drawn, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

export const signs = {
  talk: 'M4 5h16v11h-8l-4 4v-4H4z',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M4 12h15M13 6l6 6-6 6',
  file: 'M8 12.5l5.5-5.5a2.5 2.5 0 0 1 3.5 3.5l-7 7a4 4 0 0 1-5.6-5.6L11 5.500',
}

const address = /https?:\/\/[^\s<>"'()]{1,1000}/g

/** Running text whose addresses can be followed. */
export function linked(text: string): Node[] {
  const nodes: Node[] = []
  let at = 0
  for (const found of text.matchAll(address)) {
    const [url] = found
    nodes.push(document.createTextNode(text.slice(at, found.index)))
    nodes.push(make('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, url))
    at = found.index + url.length
  }
  return [...nodes, document.createTextNode(text.slice(at))]
}

let count = 0

/** A field with its label, and a sentence of help that is read with it. */
export function field(label: string, input: HTMLInputElement | HTMLTextAreaElement, help?: string): HTMLElement {
  input.id = `f${++count}`
  const says = help ? make('small', { id: `${input.id}h` }, help) : undefined
  if (says) input.setAttribute('aria-describedby', says.id)
  return make('div', { className: 'field' }, make('label', { htmlFor: input.id }, label), input, says)
}
