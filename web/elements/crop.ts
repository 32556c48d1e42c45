/**
 * `<trefoil-crop>` around a form with a picture and the numbers of its section: marks the section on the picture, moved and pulled by finger, mouse or
 * keys. The numbers are what is sent.
 */
import { around } from '../page.ts'
import { fitted, inside, moved, pulled, type Section } from './crop-section.ts'

const sides = ['left', 'top', 'width', 'height'] as const
const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export class Crop extends HTMLElement {
  private held: { handle: string; from: Section; x: number; y: number } | undefined
  private draw = (): void => this.mark()
  private drawSoon = (): void => void setTimeout(this.draw)

  connectedCallback(): void {
    this.addEventListener('pointerdown', this.took)
    this.addEventListener('pointermove', this.pulls)
    this.addEventListener('pointerup', this.left)
    this.addEventListener('pointercancel', this.left)
    this.addEventListener('keydown', this.keyed)
    this.addEventListener('input', this.typed)
    this.addEventListener('reset', this.drawSoon)
    // A page that looks again brings other numbers, and takes away where the frame stood.
    addEventListener('turbo:render', this.draw)
    this.draw()
  }

  disconnectedCallback(): void {
    removeEventListener('turbo:render', this.draw)
  }

  private get frame(): HTMLElement | null {
    return this.querySelector('.crop-frame')
  }

  private get whole(): { width: number; height: number } {
    const picture = this.querySelector('img')
    return { width: Number(picture?.getAttribute('width')), height: Number(picture?.getAttribute('height')) }
  }

  /** Width by height; null where any will do. */
  private get shape(): number | null {
    const [across, down] = (this.querySelector<HTMLInputElement>('[name="shape"]:checked')?.value ?? '').split(':').map(Number)
    return across && down ? across / down : null
  }

  private number = (side: string) => this.querySelector<HTMLInputElement>(`input[name="${side}"]`)

  private get section(): Section {
    const [left, top, width, height] = sides.map(side => Number(this.number(side)?.value) || 0) as [number, number, number, number]
    return { left, top, width, height }
  }

  private set section(section: Section) {
    for (const side of sides) {
      const field = this.number(side)
      if (field) field.value = String(section[side])
    }
    this.draw()
  }

  private mark(): void {
    const { frame, whole } = this
    if (!frame || !whole.width) return
    const { left, top, width, height } = inside(this.section, whole)
    const percent = (part: number, of: number) => `${(part / of) * 100}%`
    frame.style.left = percent(left, whole.width)
    frame.style.top = percent(top, whole.height)
    frame.style.width = percent(width, whole.width)
    frame.style.height = percent(height, whole.height)
    frame.toggleAttribute('data-shaped', this.shape !== null)
    const size = frame.querySelector('output')
    if (size) size.textContent = `${width} × ${height}`
  }

  private took = (event: PointerEvent): void => {
    const { frame } = this
    if (!frame || event.button !== 0 || !around(event, '.crop-frame')) return
    event.preventDefault()
    frame.focus({ preventScroll: true })
    this.setPointerCapture(event.pointerId)
    this.held = {
      handle: around(event, '[data-handle]')?.dataset.handle ?? '',
      from: inside(this.section, this.whole),
      x: event.clientX,
      y: event.clientY,
    }
  }

  private pulls = (event: PointerEvent): void => {
    const { held, whole } = this
    const picture = this.querySelector('img')
    if (!held || !picture?.clientWidth) return
    // As many pixels of the picture as the hand went on the screen.
    const scale = whole.width / picture.clientWidth
    this.go(held.from, held.handle, (event.clientX - held.x) * scale, (event.clientY - held.y) * scale)
  }

  private left = (): void => {
    this.held = undefined
  }

  private go(from: Section, handle: string, right: number, down: number): void {
    const { whole, shape } = this
    this.section = handle ? pulled(from, handle, right, down, shape, whole) : moved(from, right, down, whole)
  }

  private keyed = (event: KeyboardEvent): void => {
    const arrow = arrows[event.key]
    if (!arrow || !around(event, '.crop-frame') || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const { whole } = this
    // A hundredth of the picture; with Alt, one pixel.
    const step = event.altKey ? 1 : Math.max(1, Math.round(Math.max(whole.width, whole.height) / 100))
    const handle = event.shiftKey ? (arrow[0] ? 'e' : 's') : ''
    this.go(inside(this.section, whole), handle, arrow[0] * step, arrow[1] * step)
  }

  private typed = (event: Event): void => {
    if (around<HTMLInputElement>(event, '[name="shape"]')) this.section = fitted(inside(this.section, this.whole), this.shape, this.whole)
    else this.draw()
  }
}
