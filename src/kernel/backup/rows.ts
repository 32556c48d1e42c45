/** Rows as COPY writes them: one line each, whatever is in them. */
import { createHash, hash } from 'node:crypto'

const newline = 10

/** A fingerprint of many rows that does not depend on their order: eight 32-bit sums over the SHA-256 of each. */
export class Fingerprint {
  rows = 0
  readonly sums = new Uint32Array(8)

  /** Adds every line of this text; it must end with a whole line. */
  add(lines: Buffer): void {
    for (let start = 0; start < lines.length; ) {
      const end = lines.indexOf(newline, start)
      this.addOne(lines.subarray(start, end))
      start = end + 1
    }
  }

  addOne(line: Buffer): void {
    const digest = hash('sha256', line, 'buffer')
    for (let at = 0; at < 8; at++) this.sums[at] = this.sums[at]! + digest.readUInt32LE(at * 4)
    this.rows++
  }

  get text(): string {
    return Buffer.from(this.sums.buffer).toString('hex')
  }
}

/** The same bytes in pieces of whole lines, each at least `size` long but for the last. */
export async function* wholeLines(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (const part of source) {
    const end = part.lastIndexOf(newline) + 1
    if (end === 0 || length + end < size) {
      parts.push(part)
      length += part.length
      continue
    }
    yield Buffer.concat([...parts, part.subarray(0, end)])
    parts = [part.subarray(end)]
    length = part.length - end
  }
  if (length) yield Buffer.concat(parts)
}

/** Passes a file on, and adds its name and content to a fingerprint as one row. */
export async function* fingerprinted(source: AsyncIterable<Buffer>, name: string, print: Fingerprint): AsyncGenerator<Buffer> {
  const content = createHash('sha256')
  for await (const part of source) {
    content.update(part)
    yield part
  }
  print.addOne(Buffer.from(`${name} ${content.digest('hex')}`))
}
