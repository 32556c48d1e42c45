/** While one types: @ offers people, / at the beginning of a line offers ready answers. */
import { all, around, make, optionsFrom, sendJson } from '../page.ts'
import { toBlank } from './blanks.ts'
import { place } from './dialogs.ts'

interface Offer {
  field: HTMLTextAreaElement
  /** Where in the text the trigger stands. */
  from: number
  sign: '@' | '/'
}

const triggers = [
  { sign: '@', path: '/people/quick', pattern: /(?:^|[\s(])(@)([\p{L}\p{N}._-]{0,40}(?: [\p{L}\p{N}._-]{1,40})?)$/u },
  { sign: '/', path: '/answers/quick', pattern: /(?:^|\n)(\/)([\p{L}\p{N}_-]{0,40})$/u },
] as const

let list: HTMLElement | undefined
let offer: Offer | undefined
let asked: AbortController | undefined

async function typed(event: Event): Promise<void> {
  const field = around<HTMLTextAreaElement>(event, 'textarea[data-mentions]')
  if (!field) return
  const before = field.value.slice(0, field.selectionEnd)
  for (const { sign, path, pattern } of triggers) {
    const found = pattern.exec(before)
    if (found) {
      const asked = new URLSearchParams({ q: found[2] ?? '', about: field.closest('trefoil-draft')?.getAttribute('draft-key') ?? '' })
      return ask({ field, sign, from: before.length - (found[2] ?? '').length - 1 }, `${path}?${asked}`)
    }
  }
  close()
}

async function ask(next: Offer, path: string): Promise<void> {
  asked?.abort()
  asked = new AbortController()
  const options = await optionsFrom(path, asked.signal).catch(() => null)
  if (options === null) return
  if (options.length === 0) return close()
  offer = next
  show(options)
}

function show(options: HTMLElement[]): void {
  const field = offer?.field
  if (!field) return
  list ??= make('div', { id: 'suggestions', class: 'suggestions', role: 'listbox', popover: 'manual', 'data-turbo-permanent': '' })
  list.setAttribute('aria-label', field.getAttribute('aria-label') ?? '')
  if (!list.isConnected) document.body.append(list)
  options.forEach((option, index) => {
    option.id = `suggestion-${index}`
  })
  list.replaceChildren(...options)
  list.showPopover()
  place(list, { getBoundingClientRect: () => caret(field) })
  field.setAttribute('aria-controls', 'suggestions')
  choose(0)
}

/** Where the caret stands on the screen: a twin of the field is laid out and measured. */
function caret(field: HTMLTextAreaElement): DOMRect {
  const box = field.getBoundingClientRect()
  const style = getComputedStyle(field)
  const twin = make('div', { class: 'twin' }, field.value.slice(0, field.selectionEnd))
  const mark = make('span', {}, '|')
  twin.append(mark)
  for (const property of ['font', 'letterSpacing', 'padding', 'border', 'whiteSpace'] as const) twin.style[property] = style[property]
  Object.assign(twin.style, {
    position: 'fixed',
    visibility: 'hidden',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'break-word',
    boxSizing: 'border-box',
    width: `${box.width}px`,
    top: `${box.top - field.scrollTop}px`,
    left: `${box.left}px`,
  })
  document.body.append(twin)
  const at = mark.getBoundingClientRect()
  twin.remove()
  return at
}

let chosen = 0
function choose(index: number): void {
  const options = all('[role="option"]', list)
  chosen = (index + options.length) % options.length
  for (const [at, option] of options.entries()) option.setAttribute('aria-selected', String(at === chosen))
  options[chosen]?.scrollIntoView({ block: 'nearest' })
  offer?.field.setAttribute('aria-activedescendant', `suggestion-${chosen}`)
}

function take(option: HTMLElement | undefined): void {
  if (!option || !offer) return
  const { field, from, sign } = offer
  const value = option.dataset.value ?? option.textContent ?? ''
  field.setRangeText(sign === '@' ? `@${value} ` : value, from, field.selectionEnd, 'end')
  close()
  field.focus()
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  if (option.dataset.taken) void sendJson('POST', option.dataset.taken, {})
  if (sign === '/') toBlank(field, from)
}

function close(): void {
  asked?.abort()
  offer?.field.removeAttribute('aria-activedescendant')
  offer?.field.removeAttribute('aria-controls')
  offer = undefined
  if (list?.matches(':popover-open')) list.hidePopover()
}

function pressed(event: KeyboardEvent): void {
  if (!offer || event.target !== offer.field) return
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) choose(chosen + step)
  else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab') take(all('[role="option"]', list)[chosen])
  else if (event.key === 'Escape') close()
  else return
  event.preventDefault()
  event.stopImmediatePropagation()
}

export function startMentions(): void {
  addEventListener('input', event => void typed(event))
  addEventListener('keydown', pressed, { capture: true })
  addEventListener('pointerdown', event => {
    const option = around(event, '#suggestions [role="option"]')
    if (option) {
      event.preventDefault()
      take(option)
    } else if (!around(event, '#suggestions')) close()
  })
  addEventListener('focusout', event => event.target === offer?.field && close())
}
