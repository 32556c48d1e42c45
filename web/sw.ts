/** The service worker: our own files from the cache, a page of comfort when there is no network. Pages themselves are never kept. */
declare const STAMP: string
declare const FILES: string[]

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Waiting {
  request: Request
  respondWith(answer: Promise<Response>): void
}

const name = `trefoil-${STAMP}`
const scope = globalThis as unknown as {
  addEventListener(kind: string, run: (event: never) => void): void
  skipWaiting(): Promise<void>
  location: Location
  clients: { claim(): Promise<void> }
}

async function prepare(): Promise<void> {
  const cache = await caches.open(name)
  await cache.addAll(['/offline.html', '/favicon.svg', ...FILES])
  await scope.skipWaiting()
}

async function tidy(): Promise<void> {
  for (const old of await caches.keys()) if (old.startsWith('trefoil-') && old !== name) await caches.delete(old)
  await scope.clients.claim()
}

async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request)
  if (kept) return kept
  const fresh = await fetch(request)
  if (fresh.ok) await (await caches.open(name)).put(request, fresh.clone())
  return fresh
}

const page = (request: Request): Promise<Response> =>
  fetch(request).catch(async () => (await caches.match('/offline.html')) ?? Response.error())

scope.addEventListener('install', (event: Waiting) => event.waitUntil(prepare()))
scope.addEventListener('activate', (event: Waiting) => event.waitUntil(tidy()))
scope.addEventListener('fetch', (event: Fetching) => {
  const { origin, pathname } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== scope.location.origin) return
  if (pathname.startsWith('/assets/')) event.respondWith(asset(event.request))
  else if (pathname === '/favicon.svg') event.respondWith(fetch(event.request).catch(() => asset(event.request)))
  else if (event.request.mode === 'navigate') event.respondWith(page(event.request))
})
