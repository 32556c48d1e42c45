/** The command palette, Ctrl/⌘ K: finds and does anything, from this page, from the whole house and from the search. */
import { visit } from '@hotwired/turbo'
import { all, around, make, optionsFrom, postTo, word } from '../page.ts'
import { type Deed, deedsHere, deedsInMenus } from './deeds.ts'
import { keysElement, nameOf, press, pressable } from './shortcuts.ts'

interface Entry {
  words: string
  /** Also found by these. */
  more?: string
  element: HTMLElement
  run(): void
}

const icon = () => document.querySelector('.rail-search-link .icon')?.cloneNode(true) as HTMLElement | undefined

function optionFor(words: string, keys: string | undefined, picture: Element | null | undefined): HTMLElement {
  const parts: Node[] = [make('span', { class: 'palette-words' }, words)]
  if (picture) parts.unshift(picture.cloneNode(true))
  if (keys) parts.push(keysElement(keys))
  return make('div', { class: 'palette-item', role: 'option' }, ...parts)
}

function onThisPage(): Entry[] {
  return pressable()
    .filter(element => !element.closest('.rail') && !element.matches('input, [data-palette]') && nameOf(element))
    .map(element => {
      const words = nameOf(element)
      return {
        words,
        element: optionFor(words, element.dataset.shortcut, element.querySelector('.icon')),
        run: () => setTimeout(() => press(element)),
      }
    })
}

const entriesOf = (deeds: Deed[]): Entry[] =>
  deeds.map(({ words, keys, picture, run }) => ({ words, element: optionFor(words, keys, picture), run: () => setTimeout(run) }))

/** What the whole house offers: asked for when a page has time, and once more at each opening, as rights and languages change. */
let offered: HTMLElement[] = []

async function askHouse(): Promise<void> {
  const options = await optionsFrom('/commands', AbortSignal.timeout(10_000)).catch(() => [])
  if (options.length) offered = options
}

const everywhere = (): Entry[] =>
  offered.map(option => {
    const element = option.cloneNode(true) as HTMLElement
    return {
      words: option.querySelector('.palette-words')?.textContent?.trim() ?? '',
      more: option.dataset.words,
      element,
      run: () => go(element),
    }
  })

function go(option: HTMLElement): void {
  const { href, action } = option.dataset
  if (href) {
    visit(href)
    return
  }
  postTo(action ?? '')
}

/** What is called the same is the same to whoever reads it. */
const onlyOnce = (entries: Entry[]): Entry[] => [...new Map(entries.toReversed().map(entry => [entry.words, entry])).values()].toReversed()

/** How well the words answer; 0 = not at all. Beginnings of words count most, letters in order count a little. */
export function match(query: string, words: string): number {
  const wanted = query.trim().toLocaleLowerCase()
  const text = words.toLocaleLowerCase()
  if (!wanted) return 1
  if (text.startsWith(wanted)) return 100 - text.length / 100
  if (wanted.split(/\s+/).every(part => text.split(/[\s:·/-]+/).some(each => each.startsWith(part)))) return 60 - text.length / 100
  if (text.includes(wanted)) return 30 - text.length / 100
  let at = -1
  const inOrder = [...wanted].every(letter => (at = text.indexOf(letter, at + 1)) >= 0)
  return inOrder && wanted.length > 1 ? 5 - text.length / 100 : 0
}

/** From here on the words begin with what was typed, or each of its parts begins one of them. */
const begins = 50

const sheetOf = (options: HTMLElement[]) => options.map(option => option.outerHTML).join()
const nothingNew = (known: HTMLElement[]) => sheetOf(known) === sheetOf(offered)

class Palette {
  private input = make('input', {
    type: 'text',
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': 'palette-list',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '200',
  })
  private list = make('div', { id: 'palette-list', class: 'palette-list', role: 'listbox' })
  private dialog = make('dialog', { class: 'dialog palette', id: 'palette', 'data-turbo-permanent': '' })
  private entries: Entry[] = []
  private runs = new Map<HTMLElement, () => void>()
  private asked: AbortController | undefined
  private chosen = 0

  constructor() {
    this.input.setAttribute('aria-label', word('palette'))
    this.input.placeholder = word('paletteHint')
    this.list.setAttribute('aria-label', word('palette'))
    this.dialog.setAttribute('aria-label', word('palette'))
    const picture = icon()
    this.dialog.append(make('div', { class: 'palette-field' }, ...(picture ? [picture] : []), this.input), this.list)
    this.input.addEventListener('input', () => this.look())
    this.dialog.addEventListener('keydown', event => this.pressed(event))
    this.list.addEventListener('click', event => this.run(around(event, '[role="option"]')))
    this.list.addEventListener('pointermove', event => this.point(around(event, '[role="option"]')))
    this.dialog.addEventListener('close', () => this.dialog.remove())
  }

  open(): void {
    const [here, inMenus] = [[...onThisPage(), ...entriesOf(deedsHere())], entriesOf(deedsInMenus())]
    const known = offered
    this.gather(here, inMenus)
    document.body.append(this.dialog)
    this.dialog.showModal()
    this.input.value = ''
    this.look()
    askHouse().then(() => {
      if (nothingNew(known)) return
      this.gather(here, inMenus)
      this.look()
    })
  }

  private gather(here: Entry[], inMenus: Entry[]): void {
    this.entries = onlyOnce([...here, ...everywhere(), ...inMenus])
  }

  private look(): void {
    const query = this.input.value
    const found = this.entries
      .map(entry => ({ entry, score: Math.max(match(query, entry.words), entry.more ? match(query, entry.more) / 2 : 0) }))
      .filter(each => each.score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, query ? 12 : 40)
    this.runs = new Map(found.map(({ entry }) => [entry.element, entry.run]))
    this.show(found.map(({ entry }) => entry.element))
    // What only contains the letters somewhere stands behind whoever bears the name.
    this.ask(
      query.trim(),
      found.filter(each => each.score < begins).map(each => each.entry.element),
    )
  }

  private ask(query: string, weak: HTMLElement[]): void {
    this.asked?.abort()
    if (query.length < 2) return
    const asked = new AbortController()
    this.asked = asked
    optionsFrom(`/search/quick?q=${encodeURIComponent(query)}`, asked.signal).then(
      options => {
        const strong = [...this.runs.keys()].filter(each => !weak.includes(each))
        for (const option of options) this.runs.set(option, () => go(option))
        this.show([...strong, ...options, ...weak])
      },
      () => {},
    )
  }

  private show(options: HTMLElement[]): void {
    options.forEach((option, index) => {
      option.id = `palette-${index}`
    })
    this.list.replaceChildren(...(options.length ? options : [make('p', { class: 'palette-empty' }, word('nothingFound'))]))
    this.choose(0)
  }

  private choose(index: number): void {
    const options = all('[role="option"]', this.list)
    this.chosen = options.length ? (index + options.length) % options.length : 0
    for (const [at, option] of options.entries()) option.setAttribute('aria-selected', String(at === this.chosen))
    const option = options[this.chosen]
    option?.scrollIntoView({ block: 'nearest' })
    if (option) this.input.setAttribute('aria-activedescendant', option.id)
    else this.input.removeAttribute('aria-activedescendant')
  }

  private point(option: HTMLElement | null): void {
    if (option && option.getAttribute('aria-selected') !== 'true') this.choose(all('[role="option"]', this.list).indexOf(option))
  }

  private pressed(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      this.choose(this.chosen + step)
    }
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault()
      this.run(all('[role="option"]', this.list)[this.chosen] ?? null)
    }
    event.stopPropagation()
  }

  private run(option: HTMLElement | null): void {
    const run = option && this.runs.get(option)
    if (!run) return
    this.dialog.close()
    run()
  }
}

export function startPalette(): void {
  if (document.querySelector('[data-palette]')) setTimeout(askHouse, 300)
  addEventListener('click', event => {
    if (around(event, '[data-palette]') && !document.getElementById('palette')) new Palette().open()
  })
}
