/** A question that one press answers, with words beside it if the visitor likes. How it stands is what the house says of it. */
import { tell } from './home.ts'
import { field, make } from './make.ts'
import { change, type Line, type Question, type Talk } from './talk.ts'

const shows = new WeakMap<Element, (asks: Question) => void>()

/** Shows in its place how it stands by now: whoever is on one of its buttons stays there. False where this line asked nothing. */
export function showAgain(drawn: Element, { asks, gone }: Line): boolean {
  const show = shows.get(drawn.querySelector('.asks') ?? drawn)
  if (!asks || gone) return false
  show?.(asks)
  return Boolean(show)
}

export function questionOf(talk: Talk, id: string, asks: Question): HTMLElement {
  const says = make('p', { role: 'status', className: 'says' })
  const text = make('textarea', { rows: 2, maxLength: 2000 })
  const choose = async (choice: number) => {
    says.textContent = talk.home.looks.words.sending!
    try {
      const answer = await tell(talk.home, 'choice', { secret: talk.secret, id, choice, words: text.value })
      change(talk, id, { asks: await answer.json() })
      form.scrollIntoView({ block: 'nearest' })
    } catch (error) {
      says.textContent = (error as Error).message
    }
  }
  const buttons = asks.choices.map(({ value, name, short }) =>
    make('button', { type: 'button', className: 'quiet', 'aria-label': name, onclick: () => choose(value) }, short ?? name),
  )
  const form = make(
    'form',
    {},
    field(`${asks.words} (${talk.home.looks.words.optional})`, text),
    make('button', { type: 'submit', className: 'quiet' }, asks.send),
  )
  form.addEventListener('submit', event => {
    event.preventDefault()
    const at = buttons.findIndex(each => each.ariaPressed === 'true')
    void choose(asks.choices[at]!.value)
  })
  const ends = make('small', { className: 'ends' }, ...(asks.ends ?? []).map(each => make('span', {}, each)))
  const about = { className: 'asks', role: 'group', 'aria-label': asks.text }
  const choices = make('div', { className: asks.ends ? 'choices row' : 'choices' }, ...buttons)
  const why = make('small', {}, asks.why)
  const group = make('div', about, make('p', {}, asks.text), choices, ends, says, form, why)
  const show = (now: Question) => {
    for (const [at, button] of buttons.entries()) button.ariaPressed = String(now.choices[at]?.value === now.given?.choice)
    for (const each of [choices, ends, why]) each.hidden = !now.open
    form.hidden = !now.open || !now.given
    text.value ||= now.given?.words ?? ''
    says.textContent = now.says
  }
  show(asks)
  shows.set(group, show)
  return group
}
