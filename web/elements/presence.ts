/** `<trefoil-presence thread="…">`: tells the others that one reads or writes here, and shows who else does. */
import { around, word } from '../page.ts'

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
  /** What was written last is for the other side: they may know of it. */
  private outward = false

  connectedCallback(): void {
    this.beat = setInterval(() => void this.tell(), every)
    document.addEventListener('input', this.typed)
    document.addEventListener('trefoil:sent', this.sent)
    document.addEventListener('trefoil:presence', this.heard)
    document.addEventListener('visibilitychange', this.seen)
    addEventListener('pagehide', this.left)
    void this.tell()
  }

  disconnectedCallback(): void {
    clearInterval(this.beat)
    document.removeEventListener('input', this.typed)
    document.removeEventListener('trefoil:sent', this.sent)
    document.removeEventListener('trefoil:presence', this.heard)
    document.removeEventListener('visibilitychange', this.seen)
    removeEventListener('pagehide', this.left)
    this.left()
  }

  private get thread(): string {
    return this.getAttribute('thread') ?? ''
  }

  private left = (): void => void this.send({ leaves: true, outward: this.outward })

  private seen = (): void => {
    if (!document.hidden) void this.tell()
  }

  private typed = (event: Event): void => {
    const form = around<HTMLElement>(event, '[data-composer]')
    // Choosing a side is no writing, and happens before the form knows of it.
    if (!form || !(event.target instanceof HTMLTextAreaElement)) return
    this.outward = form.dataset.kind === 'out'
    this.typedAt = Date.now()
    if (!this.told) void this.tell()
    setTimeout(() => this.told && Date.now() - this.typedAt >= writesFor && void this.tell(), writesFor + 50)
  }

  /** What was written is sent: whoever writes on begins anew. */
  private sent = (): void => {
    this.typedAt = 0
    if (this.told) void this.tell()
  }

  private async tell(): Promise<void> {
    if (document.hidden || !this.isConnected) return
    this.told = Date.now() - this.typedAt < writesFor
    const answer = await this.send({ writing: this.told, outward: this.outward })
    if (answer?.others) this.show(answer.others)
  }

  /** Answers who else is here; nothing when the network is gone. */
  private async send(how: { writing?: boolean; leaves?: boolean; outward?: boolean }): Promise<{ others?: Others['people'] } | null> {
    try {
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const answer = await fetch('/presence', {
        method: 'POST',
        keepalive: true,
        headers,
        body: JSON.stringify({ thread: this.thread, ...how }),
      })
      return answer.ok ? ((await answer.json()) as { others?: Others['people'] }) : null
    } catch {
      return null
    }
  }

  private heard = (event: Event): void => {
    const { thread, people } = (event as CustomEvent<Others>).detail
    if (thread === this.thread) this.show(people)
  }

  private show(people: Others['people']): void {
    const writing = people.filter(person => person.writing).map(person => person.name)
    const names = new Intl.ListFormat(document.documentElement.lang).format(writing.length ? writing : people.map(person => person.name))
    const words = names ? word(writing.length ? 'writing' : 'reading', names) : ''
    write(this.querySelector('[data-presence]'), words)
    write(document.querySelector('[data-presence-names]'), writing.length ? words : '')
  }
}

function write(place: Element | null, words: string): void {
  if (place && place.textContent !== words) place.textContent = words
}
