/** The one door for HTML that somebody else wrote: mails, posts, pages, and what Markdown makes. Nothing comes out that a browser would run or fetch by itself. */
import { createRequire } from 'node:module'
import { Parser } from 'htmlparser2'
import type sanitize from 'sanitize-html'
import { whenNeeded } from './needed.ts'
import { deepest, textOf } from './plain.ts'

export { cleanName, cleanText, textOf } from './plain.ts'

export interface Cleaning {
  /**
   * For a picture's address (`https://…`, or `cid:…` for one that came with the message): the address of our own under which it is shown, or nothing.
   * Without an answer, the picture's place is taken by its alternative text.
   */
  images?: (address: string) => string | undefined
}

const longest = 4_000_000

const sanitizer = whenNeeded(() => createRequire(import.meta.url)('sanitize-html') as typeof sanitize)

/**
 * HTML with text, structure, tables, links and pictures, and nothing else: no script, style, form, frame, id or event handler. Links open apart from our
 * page and name the host they lead to (`data-host`). Cleaning what is clean changes nothing.
 */
export function clean(html: string, { images = () => undefined }: Cleaning = {}): string {
  const whole = html.toWellFormed().replaceAll('\0', '')
  if (whole.length > longest || tooDeep(whole)) return asText(whole)
  const cleaned = sanitizer()(whole, { ...rules, transformTags: { ...shapes, img: (_, attribs) => picture(attribs, images) } })
  return cleaned.toWellFormed()
}

/** What is nested deeper than any page is shown as text: the time to build it would grow with the square of its depth. */
function tooDeep(html: string): boolean {
  let depth = 0
  const enough = Symbol('enough')
  const reader = new Parser({
    onopentag: () => {
      if (++depth > deepest) throw enough
    },
    onclosetag: () => {
      depth--
    },
  })
  try {
    reader.end(html)
    return false
  } catch (stop) {
    if (stop !== enough) throw stop
    return true
  }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const asText = (html: string): string => `<div>${escaped(textOf(html)).replaceAll('\n', '<br />')}</div>`

const inline = 'a abbr b bdi cite code del dfn em i ins kbd mark q s samp small span strike strong sub sup time tt u var'.split(' ')
const structure =
  'address blockquote br caption col colgroup dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p pre table tbody td tfoot th thead tr ul wbr'.split(
    ' ',
  )
/** Left out with everything inside. Elements that are in neither list leave their content behind. */
const silent =
  'applet audio base button canvas datalist embed frame frameset head iframe link math meta noembed noframes noscript object optgroup option plaintext script select style svg template textarea title video xmp'.split(
    ' ',
  )

const classes = ['align-center', 'align-end', 'image-blocked']

const rules: sanitize.IOptions = {
  allowedTags: [...inline, ...structure],
  nonTextTags: silent,
  disallowedTagsMode: 'discard',
  allowedAttributes: {
    '*': ['dir', 'lang'],
    a: ['href', 'rel', 'target', 'data-host'],
    img: ['src', 'alt', 'width', 'height', 'loading'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan', 'scope'],
    ol: ['start'],
    time: ['datetime'],
  },
  allowedClasses: { '*': classes },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  parseStyleAttributes: false,
  parser: { decodeEntities: true, lowerCaseTags: true },
}

type Shape = { tagName: string; attribs: Record<string, string> }

const shapes: sanitize.IOptions['transformTags'] = {
  a: (_, { href = '', ...attribs }) => link(href, attribs),
  font: (_, attribs) => ({ tagName: 'span', attribs }),
  center: (_, attribs) => ({ tagName: 'div', attribs: { ...attribs, class: 'align-center' } }),
  '*': (tagName, attribs) => ({ tagName, attribs: plainAttributes(attribs) }),
}

const aligned: Record<string, string> = { center: 'align-center', right: 'align-end', end: 'align-end' }

/** The few values that attributes of every element may have; alignment becomes a class, as our pages allow no styles of their own. */
function plainAttributes(attribs: Record<string, string>): Record<string, string> {
  const { align = '', dir = '', lang = '', ...others } = attribs
  const alignment =
    aligned[align.trim().toLowerCase()] ??
    aligned[/text-align\s{0,5}:\s{0,5}(\w{1,10})/i.exec(attribs.style?.slice(0, 1000) ?? '')?.[1]?.toLowerCase() ?? '']
  return {
    ...numbers(others),
    ...(alignment && { class: alignment }),
    ...(/^(ltr|rtl|auto)$/.test(dir) && { dir }),
    ...(/^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8}){0,5}$/.test(lang) && { lang }),
  }
}

const counting = ['colspan', 'rowspan', 'start', 'width', 'height']

function numbers(attribs: Record<string, string>): Record<string, string> {
  const kept = Object.entries(attribs).filter(([name, value]) => !counting.includes(name) || /^\d{1,4}$/.test(value))
  return Object.fromEntries(kept)
}

/** A link that goes nowhere we let it go is only its text. */
function link(href: string, attribs: Record<string, string>): Shape {
  const url = href.length > 8000 ? null : URL.parse(href, 'here://here')
  const plain = Object.fromEntries(Object.entries(attribs).filter(([name]) => !['rel', 'target', 'data-host', 'class'].includes(name)))
  const own = pathOfOurs(href)
  if (own) return { tagName: 'a', attribs: { ...plain, href: own } }
  if (!url || !['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol)) return { tagName: 'span', attribs: plain }
  url.username = ''
  url.password = ''
  const outside = { href: url.href, rel: 'noopener noreferrer nofollow ugc', target: '_blank' }
  return { tagName: 'a', attribs: { ...plain, ...outside, ...(url.host && { 'data-host': url.host }) } }
}

/** The path, when the address stays on our own pages however it is spelt. */
function pathOfOurs(href: string): string | undefined {
  const url = href.startsWith('/') && href.length < 8000 ? URL.parse(href, 'https://here.invalid') : null
  const path = url?.origin === 'https://here.invalid' ? `${url.pathname}${url.search}${url.hash}` : ''
  return path && !path.startsWith('//') ? path : undefined
}

const ofOurs = /^\/(files|proxy)\/[^\\]*$/
const drawn = /^data:image\/(png|gif|jpeg|webp);base64,[A-Za-z0-9+/]{1,400000}={0,2}$/

/** A picture from us or inside the text; any other is asked for with `images`, and one that could only count its readers is gone. */
function picture(attribs: Record<string, string>, images: NonNullable<Cleaning['images']>): Shape & { text?: string } {
  const address = (attribs.src ?? '').trim()
  const own = ofOurs.test(address) ? pathOfOurs(address) : drawn.test(address) ? address : undefined
  const src = own && (ofOurs.test(own) || own === address) ? own : answerFor(address, images)
  const { alt = '', width = '', height = '' } = attribs
  if (src) return { tagName: 'img', attribs: { src, alt, ...(width && { width }), ...(height && { height }), loading: 'lazy' } }
  if (/^[012]?$/.test(width) && /^[012]$/.test(height)) return { tagName: 'gone', attribs: {} }
  return { tagName: 'span', attribs: { class: 'image-blocked' }, text: alt.trim() }
}

function answerFor(address: string, images: NonNullable<Cleaning['images']>): string | undefined {
  const url = /^cid:/i.test(address) || /^https?:/i.test(address) ? URL.parse(address) : null
  const answer = url && address.length < 8000 ? images(url.protocol === 'cid:' ? `cid:${address.slice(4)}` : url.href) : undefined
  const path = answer && pathOfOurs(answer)
  return path && ofOurs.test(path) ? path : undefined
}
