/**
 * Parts that stand on many pages as they are, such as the rows of a list while one conversation after the other is opened, or a message each time that
 * its page looks again: drawn once.
 */
import { raw } from 'hono/html'
import { date, language, zone } from '../messages.ts'
import type { Html } from '../page.tsx'

const mostParts = 4000
/** Of what is kept, and of what it was drawn from. */
const mostCharacters = 16_000_000
/** What is drawn from more than that would push out too much else. */
const longest = 64_000

const drawn = new Map<string, { part: Html; length: number }>()
let characters = 0

type Plain = string | number | boolean | null | undefined

/** Draws parts of one kind. `given` must be all that a part is drawn from; language, time zone and today belong to it by themselves. */
export function drawingAgain(name: string): (given: readonly Plain[], draw: () => Html) => Html {
  const around = `${name}\n${language()}\n${zone()}\n${date(new Date())}`
  return (given, draw) => {
    let key = around
    for (const each of given) key += `\0${typeof each} ${each}`
    if (key.length > longest) return draw()
    return drawn.get(key)?.part ?? kept(name, key, draw().toString())
  }
}

function kept(name: string, key: string, html: string | Promise<string>): Html {
  if (typeof html !== 'string') throw new Error(`${name} waits for something and can not be drawn again`)
  // A string that was put together piece by piece stays in pieces; gathered once here, it need not be gathered for every page.
  const part = raw(Buffer.from(html).toString()) as unknown as Html
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
