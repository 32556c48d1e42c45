/** Texts with blanks, `{{order number}}`: the next one is selected to be typed over; Tab goes from one to the next. Buttons that write a sign call up what begins so. */
import { around } from '../page.ts'

const blank = /\{\{ ?[\p{L}\p{N}][\p{L}\p{N} .'’-]{0,59} ?\}\}/u

/** Selects the first blank from here on; false where there is none. */
export function toBlank(field: HTMLTextAreaElement, from: number): boolean {
  const found = blank.exec(field.value.slice(from))
  if (!found) return false
  field.focus()
  field.setSelectionRange(from + found.index, from + found.index + found[0].length)
  return true
}

function pressed(event: KeyboardEvent): void {
  const field = around<HTMLTextAreaElement>(event, 'textarea[data-mentions]')
  if (!field || event.defaultPrevented || event.key !== 'Tab' || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return
  if (toBlank(field, field.selectionEnd)) event.preventDefault()
}

function types(event: MouseEvent): void {
  const button = around<HTMLButtonElement>(event, '[data-types]')
  const field = button?.closest('form')?.querySelector<HTMLTextAreaElement>('textarea[data-mentions]')
  if (!button || !field) return
  const begun = field.value && !field.value.endsWith('\n') ? '\n' : ''
  field.focus()
  field.setRangeText(`${begun}${button.dataset.types}`, field.value.length, field.value.length, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

export function startBlanks(): void {
  addEventListener('keydown', pressed)
  addEventListener('click', types)
}
