/** Forms: sent with Ctrl/⌘ Enter, marked while under way, kept when refused, emptied when their words have arrived. */
import { visit } from '@hotwired/turbo'
import { all, around, debounced } from '../page.ts'
import { startChoices } from './choices.ts'
import { lookAgain } from './live.ts'
import { say, sayFailed } from './toasts.ts'

let last: HTMLFormElement | null = null

/** The form that was sent last: streams that come back are about it. */
export const lastForm = (): HTMLFormElement | null => (last?.isConnected ? last : null)

interface SubmissionEvent extends CustomEvent {
  detail: { formSubmission: { formElement: HTMLFormElement; submitter?: HTMLElement }; success?: boolean; error?: unknown }
}

export function startForms(): void {
  addEventListener('submit', oneAfterTheOther, { capture: true })
  addEventListener('turbo:before-visit', waits)
  addEventListener('turbo:before-fetch-response', event => {
    if (event.target instanceof HTMLFormElement) last = event.target
  })
  addEventListener('turbo:submit-start', event => began(event as SubmissionEvent))
  addEventListener('turbo:submit-end', event => ended(event as SubmissionEvent))
  addEventListener('turbo:fetch-request-error', event => event.target instanceof HTMLFormElement && sayFailed())
  addEventListener('keydown', sendByKey)
  startChoices()
  const live = debounced(250, (form: HTMLFormElement) => form.requestSubmit())
  addEventListener('input', event => {
    const form = around<HTMLFormElement>(event, '[data-live-form]')
    if (form) live(form)
  })
  addEventListener(
    'input',
    event => event.target instanceof HTMLElement && event.target.getAttribute('aria-invalid') === 'true' && settle(event.target),
  )
}

/** The words of a form as they were sent: what is written while they are under way is not theirs. */
const underWay = new WeakMap<HTMLFormElement, Map<HTMLTextAreaElement, string>>()

function began(event: SubmissionEvent): void {
  const { formElement, submitter } = event.detail.formSubmission
  last = formElement
  underWay.set(formElement, new Map(all<HTMLTextAreaElement>('textarea', formElement).map(field => [field, field.value])))
  clearMarks(formElement)
  formElement.dataset.sending = ''
  busy.set(formElement, Date.now())
  submitter?.setAttribute('aria-busy', 'true')
  formElement.closest('.row, .message, .item')?.setAttribute('data-sending', '')
}

function ended(event: SubmissionEvent): void {
  const { formElement, submitter } = event.detail.formSubmission
  // What the answer asks for is done a moment after it came; whoever interrupts before that leaves words standing that have arrived.
  const began = busy.get(formElement)
  if (event.detail.success) setTimeout(() => busy.get(formElement) === began && settled(formElement), 1000)
  else settled(formElement)
  submitter?.removeAttribute('aria-busy')
  formElement.closest('.row, .message, .item')?.removeAttribute('data-sending')
}

const patience = 10_000

/** Forms under way and since when; some are gone from the page by then, such as those of the palette. */
const busy = new Map<HTMLFormElement, number>()

// A network that keeps silent does not hold anybody for long.
const underWayNow = () => [...busy].filter(([, since]) => Date.now() - since < patience).map(([form]) => form)

/** Is anything on its way that a page that looks again would break off? */
export const isSending = (): boolean => underWayNow().length > 0

/** Where words are under way. */
const sending = () => underWayNow().find(form => form.matches('trefoil-draft form'))

let next: (() => void) | undefined

function settled(form: HTMLFormElement): void {
  delete form.dataset.sending
  busy.delete(form)
  const waiting = next
  next = undefined
  if (waiting) setTimeout(waiting)
}

// The browser lets go of a form under way when another is sent or another page is opened; whoever wrote would find the words again and send them twice.
function oneAfterTheOther(event: SubmitEvent): void {
  const writing = sending()
  const form = event.target
  if (!writing || !(form instanceof HTMLFormElement)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (form !== writing) next = () => sendLater(form, event.submitter)
}

// A form of the palette is thrown away as soon as it was sent.
function sendLater(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const gone = !form.isConnected
  if (gone) document.body.append(form)
  form.requestSubmit(submitter)
  if (gone) form.remove()
}

function waits(event: Event): void {
  if (!sending()) return
  event.preventDefault()
  const { url } = (event as CustomEvent<{ url: string }>).detail
  next = () => visit(url)
}

function sendByKey(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.isComposing) return
  const form = around<HTMLFormElement>(event, 'form')
  if (!form) return
  event.preventDefault()
  if (!('sending' in form.dataset)) form.requestSubmit(form.querySelector<HTMLButtonElement>('[data-main]'))
}

const errorsOf = (form: HTMLElement) => all('[data-error-for]', form)

function clearMarks(form: HTMLElement): void {
  for (const field of all('[aria-invalid="true"]', form)) field.removeAttribute('aria-invalid')
  for (const place of [...errorsOf(form), ...all('[data-form-error]', form)]) write(place, '')
}

function settle(field: HTMLElement): void {
  field.removeAttribute('aria-invalid')
  const name = field.getAttribute('name')
  const form = field.closest('form')
  if (form) for (const place of errorsOf(form)) if (place.dataset.errorFor === name) write(place, '')
}

function write(place: HTMLElement, text: string): void {
  place.textContent = text
  place.hidden = text === ''
}

export interface Fault {
  name: string
  sentence: string
}

const fieldsNamed = (form: HTMLFormElement, name: string) =>
  all<HTMLInputElement>('input, textarea, select', form).filter(field => field.name === name || field.name === `${name}[]`)

/** Shows what was wrong at the form that was sent last; what was typed stays. */
export function showRefusal(sentence: string, faults: Fault[]): void {
  const form = lastForm()
  if (last) settled(last)
  if (form) for (const seen of all<HTMLInputElement>('[data-seen]')) if (seen.getAttribute('form') === form.id) pointedOut(seen)
  const unplaced = form ? faults.filter(fault => !mark(form, fault)) : faults
  const whole = [...new Set([sentence, ...unplaced.map(fault => fault.sentence)])].join(' ')
  const place = form?.querySelector<HTMLElement>('[data-form-error]')
  if (place) write(place, whole)
  else say(whole, 'bad')
  const first = form?.querySelector<HTMLElement>('[aria-invalid="true"]')
  first?.focus()
  if (!first) place?.scrollIntoView({ block: 'nearest' })
}

// Whoever was told what came meanwhile, and sends again, has seen it.
function pointedOut(seen: HTMLInputElement): void {
  const shown = all('.message[data-kind="out"]').at(-1)?.id.replace('message-', '') ?? ''
  if (shown > seen.value) seen.value = shown
  seen.dataset.seen = 'told'
  lookAgain()
}

function mark(form: HTMLFormElement, { name, sentence }: Fault): boolean {
  const place = errorsOf(form).find(each => each.dataset.errorFor === name)
  for (const field of fieldsNamed(form, name)) field.setAttribute('aria-invalid', 'true')
  if (place) write(place, sentence)
  return place !== undefined
}

/** The words of the last form have arrived: it is empty again, and its draft is forgotten. */
export function markSent(): void {
  const form = lastForm()
  if (last) settled(last)
  if (!form) return
  // What the page had brought as a draft has been sent as well.
  if (form.closest('trefoil-draft')) for (const field of form.querySelectorAll('textarea')) field.defaultValue = ''
  const written = [...(underWay.get(form) ?? [])].map(([field, sent]) => ({ field, rest: restOf(field.value, sent) }))
  form.reset()
  for (const { field, rest } of written) field.value = rest
  form.dispatchEvent(new CustomEvent('trefoil:sent', { bubbles: true }))
  form.closest('dialog')?.close()
  form.closest<HTMLElement>('[popover]:popover-open')?.hidePopover()
}

/** The last form has done its deed and keeps its words; its draft goes on from them. */
export function markKept(): void {
  const form = lastForm()
  if (last) settled(last)
  if (form?.closest('trefoil-draft')) form.querySelector('textarea')?.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

/** What was written on while the words were under way, wherever in them the cursor stood. */
function restOf(now: string, sent: string): string {
  let same = 0
  while (same < sent.length && now[same] === sent[same]) same++
  const behind = sent.slice(same)
  return now.length >= sent.length && now.endsWith(behind) ? now.slice(same, now.length - behind.length).trimStart() : now
}
