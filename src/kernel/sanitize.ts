/** The one door for HTML from outside: what is not named here does not pass. */
import sanitize from 'sanitize-html'

export interface Cleaning {
  /** The address to show a picture by, or undefined to leave it out. Without it no picture of another server is shown. */
  images?(address: string): string | undefined
}

const tags = [
  'a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center', 'cite', 'code', 'col', 'colgroup', 'dd', 'del', 'details',
  'dfn', 'div', 'dl', 'dt', 'em', 'figcaption', 'figure', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img', 'ins', 'kbd', 'li', 'main', 'mark', 'ol', 'p',
  'pre', 'q', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var',
] // biome-ignore format: a list

const attributes = {
  '*': ['dir', 'lang', 'title', 'align', 'valign'],
  a: ['href', 'target', 'rel'],
  img: ['src', 'alt', 'width', 'height', 'loading'],
  td: ['colspan', 'rowspan', 'width'],
  th: ['colspan', 'rowspan', 'width', 'scope'],
  ol: ['start', 'type'],
}

/** HTML that can be shown inside our own pages: no script, no style, no form, no address but of the web, pictures only as they are let through. */
export function clean(html: string, { images = () => undefined }: Cleaning = {}): string {
  return sanitize(html, {
    allowedTags: tags,
    allowedAttributes: attributes,
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    nestingLimit: 100,
    disallowedTagsMode: 'discard',
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'template',
      'svg',
      'math',
      'iframe',
      'object',
      'xmp',
      'noembed',
      'noframes',
      'plaintext',
    ],
    transformTags: {
      a: (tagName, { target: _target, rel: _rel, ...attribs }) => ({
        tagName,
        attribs:
          attribs.href?.startsWith('/') && !attribs.href.startsWith('//')
            ? attribs
            : { ...attribs, target: '_blank', rel: 'noopener noreferrer nofollow ugc' },
      }),
      img: (tagName, { src = '', ...attribs }) => {
        const shown = pictureFrom(src.trim(), images)
        return { tagName, attribs: shown ? { ...attribs, src: shown, loading: 'lazy' } : attribs }
      },
    },
    exclusiveFilter: frame => frame.tag === 'img' && !frame.attribs.src,
  })
}

function pictureFrom(address: string, images: NonNullable<Cleaning['images']>): string | undefined {
  if (/^\/(proxy\/image\?|files\/)/.test(address) || /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]{1,400000}$/.test(address))
    return address
  return images(address)
}
