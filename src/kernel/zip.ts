/**
 * Writes a ZIP archive as a stream (APPNOTE 6.3.10): names in UTF-8, contents deflated. ZIP64 stands where ZIP cannot hold a number, and nowhere else, so
 * that old programs read what they can read.
 */
import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  /** With `/` between folders, and never above where it is unpacked. */
  name: string
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

interface Written {
  name: Buffer
  flags: number
  method: number
  at: number
  crc: number
  packed: number
  size: number
}

/** From these on ZIP says "look into ZIP64". */
const mostEntries = 0xffff
const most = 0xffff_ffff
/** Names are UTF-8. */
const named = 0x0800
/** Sum and sizes follow the content. */
const follows = 0x0008
const deflated = 8
/** So little is packed at once, and its sizes stand before it; and so little is not worth packing. In bytes. */
const little = 65_536
const tiny = 100

/** The archive, part by part, however large. `from` is where it begins in its file, when something else stands before it. */
export async function* zipped(entries: AsyncIterable<ZipEntry>, at: Date, { from = 0 } = {}): AsyncGenerator<Uint8Array> {
  const stamp = dosTime(at)
  const written: Written[] = []
  let far = from
  for await (const { name, content } of entries) {
    const entry: Written = { name: Buffer.from(name, 'utf8'), flags: named, method: deflated, at: far, crc: 0, packed: 0, size: 0 }
    written.push(entry)
    for await (const part of oneEntry(entry, content, stamp)) {
      far += part.length
      yield part
    }
  }
  yield* directory(written, stamp, far)
}

async function* oneEntry(entry: Written, content: ZipEntry['content'], stamp: Buffer): AsyncGenerator<Uint8Array> {
  const { held, rest } = await beginning(content)
  if (rest) yield* streamed(entry, joined(held, rest), stamp)
  else yield* atOnce(entry, Buffer.concat(held), stamp)
}

type Parts = Iterator<Uint8Array> | AsyncIterator<Uint8Array>

/** As much as is little; the rest only where there is more. */
async function beginning(content: ZipEntry['content']): Promise<{ held: Uint8Array[]; rest?: Parts }> {
  const rest: Parts = Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]()
  const held: Uint8Array[] = []
  for (let size = 0; size <= little; size += held.at(-1)!.length) {
    const next = await rest.next()
    if (next.done) return { held }
    held.push(next.value)
  }
  return { held, rest }
}

async function* joined(held: Uint8Array[], rest: Parts): AsyncGenerator<Uint8Array> {
  yield* held
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    // Whoever stops in between leaves no file open.
    await rest.return?.()
  }
}

function* atOnce(entry: Written, content: Buffer, stamp: Buffer): Generator<Uint8Array> {
  const packed = content.length > tiny ? deflateRawSync(content) : content
  if (packed === content) entry.method = 0
  Object.assign(entry, { crc: crc32(content), size: content.length, packed: packed.length })
  yield Buffer.concat([header(entry, stamp), packed])
}

async function* streamed(entry: Written, content: AsyncIterable<Uint8Array>, stamp: Buffer): AsyncGenerator<Uint8Array> {
  entry.flags |= follows
  yield header(entry, stamp)
  const packing = createDeflateRaw({ level: 6 })
  // What goes wrong on one side ends the other as well; whoever reads here is told.
  pipeline(Readable.from(counted(entry, content)), packing, () => {})
  for await (const part of packing) {
    entry.packed += part.length
    yield part
  }
  // Where a file turned out too large for four bytes, eight follow; the directory says so (section 4.3.9.2), as other writers of streams do.
  const width = Math.max(entry.packed, entry.size) >= most ? 8 : 4
  yield numbers([4, 0x08074b50], [4, entry.crc], [width, entry.packed], [width, entry.size])
}

async function* counted(entry: Written, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of content) {
    entry.crc = crc32(part, entry.crc)
    entry.size += part.length
    yield part
  }
}

const header = ({ name, flags, method, crc, packed, size }: Written, stamp: Buffer): Buffer =>
  Buffer.concat([numbers([4, 0x04034b50], [2, 20], [2, flags], [2, method]), stamp, numbers([4, crc], [4, packed], [4, size], [2, name.length], [2, 0]), name]) // biome-ignore format: the fields in their order

/** The rows of the directory, many at a time, and how it ends. */
function* directory(written: Written[], stamp: Buffer, at: number): Generator<Uint8Array> {
  let size = 0
  for (let first = 0; first < written.length; first += 1000) {
    const rows = Buffer.concat(written.slice(first, first + 1000).map(each => row(each, stamp)))
    size += rows.length
    yield rows
  }
  yield ending(written.length, size, at)
}

function row({ name, flags, method, crc, packed, size, at }: Written, stamp: Buffer): Buffer {
  // Only what found no place, in this order (section 4.5.3).
  const wide = [size, packed, at].filter(each => each >= most)
  const extra = wide.length ? numbers([2, 0x0001], [2, 8 * wide.length], ...wide.map(each => [8, each] as const)) : Buffer.alloc(0)
  const version = wide.length ? 45 : 20
  return Buffer.concat([
    numbers([4, 0x02014b50], [2, version], [2, version], [2, flags], [2, method]), stamp,
    numbers([4, crc], [4, narrow(packed)], [4, narrow(size)], [2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, narrow(at)]), name, extra,
  ]) // biome-ignore format: the fields in their order
}

const narrow = (number: number): number => Math.min(number, most)

function ending(rows: number, size: number, at: number): Buffer {
  const few = Math.min(rows, mostEntries)
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, few], [2, few], [4, narrow(size)], [4, narrow(at)], [2, 0])
  if (few < mostEntries && size < most && at < most) return end
  return Buffer.concat([
    numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, rows], [8, rows], [8, size], [8, at]),
    numbers([4, 0x07064b50], [4, 0], [8, at + size], [4, 1]),
    end,
  ])
}

/** Little-endian numbers of so many bytes. */
function numbers(...fields: (readonly [bytes: 2 | 4 | 8, value: number])[]): Buffer {
  const all = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0))
  let at = 0
  for (const [bytes, value] of fields) {
    if (bytes === 8) at = all.writeBigUInt64LE(BigInt(value), at)
    else at = all.writeUIntLE(value, at, bytes)
  }
  return all
}

/** Time and day as MS-DOS kept them: two seconds exactly, years from 1980. */
const dosTime = (at: Date): Buffer =>
  numbers(
    [2, (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)],
    [2, ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()],
  )
