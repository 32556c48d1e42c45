/**
 * Parts that stand on many pages as they are, such as the rows of a list while one conversation after the other is opened, or a message each time that
 * its page looks again: drawn once.
 */
import { randomUUID } from 'node:crypto'
import { raw } from 'hono/html'
import { escapeToBuffer, type StringBuffer } from 'hono/utils/html'
import { date, language, zone } from '../messages.ts'
import type { Html } from '../page.tsx'

const mostParts = 4000
/** Of what is kept, and of what it was drawn from. */
const mostCharacters = 16_000_000
/** What is drawn from more than that would push out too much else. */
const longest = 64_000

const drawn = new Map<string, { part: unknown; length: number }>()
let characters = 0

type Plain = string | number | boolean | null | undefined

/** Language, time zone and today belong to whatever is drawn. */
const around = (): string => `${language()}\n${zone()}\n${date(new Date())}`

function keyOf(start: string, given: readonly Plain[]): string {
  let key = start
  for (const each of given) key += `\0${typeof each} ${each}`
  return key
}

/** Draws parts of one kind. `given` must be all that a part is drawn from; language, time zone and today belong to it by themselves. */
export function drawingAgain(name: string): (given: readonly Plain[], draw: () => Html) => Html {
  const start = `${name}\n${around()}`
  return (given, draw) => {
    const key = keyOf(start, given)
    if (key.length > longest) return draw()
    return (drawn.get(key)?.part as Html) ?? kept(key, wholeOf(name, draw()), html => raw(html) as unknown as Html)
  }
}

/** Letters and digits, which stay as they are in texts, attributes and addresses; nobody can guess them. */
const [mark, end] = [randomUUID().replaceAll('-', ''), 'z']
const standIns = Array.from({ length: 6 }, (_, at) => `${mark}${at}${end}`)
const anyStandIn = new RegExp(`${mark}(\\d)${end}`)

/** What is between the words of their own, and at odd places which of them stands there. */
type Alike = readonly string[]

/**
 * Draws parts that are alike but for a few `words` of their own (at most six), such as the thread that a form belongs to: once for all of them. `draw` gets
 * what stands for each word and may only write it down; what else it depends on, such as whether there is such a word, is `given`.
 */
export function drawingAlike(
  name: string,
): (words: readonly (string | Html)[], given: readonly Plain[], draw: (...words: string[]) => Html) => Html {
  const start = `${name}\n${around()}`
  return (words, given, draw) => {
    const key = keyOf(start, given)
    const known = drawn.get(key)?.part as Alike | undefined
    const alike = known ?? takenApart(key, wholeOf(name, draw(...standIns)))
    const said = words.map(each => (typeof each === 'string' ? escaped(each) : each.toString()))
    return raw(alike.map((piece, at) => (at % 2 ? said[Number(piece)] : piece)).join('')) as unknown as Html
  }
}

const takenApart = (key: string, html: string): Alike =>
  key.length > longest ? html.split(anyStandIn) : kept(key, html, whole => whole.split(anyStandIn))

function escaped(text: string): string {
  const buffer: StringBuffer = ['']
  escapeToBuffer(text, buffer)
  return buffer[0] as string
}

function wholeOf(name: string, part: Html): string {
  const html = part.toString() as string | Promise<string>
  if (typeof html !== 'string') throw new Error(`${name} waits for something and can not be drawn again`)
  // A string that was put together piece by piece stays in pieces; gathered once here, it need not be gathered for every page.
  return Buffer.from(html).toString()
}

function kept<T>(key: string, html: string, partOf: (html: string) => T): T {
  const part = partOf(html)
  const length = key.length + html.length
  drawn.set(key, { part, length })
  characters += length
  if (drawn.size > mostParts || characters > mostCharacters) makeRoom()
  return part
}

/** The quarter that was drawn first goes; what is still seen is soon drawn again. */
function makeRoom(): void {
  for (const [key, { length }] of [...drawn].slice(0, drawn.size / 4)) {
    drawn.delete(key)
    characters -= length
  }
}

const mostLooks = 60
const drawnFrom = new WeakMap<object, Map<string, Html[]>>()

/** Draws all of a list that many look at, as long as it is the very same list; `given` is what else its parts are drawn from. */
export function drawingList<T>(items: readonly T[], given: readonly Plain[], draw: (item: T) => Html): Html[] {
  const looks = drawnFrom.get(items) ?? new Map<string, Html[]>()
  const key = keyOf(around(), given)
  const known = looks.get(key)
  if (known) return known
  if (looks.size >= mostLooks) looks.clear()
  const parts = items.map(draw)
  drawnFrom.set(items, looks.set(key, parts))
  return parts
}
