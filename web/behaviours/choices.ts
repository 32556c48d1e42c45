/** Choices that are sent at once, such as a role in a list: with the mouse as soon as one is made, by keyboard when one has done choosing. */
import { around } from '../page.ts'

const keys = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'])

// Every arrow is a choice to the browser; a role on the way to another is not meant.
let walked: HTMLSelectElement | null = null
let chosen = false

export function startChoices(): void {
  addEventListener('keydown', pressed)
  addEventListener('pointerdown', () => {
    walked = null
  })
  addEventListener('change', event => {
    const field = around<HTMLInputElement | HTMLSelectElement>(event, '[data-sends]')
    if (field && field === walked) chosen = true
    else field?.form?.requestSubmit()
  })
  addEventListener('focusout', event => event.target === walked && done())
}

function pressed(event: KeyboardEvent): void {
  const select = around<HTMLSelectElement>(event, 'select[data-sends]')
  if (!select) return
  if (event.key === 'Enter' && chosen) {
    event.preventDefault()
    done()
  } else if (event.key === 'Escape' && chosen) {
    chosen = false
    for (const option of select.options) option.selected = option.defaultSelected
  } else if (keys.has(event.key) || (event.key.length === 1 && event.key !== ' ')) walked = select
}

function done(): void {
  const form = walked?.form
  walked = null
  if (chosen) form?.requestSubmit()
  chosen = false
}
