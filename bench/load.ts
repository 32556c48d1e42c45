/** So many people at once who each ask for the next page when they have the last: how long each answer took, whole and checked. */
import { Pool } from 'undici'
import { pause } from './server.ts'

export interface Load {
  url: string
  cookie: string
  paths: readonly string[]
  atOnce: number
  requests: number
  /** Bytes of the smallest whole answer. */
  least?: number
  /** Milliseconds that each of them looks at a page, on average; without it they ask again at once. */
  looks?: number
}

/** Milliseconds from asking for a page to its last byte; `headers` as a browser would send them. Any answer that is not a whole page is a fault. */
export async function timeOf(
  pool: Pool,
  cookie: string,
  path: string,
  { least = 2000, headers = {} as Record<string, string> } = {},
): Promise<number> {
  const began = performance.now()
  const { statusCode, body } = await pool.request({
    path,
    method: 'GET',
    headers: { ...headers, cookie, accept: 'text/html', 'accept-encoding': 'gzip, deflate, br, zstd' },
  })
  const bytes = (await body.arrayBuffer()).byteLength
  if (statusCode !== 200 || bytes < least) throw new Error(`${path} was answered with ${statusCode} and ${bytes} bytes`)
  return performance.now() - began
}

/** The same of one request after the other, so many at once. */
export async function timesOf({ url, cookie, paths, atOnce, requests, least = 2000, looks = 0 }: Load): Promise<number[]> {
  const pool = new Pool(url, { connections: atOnce, pipelining: 1 })
  const times: number[] = []
  let next = 0
  const one = async () => {
    while (next < requests) {
      if (looks) await pause(looks * 2 * Math.random())
      const path = paths[next++ % paths.length]!
      times.push(await timeOf(pool, cookie, path, { least }))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  await pool.close()
  return times
}
