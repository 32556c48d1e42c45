/** A page that looks again must not disturb who works in it: what is typed, ticked, opened, scrolled and drawn stays as it is. */

interface MorphElement extends CustomEvent {
  detail: { newElement?: Element }
}
interface MorphAttribute extends CustomEvent {
  detail: { attributeName: string; mutationType: 'update' | 'remove' }
}

interface RenderEvent extends CustomEvent {
  detail: { renderMethod: 'replace' | 'morph' }
}

type Filled = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

const isField = (element: unknown): element is Filled =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement

/** Did the person change it since the page came? */
export function isDirty(field: Filled): boolean {
  if (field instanceof HTMLSelectElement)
    return [...field.options].some(option => option.selected !== option.defaultSelected) && field.value !== ''
  if (field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)) return field.checked !== field.defaultChecked
  if (field instanceof HTMLInputElement && field.type === 'file') return (field.files?.length ?? 0) > 0
  return field.value !== field.defaultValue
}

const sameMoment = (element: Element, next: Element | undefined) =>
  element instanceof HTMLTimeElement && next instanceof HTMLTimeElement && element.dateTime === next.dateTime

/** While somebody writes, the page goes on to say what they had seen when they began. */
function writing(seen: Element): boolean {
  const form = seen instanceof HTMLInputElement ? seen.form : seen.closest('form')
  return seen.getAttribute('data-seen') !== 'told' && [...(form?.querySelectorAll('textarea') ?? [])].some(field => field.value !== '')
}

// What one writes is one's own: a page that was drawn while it was being sent would bring it back.
const isOwn = (element: Element) => element.matches('trefoil-draft textarea')

function staysWhole(element: Element, next: Element | undefined): boolean {
  if (isOwn(element)) return true
  // What a frame was asked for stands until it is asked for something else.
  if (element.matches('turbo-frame[src]')) return true
  if (element.matches('[data-seen]')) return writing(element)
  if (element.matches('[data-composer-kind]')) return false
  if (isField(element)) return document.activeElement === element || isDirty(element)
  if (element.hasAttribute('data-kept') || element.matches('.field-error, .form-error')) return element.hasChildNodes()
  return sameMoment(element, next) || (element instanceof HTMLButtonElement && element.getAttribute('aria-busy') === 'true')
}

// Set by behaviours or by the person, unknown to the server.
const own = new Set(['data-focus', 'data-sending', 'data-shown', 'aria-expanded', 'form'])

function staysAttribute(element: Element, name: string): boolean {
  if (own.has(name)) return true
  // To whom one writes is chosen by hand.
  if (name === 'checked') return element.matches('[data-composer-kind]')
  if (name === 'open') return element instanceof HTMLDetailsElement || element instanceof HTMLDialogElement
  if (name === 'hidden')
    return element.matches('[data-bulk-bar], .field-error, .form-error, [data-composer-files]') && element.hasChildNodes()
  return name === 'aria-invalid' || name === 'aria-activedescendant'
}

export function startKeeping(): void {
  addEventListener('turbo:before-morph-element', event => {
    const { newElement } = (event as MorphElement).detail
    if (event.target instanceof Element && newElement && staysWhole(event.target, newElement)) event.preventDefault()
  })
  addEventListener('turbo:before-morph-attribute', event => {
    if (event.target instanceof Element && staysAttribute(event.target, (event as MorphAttribute).detail.attributeName))
      event.preventDefault()
  })
  startScrolls()
  startPlace()
}

/** Whoever works by keyboard goes on where they were, also when the row that they were at stands elsewhere now. */
function startPlace(): void {
  let place: Element | null = null
  addEventListener('turbo:before-render', event => {
    place = (event as RenderEvent).detail.renderMethod === 'morph' ? document.activeElement : null
  })
  addEventListener('turbo:render', () => {
    const now = place?.isConnected ? place : place?.id ? document.getElementById(place.id) : null
    if (now instanceof HTMLElement && document.activeElement === document.body) now.focus({ preventScroll: true })
  })
}

const scrolls = new Map<string, number>()

/** Lists beside a detail keep their place when another detail is opened. */
function startScrolls(): void {
  addEventListener('turbo:before-render', () => {
    for (const pane of document.querySelectorAll<HTMLElement>('[data-keep-scroll]'))
      scrolls.set(pane.dataset.keepScroll ?? '', pane.scrollTop)
  })
  addEventListener('turbo:render', () => {
    for (const pane of document.querySelectorAll<HTMLElement>('[data-keep-scroll]')) {
      const kept = scrolls.get(pane.dataset.keepScroll ?? '')
      if (kept && pane.scrollTop === 0) pane.scrollTop = kept
      pane.querySelector('[data-current]')?.scrollIntoView({ block: 'nearest' })
    }
  })
}
