/** Keys: whatever has `data-shortcut` is pressed by it, and `?` shows them all. Single keys never fire while one types, and can be switched off. */
import { all, around, make, takesText, word } from '../page.ts'
import { enter } from './dialogs.ts'

const mac = /mac|iphone|ipad/i.test(navigator.platform)

/** A key press as it is written in `data-shortcut`: `Mod+Shift+Enter`, `Shift+e`, `?`. */
export function chordOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const mod = mac ? event.metaKey : event.ctrlKey
  const shifted = event.shiftKey && (key.length > 1 || /\p{L}/u.test(key))
  return `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shifted ? 'Shift+' : ''}${key}`
}

const normal = (keys: string) =>
  keys
    .split(' ')
    .map(chord => chord.replace(/(^|\+)(\p{L})$/u, (_, plus: string, letter: string) => plus + letter.toLowerCase()))
    .join(' ')

/** Everything that can be pressed now: what is seen, and what stands in a closed menu. */
export function pressable(): HTMLElement[] {
  const modal = document.querySelector('dialog:modal')
  return all('[data-shortcut]', modal ?? document).filter(
    element => (modal || !element.closest('dialog:not([open])')) && (element.checkVisibility() || element.closest('[popover]')),
  )
}

let begun = ''
let forget: ReturnType<typeof setTimeout> | undefined

function pressed(event: KeyboardEvent): void {
  if (
    event.defaultPrevented ||
    event.isComposing ||
    event.key === 'Shift' ||
    event.key === 'Control' ||
    event.key === 'Meta' ||
    event.key === 'Alt'
  )
    return
  const writing = around<HTMLElement>(event, '[data-composer] textarea')
  if (event.key === 'Escape') writing?.blur()
  const chord = chordOf(event)
  const single = !chord.includes('Mod+')
  if (single && (takesText(event.target) || document.documentElement.dataset.shortcuts === 'off')) return
  const keys = begun ? `${begun} ${chord}` : chord
  clearTimeout(forget)
  begun = ''
  const known = pressable().map(element => ({ element, keys: normal(element.dataset.shortcut ?? '') }))
  const hit = nearest(known.filter(each => each.keys === keys))
  if (hit) {
    event.preventDefault()
    press(hit.element)
  } else if (keys === '?') showKeys()
  else if (known.some(each => each.keys.startsWith(`${keys} `))) waitFor(keys)
}

/** What stands at each message means the one where one is, or the newest. */
function nearest<T extends { element: HTMLElement }>(hits: T[]): T | undefined {
  const here = document.activeElement?.closest('.message')
  const ofMessages = hits.filter(({ element }) => element.closest('.message'))
  return hits.find(({ element }) => here?.contains(element)) ?? ofMessages.at(-1) ?? hits[0]
}

/** The first key of two: the second may come within a moment. */
function waitFor(keys: string): void {
  begun = keys
  forget = setTimeout(() => {
    begun = ''
  }, 1200)
}

/** Goes to what one fills in; presses the rest. */
export function press(element: HTMLElement): void {
  const choice = element.matches('label') ? element.querySelector<HTMLInputElement>('input[type="radio"]') : null
  if (takesText(element)) element.focus()
  else if (choice) choose(choice)
  else {
    element.click()
    enterMenuOf(element)
  }
}

// At once: the letters that follow belong to what was opened.
function enterMenuOf(element: HTMLElement): void {
  const menu = document.getElementById(element.getAttribute('popovertarget') ?? '')
  if (menu?.matches('[data-menu]:popover-open')) enter(menu)
}

// Not by a click, which would leave the focus on the choice: letters that follow at once belong to the text.
function choose(choice: HTMLInputElement): void {
  choice.checked = true
  choice.dispatchEvent(new Event('change', { bubbles: true }))
}

/** Its own words, without the key that is printed on it. */
export function nameOf(element: HTMLElement): string {
  // What counts in its label bears its plain name beside it.
  const label = element.dataset.name ?? element.getAttribute('aria-label') ?? element.getAttribute('placeholder')
  if (label) return label
  const copy = element.cloneNode(true) as HTMLElement
  for (const extra of all('.keys, .count, small', copy)) extra.remove()
  return (copy.textContent ?? '').trim()
}

const printed: Record<string, string> = mac
  ? { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' }
  : { Mod: 'Ctrl', Shift: '⇧', Alt: 'Alt', Enter: '↵' }

/** `Mod+k` as it is printed on this keyboard. */
export function keysElement(keys: string): HTMLElement {
  const chords = keys.split(' ').map(chord =>
    make(
      'span',
      { class: 'key' },
      chord
        .split('+')
        .map(part => printed[part] ?? (chord.includes('+') ? part.toUpperCase() : part))
        .join(' '),
    ),
  )
  return make('kbd', { class: 'keys' }, ...chords)
}

function line(words: string, ...keys: string[]): HTMLElement {
  return make('div', {}, make('dt', {}, words), make('dd', {}, ...keys.map(keysElement)))
}

/** The list of keys: what this page offers, and what holds in every list. */
export function showKeys(): void {
  const here = new Map(pressable().map(element => [element.dataset.shortcut ?? '', nameOf(element)]))
  const list = make(
    'dl',
    { class: 'keys-list' },
    make('h3', { class: 'keys-title' }, word('onThisPage')),
    ...[...here].map(([keys, words]) => line(words, keys)),
  )
  list.append(
    make('h3', { class: 'keys-title' }, word('lists')),
    line(word('next'), 'j'),
    line(word('previous'), 'k'),
    line(word('open'), 'Enter'),
    line(word('peek'), 'Space'),
    line(word('select'), 'x'),
  )
  list.append(make('h3', { class: 'keys-title' }, word('everywhere')), line(word('send'), 'Mod+Enter'), line(word('undo'), 'Mod+z'))
  const off = document.documentElement.dataset.shortcuts === 'off' ? [make('p', { class: 'quiet' }, word('shortcutsOff'))] : []
  openAside('keys', word('shortcuts'), ...off, list)
}

/** A dialog of the browser's own, thrown away when it closes. */
export function openAside(id: string, title: string, ...content: Node[]): HTMLDialogElement {
  document.getElementById(id)?.remove()
  const heading = make('h2', { id: `${id}-title` }, title)
  const close = document.querySelector('[data-toast-plain] .icon-button')?.cloneNode(true) as HTMLElement | undefined
  const head = make('header', { class: 'dialog-head' }, heading, make('form', { method: 'dialog' }, ...(close ? [close] : [])))
  close?.setAttribute('type', 'submit')
  const dialog = make(
    'dialog',
    { id, class: 'dialog dialog-side', 'data-turbo-permanent': '', 'aria-labelledby': `${id}-title` },
    head,
    make('div', { class: 'dialog-body', tabindex: '0' }, ...content),
  )
  dialog.addEventListener('close', () => setTimeout(() => dialog.remove(), 300))
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

function printKeys(): void {
  for (const keys of all('kbd[data-keys]'))
    if (mac && !keys.dataset.printed) keys.replaceChildren(...keysElement(keys.dataset.keys ?? '').childNodes)
}

export function startShortcuts(): void {
  addEventListener('keydown', pressed)
  addEventListener('turbo:load', printKeys)
}
