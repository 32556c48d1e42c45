/** Addresses: `nick@server` and `#room@server`; a name alone says nothing, for each server has its own `anna`. */
import { cleanName } from '#kernel/plain.ts'

export const addressOf = (target: string, server: string): string => `${visible(target)}@${server}`

/** A name with characters that cannot be seen is another name; they are written out, so that nobody passes for somebody else. */
function visible(target: string): string {
  const characters = [...target.toWellFormed().slice(0, 200)]
  return characters.map(each => (cleanName(`a${each}b`) === `a${each}b` && !'‹›'.includes(each) ? each : written(each))).join('') || '?'
}

const written = (character: string): string => `‹${character.codePointAt(0)!.toString(16)}›`

/** The name and the server of an address; undefined when it is none, or one that nothing can be sent to. */
export function readAddress(address: string): { target: string; server: string } | undefined {
  const at = address.lastIndexOf('@')
  const [target, server] = [
    address.slice(0, at).trim(),
    address
      .slice(at + 1)
      .trim()
      .toLowerCase(),
  ]
  return at > 0 && server && isTarget(target) ? { target, server } : undefined
}

/** One word that cannot become another command: no space, comma, colon at its beginning, control or written-out character. */
const isTarget = (target: string): boolean =>
  target.length > 0 && target.length <= 200 && cleanName(target) === target && !/[\s,‹›!*?]|^[:$@]/.test(target)

export const isRoom = (target: string, kinds = '#&+!'): boolean => kinds.includes(target.charAt(0)) && target.length > 1

/** Letters of ASCII only: `{` and `[` are one letter on some servers and two on others, and two people must not become one. */
export const normalise = (address: string): string => address.trim().replace(/[A-Z]+/g, letters => letters.toLowerCase())

/** How one server makes names equal (its CASEMAPPING), for what it says on one line. */
export const folding =
  (mapping = 'rfc1459') =>
  (name: string): string => {
    const lower = normalise(name)
    if (mapping === 'ascii') return lower
    const same = mapping === 'rfc1459-strict' ? '[]\\' : '[]\\~'
    return [...lower].map(each => '{}|^'[same.indexOf(each)] ?? each).join('')
  }
