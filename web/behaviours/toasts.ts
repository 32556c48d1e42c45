/** Toasts: said for ten seconds, longer while one points at them, with the way back by a press or Ctrl/⌘ Z. */
import { all, around, make, takesText, word } from '../page.ts'

const stay = 10_000

export function showToast(toast: HTMLElement): void {
  const region = document.getElementById('toasts')
  if (!region) return
  const shown = document.adoptNode(toast)
  region.append(shown)
  for (const old of [...region.children].slice(0, -3)) old.remove()
  leaveLater(shown)
}

/** A sentence of the browser's own. */
export function say(text: string, tone: 'neutral' | 'bad' = 'neutral'): void {
  const template = document.querySelector<HTMLElement>('[data-toast-plain]')
  const toast = template ? (template.cloneNode(true) as HTMLElement) : make('div', { class: 'toast' }, make('p'))
  toast.removeAttribute('data-toast-plain')
  toast.setAttribute('data-tone', tone)
  toast.querySelector('p')?.append(text)
  showToast(toast)
}

export const sayFailed = (): void => say(word('failed'), 'bad')

function leaveLater(toast: HTMLElement): void {
  let timer = setTimeout(leave, stay)
  toast.addEventListener('pointerenter', () => clearTimeout(timer))
  toast.addEventListener('focusin', () => clearTimeout(timer))
  toast.addEventListener('pointerleave', () => {
    clearTimeout(timer)
    timer = setTimeout(leave, stay / 2)
  })
  function leave() {
    toast.dataset.leaving = ''
    setTimeout(() => toast.remove(), 300)
  }
}

export function startToasts(): void {
  addEventListener('turbo:load', flash)
  addEventListener('click', event => around(event, '.toast > .icon-button')?.closest('.toast')?.remove())
  addEventListener('turbo:submit-start', event => around(event, '[data-undo]')?.closest('.toast')?.remove())
  addEventListener('keydown', event => {
    if (event.key !== 'z' || !(event.metaKey || event.ctrlKey) || event.shiftKey || takesText(event.target)) return
    const undo = all<HTMLFormElement>('#toasts [data-undo]').at(-1)
    if (!undo) return
    event.preventDefault()
    undo.requestSubmit()
  })
}

function flash(): void {
  for (const toast of all('[data-flashes] > .toast')) showToast(toast)
}
