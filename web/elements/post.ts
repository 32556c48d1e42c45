/**
 * `<trefoil-post look="…">` around the form of a post: keeps what is written here at once and on the server within a second, and shows what the server says
 * of it: how it will look, what does not fit. Each part of its answer takes the place of the one with the same id.
 */
import { all, around, debounced, word } from '../page.ts'
import { parsed } from '../trusted.ts'

type Texts = Record<string, string>

export class Post extends HTMLElement {
  private soon = debounced(250, () => void this.look())
  private leaving = () => this.soon.now()
  private asking: Promise<void> | undefined
  private tab = 'panel-all'

  connectedCallback(): void {
    this.addEventListener('input', this.typed)
    this.addEventListener('change', this.typed)
    this.addEventListener('click', this.pressed)
    this.addEventListener('submit', this.keptFirst, true)
    this.addEventListener('turbo:submit-start', this.sending)
    this.addEventListener('trefoil:sent', this.forget)
    addEventListener('pagehide', this.leaving)
    setTimeout(() => this.restore())
  }

  disconnectedCallback(): void {
    removeEventListener('pagehide', this.leaving)
    this.soon.now()
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector('form')
  }

  private get address(): string {
    return this.getAttribute('look') ?? ''
  }

  private get place(): string {
    return `draft:${this.address}`
  }

  private typed = (event: Event): void => {
    if (!(event.target instanceof Element) || event.target.closest('form, [form]') !== this.form || event.target.matches('[type="file"]'))
      return
    try {
      localStorage.setItem(this.place, JSON.stringify({ texts: this.texts(), at: Date.now() }))
    } catch {
      // A full or forbidden storage: the server still keeps it.
    }
    this.soon()
  }

  private texts(): Texts {
    return Object.fromEntries(all<HTMLTextAreaElement>('textarea', this).map(field => [field.name, field.value]))
  }

  /** What only this device knows: its page was left before the server had it. */
  private restore(): void {
    const kept = JSON.parse(localStorage.getItem(this.place) ?? 'null') as { texts: Texts } | null
    if (!kept) return
    for (const field of all<HTMLTextAreaElement>('textarea', this)) {
      const text = kept.texts[field.name]
      if (text !== undefined && field.value === field.defaultValue) field.value = text
    }
    this.soon()
  }

  /** What is just being kept is kept first: sent at the same moment, it would look as if somebody else had changed the post. */
  private keptFirst = (event: SubmitEvent): void => {
    const { asking, form } = this
    if (!asking || event.target !== form) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const by = event.submitter
    void asking.then(() => form?.requestSubmit(by))
  }

  // One after the other, so that older words never arrive after newer ones.
  private async look(): Promise<void> {
    if (this.asking) await this.asking
    const form = this.form
    if (!form || 'sending' in form.dataset) return
    const before = JSON.stringify(this.texts())
    this.asking = this.ask(new FormData(form)).then(known => {
      if (known && before === JSON.stringify(this.texts())) localStorage.removeItem(this.place)
    })
    await this.asking
    this.asking = undefined
  }

  private async ask(fields: FormData): Promise<boolean> {
    try {
      const body = new URLSearchParams([...fields].filter((each): each is [string, string] => typeof each[1] === 'string')).toString()
      const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
      // What outlives its page may hold 64 kB in all.
      const answer = await fetch(this.address, { method: 'POST', body, headers, keepalive: body.length < 60_000 })
      if (answer.ok) this.show(parsed(await answer.text()))
      else this.say(((await answer.json()) as { error?: { says?: string } }).error?.says ?? word('failed'))
      return answer.ok
    } catch {
      this.say(word(navigator.onLine ? 'failed' : 'offline'))
      return false
    }
  }

  private show(said: Document): void {
    const version = said.querySelector<HTMLInputElement>('#post-version')?.value
    const field = this.querySelector<HTMLInputElement>('[name="version"]')
    if (version && field) field.value = version
    const ticked = this.querySelector<HTMLInputElement>('[name="undescribed"]')?.checked
    for (const part of all('body > [id]', said)) {
      const here = document.getElementById(part.id)
      if (here && here !== field) here.replaceChildren(...[...part.childNodes].map(each => document.adoptNode(each)))
    }
    const again = this.querySelector<HTMLInputElement>('[name="undescribed"]')
    if (again && ticked) again.checked = true
    this.choose(this.tab)
  }

  private say(words: string): void {
    const place = document.getElementById('post-state')
    if (place) place.textContent = words
  }

  // —— tabs, and what is put into a text by a press ——

  private pressed = (event: Event): void => {
    const tab = around<HTMLButtonElement>(event, '.post-tab')
    if (tab) this.choose(tab.getAttribute('aria-controls') ?? '', true)
    const split = around(event, '[data-post-split]')
    if (split) this.put(split.dataset.postSplit ?? '', split.querySelector('template')?.content.textContent ?? '')
    const taken = around(event, '.post-panel .post-options > button')
    if (taken) this.put(taken.closest('.post-panel')?.id.replace('panel-', '') ?? '', this.field('text')?.value ?? '')
  }

  private choose(wanted: string, focus = false): void {
    const tabs = all('.post-tab', this)
    const there = tabs.some(each => each.getAttribute('aria-controls') === wanted)
    this.tab = there ? wanted : 'panel-all'
    for (const each of tabs) each.setAttribute('aria-expanded', String(each.getAttribute('aria-controls') === this.tab))
    for (const each of all('.post-panel', this)) each.toggleAttribute('data-shown', each.id === this.tab)
    if (focus) this.querySelector<HTMLTextAreaElement>(`#${CSS.escape(this.tab)} textarea`)?.focus()
  }

  private field = (name: string): HTMLTextAreaElement | null => this.querySelector(`textarea[name="${CSS.escape(name)}"]`)

  /** Into the words of this account, unless they are still those of all and all go there in parts. */
  private put(account: string, text: string): void {
    const field = this.field(`text-${account}`)
    if (!field) return
    field.value = text
    this.choose(`panel-${account}`, true)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  // From the press until the answer nothing is kept: what has been planned is no draft.
  private sending = (): void => this.soon.cancel()

  private forget = (): void => {
    this.soon.cancel()
    localStorage.removeItem(this.place)
  }
}
