/** Pages travel packed, by whatever the browser can unpack that costs us least. */
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

// A page of 80 kB becomes 17 kB in a fifth of a millisecond; handing it to another thread would cost six times as much,
// and the last tenth that better levels save five times.
const ways: [name: string, pack: (text: string) => Buffer][] = [
  ['zstd', text => zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })],
  ['br', text => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } })],
  ['gzip', text => gzipSync(text, { level: 1 })],
]

/** Below this, the packing costs more than it saves. In characters. */
const least = 1400

/** A page as an answer. */
export function packed(c: Context, html: string, status: ContentfulStatusCode): Response {
  c.header('vary', 'accept-encoding')
  const accepted = c.req.header('accept-encoding') ?? ''
  const way = html.length >= least ? ways.find(([name]) => accepted.includes(name)) : undefined
  if (!way) return c.html(html, status) as Response
  const [name, pack] = way
  return c.body(new Uint8Array(pack(html)), status, { 'content-type': 'text/html; charset=UTF-8', 'content-encoding': name })
}
