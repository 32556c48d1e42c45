/** Writes a ZIP archive as a stream (APPNOTE 6.3.10, without ZIP64): names in UTF-8, each file deflated, its size told after it. */
import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import { refuse } from './errors.ts'

export interface ZipEntry {
  /** With `/` between folders, and never above where it is unpacked. */
  name: string
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

interface Written {
  name: Buffer
  at: number
  crc: number
  packed: number
  size: number
}

/** What ZIP without its extensions can hold. */
const mostEntries = 65_535
const mostBytes = 0xffff_ffff
/** Sizes follow the content; names are UTF-8. */
const flags = 0x0808
const deflated = 8

/** The archive, part by part. Refuses what is larger than 4 GiB, and more than 65,535 files. */
export async function* zipped(entries: AsyncIterable<ZipEntry>, at: Date): AsyncGenerator<Uint8Array> {
  const stamp = dosTime(at)
  const written: Written[] = []
  let far = 0
  for await (const { name, content } of entries) {
    const entry: Written = { name: Buffer.from(name, 'utf8'), at: far, crc: 0, packed: 0, size: 0 }
    written.push(entry)
    for await (const part of oneEntry(entry, content, stamp)) {
      far += part.length
      yield part
    }
    if (far > mostBytes || written.length > mostEntries) refuse('tooLarge', 'kernel.tooLarge', { most: mostBytes })
  }
  yield directory(written, stamp, far)
}

async function* oneEntry(entry: Written, content: ZipEntry['content'], stamp: Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([numbers([4, 0x04034b50], [2, 20], [2, flags], [2, deflated]), stamp, numbers([4, 0], [4, 0], [4, 0], [2, entry.name.length], [2, 0]), entry.name]) // biome-ignore format: the fields in their order
  for await (const part of Readable.from(counted(entry, content)).pipe(createDeflateRaw({ level: 6 }))) {
    entry.packed += part.length
    yield part
  }
  yield numbers([4, 0x08074b50], [4, entry.crc], [4, entry.packed], [4, entry.size])
}

async function* counted(entry: Written, content: ZipEntry['content']): AsyncGenerator<Uint8Array> {
  for await (const part of content) {
    entry.crc = crc32(part, entry.crc)
    entry.size += part.length
    yield part
  }
}

function directory(written: Written[], stamp: Buffer, at: number): Buffer {
  const rows = written.map(({ name, crc, packed, size, at }) =>
    Buffer.concat([numbers([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, deflated]), stamp, numbers([4, crc], [4, packed], [4, size], [2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), name]),
  ) // biome-ignore format: the fields in their order
  const all = Buffer.concat(rows)
  return Buffer.concat([
    all,
    numbers([4, 0x06054b50], [2, 0], [2, 0], [2, rows.length], [2, rows.length], [4, all.length], [4, at], [2, 0]),
  ])
}

/** Little-endian numbers of so many bytes. */
function numbers(...fields: [bytes: 2 | 4, value: number][]): Buffer {
  const all = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0))
  let at = 0
  for (const [bytes, value] of fields) at = bytes === 2 ? all.writeUInt16LE(value, at) : all.writeUInt32LE(value, at)
  return all
}

/** Time and day as MS-DOS kept them: two seconds exactly, years from 1980. */
const dosTime = (at: Date): Buffer =>
  numbers(
    [2, (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)],
    [2, ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()],
  )
