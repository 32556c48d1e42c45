/** Emoji of a server's own: `:name:` in the words, a picture beside it in the tags. Whoever is not shown pictures reads the name. */
import { escaped } from './html.ts'
import { webAddress } from './people.ts'
import type { Thing } from './shapes.ts'

const most = 50

function picturesIn({ tag }: Pick<Thing, 'tag'>): Map<string, string> {
  const found = tag.slice(0, most).flatMap(({ type, name, icon }) => {
    const [named, url] = [`:${name.replaceAll(':', '')}:`, webAddress(icon)]
    return type === 'Emoji' && url && /^:[\w-]{1,60}:$/.test(named) ? [[named, url] as const] : []
  })
  return new Map(found)
}

/** Only in what is read, never inside a tag. */
export function withEmoji(html: string, thing: Pick<Thing, 'tag'>): string {
  const pictures = picturesIn(thing)
  if (pictures.size === 0) return html
  return html
    .split(/(<[^<>]{0,5000}>)/)
    .map((part, index) => (index % 2 ? part : drawn(part, pictures)))
    .join('')
}

const drawn = (text: string, pictures: Map<string, string>): string =>
  text.replace(/:[\w-]{1,60}:/g, name => {
    const url = pictures.get(name)
    return url ? `<img src="${escaped(url)}" alt="${name}" width="20" height="20">` : name
  })
