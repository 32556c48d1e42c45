/** The logo above the conversation. Drawn and not linked: where a page lets no foreign pictures in, it is fetched as all else that we say. */
import type { Looks } from './home.ts'
import { make } from './make.ts'

/** Its place is there before it is, so that nothing moves. */
const side = 96

export function logoOf({ logo }: Looks): HTMLElement | undefined {
  if (!logo) return undefined
  const canvas = make('canvas', { className: 'logo', width: side, height: side, 'aria-hidden': 'true' })
  // Without it, the name stands there alone.
  draw(canvas, logo).catch(() => canvas.remove())
  return canvas
}

async function draw(canvas: HTMLCanvasElement, logo: string): Promise<void> {
  const answer = await fetch(logo, { credentials: 'omit' })
  const picture = await createImageBitmap(await answer.blob())
  const scale = side / Math.max(picture.width, picture.height)
  const [width, height] = [picture.width * scale, picture.height * scale]
  canvas.getContext('2d')!.drawImage(picture, (side - width) / 2, (side - height) / 2, width, height)
}
