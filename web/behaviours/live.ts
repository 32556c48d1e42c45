/** News from the server: the page looks again when one of its topics changed. One stream per seen page; unseen pages let go of theirs. */
import { session } from '@hotwired/turbo'
import { all, gathered, word } from '../page.ts'
import { isSending } from './forms.ts'
import { say } from './toasts.ts'

const letGoAfter = 30_000
let source: EventSource | undefined
let listening = ''
let lost = false
let failures = 0
let letGo: ReturnType<typeof setTimeout> | undefined

function topics(): string[] {
  const named = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content.split(' ') ?? []
  const followed = all('[topic]').map(element => element.getAttribute('topic') ?? '')
  return [...new Set([...named, ...followed])].filter(Boolean).sort()
}

// At once for whoever waits for an answer; what comes in a crowd is looked at three times a second.
const look = gathered(60, 300, () => {
  if (session.navigator.currentVisit || isSending()) return look()
  again = true
  session.refresh(document.baseURI)
})

let again = false

// Nobody waits for a page that looks again by itself: the server draws first what somebody asked for (RFC 9218).
function letOthersFirst(event: Event): void {
  const { fetchOptions } = (event as CustomEvent<{ fetchOptions: { headers: Record<string, string> } }>).detail
  if (!again || !session.navigator.currentVisit?.isPageRefresh) return
  again = false
  fetchOptions.headers.Priority = 'u=6'
}

// Turbo waits a little before it looks; what was sent in that time must not be broken off by it.
function neverWhileSending(): void {
  const refresh = session.debouncedRefresh.bind(session)
  session.debouncedRefresh = (url, options) => (isSending() ? look() : refresh(url, options))
  session.pageRefreshDebouncePeriod = 20
}

/** Looks again soon, at most a few times a second. */
export const lookAgain = (): void => look()

function tellPage(kind: string, data: string): void {
  document.dispatchEvent(new CustomEvent(`trefoil:${kind}`, { detail: (JSON.parse(data) as { detail?: unknown }).detail }))
}

function open(wanted: string): void {
  source?.close()
  listening = wanted
  if (!wanted) return
  const stream = new EventSource(
    `/live?${wanted
      .split(' ')
      .map(topic => `topic=${encodeURIComponent(topic)}`)
      .join('&')}&since=${document.querySelector<HTMLMetaElement>('meta[name="live-since"]')?.content ?? ''}`,
  )
  source = stream
  stream.addEventListener('refresh', () => look())
  for (const kind of ['presence', 'progress', 'notify'])
    stream.addEventListener(kind, event => tellPage(kind, (event as MessageEvent<string>).data))
  stream.addEventListener('open', () => {
    failures = 0
    if (lost) look()
    lost = false
  })
  stream.addEventListener('error', () => broken(stream))
}

// A stream that the server ended for good (signed out elsewhere) shows itself when the page looks again.
function broken(stream: EventSource): void {
  lost = true
  if (stream.readyState !== EventSource.CLOSED || stream !== source) return
  failures++
  if (failures === 1 && navigator.onLine) look()
  setTimeout(() => stream === source && open(listening), Math.min(60_000, 1000 * 2 ** failures))
}

function follow(): void {
  const wanted = topics().join(' ')
  if (wanted !== listening || source?.readyState === EventSource.CLOSED) open(wanted)
}

function seen(): void {
  clearTimeout(letGo)
  if (document.hidden) {
    letGo = setTimeout(() => {
      source?.close()
      source = undefined
      lost = true
    }, letGoAfter)
  } else if (!source) open(topics().join(' '))
}

export function startLive(): void {
  neverWhileSending()
  addEventListener('turbo:before-fetch-request', letOthersFirst)
  // A page that was let go for a newer one is no fault.
  addEventListener('unhandledrejection', event => {
    if (event.reason instanceof DOMException && event.reason.name === 'AbortError') event.preventDefault()
  })
  addEventListener('turbo:load', follow)
  addEventListener('turbo:morph', follow)
  document.addEventListener('visibilitychange', seen)
  // The bell counts again.
  document.addEventListener('trefoil:notify', () => look())
  addEventListener('online', () => listening && open(listening))
  addEventListener('offline', () => say(word('offline')))
  addEventListener('pagehide', () => source?.close())
}
