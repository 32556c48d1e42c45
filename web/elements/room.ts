/** `<trefoil-room look="…">` in a form: shows how much its `text` may still hold, as the server counts it for the network that it goes to. */
import { debounced } from '../page.ts'
import { parsed } from '../trusted.ts'

export class Room extends HTMLElement {
  private soon = debounced(250, () => void this.look())
  private form: HTMLFormElement | null = null
  private asked = 0
  private typed = (event: Event): void => {
    if (event.target instanceof HTMLTextAreaElement) this.soon()
  }

  connectedCallback(): void {
    this.form = this.closest('form')
    this.form?.addEventListener('input', this.typed)
    this.form?.addEventListener('trefoil:sent', this.soon)
    // What was kept on this device comes back a moment after the page.
    this.soon()
  }

  disconnectedCallback(): void {
    this.form?.removeEventListener('input', this.typed)
    this.form?.removeEventListener('trefoil:sent', this.soon)
    this.soon.cancel()
  }

  private async look(): Promise<void> {
    const { form } = this
    const text = form?.querySelector<HTMLTextAreaElement>('[name="text"]')?.value ?? ''
    const answers = form?.querySelector<HTMLInputElement>('[name="answers"]')?.value ?? ''
    if (text === '' && this.asked === 0) return // As the page came.
    const turn = ++this.asked
    try {
      const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams({ text, answers }).toString()
      const answer = await fetch(this.getAttribute('look') ?? '', { method: 'POST', body, headers })
      // Only the latest counts, whichever comes last.
      if (answer.ok && turn === this.asked) this.replaceChildren(...parsed(await answer.text()).body.childNodes)
    } catch {
      // Without a network nobody counts; whoever sends is told then.
    }
  }
}
