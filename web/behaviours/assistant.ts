/** What the assistant wrote goes into the field where one answers when somebody takes it; a mark says how much of the words there is still its own. */
import { all, sendJson } from '../page.ts'
import { toBlank } from './blanks.ts'

const fieldOf = (within: Element | null) => within?.querySelector<HTMLTextAreaElement>('.composer-text') ?? null
const markIn = (within: Element | null) => within?.querySelector<HTMLElement>('[data-assistant-mark]') ?? null

function take(event: SubmitEvent): void {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || form.dataset.assistantTake === undefined) return
  const composer = document.querySelector('.composer:has([data-assistant-mark])')
  const field = fieldOf(composer)
  if (!field) return // Then the server puts them into the draft.
  event.preventDefault()
  event.stopImmediatePropagation()
  const text = form.dataset.assistantTake
  markIn(composer)!.dataset.assistantMark = text
  write(field, text, form.dataset.assistantAdds !== undefined)
  void sendJson('POST', form.dataset.assistantTold ?? '', {})
}

/** As if it had been typed: only so the browser's own undo brings back what stood there. */
function write(field: HTMLTextAreaElement, text: string, adds: boolean): void {
  const begun = adds && field.value.trim() ? `${field.value.trimEnd()}\n\n` : ''
  field.focus()
  field.select()
  if (!document.execCommand('insertText', false, begun + text)) {
    field.value = begun + text
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
  if (!toBlank(field, begun.length)) field.setSelectionRange(begun.length, begun.length)
}

/** Its own as long as all of it stands there; helped by it as long as any longer line of it does. */
function judge(composer: Element | null): void {
  const mark = markIn(composer)
  const written = fieldOf(composer)?.value.trim() ?? ''
  const text = mark?.dataset.assistantMark?.trim() ?? ''
  if (!mark) return
  const whole = text !== '' && written.includes(text)
  const part = !whole && text !== '' && piecesOf(text).some(piece => written.includes(piece))
  for (const each of all('[data-whole]', mark)) each.hidden = !whole
  for (const each of all('[data-part]', mark)) each.hidden = !part
}

/** Runs of five words. */
function piecesOf(text: string): string[] {
  const words = text.split(/\s+/)
  const length = Math.min(5, words.length)
  return words.slice(0, words.length - length + 1).map((_, at) => words.slice(at, at + length).join(' '))
}

const judgeAll = () => {
  for (const mark of all('[data-assistant-mark]')) judge(mark.closest('.composer'))
}

const written = new Map<string, string>()

/** What is being written stands where it will stand; a page that was drawn anew meanwhile has it again at once. */
function follow(): void {
  for (const place of all('[data-assistant-far]')) {
    const text = written.get(place.dataset.assistantFar!)
    if (!text || place.textContent === text) continue
    const atEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 8
    place.textContent = text
    place.hidden = false
    if (atEnd) place.scrollTop = place.scrollHeight
  }
}

function heard(event: Event): void {
  const { topic, detail } = (event as CustomEvent<{ topic: string; detail?: string }>).detail
  if (!topic.startsWith('assistant:') || !detail) return
  written.set(topic, detail)
  if (written.size > 10) written.delete(written.keys().next().value!)
  follow()
}

export function startAssistant(): void {
  document.addEventListener('trefoil:progress', heard)
  for (const kind of ['turbo:render', 'turbo:morph']) addEventListener(kind, follow)
  addEventListener('submit', take, { capture: true })
  addEventListener('input', event => {
    if (event.target instanceof HTMLTextAreaElement) judge(event.target.closest('.composer'))
  })
  addEventListener('trefoil:sent', judgeAll)
  // What was kept on this device comes back a moment after the page.
  for (const kind of ['turbo:load', 'turbo:render', 'turbo:morph', 'trefoil:kind']) addEventListener(kind, judgeAll)
}
