/** Everything that can be done from here beside its keys, as words and a deed: buttons and menus of the page, lists, what is one's own. */
import { all, word } from '../page.ts'
import { hereInList, peekHere, tickHere, walk } from './rows.ts'
import { nameOf } from './shortcuts.ts'

export interface Deed {
  words: string
  keys?: string
  picture?: Element | null
  run(): void
}

export const deedsHere = (): Deed[] => [...lastUndone(), ...ofPage(), ...ofList()]
export const deedsInMenus = (): Deed[] => [...ofMenus(document.getElementById('main')), ...ofMenus(document.querySelector('.rail'))]

const pressed = (words: string, element: HTMLElement): Deed => ({
  words,
  keys: element.dataset.shortcut,
  picture: element.querySelector('.icon'),
  run: () => element.click(),
})

/** What is pressed on the page itself. Where many are called the same, each is told by what it stands beside. */
function ofPage(): Deed[] {
  return all('#main :is(button, a.button)')
    .filter(each => !each.closest('[popover], [data-row], [data-composer]') && each.checkVisibility())
    .filter(each => !each.dataset.shortcut && !each.hasAttribute('popovertarget') && !each.matches(':disabled'))
    .flatMap(each => {
      const beside = each.closest('li, tr, .message')?.querySelector('.item-title, .person-name, .message-author, td')
      const name = nameOf(each)
      return name ? [pressed(beside ? `${name}: ${textOf(beside)}` : name, each)] : []
    })
}

const textOf = (element: Element): string => (element.textContent ?? '').trim().slice(0, 80)

/** What stands in menus, open or not: `Snooze: Tomorrow`. */
function ofMenus(within: Element | null): Deed[] {
  return all('[popover] :is(a, button)', within ?? document.createElement('div')).flatMap(each => {
    const menu = each.closest('[popover]')
    const title = each.closest('.menu-group')?.querySelector('.menu-title') ?? document.querySelector(`[popovertarget="${menu?.id}"]`)
    const name = nameOf(each)
    if (!name || menu?.id === 'rail-more') return []
    const group = menu?.id === 'person-menu' && !each.closest('.menu-group') ? '' : title ? nameOf(title as HTMLElement) : ''
    return [pressed(group ? `${group}: ${name}` : name, each)]
  })
}

function ofList(): Deed[] {
  if (!hereInList()) return []
  return [
    { words: word('next'), keys: 'j', run: () => walk(1) },
    { words: word('previous'), keys: 'k', run: () => walk(-1) },
    { words: word('open'), keys: 'Enter', run: () => hereInList()?.querySelector<HTMLElement>('[data-row-link]')?.click() },
    { words: word('peek'), keys: 'Space', run: peekHere },
    { words: word('select'), keys: 'x', run: tickHere },
  ]
}

function lastUndone(): Deed[] {
  const undo = all<HTMLFormElement>('#toasts [data-undo]').at(-1)
  return undo ? [{ words: word('undo'), keys: 'Mod+z', run: () => undo.requestSubmit() }] : []
}
