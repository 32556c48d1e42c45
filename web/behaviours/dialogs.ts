/** Dialogs and menus: opened by `data-opens`, closed by a press beside them; arrows walk through a menu. */
import { all, around } from '../page.ts'
import { showKeys } from './shortcuts.ts'

export function startDialogs(): void {
  addEventListener('click', pressed)
  addEventListener('click', toggle)
  addEventListener('turbo:load', () => {
    for (const dialog of all<HTMLDialogElement>('dialog[data-open]')) if (!dialog.open) dialog.showModal()
  })
  document.addEventListener('toggle', toggled, true)
  addEventListener('keydown', walk)
  addEventListener('turbo:before-cache', closeAll)
  // A page that looks again is a visit too, to where one is already.
  addEventListener('turbo:before-visit', event => {
    if ((event as CustomEvent<{ url: string }>).detail.url !== location.href) closeAll()
  })
}

function pressed(event: MouseEvent): void {
  const opener = around(event, '[data-opens]')
  if (opener && !goesItself(opener, event)) {
    if (opener instanceof HTMLAnchorElement) event.preventDefault()
    open(opener.dataset.opens ?? '')
  }
  if (event.target instanceof HTMLDialogElement && beside(event.target, event)) event.target.close()
  const item = around(event, '.menu-item')
  if (item) item.closest<HTMLElement>('[popover]')?.hidePopover()
}

/** A link leads to the same as a page of its own: in another tab, for whoever has no script, and where the dialog is not there yet. */
const goesItself = (opener: HTMLElement, { ctrlKey, metaKey, shiftKey }: MouseEvent): boolean =>
  opener instanceof HTMLAnchorElement && (ctrlKey || metaKey || shiftKey || !document.getElementById(opener.dataset.opens ?? ''))

/** What is folded away beside the rest, such as the side of a thread. */
function toggle(event: MouseEvent): void {
  const button = around(event, '[data-toggles]')
  const target = button && document.getElementById(button.dataset.toggles ?? '')
  if (target) button.setAttribute('aria-expanded', String(target.toggleAttribute('data-shown')))
}

function open(id: string): void {
  for (const menu of all('[popover]:popover-open')) menu.hidePopover()
  const dialog = document.getElementById(id)
  if (dialog instanceof HTMLDialogElement) dialog.showModal()
  else if (id === 'keys') showKeys()
}

function beside(dialog: HTMLElement, { clientX, clientY }: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect()
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom
}

function closeAll(): void {
  for (const menu of all('[popover]:popover-open')) menu.hidePopover()
  for (const dialog of all<HTMLDialogElement>('dialog[open]')) dialog.close()
}

const anchored = CSS.supports('position-area: block-end')

function toggled(event: Event): void {
  const menu = event.target
  if (!(menu instanceof HTMLElement) || !menu.matches('[data-menu]')) return
  const opener = document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`)
  const isOpen = menu.matches(':popover-open')
  opener?.setAttribute('aria-expanded', String(isOpen))
  if (!isOpen) return
  if (opener && !anchored) place(menu, opener)
  if (!menu.contains(document.activeElement)) enter(menu)
}

/** To the first thing that one can do there. */
export function enter(menu: HTMLElement): void {
  const first = `${items}, input:not([type="hidden"]), textarea, select`
  menu.querySelector<HTMLElement>(first)?.focus({ preventScroll: true })
}

/** For browsers without anchor positioning. */
export function place(menu: HTMLElement, opener: { getBoundingClientRect(): DOMRect }): void {
  const at = opener.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = at.bottom + height + 8 < innerHeight || at.top < height + 8
  menu.style.top = `${below ? at.bottom : at.top - height - 8}px`
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`
}

const items = '.menu-item:not(:disabled), .menu-segment'
const itemsOf = (menu: HTMLElement) => all<HTMLElement>(items, menu)

function walk(event: KeyboardEvent): void {
  const menu = around(event, '[data-menu]')
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key]
  if (!menu || step === undefined) return
  event.preventDefault()
  const walked = itemsOf(menu)
  const now = walked.indexOf(document.activeElement as HTMLElement)
  const next = Number.isFinite(step) ? (now + step + walked.length) % walked.length : step < 0 ? 0 : walked.length - 1
  walked[next]?.focus()
}
