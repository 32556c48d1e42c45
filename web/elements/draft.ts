/** `<trefoil-draft draft-key="…">` around a form: what is typed is kept on this device at once and on the server within a second, and comes back. */
import { all, debounced, sendJson, word } from '../page.ts'

type Texts = Record<string, string>
type TextField = HTMLInputElement | HTMLTextAreaElement

const longest = 30 * 86_400_000

export class Draft extends HTMLElement {
  private later = debounced(700, () => void this.keepOnServer())
  private leaving = () => this.later.now()
  private keeping: Promise<boolean> | undefined
  /** Somebody wrote, sent or chose a side here: what comes late from the server stays out. */
  private touched = false

  connectedCallback(): void {
    this.addEventListener('input', this.typed)
    this.addEventListener('change', this.typed)
    this.addEventListener('turbo:submit-start', this.sending)
    this.addEventListener('turbo:submit-end', this.answered)
    this.addEventListener('trefoil:sent', this.forget)
    addEventListener('pagehide', this.leaving)
    setTimeout(() => void this.restore())
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

  private typed = (event?: Event): void => {
    this.touched = true
    const texts = this.texts()
    const choosing = event?.target instanceof Element && event.target.matches('[data-composer-kind]')
    if (choosing && Object.keys(texts).length === 0) return // A side without words is no news.
    try {
      if (Object.keys(texts).length) localStorage.setItem(this.place, JSON.stringify({ texts, at: Date.now() }))
      else localStorage.removeItem(this.place)
    } catch {
      // A full or forbidden storage: the server still keeps it.
    }
    this.later()
  }

  // One after the other, so that older words never arrive after newer ones. What the server has needs no second copy on a device that others may use.
  private async keepOnServer(): Promise<void> {
    if (this.keeping) await this.keeping
    const texts = this.texts()
    this.keeping = sendJson('PUT', `/drafts/${encodeURIComponent(this.key)}`, { fields: texts })
    const kept = await this.keeping
    this.keeping = undefined
    if (kept && JSON.stringify(texts) === JSON.stringify(this.texts())) localStorage.removeItem(this.place)
    this.say(!kept ? (navigator.onLine ? '' : word('offline')) : Object.keys(texts).length ? word('saved') : '')
  }

  // From the press until the answer nothing is kept: words that have arrived must not come back as a draft.
  private sending = (): void => {
    this.touched = true
    this.later.cancel()
  }

  private answered = (event: Event): void => {
    if (!(event as CustomEvent<{ success?: boolean }>).detail.success) this.later()
  }

  private forget = (): void => {
    this.typed()
    this.later.now()
  }

  /** First what only this device knows, else what the server kept; only into fields that are still as the page brought them. */
  private async restore(): Promise<void> {
    const here = JSON.parse(localStorage.getItem(this.place) ?? 'null') as { texts: Texts; at: number } | null
    if (here && Date.now() - here.at < longest) {
      this.fill(here.texts)
      this.later()
    } else if (this.fields.every(field => field.value === '')) {
      const texts = await this.fromServer()
      if (!this.touched) this.fill(texts)
    }
  }

  private async fromServer(): Promise<Texts> {
    try {
      const answer = await fetch(`/drafts/${encodeURIComponent(this.key)}`, { headers: { accept: 'application/json' } })
      const kept = answer.ok ? ((await answer.json()) as { fields?: { fields?: Texts } & Texts }).fields : undefined
      return kept?.fields ?? kept ?? {}
    } catch {
      return {}
    }
  }

  private fill(texts: Texts): void {
    const untouched = this.fields.filter(
      field => texts[field.name] && field.value === field.defaultValue && field.value !== texts[field.name],
    )
    for (const field of untouched) field.value = String(texts[field.name])
    if (untouched.length === 0) return
    this.restoreKind(texts.kind)
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

/** Whoever signs out leaves nothing behind on this device. */
export function forgetDraftsAtSignOut(): void {
  addEventListener('submit', event => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.action.endsWith('/sign-out')) return
    for (const key of Object.keys(localStorage)) if (key.startsWith('draft:')) localStorage.removeItem(key)
  })
}
