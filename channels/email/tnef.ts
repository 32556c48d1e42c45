/** The files inside a `winmail.dat`, Outlook's own wrapping (Microsoft's [MS-OXTNEF]). Pure; anything unexpected ends the reading, what was found stays. */

export interface Wrapped {
  name: string
  type: string
  content: Uint8Array
}

const signature = 0x223e9f78
const attachBegins = 0x00069002
const attachTitle = 0x00018010
const attachData = 0x0006800f
const attachProperties = 0x00069005
const mostFiles = 200

/** Property numbers of MAPI: the long file name, the MIME type, the data itself. */
const longName = 0x3707
const mimeType = 0x370e
const dataObject = 0x3701

export function filesIn(source: Uint8Array): Wrapped[] {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  const files: Partial<Wrapped>[] = []
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== signature) return []
  for (let at = 6; at + 9 <= bytes.length && files.length <= mostFiles; ) {
    const id = bytes.readUInt32LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const data = bytes.subarray(at + 9, at + 9 + length)
    if (id === attachBegins) files.push({})
    else if (files.length) take(files.at(-1)!, id, data)
    at += 9 + length + 2
  }
  return files.flatMap(file => (file.content ? [{ name: file.name ?? '', type: file.type ?? '', content: file.content }] : []))
}

function take(file: Partial<Wrapped>, id: number, data: Buffer): void {
  if (id === attachTitle) file.name ??= toNul(western.decode(data))
  if (id === attachData) file.content = data
  if (id === attachProperties) for (const [property, value] of propertiesIn(data)) takeProperty(file, property, value)
}

const western = new TextDecoder('windows-1252')
const toNul = (text: string): string => text.split('\0', 1)[0] ?? ''

function takeProperty(file: Partial<Wrapped>, property: number, value: { text?: string; bytes: Buffer }): void {
  if (property === longName && value.text) file.name = value.text
  if (property === mimeType && value.text) file.type = value.text
  if (property === dataObject && !file.content) file.content = value.bytes
}

/** The property list of [MS-OXTNEF] 2.1.3.4: a count, then type, number, for named ones a name, and the value padded to four bytes. */
function* propertiesIn(data: Buffer): Generator<[number, { text?: string; bytes: Buffer }]> {
  const reader = new Reader(data)
  const count = Math.min(reader.number(), 500)
  for (let index = 0; index < count && reader.left; index++) {
    const type = reader.short()
    const property = reader.short()
    if (property >= 0x8000) reader.name()
    const many = type & 0x1000 || [0x1e, 0x1f, 0x0d, 0x102].includes(type & 0xfff)
    const values = many ? Math.min(reader.number(), 500) : 1
    for (let each = 0; each < values && reader.left; each++) yield [property, reader.value(type & 0xfff)]
  }
}

const sizes: Record<number, number> = { 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 }

class Reader {
  at = 0
  readonly data: Buffer
  constructor(data: Buffer) {
    this.data = data
  }

  get left(): boolean {
    return this.at < this.data.length
  }

  bytes(length: number): Buffer {
    const found = this.data.subarray(this.at, this.at + length)
    this.at += length
    return found
  }

  short(): number {
    const found = this.bytes(2)
    return found.length === 2 ? found.readUInt16LE() : 0
  }

  number(): number {
    const found = this.bytes(4)
    return found.length === 4 ? found.readUInt32LE() : 0
  }

  padded(length: number): Buffer {
    const found = this.bytes(length)
    this.at += (4 - (length % 4)) % 4
    return found
  }

  name(): void {
    this.bytes(16)
    if (this.number() === 1) this.padded(this.number())
    else this.bytes(4)
  }

  value(type: number): { text?: string; bytes: Buffer } {
    const size = sizes[type]
    if (size) return { bytes: this.padded(size) }
    const bytes = this.padded(this.number())
    if (type === 0x1e) return { bytes, text: toNul(western.decode(bytes)) }
    if (type === 0x1f) return { bytes, text: toNul(new TextDecoder('utf-16le').decode(bytes)) }
    return { bytes }
  }
}
