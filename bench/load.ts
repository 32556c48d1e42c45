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

/** Milliseconds from asking to the last byte, one for each request. Any answer that is not a whole page is a fault. */
export async function timesOf({ url, cookie, paths, atOnce, requests, least = 2000, looks = 0 }: Load): Promise<number[]> {
  const pool = new Pool(url, { connections: atOnce, pipelining: 1 })
  const times: number[] = []
  let next = 0
  const one = async () => {
    while (next < requests) {
      if (looks) await pause(looks * 2 * Math.random())
      const path = paths[next++ % paths.length]!
      const began = performance.now()
      const { statusCode, body } = await pool.request({
        path,
        method: 'GET',
        headers: { cookie, accept: 'text/html', 'accept-encoding': 'gzip, deflate, br, zstd' },
      })
      const bytes = (await body.arrayBuffer()).byteLength
      times.push(performance.now() - began)
      if (statusCode !== 200 || bytes < least) throw new Error(`${path} was answered with ${statusCode} and ${bytes} bytes`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  await pool.close()
  return times
}
