/** `<trefoil-presence thread="…">`: tells the others that one reads or writes here, and shows who else does. */
import { around, sendJson, word } from '../page.ts'

const every = 20_000
const writesFor = 6_000

interface Others {
  thread: string
  people: { name: string; writing: boolean }[]
}

export class Presence extends HTMLElement {
  private beat: ReturnType<typeof setInterval> | undefined
  private typedAt = 0
  private told = false

  connectedCallback(): void {
    this.beat = setInterval(() => this.tell(), every)
    document.addEventListener('input', this.typed)
    document.addEventListener('trefoil:presence', this.heard)
    document.addEventListener('visibilitychange', this.seen)
    this.tell()
  }

  disconnectedCallback(): void {
    clearInterval(this.beat)
    document.removeEventListener('input', this.typed)
    document.removeEventListener('trefoil:presence', this.heard)
    document.removeEventListener('visibilitychange', this.seen)
  }

  private get thread(): string {
    return this.getAttribute('thread') ?? ''
  }

  private seen = (): void => {
    if (!document.hidden) this.tell()
  }

  private typed = (event: Event): void => {
    if (!around(event, '[data-composer]')) return
    this.typedAt = Date.now()
    if (!this.told) this.tell()
    setTimeout(() => this.told && Date.now() - this.typedAt >= writesFor && this.tell(), writesFor + 50)
  }

  private tell(): void {
    if (document.hidden) return
    this.told = Date.now() - this.typedAt < writesFor
    void sendJson('POST', '/presence', { thread: this.thread, writing: this.told })
  }

  private heard = (event: Event): void => {
    const { thread, people } = (event as CustomEvent<Others>).detail
    if (thread !== this.thread) return
    const writing = people.filter(person => person.writing).map(person => person.name)
    const names = new Intl.ListFormat(document.documentElement.lang).format(writing.length ? writing : people.map(person => person.name))
    const words = names ? word(writing.length ? 'writing' : 'reading', names) : ''
    for (const place of [this.querySelector('[data-presence]'), document.querySelector('[data-presence-names]')])
      if (place) place.textContent = place.matches('[data-presence]') || writing.length ? words : ''
  }
}
