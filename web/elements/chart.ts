/** `<trefoil-chart>`: draws the numbers of its template; the drawing code comes only when a chart comes into sight. */
import { word } from '../page.ts'

export class Chart extends HTMLElement {
  private watcher: IntersectionObserver | undefined
  private drawn: { dispose(): void; resize(): void; redraw(text: string): void } | undefined
  private again = () => this.drawn?.redraw(this.text)

  connectedCallback(): void {
    this.toggleAttribute('data-waiting', true)
    this.watcher = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && void this.draw(), {
      rootMargin: '200px',
    })
    this.watcher.observe(this)
    addEventListener('trefoil:appearance', this.again)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.again)
    this.addEventListener('turbo:before-morph-element', this.keep)
  }

  disconnectedCallback(): void {
    this.watcher?.disconnect()
    this.drawn?.dispose()
    this.drawn = undefined
    removeEventListener('trefoil:appearance', this.again)
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.again)
  }

  private get data(): HTMLTemplateElement | null {
    return this.querySelector('template')
  }

  private get text(): string {
    return this.data?.content.textContent ?? 'null'
  }

  private async draw(): Promise<void> {
    this.watcher?.disconnect()
    try {
      const { drawChart } = await import('./chart-draw.ts')
      if (!this.isConnected || this.drawn) return
      this.drawn = drawChart(this, this.text)
      this.removeAttribute('data-waiting')
    } catch {
      this.textContent = word('chartFailed')
      this.classList.add('chart-failed')
    }
  }

  /** When the page looks again, the drawing stays and only takes the new numbers. */
  private keep = (event: Event): void => {
    if (event.target !== this) return
    event.preventDefault()
    const next = (event as CustomEvent<{ newElement?: Element }>).detail.newElement?.querySelector('template')?.content.textContent
    if (!next || !this.data || next === this.text) return
    this.data.content.textContent = next
    this.drawn?.redraw(next)
  }
}
