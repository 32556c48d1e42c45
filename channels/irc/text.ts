/** Texts on their way in and out: colours and control codes are taken out, long texts are cut into lines that a server takes. */
import { cleanText } from '#kernel/plain.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are written with these
const colours = /\u0003(\d{1,2}(,\d{1,2})?)?|\u0004([0-9a-fA-F]{6}(,[0-9a-fA-F]{6})?)?/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: bold, italics, underlined, reversed …
const styles = /[\u0002\u000f\u0011\u0016\u001d-\u001f]/g

/** The words alone; what would turn the writing direction beyond its line is ended in it. */
export const plain = (text: string): string => cleanText(text.replace(colours, '').replace(styles, ''))

/** A message between programs (CTCP): its word and what follows; undefined when it is an ordinary text. */
export function programIn(text: string): { word: string; rest: string } | undefined {
  if (!text.startsWith('\u0001')) return undefined
  const [word = '', ...rest] = text.slice(1).split('\u0001', 1)[0]!.split(' ')
  return { word: word.toUpperCase(), rest: rest.join(' ') }
}

/** Each line of a text as lines of at most `most` bytes, between words where that is possible, never inside a character that people see as one. */
export function linesOf(text: string, most: number): string[] {
  const written = cleanText(text)
    .split('\n')
    .map(line => line.replaceAll('\t', ' ').trimEnd())
  return written.filter(Boolean).flatMap(line => cutLine(line, most))
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

function cutLine(line: string, most: number): string[] {
  if (Buffer.byteLength(line) <= most) return [line]
  const lines: string[] = []
  let open = ''
  let size = 0
  for (const { segment } of characters.segment(line)) {
    for (const part of Buffer.byteLength(segment) > most ? [...segment] : [segment]) {
      const length = Buffer.byteLength(part)
      while (open && size + length > most) {
        const [full, rest] = atSpace(open)
        lines.push(full)
        open = rest
        size = Buffer.byteLength(rest)
      }
      open += part
      size += length
    }
  }
  return [...lines, open].map(each => each.trim()).filter(Boolean)
}

/** Broken at its last space, unless that leaves most of the line empty. */
function atSpace(line: string): [string, string] {
  const space = line.lastIndexOf(' ')
  return space > line.length / 2 ? [line.slice(0, space), line.slice(space + 1)] : [line, '']
}
