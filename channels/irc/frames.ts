/** One line of the protocol (RFC 1459 and 2812, message tags of IRCv3): bytes to frames and back. */

export interface Frame {
  tags: Map<string, string>
  /** Who sent it; empty when the server itself did not say. */
  nick: string
  /** `user@host` of the sender; a server has none. */
  host: string
  /** In capitals: `PRIVMSG`, `001`. */
  command: string
  params: string[]
  /** The whole line as it came, when it was not UTF-8. */
  odd?: Uint8Array
}

/** Longer lines are thrown away up to their end: 8,191 bytes of tags and a generous line fit. */
export const longestLine = 16_384
/** After so much without an end the other side speaks something else. */
export const longestNoise = 1_000_000

export type Piece = { line: Uint8Array } | { noise: true }

/** Cuts a stream of bytes into lines; holds no more than one line, whatever comes. */
export function lineCutter(): (bytes: Uint8Array) => Piece[] {
  let rest: Uint8Array = new Uint8Array(0)
  let dropped = 0
  return bytes => {
    const pieces: Piece[] = []
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const line = Buffer.concat([rest, bytes.subarray(start, end)])
      if (!dropped && line.length <= longestLine) pieces.push({ line: line.at(-1) === 13 ? line.subarray(0, -1) : line })
      rest = new Uint8Array(0)
      dropped = 0
      start = end + 1
    }
    rest = Buffer.concat([rest, bytes.subarray(start)])
    if (dropped || rest.length > longestLine) {
      dropped += rest.length
      rest = new Uint8Array(0)
    }
    return dropped > longestNoise ? [...pieces, { noise: true }] : pieces
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const western = new TextDecoder('windows-1252')

function decoded(bytes: Uint8Array): { text: string; isOdd: boolean } {
  try {
    return { text: strict.decode(bytes), isOdd: false }
  } catch {
    return { text: western.decode(bytes), isOdd: true }
  }
}

/** A line as a frame; undefined when it is none. Bytes that are not UTF-8 are read as Western European, as older programs send them. */
export function frameIn(line: Uint8Array): Frame | undefined {
  const { text, isOdd } = decoded(line)
  if (text.includes('\0') || text.includes('\r')) return undefined
  const [tagged, afterTags] = text.startsWith('@') ? cutAt(text.slice(1)) : ['', text]
  const [prefix, afterPrefix] = afterTags.startsWith(':') ? cutAt(afterTags.slice(1)) : ['', afterTags]
  const [command, ...params] = wordsIn(afterPrefix)
  if (!command || !/^([a-zA-Z]{1,30}|\d{3})$/.test(command)) return undefined
  const bang = prefix.indexOf('!')
  const [nick, host] = bang < 0 ? [prefix, ''] : [prefix.slice(0, bang), prefix.slice(bang + 1)]
  return { tags: tagsIn(tagged), nick, host, command: command.toUpperCase(), params, ...(isOdd && { odd: line }) }
}

function cutAt(text: string): [string, string] {
  const space = text.indexOf(' ')
  return space < 0 ? [text, ''] : [text.slice(0, space), skipSpaces(text.slice(space))]
}

const skipSpaces = (text: string): string => text.replace(/^ +/, '')

function wordsIn(text: string): string[] {
  const words: string[] = []
  for (let rest = skipSpaces(text); rest && words.length < 100; ) {
    if (words.length && rest.startsWith(':')) return [...words, rest.slice(1)]
    const [word, after] = cutAt(rest)
    words.push(word)
    rest = after
  }
  return words
}

const escapes: Record<string, string> = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' }

function tagsIn(text: string): Map<string, string> {
  const pairs = text.split(';').filter(Boolean).slice(0, 200)
  return new Map(
    pairs.map(pair => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1).replace(/\\(.?)/g, (_, sign: string) => escapes[sign] ?? sign)]
    }),
  )
}

const escaped = (value: string): string =>
  value.replace(/[;\s\\]/g, sign => `\\${Object.entries(escapes).find(([, meant]) => meant === sign)?.[0] ?? ''}`)

/** A line to be sent. What would end it early becomes a space, so that no text is ever a second command. */
export function lineOf(words: string[], tags: Record<string, string> = {}): string {
  const [last = '', ...before] = words.map(word => word.replace(/[\r\n\0]/g, ' ')).reverse()
  const trailing = last === '' || last.includes(' ') || last.startsWith(':') ? `:${last}` : last
  const tagged = Object.entries(tags).map(([name, value]) => `${name}=${escaped(value)}`)
  return `${tagged.length ? `@${tagged.join(';')} ` : ''}${[...before.reverse(), trailing].join(' ')}\r\n`
}
