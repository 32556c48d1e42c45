/** Small things that every behaviour needs. */
import { parsed } from './trusted.ts'

/** The nearest element around the target of an event. */
export function around<E extends Element = HTMLElement>(event: Event, selector: string): E | null {
  return event.target instanceof Element ? event.target.closest<E>(selector) : null
}

export const all = <E extends Element = HTMLElement>(selector: string, within: ParentNode = document): E[] => [
  ...within.querySelectorAll<E>(selector),
]

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** Data that came with the page, as the text of a template. */
export function pageData<T>(kind: string): T | undefined {
  const text = document.querySelector<HTMLTemplateElement>(`template[data-json="${kind}"]`)?.content.textContent
  return text ? (JSON.parse(text) as T) : undefined
}

/** A sentence in the page's language; `#` in it is replaced. */
export function word(name: string, value = ''): string {
  return (pageData<Record<string, string>>('words')?.[name] ?? '').replace('#', () => value)
}

const quietInputs = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range', 'color'])

/** Is somebody typing into this? */
export function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !quietInputs.has(target.type)
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  )
}

/** Runs `wait` milliseconds after the first of several calls, and not again before `pause` has passed: soon, but not often. */
export function gathered(wait: number, pause: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let ranAt = Number.NEGATIVE_INFINITY
  const fire = () => {
    timer = undefined
    ranAt = performance.now()
    run()
  }
  return () => void (timer ??= setTimeout(fire, Math.max(wait, ranAt + pause - performance.now())))
}

/** Runs once after the last call, `wait` milliseconds later. */
export function debounced<A extends unknown[]>(
  wait: number,
  run: (...given: A) => void,
): ((...given: A) => void) & { now(): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: A | undefined
  const fire = () => {
    clearTimeout(timer)
    const given = last
    last = undefined
    if (given) run(...given)
  }
  return Object.assign(
    (...given: A) => {
      last = given
      clearTimeout(timer)
      timer = setTimeout(fire, wait)
    },
    {
      now: fire,
      cancel: () => {
        clearTimeout(timer)
        last = undefined
      },
    },
  )
}

/** Sends JSON to our own server; true if it arrived. It outlives the page that sent it. */
export async function sendJson(method: 'POST' | 'PUT', path: string, body: unknown): Promise<boolean> {
  try {
    const answer = await fetch(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      keepalive: true,
    })
    return answer.ok
  } catch {
    return false
  }
}

/** Posts to a path as a form without fields does. */
export function postTo(action: string): void {
  const form = make('form', { method: 'post', action, hidden: '' })
  document.body.append(form)
  form.requestSubmit()
  form.remove()
}

/** A list of options that the server has rendered. */
export async function optionsFrom(path: string, signal: AbortSignal): Promise<HTMLElement[]> {
  const answer = await fetch(path, { signal, headers: { accept: 'text/html' } })
  return answer.ok ? all('[role="option"]', parsed(await answer.text())).map(option => document.adoptNode(option)) : []
}
