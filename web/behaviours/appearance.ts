/** Light or dark, wide or dense: chosen at once, kept in a cookie so that the next page comes right without a flash. Times in the person's own zone. */
import { all, around, word } from '../page.ts'

const year = 31_536_000
const keep = (name: string, value: string) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not yet everywhere.
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${year}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`
}

function chosen(event: MouseEvent): void {
  const button = around<HTMLButtonElement>(event, '[data-set]')
  const name = button?.dataset.set
  if (!button || !name) return
  document.documentElement.dataset[name] = button.value
  keep(name, button.value)
  showPressed()
  dispatchEvent(new Event('trefoil:appearance'))
}

function showPressed(): void {
  for (const button of all<HTMLButtonElement>('[data-set]'))
    button.setAttribute('aria-pressed', String(document.documentElement.dataset[button.dataset.set ?? ''] === button.value))
}

/** How long ago, in few words; nothing once it is longer than an hour ago (the server's own words are right then). */
export function ago(at: Date, now: Date, look: string, language: string): string | null {
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000)
  if (minutes < 0 || (look === 'short' ? minutes >= 60 : minutes >= 60 * 24 * 30)) return null
  const format = new Intl.RelativeTimeFormat(language, { style: look === 'short' ? 'short' : 'long', numeric: 'auto' })
  if (minutes < 1) return format.format(0, 'second')
  if (minutes < 60) return format.format(-minutes, 'minute')
  return minutes < 60 * 24 ? format.format(-Math.floor(minutes / 60), 'hour') : format.format(-Math.floor(minutes / 60 / 24), 'day')
}

function tick(): void {
  const now = new Date()
  for (const time of all<HTMLTimeElement>('time[data-relative]:not([data-relative="full"])')) {
    const text = ago(new Date(time.dateTime), now, time.dataset.relative ?? 'short', document.documentElement.lang)
    if (text) time.textContent = text
  }
}

function copied(event: MouseEvent): void {
  const button = around(event, '[data-copy]')
  if (!button) return
  void navigator.clipboard.writeText(button.dataset.copy ?? '').then(() => {
    const words = button.dataset.tip ?? ''
    button.dataset.tip = button.dataset.copied ?? word('close')
    setTimeout(() => {
      button.dataset.tip = words
    }, 2000)
  })
}

export function startAppearance(): void {
  keep('zone', Intl.DateTimeFormat().resolvedOptions().timeZone)
  addEventListener('click', chosen)
  addEventListener('click', copied)
  for (const kind of ['turbo:load', 'turbo:render', 'turbo:morph']) addEventListener(kind, tick)
  addEventListener('turbo:load', showPressed)
  setInterval(tick, 30_000)
}
