/** `<trefoil-progress topic="…">`: a bar that follows a job by its news, and has the page look again when it is done. */
import { lookAgain } from '../behaviours/live.ts'

interface News {
  topic: string
  /** From 0 to 1; null while no one knows. */
  value?: number | null
  detail?: string
  done?: boolean
}

export class Progress extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener('trefoil:progress', this.heard)
  }

  disconnectedCallback(): void {
    document.removeEventListener('trefoil:progress', this.heard)
  }

  private heard = (event: Event): void => {
    const news = (event as CustomEvent<News>).detail
    if (news.topic !== this.getAttribute('topic')) return
    const bar = this.querySelector('progress')
    if (bar && typeof news.value === 'number') bar.value = news.value
    if (bar && news.value === null) bar.removeAttribute('value')
    const words = this.querySelector('[data-progress-detail]')
    if (words && news.detail !== undefined) words.textContent = news.detail
    if (news.done) lookAgain()
  }
}
