/** `<trefoil-chart>`: draws the numbers of its template; the drawing code comes only when a chart comes into sight. */
import { make, word } from '../page.ts'

export class Chart extends HTMLElement {
  private watcher: IntersectionObserver | undefined
  private drawn: { dispose(): void; resize(): void; redraw(text: string): void; picture(): string } | undefined
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
      // A page that was come back to brings a copy of the button that knows of nothing.
      this.querySelector('.chart-keep')?.remove()
      this.append(this.keepButton())
      // The drawing code is there now: those out of sight follow one by one, so that a print shows them all.
      setTimeout(() => void document.querySelector<Chart>('trefoil-chart[data-waiting]')?.draw(), 300)
    } catch {
      this.textContent = word('chartFailed')
      this.classList.add('chart-failed')
    }
  }

  /** The drawing as a file to keep, named as the chart is. */
  private keepButton(): HTMLButtonElement {
    const label = word('chartKeep')
    const button = make(
      'button',
      { type: 'button', class: 'chart-keep button button-bare button-small', title: label, 'aria-label': label },
      '↓',
    )
    button.addEventListener('click', () => {
      const { title } = JSON.parse(this.text) as { title: string }
      if (this.drawn) make('a', { href: this.drawn.picture(), download: `${title}.png` }).click()
    })
    return button
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
