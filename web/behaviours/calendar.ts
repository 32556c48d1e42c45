/**
 * Posts of a calendar go to another day, cards of a board to another column: dragged, or with Alt and the arrows. They stand there at once; the server says
 * whether they stay.
 */
import { all, around, make } from '../page.ts'
import { lookAgain } from './live.ts'

const places = '[data-day], [data-place]'
let dragged: HTMLElement | null = null

export function startCalendar(): void {
  addEventListener('dragstart', event => {
    dragged = around(event, '[data-moves]')
    if (dragged) event.dataTransfer?.setData('text/plain', dragged.textContent?.trim() ?? '')
  })
  addEventListener('dragover', event => {
    const day = dragged && around(event, places)
    mark(day)
    if (day) event.preventDefault()
  })
  addEventListener('drop', event => {
    const day = around(event, places)
    if (dragged && day) {
      event.preventDefault()
      moveTo(dragged, day)
    }
  })
  addEventListener('dragend', () => {
    mark(null)
    dragged = null
  })
  addEventListener('keydown', byKey)
  addEventListener('turbo:submit-end', event => moved(event as MovedEvent))
}

function mark(day: Element | null): void {
  for (const each of all(`:is(${places})[data-target]`)) if (each !== day) each.removeAttribute('data-target')
  day?.setAttribute('data-target', '')
}

type MovedEvent = CustomEvent<{ success?: boolean; formSubmission: { formElement: HTMLFormElement } }>

/** Refused, it goes back to where it stood. */
function moved({ detail }: MovedEvent): void {
  if (!detail.success && 'moving' in detail.formSubmission.formElement.dataset) lookAgain()
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
/** Columns of a board stand side by side only. */
const aside = ['ArrowLeft', 'ArrowRight']

function byKey(event: KeyboardEvent): void {
  const step = event.altKey ? steps[event.key] : undefined
  const post = around(event, '[data-moves]')
  if (!post || step === undefined) return
  const place = post.closest<HTMLElement>(places)!
  if (place.dataset.place && !aside.includes(event.key)) return
  event.preventDefault()
  const days = all(places)
  const day = days[days.indexOf(place) + step]
  if (day) moveTo(post, day)
}

function moveTo(post: HTMLElement, day: HTMLElement): void {
  if (post.closest(places) === day) return
  day.append(post)
  day.removeAttribute('data-empty')
  post.focus()
  const [name, value] = day.dataset.day === undefined ? ['place', day.dataset.place] : ['day', day.dataset.day]
  const field = make('input', { type: 'hidden', name, value: value ?? '' })
  const form = make('form', { method: 'post', action: post.dataset.moves ?? '', hidden: '', 'data-moving': '' }, field)
  document.body.append(form)
  form.requestSubmit()
  form.remove()
}
