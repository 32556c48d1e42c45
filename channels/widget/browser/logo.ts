/** The logo above the conversation. Drawn and not linked: where a page lets no foreign pictures in, it is fetched as all else that we say. */
import type { Looks } from './home.ts'
import { make } from './make.ts'

const most = 80

export function logoOf({ logo }: Looks): HTMLElement | undefined {
  if (!logo) return undefined
  const canvas = make('canvas', { className: 'logo', hidden: true, 'aria-hidden': 'true' })
  // Without it, the name stands there alone.
  draw(canvas, logo).catch(() => {})
  return canvas
}

async function draw(canvas: HTMLCanvasElement, logo: string): Promise<void> {
  const answer = await fetch(logo, { credentials: 'omit' })
  const picture = await createImageBitmap(await answer.blob())
  const scale = most / Math.max(picture.width, picture.height)
  canvas.width = picture.width * scale
  canvas.height = picture.height * scale
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
  canvas.hidden = false
}
