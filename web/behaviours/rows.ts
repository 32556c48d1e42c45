/** Lists by keyboard: j and k or the arrows walk, on a board also from column to column, Enter opens, x ticks, Space peeks; Shift press ticks a range; ticked rows call up the bulk bar. */
import { all, around, postTo, takesText } from '../page.ts'
import { parsed } from '../trusted.ts'
import { openAside } from './shortcuts.ts'

const rowsOf = () => all('[data-row]').filter(row => row.checkVisibility())
/** A card of a board is its own link. */
const linkOf = (row: Element | undefined | null) =>
  row?.matches('[data-row-link]') ? (row as HTMLAnchorElement) : row?.querySelector<HTMLAnchorElement>('[data-row-link]')
const here = () => document.activeElement?.closest<HTMLElement>('[data-row]') ?? null

export function walk(step: number): void {
  const rows = rowsOf()
  const from =
    here() ??
    document.querySelector<HTMLElement>('[data-row][data-focus]') ??
    document.querySelector<HTMLElement>('[data-row][data-current]')
  const index = from ? rows.indexOf(from) + step : step > 0 ? 0 : rows.length - 1
  const next = rows[Math.max(0, Math.min(rows.length - 1, index))]
  for (const row of rows) row.removeAttribute('data-focus')
  next?.setAttribute('data-focus', '')
  linkOf(next)?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

/** From a card of a board to the first of the next column that has one. */
function goAside(card: HTMLElement, key: string): boolean {
  const columns = all('.board-column').filter(column => column.querySelector('.board-card'))
  const at = columns.indexOf(card.closest<HTMLElement>('.board-column')!)
  const column = key === 'ArrowRight' ? columns[at + 1] : key === 'ArrowLeft' ? columns[at - 1] : undefined
  column?.querySelector<HTMLElement>('.board-card')?.focus()
  return column !== undefined
}

/** The row that one is at, or the first; none where there is no list. */
export const hereInList = (): HTMLElement | undefined =>
  here() ?? document.querySelector<HTMLElement>('[data-row]:is([data-focus], [data-current])') ?? rowsOf()[0]

export const tickHere = (): void => hereInList()?.querySelector<HTMLInputElement>('[data-row-select]')?.click()

export function peekHere(): void {
  const row = hereInList()
  if (row) void peek(row)
}

function pressed(event: KeyboardEvent): void {
  if (
    event.defaultPrevented ||
    takesText(event.target) ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector('dialog:modal')
  )
    return
  const row = here()
  const letters = document.documentElement.dataset.shortcuts !== 'off'
  const step = { ArrowDown: row ? 1 : 0, ArrowUp: row ? -1 : 0, j: letters ? 1 : 0, k: letters ? -1 : 0 }[event.key]
  if (step && rowsOf().length) {
    event.preventDefault()
    walk(step)
    return
  }
  if (!row) return
  if (row.matches('.board-card') && goAside(row, event.key)) event.preventDefault()
  if (event.key.toLowerCase() === 'x' && letters) tick(row, event.shiftKey)
  if (event.key === 'm' && letters && row.dataset.mutes && event.target instanceof HTMLAnchorElement) {
    event.preventDefault()
    postTo(row.dataset.mutes)
  }
  if (event.key === ' ' && event.target instanceof HTMLAnchorElement) {
    event.preventDefault()
    void peek(row)
  }
}

/** The detail beside the list, without going there. */
async function peek(row: HTMLElement): Promise<void> {
  const link = linkOf(row)
  if (!link) return
  const answer = await fetch(link.href, { headers: { accept: 'text/html', 'x-sec-purpose': 'prefetch' } })
  const page = parsed(await answer.text())
  const content = page.querySelector('[data-conversation]') ?? page.querySelector('.detail-pane .pane-body') ?? page.querySelector('#main')
  if (answer.ok && content)
    openAside('peek', page.querySelector('h1')?.textContent ?? link.textContent ?? '', document.adoptNode(content)).addEventListener(
      'close',
      () => link.focus(),
    )
}

let lastTicked: HTMLInputElement | null = null

/** With Shift all rows from the one ticked last to this one. */
function tick(row: HTMLElement, shiftKey: boolean): void {
  row.querySelector('[data-row-select]')?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey }))
}

function ticked(event: Event): void {
  const box = around<HTMLInputElement>(event, '[data-row-select]')
  if (!box) return
  const list = box.closest<HTMLElement>('[data-row-list]')
  if (list) showBulk(list)
}

function range(event: MouseEvent): void {
  const box = around<HTMLInputElement>(event, '[data-row-select]')
  if (!box) return
  const boxes = all<HTMLInputElement>('[data-row-select]')
  if (event.shiftKey && lastTicked?.isConnected) {
    const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b)
    for (const each of boxes.slice(from, (to ?? 0) + 1)) each.checked = box.checked
  }
  lastTicked = box
}

/** The ticked boxes belong to the bar's form, so that its buttons send them. */
function showBulk(list: HTMLElement): void {
  const bar = document.getElementById(list.dataset.bulkForm ?? '')
  if (!bar) return
  const boxes = all<HTMLInputElement>('[data-row-select]', list)
  for (const box of boxes) box.setAttribute('form', bar.id)
  const count = boxes.filter(box => box.checked).length
  bar.hidden = count === 0
  const words = bar.querySelector<HTMLElement>('[data-count-words]')
  if (words) words.textContent = (words.dataset.countWords ?? '').replace('#', String(count))
}

const showAll = () => {
  for (const list of all('[data-row-list][data-bulk-form]')) showBulk(list)
}

function clear(event: Event): void {
  const bar = around(event, '[data-bulk-bar] > .icon-button')?.closest<HTMLElement>('[data-bulk-bar]')
  if (!bar) return
  for (const box of all<HTMLInputElement>('[data-row-select]:checked')) box.checked = false
  showAll()
}

/** A table row opens where its first link or its own address leads. */
function openRow(event: MouseEvent): void {
  const row = around(event, 'tr[data-href]')
  if (!row || around(event, 'a, button, input, label, select') || String(getSelection())) return
  const link = Object.assign(document.createElement('a'), { href: row.dataset.href ?? '' })
  row.append(link)
  link.click()
  link.remove()
}

export function startRows(): void {
  addEventListener('keydown', pressed)
  addEventListener('change', ticked)
  addEventListener('click', range)
  addEventListener('click', clear)
  addEventListener('click', openRow)
  addEventListener('reset', () => setTimeout(showAll))
  addEventListener('turbo:load', showAll)
  addEventListener('turbo:morph', showAll)
}
