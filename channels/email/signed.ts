/** The mail inside an opaque S/MIME signature (RFC 8551, RFC 5652): the wrapping is taken off, the signature is not checked. Pure. */

interface Element {
  tag: number
  /** The content, or its children's bytes when the element is constructed. */
  content: Buffer
  /** The first byte after the element. */
  end: number
}

const signedData = Buffer.from('06092a864886f70d010702', 'hex')
const mostDepth = 20

/** The signed content as MIME source; nothing when it is encrypted, compressed or not understood. */
export function signedContent(source: Uint8Array): Uint8Array | undefined {
  try {
    return contentOf(Buffer.from(source.buffer, source.byteOffset, source.byteLength))
  } catch {
    return undefined
  }
}

/** ContentInfo { signedData, [0] SignedData { version, digests, EncapsulatedContentInfo { type, [0] OCTET STRING } … } } */
function contentOf(source: Buffer): Buffer | undefined {
  const info = element(source, 0, 0)
  if (!info.content.subarray(0, signedData.length).equals(signedData)) return undefined
  const wrapped = element(info.content, signedData.length, 1)
  const signed = element(wrapped.content, 0, 2)
  const version = element(signed.content, 0, 3)
  const digests = element(signed.content, version.end, 3)
  const inner = element(signed.content, digests.end, 3)
  const type = element(inner.content, 0, 4)
  const explicit = type.end < inner.content.length ? element(inner.content, type.end, 4) : undefined
  return explicit && octets(explicit.content, 0, 5)
}

/** An OCTET STRING may be cut into pieces, each an OCTET STRING of its own. */
function octets(source: Buffer, at: number, depth: number): Buffer {
  const whole = element(source, at, depth)
  if ((whole.tag & 0x20) === 0) return whole.content
  const pieces: Buffer[] = []
  for (let next = 0; next < whole.content.length; ) {
    const piece = element(whole.content, next, depth + 1)
    pieces.push(octets(whole.content, next, depth + 1))
    next = piece.end
  }
  return Buffer.concat(pieces)
}

function element(source: Buffer, at: number, depth: number): Element {
  if (depth > mostDepth || at + 2 > source.length) throw new RangeError('not a whole element')
  const tag = source[at]!
  const first = source[at + 1]!
  if (first === 0x80) return unended(source, tag, at + 2, depth)
  const extra = first > 0x80 ? first - 0x80 : 0
  if (extra > 4) throw new RangeError('too long')
  const begin = at + 2 + extra
  const length = extra ? source.readUIntBE(at + 2, extra) : first
  if (begin + length > source.length) throw new RangeError('cut off')
  return { tag, content: source.subarray(begin, begin + length), end: begin + length }
}

/** Indefinite length: the content goes on until two zero bytes stand where an element would begin. */
function unended(source: Buffer, tag: number, begin: number, depth: number): Element {
  let at = begin
  while (!(source[at] === 0 && source[at + 1] === 0)) at = element(source, at, depth + 1).end
  return { tag, content: source.subarray(begin, at), end: at + 2 }
}
