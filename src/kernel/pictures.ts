/** Pictures, written anew: bounded in size and frames, turned upright, and without anything that their maker or camera wrote into them. */
import { createRequire } from 'node:module'
import type Sharp from 'sharp'
import { Refusal, refuse } from './errors.ts'
import { whenNeeded } from './needed.ts'

/** 33 megapixels: more is a bomb or a mistake (a file of 249 kB can open to 256). */
export const mostPixels = 33_000_000
const mostFrames = 200

const sharp = whenNeeded(() => {
  const library = createRequire(import.meta.url)('sharp') as typeof Sharp
  // One thread per picture, at most two pictures at once: a server has other things to do as well.
  library.concurrency(1)
  library.cache(false)
  return library
})

const formats = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/webp': 'webp', 'image/gif': 'gif', 'image/avif': 'avif' } as const

export interface Picture {
  bytes: Uint8Array
  type: string
  width: number
  height: number
}

let turn: Promise<unknown> = Promise.resolve()
let second: Promise<unknown> = Promise.resolve()

/** Two at a time. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const mine = turn.then(run, run)
  turn = second
  second = mine.catch(() => {})
  return mine
}

const read = (bytes: Uint8Array, animated: boolean) =>
  sharp()(bytes, { limitInputPixels: mostPixels, animated, failOn: 'error', limitInputChannels: 5, ...(animated && { pages: -1 }) })

/** The same picture without its metadata, at its full size. Refuses what is too large or broken. */
export function asShown(bytes: Uint8Array, type: string): Promise<Picture> {
  return inTurn(async () => {
    const animated = type === 'image/gif' || type === 'image/webp'
    try {
      const { pages = 1 } = await read(bytes, false).metadata()
      if (pages > mostFrames) refuse('tooLarge', 'kernel.pictureFrames', { most: mostFrames })
      return await written(bytes, type, animated && pages > 1)
    } catch (error) {
      throw asRefusal(error)
    }
  })
}

type Part = Parameters<typeof section>[2]

async function written(bytes: Uint8Array, type: string, animated: boolean, part?: Part): Promise<Picture> {
  const format = formats[type as keyof typeof formats] ?? 'png'
  const quality = format === 'jpeg' || format === 'webp' || format === 'avif' ? { quality: 88 } : {}
  const upright = animated ? read(bytes, true) : read(bytes, false).autoOrient()
  const { data, info } = await (part ? upright.extract(part) : upright)
    .toFormat(format, quality)
    .timeout({ seconds: 20 })
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, type, width: info.width, height: info.pageHeight ?? info.height }
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const large = error instanceof Error && /pixel limit/i.test(error.message)
  return large
    ? new Refusal('tooLarge', 'kernel.pictureLarge', { most: mostPixels / 1_000_000 })
    : new Refusal('invalid', 'kernel.pictureBroken')
}

/** A part of a picture that was written by `asShown`, in its own pixels; in each of its frames, when it moves. */
export function section(
  bytes: Uint8Array,
  type: string,
  part: { left: number; top: number; width: number; height: number },
): Promise<Picture> {
  return inTurn(async () => {
    try {
      const { pages = 1 } = await read(bytes, false).metadata()
      return await written(bytes, type, pages > 1, part)
    } catch (error) {
      throw asRefusal(error)
    }
  })
}

/** At most 480 pixels wide and high, as WebP. */
export const small = (bytes: Uint8Array): Promise<Uint8Array> =>
  inTurn(() => read(bytes, false).autoOrient().resize(480, 480, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).timeout({ seconds: 20 }).toBuffer()) // biome-ignore format: one chain

/** A picture of somebody else, for our own pages: at most 2,000 pixels wide, moving only within bounds. */
export function foreign(bytes: Uint8Array, type: string): Promise<Picture> {
  return inTurn(async () => {
    try {
      const { pages = 1 } = await read(bytes, false).metadata()
      const animated = pages > 1 && pages <= mostFrames && (type === 'image/gif' || type === 'image/webp')
      const { data, info } = await read(bytes, animated)
        .resize(2000, undefined, { withoutEnlargement: true })
        .webp({ quality: 82, effort: 2 })
        .timeout({ seconds: 20 })
        .toBuffer({ resolveWithObject: true })
      return { bytes: data, type: 'image/webp', width: info.width, height: info.pageHeight ?? info.height }
    } catch (error) {
      throw asRefusal(error)
    }
  })
}
