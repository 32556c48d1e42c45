/** `<trefoil-draft draft-key="…">` around a form: what is typed is kept on this device at once and on the server within a second, and comes back. */
import { all, debounced, sendJson, word } from '../page.ts'

type Texts = Record<string, string>
type TextField = HTMLInputElement | HTMLTextAreaElement

const longest = 30 * 86_400_000

export class Draft extends HTMLElement {
  private later = debounced(700, () => void this.keepOnServer())
  private leaving = () => this.later.now()

  connectedCallback(): void {
    this.addEventListener('input', this.typed)
    this.addEventListener('change', this.typed)
    this.addEventListener('trefoil:sent', this.forget)
    addEventListener('pagehide', this.leaving)
    setTimeout(() => this.restore())
  }

  disconnectedCallback(): void {
    removeEventListener('pagehide', this.leaving)
    this.later.now()
  }

  private get key(): string {
    return this.getAttribute('draft-key') ?? ''
  }

  private get place(): string {
    return `draft:${this.key}`
  }

  private get fields(): TextField[] {
    return all<TextField>('textarea, input', this).filter(
      field => field.name && !['hidden', 'password', 'file', 'checkbox', 'radio', 'submit'].includes(field.type),
    )
  }

  private texts(): Texts {
    const texts = Object.fromEntries(this.fields.filter(field => field.value !== '').map(field => [field.name, field.value]))
    const kind = this.querySelector<HTMLInputElement>('[data-composer-kind]:checked')?.value
    return kind && Object.keys(texts).length ? { ...texts, kind } : texts
  }

  private typed = (): void => {
    const texts = this.texts()
    try {
      if (Object.keys(texts).length) localStorage.setItem(this.place, JSON.stringify({ texts, at: Date.now() }))
      else localStorage.removeItem(this.place)
    } catch {
      // A full or forbidden storage: the server still keeps it.
    }
    this.later()
  }

  private async keepOnServer(): Promise<void> {
    const kept = await sendJson('PUT', `/drafts/${encodeURIComponent(this.key)}`, { fields: this.texts() })
    this.say(kept ? word('saved') : navigator.onLine ? '' : word('offline'))
  }

  private forget = (): void => {
    localStorage.removeItem(this.place)
    this.later()
    this.later.now()
    this.say('')
  }

  /** Only into fields that are still as the page brought them. */
  private restore(): void {
    const kept = JSON.parse(localStorage.getItem(this.place) ?? 'null') as { texts: Texts; at: number } | null
    if (!kept || Date.now() - kept.at > longest) {
      localStorage.removeItem(this.place)
      return
    }
    const empty = this.fields.filter(
      field => kept.texts[field.name] && field.value === field.defaultValue && field.value !== kept.texts[field.name],
    )
    for (const field of empty) field.value = kept.texts[field.name] ?? ''
    if (empty.length === 0) return
    this.restoreKind(kept.texts.kind)
    this.say(word('restored'))
  }

  /** What was begun as a note comes back as a note. */
  private restoreKind(kind: string | undefined): void {
    const choice = all<HTMLInputElement>('[data-composer-kind]', this).find(each => each.value === kind)
    if (choice) choice.checked = true
    dispatchEvent(new Event('trefoil:kind'))
  }

  private say(words: string): void {
    const place = this.querySelector('[data-draft-state]')
    if (place) place.textContent = words
  }
}
