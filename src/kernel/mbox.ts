/** A mailbox file (mbox in its kinds, RFC 4155) into its mails, one at a time, so that the file may be larger than memory. Pure. */

/** What was left out, or not whole. `line` counts from 1; the rest of the file is read all the same. */
export interface MboxFault {
  line: number
  /**
   * `noStart`: text before the first line that begins a mail; a file of another kind is all of this. `noHeader`: a mail that does not begin with headers.
   * `empty`: nothing between two beginnings. `tooLarge`: a mail longer than `most`, which is cut off there.
   */
  reason: 'noStart' | 'noHeader' | 'empty' | 'tooLarge'
}

export interface MboxOptions {
  /** Bytes of one mail. */
  most?: number
  broken?: (fault: MboxFault) => void
}

const longestLine = 1_000_000

/**
 * The mails of a mailbox file in their order, each as it was before it was put into the file: without the line that begins it, `>From ` at the start of a
 * line being `From ` again. Memory grows with the largest mail, not with the file.
 */
export async function* splitMbox(
  source: AsyncIterable<Uint8Array>,
  { most = 50_000_000, broken = () => {} }: MboxOptions = {},
): AsyncGenerator<Uint8Array> {
  const box = new Box(most, broken)
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    const bytes = rest.length ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const end = bytes.lastIndexOf(0x0a) + 1
    const whole = end || (bytes.length > longestLine ? bytes.length : 0)
    yield* box.take(bytes.subarray(0, whole))
    // A copy, so that the chunk it lies in can go.
    rest = Buffer.from(bytes.subarray(whole))
  }
  yield* box.take(rest)
  yield* box.finish()
}

interface Mail {
  line: number
  parts: Buffer[]
  size: number
}

class Box {
  readonly most: number
  readonly broken: (fault: MboxFault) => void
  mail: Mail | undefined
  line = 0
  /** The line before was empty, or there was none. */
  gap = true
  /** The last piece did not end its line. */
  within = false

  constructor(most: number, broken: (fault: MboxFault) => void) {
    this.most = most
    this.broken = broken
  }

  /** Whole lines (or a piece of an endless one). What needs no change is taken in one piece. */
  *take(bytes: Buffer): Generator<Uint8Array> {
    let kept = 0
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(0x0a, at) + 1 || bytes.length
      if (!this.within) this.line++
      if (!this.within && this.begins(bytes, at, end)) {
        this.keep(bytes.subarray(kept, at))
        yield* this.finish()
        this.mail = { line: this.line, parts: [], size: 0 }
        kept = end
      } else if (!this.within && escaped(bytes, at)) {
        this.keep(bytes.subarray(kept, at))
        kept = at + 1
      }
      this.within = bytes[end - 1] !== 0x0a
      this.gap = !this.within && (end - at === 1 || (end - at === 2 && bytes[at] === 0x0d))
      at = end
    }
    this.keep(bytes.subarray(kept))
  }

  begins(bytes: Buffer, at: number, end: number): boolean {
    if (!this.gap || bytes[at] !== 0x46 || bytes.toString('latin1', at, at + 5) !== 'From ') return false
    return (!this.mail && this.line === 1) || dated(bytes.toString('latin1', at, Math.min(end, at + 300)))
  }

  keep(piece: Buffer): void {
    if (piece.length === 0) return
    if (!this.mail) {
      if (this.line > 0 && piece.toString('latin1', 0, 200).trim()) this.report('noStart', 1)
      return
    }
    const room = Math.max(0, this.most - this.mail.size)
    if (room > 0) this.mail.parts.push(piece.length > room ? piece.subarray(0, room) : piece)
    this.mail.size += piece.length
  }

  #told = false
  report(reason: MboxFault['reason'], line: number): void {
    if (reason === 'noStart' && this.#told) return
    this.#told ||= reason === 'noStart'
    this.broken({ line, reason })
  }

  /** The mail that was being read, when it is one. */
  *finish(): Generator<Uint8Array> {
    const mail = this.mail
    this.mail = undefined
    if (!mail) return
    const bytes = withoutGap(Buffer.concat(mail.parts))
    if (mail.size > this.most) this.report('tooLarge', mail.line)
    if (bytes.toString('latin1', 0, 1000).trim() === '') this.report('empty', mail.line)
    else if (!/^[!-9;-~]{1,200}[ \t]{0,9}:/.test(bytes.toString('latin1', 0, 300).trimStart())) this.report('noHeader', mail.line)
    else yield bytes
  }
}

/** `From anna@kund.example Thu Mar 12 09:41:07 2026`, with or without seconds, zone, or an address; a sentence that begins so has no time in it. */
const dated = (line: string): boolean => /\d{1,2}:\d{2}/.test(line) && /\b(19|20)\d{2}\b/.test(line)

/** `>From `, `>>From ` … (mboxrd; mboxo knows only the first, and the difference cannot be seen). */
function escaped(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== 0x3e) return false
  let end = at
  while (bytes[end] === 0x3e && end - at < 1000) end++
  return bytes.toString('latin1', end, end + 5) === 'From '
}

/** The empty line before the next mail belongs to the file. */
function withoutGap(bytes: Buffer): Buffer {
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - 4))
  if (tail.endsWith('\r\n\r\n')) return bytes.subarray(0, -2)
  return tail.endsWith('\n\n') ? bytes.subarray(0, -1) : bytes
}
