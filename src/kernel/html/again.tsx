/** Parts that stand on many pages as they are, such as the rows of a list while one conversation after the other is opened: drawn once. */
import { raw } from 'hono/html'
import { date, language, zone } from '../messages.ts'
import type { Html } from '../page.tsx'

const most = 4000
const drawn = new Map<string, Html>()

type Plain = string | number | boolean | null | undefined

/** Draws parts of one kind. `given` must be all that a part is drawn from; language, time zone and today belong to it by themselves. */
export function drawingAgain(name: string): (given: readonly Plain[], draw: () => Html) => Html {
  const around = `${name}\n${language()}\n${zone()}\n${date(new Date())}`
  return (given, draw) => {
    let key = around
    for (const each of given) key += `\0${typeof each} ${each}`
    return drawn.get(key) ?? kept(name, key, draw().toString())
  }
}

function kept(name: string, key: string, html: string | Promise<string>): Html {
  if (typeof html !== 'string') throw new Error(`${name} waits for something and can not be drawn again`)
  if (drawn.size >= most) for (const old of [...drawn.keys()].slice(0, most / 4)) drawn.delete(old)
  // A string that was put together piece by piece stays in pieces; gathered once here, it need not be gathered for every page.
  const part = raw(Buffer.from(html).toString()) as unknown as Html
  drawn.set(key, part)
  return part
}
