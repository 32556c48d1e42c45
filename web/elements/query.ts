/** `<trefoil-query src="…">` around a field for a query: what it would find is drawn anew while one writes, in the frame `query-tried`. */
import { all, debounced } from '../page.ts'

/** Longer ones fit into no address; they are looked at when they are kept. */
const longest = 6000

export class QueryField extends HTMLElement {
  private later = debounced(300, () => this.look())

  connectedCallback(): void {
    this.addEventListener('input', this.later)
  }

  private look(): void {
    const fields = all<HTMLTextAreaElement>('textarea', this)
    const asked = new URLSearchParams(fields.map(field => [field.name, field.value]))
    if (asked.toString().length <= longest) this.querySelector('turbo-frame')?.setAttribute('src', `${this.getAttribute('src')}?${asked}`)
  }
}
