/** The door for browsers: who asks, from where, how much; then the page, the form or the refusal. */
import { randomBytes } from 'node:crypto'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { away } from './away.ts'
import type { Actor, Ctx } from './context.ts'
import { inOrg } from './db.ts'
import { Refusal, refuse, statusOf } from './errors.ts'
import { formAgain } from './form-again.ts'
import { readForm } from './form-data.ts'
import type { ToastProps } from './html/feedback.tsx'
import { Problem, type ProblemProps, PublicProblem, problemTitle } from './html/problem.tsx'
import { GoStream, KeptStream, RefreshStream, RefuseStream, SentStream, streamType, ToastStream, withDoctype } from './html/streams.tsx'
import { actorOf, type SignedIn, whoHas } from './identity/sessions.ts'
import { newId } from './ids.ts'
import { canWait, lanes } from './lanes.ts'
import { log } from './log.ts'
import { inLanguage, isLanguage, type Language, languages, t } from './messages.ts'
import type { Module } from './modules.ts'
import { packed } from './packed.ts'
import type { FormRoute, Html, PageRoute, RawRoute, Screen, See, Then } from './page.tsx'
import { perform } from './perform.ts'
import { may } from './permissions.ts'

export type Env = {
  Variables: { nonce: string; requestId: string; who: SignedIn | null; flash: ToastProps[] }
  Bindings: { incoming?: { socket: { remoteAddress?: string } } }
}

export interface FrameProps {
  see: See | null
  who: SignedIn | null
  screen: Screen
  nonce: string
  flash: ToastProps[]
  section?: string
}

/** How a screen is framed; the web face brings the frames. */
export type Frames = Record<'shell' | 'public' | 'bare', (props: FrameProps) => Html | Promise<Html>>

export interface DoorSettings {
  /** Where people open it; without one, the request's own host is believed. */
  baseUrl: string | undefined
  trustProxy: boolean
}

let frames: Frames | undefined
export const useFrames = (given: Frames): void => void (frames = given)

let door: DoorSettings = { baseUrl: undefined, trustProxy: false }

/** The whole server as a function of a request; `app.request()` in tests needs no port. */
export function serve(modules: Module[], settings: DoorSettings, before: (app: Hono<Env>) => void = () => {}): Hono<Env> {
  door = settings
  const app = new Hono<Env>()
  app.use(everyAnswer)
  before(app)
  // Before anybody is asked who they are: here no session counts.
  for (const door of modules.flatMap(module => module.openDoors).flatMap(each => each.all())) app.on(door.method, door.path, door.answer)
  app.use(whoAsks)
  app.use(onlyFromHere)
  for (const module of modules) for (const route of module.raws) addRaw(app, route)
  for (const module of modules) for (const route of module.pages) addPage(app, route)
  for (const module of modules) for (const route of module.forms) addForm(app, route)
  app.notFound(c => problem(c, new Refusal('notFound', 'kernel.notFound')))
  app.onError((error, c) => problem(c, error, async (path, headers) => app.request(path, { headers }, c.env)))
  return app
}

/** What the outside world sees as our origin. */
export function originOf(c: Context): string {
  if (door.baseUrl) return door.baseUrl
  const url = new URL(c.req.url)
  const proto = door.trustProxy ? c.req.header('x-forwarded-proto') : undefined
  const host = (door.trustProxy ? c.req.header('x-forwarded-host') : undefined) ?? c.req.header('host') ?? url.host
  return `${proto ?? url.protocol.slice(0, -1)}://${host}`
}

/** The address of who asks, as far as it can be known. */
export function addressOf(c: Context<Env>): string {
  const forwarded = door.trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded ?? c.env?.incoming?.socket.remoteAddress ?? 'unknown'
}

const everyAnswer: MiddlewareHandler<Env> = async (c, next) => {
  const nonce = randomBytes(16).toString('base64url')
  c.set('nonce', nonce)
  c.set('requestId', newId())
  c.set('flash', [])
  const began = performance.now()
  await next()
  const headers = c.res.headers
  const type = headers.get('content-type') ?? ''
  if (!headers.has('content-security-policy'))
    headers.set('content-security-policy', type.startsWith('text/html') ? policyFor(nonce) : "default-src 'none'; frame-ancestors 'none'")
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'strict-origin-when-cross-origin')
  headers.set('cross-origin-opener-policy', 'same-origin')
  // An open door may be called from other pages, and says so itself.
  if (!headers.has('cross-origin-resource-policy')) headers.set('cross-origin-resource-policy', 'same-origin')
  if (!headers.has('x-frame-options')) headers.set('x-frame-options', 'DENY')
  headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
  headers.set('x-request-id', c.get('requestId'))
  if (isSecure(c)) headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains')
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  log.debug(
    { id: c.get('requestId'), method: c.req.method, path: c.req.path, status: c.res.status, ms: Math.round(performance.now() - began) },
    'answered',
  )
}

const policyFor = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types trefoil default dompurify',
  ].join('; ')

const isSecure = (c: Context) => originOf(c).startsWith('https:')

/** With HTTPS the prefix makes browsers refuse the cookie from any other host or path. */
const cookieName = (c: Context) => (isSecure(c) ? '__Host-trefoil' : 'trefoil')

export function setSession(c: Context, token: string): void {
  setCookie(c, cookieName(c), token, { httpOnly: true, sameSite: 'Lax', path: '/', secure: isSecure(c), maxAge: 90 * 86_400 })
}
export const dropSession = (c: Context): void => void deleteCookie(c, cookieName(c), { path: '/', secure: isSecure(c) })
export const sessionToken = (c: Context): string | undefined => getCookie(c, cookieName(c))

const whoAsks: MiddlewareHandler<Env> = async (c, next) => {
  const token = sessionToken(c)
  const who = token ? await whoHas(token) : null
  c.set('who', who)
  const flash = getCookie(c, 'flash')
  if (flash && c.req.method === 'GET' && c.req.header('accept')?.includes('text/html')) {
    deleteCookie(c, 'flash', { path: '/' })
    c.set('flash', readFlash(flash))
  }
  await inLanguage(languageFor(c, who), next, zoneOf(c))
}

function languageFor(c: Context, who: SignedIn | null): Language {
  // A link that was mailed says in which language it was written.
  const chosen = who?.language ?? getCookie(c, 'language') ?? c.req.query('in')
  if (isLanguage(chosen)) return chosen
  const wanted = (c.req.header('accept-language') ?? '').split(',').map(part => part.trim().slice(0, 2).toLowerCase())
  return wanted.find(isLanguage) ?? languages[0]
}

const zones = new Set<string>()

function zoneOf(c: Context): string {
  const zone = getCookie(c, 'zone') ?? ''
  return zones.has(zone) || isZone(zone) ? zone : 'UTC'
}

function isZone(zone: string): boolean {
  try {
    if (!zone || !new Intl.DateTimeFormat('en', { timeZone: zone })) return false
    if (zones.size < 2000) zones.add(zone)
    return true
  } catch {
    return false
  }
}

/** A change is believed only from our own pages: a browser that sends a cookie or an Origin must send ours. */
const onlyFromHere: MiddlewareHandler<Env> = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.header('authorization')) return next()
  const origin = c.req.header('origin')
  const fromBrowser = origin !== undefined || sessionToken(c) !== undefined
  const site = c.req.header('sec-fetch-site')
  if (fromBrowser && (origin !== originOf(c) || (site !== undefined && site !== 'same-origin'))) refuse('forbidden', 'kernel.foreignOrigin')
  await next()
}

const usual = 1024 * 1024
const limited = (most: number): MiddlewareHandler =>
  bodyLimit({ maxSize: most, onError: () => refuse('tooLarge', 'kernel.tooLarge', { most }) })

function addRaw(app: Hono<Env>, route: RawRoute): void {
  app.on(route.method, route.path, async c => {
    if (route.who === 'nobody') return route.answer(c, null)
    return withSee(c, route.who, see => route.answer(c, see))
  })
}

/** A page that looks again by itself waits for what somebody asked for, a second at most. */
const desk = lanes(1000)

async function screenOf(c: Context<Env>, see: See, route: PageRoute) {
  const screen = await route.view(see)
  return { html: await framed(c, see, screen, route.section), status: screen.status ?? 200 }
}

function addPage(app: Hono<Env>, route: PageRoute): void {
  app.get(route.path, async c => {
    const who = c.get('who')
    if (!who?.complete || !who.org) return toSignIn(c, who)
    const look = () => withSee(c, route.who, see => screenOf(c, see, route), { looking: true })
    const looked = await (canWait(c) ? desk.later(look) : desk.now(look))
    return packed(c, looked.html, looked.status)
  })
}

function addForm(app: Hono<Env>, route: FormRoute): void {
  app.post(route.path, limited(route.most ?? usual), async c => {
    const { actor, org } = actorFrom(c)
    if (!may(actor, route.action.info.who)) refuse('forbidden', 'kernel.forbidden')
    const fields = await readForm(c.req.raw)
    const input = await (route.read ? route.read(fields.data, c.req.param(), { org, actor }) : { ...fields.plain, ...c.req.param() })
    const then = await desk.now(async () => {
      const output = await perform(route.action, org, actor, input as never)
      return inOrg(org, actor, async ctx => route.done(seeOf(c, ctx), output, input))
    })
    return afterwards(c, then)
  })
}

/** A transaction for one request of somebody who is signed in and may. */
export function withSee<T>(c: Context<Env>, who: string, run: (see: See) => Promise<T>, { looking = false } = {}): Promise<T> {
  const { actor, org } = actorFrom(c)
  if (!may(actor, who)) refuse('forbidden', 'kernel.forbidden')
  return inOrg(org, actor, ctx => run(seeOf(c, ctx)), { looking })
}

export function actorFrom(c: Context<Env>): { actor: Actor; org: string } {
  const who = c.get('who')
  if (!who?.complete || !who.org) refuse('unauthenticated', 'kernel.signInFirst')
  return { actor: actorOf(who), org: who.org }
}

const seeOf = (c: Context, ctx: Ctx): See => ({
  ctx,
  params: c.req.param() as Record<string, string>,
  query: new URL(c.req.url).searchParams,
  path: c.req.path,
  request: c.req.raw,
})

async function framed(c: Context<Env>, see: See | null, screen: Screen, section?: string): Promise<string> {
  if (!frames) throw new Error('No frames yet')
  const frame = frames[screen.frame ?? (see ? 'shell' : 'public')]
  return withDoctype(await frame({ see, who: c.get('who'), screen, nonce: c.get('nonce'), flash: c.get('flash'), section }))
}

/** Shows a screen to somebody who is not (wholly) signed in. */
export const showPublic = async (c: Context<Env>, screen: Screen): Promise<Response> =>
  packed(c, await framed(c, null, { frame: 'public', ...screen }), statusFor(c, screen))

/** Turbo shows what answers a form without a redirect only when its status is no success; other browsers get the true one. */
const statusFor = (c: Context, screen: Screen) => screen.status ?? (c.req.method === 'POST' && wantsStream(c) ? 422 : 200)

function toSignIn(c: Context<Env>, who: SignedIn | null): Response {
  if (who && !who.complete) return c.redirect('/sign-in/second', 303)
  if (who) return c.redirect('/organisations', 303)
  const wanted = c.req.path === '/' ? '' : `?next=${encodeURIComponent(new URL(c.req.url).pathname + new URL(c.req.url).search)}`
  return c.redirect(`/sign-in${wanted}`, 303)
}

/** A path of our own to go on to, or `/`: whatever else was asked for does not leave this origin. */
export function safePath(wanted: string | null | undefined): string {
  if (!wanted || !/^\/(?![/\\])/.test(wanted)) return '/'
  const url = URL.parse(wanted, 'http://here.invalid')
  if (url?.host !== 'here.invalid') return '/'
  return /[\\\t\r\n]/.test(wanted) || url.pathname.startsWith('//') ? '/' : url.pathname + url.search + url.hash
}

const wantsStream = (c: Context) => c.req.header('accept')?.includes('turbo-stream') ?? false

/** What a form answers after it worked. */
export async function afterwards(c: Context<Env>, then: Then): Promise<Response> {
  if ('show' in then) return c.html(await framed(c, null, then.show), statusFor(c, then.show))
  const toast = then.say ? { text: t(then.say, then.values), ...(then.undo && { undo: then.undo }) } : undefined
  if ('go' in then) {
    if (toast) keepFlash(c, toast)
    if (!wantsStream(c)) return c.redirect(then.go, 303)
    return stream(
      c,
      <>
        <SentStream />
        <GoStream to={then.go} />
      </>,
    )
  }
  if (wantsStream(c))
    return stream(
      c,
      <>
        {'keeps' in then ? <KeptStream /> : <SentStream />}
        <RefreshStream />
        {toast && <ToastStream {...toast} />}
      </>,
    )
  if (toast) keepFlash(c, toast)
  const from = URL.parse(c.req.header('referer') ?? '')
  return c.redirect(safePath(from && from.pathname + from.search), 303)
}

export async function stream(c: Context, streams: Html, status: 200 | 422 = 200): Promise<Response> {
  return c.body(String(await streams.toString()), status, { 'content-type': streamType })
}

function keepFlash(c: Context, toast: ToastProps): void {
  setCookie(c, 'flash', Buffer.from(JSON.stringify([toast])).toString('base64url'), {
    path: '/',
    sameSite: 'Lax',
    httpOnly: true,
    maxAge: 30,
    secure: isSecure(c),
  })
}

function readFlash(text: string): ToastProps[] {
  try {
    const read = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as ToastProps[]
    return Array.isArray(read)
      ? read
          .slice(0, 3)
          .map(({ text, undo }) => ({ text: String(text).slice(0, 500), ...(undo?.path && safePath(undo.path) !== '/' && { undo }) }))
      : []
  } catch {
    return []
  }
}

/** Every failure ends here: a rule's sentence as it is, a bug as a number to ask for. */
async function problem(c: Context<Env>, error: unknown, ask?: (path: string, headers: Headers) => Promise<Response>): Promise<Response> {
  const refusal = error instanceof Refusal ? error : (away(error) ?? null)
  if (!refusal) log.error({ err: error, id: c.get('requestId'), path: c.req.path }, 'bug')
  else if (refusal !== error) log.warn({ err: error, id: c.get('requestId'), path: c.req.path }, 'away')
  const status = refusal ? statusOf[refusal.code] : 500
  if (refusal?.retryAfter) c.header('retry-after', String(refusal.retryAfter))
  return inLanguage(languageFor(c, c.get('who') ?? null), async () => {
    const sentence = refusal ? t(refusal.key, refusal.values) : t('kernel.bug', { id: c.get('requestId') })
    const fields = refusal?.fields.map(fault => ({ name: fault.field, sentence: t(fault.key, fault.values) })) ?? []
    if (isForPrograms(c.req.path) || c.req.header('accept')?.startsWith('application/json'))
      return asJson(c, refusal, status, sentence, fields)
    if (wantsStream(c)) return stream(c, <RefuseStream sentence={sentence} fields={fields} />, 422)
    const who = c.get('who')
    if (status === 401) return toSignIn(c, who)
    const again = ask && (await formAgain(c, ask, { sentence, fields }))
    if (again) return c.html(again.html, status, { 'content-security-policy': again.policy })
    return c.html(await problemPage(c, who, { code: refusal?.code ?? 'bug', sentence, fields }), status)
  })
}

/** Below `/api` only the reference is read by people. */
const isForPrograms = (path: string): boolean => path.startsWith('/api/') && !path.startsWith('/api/reference')

/** Whoever is signed in keeps the house around the sentence, as long as it can be drawn. */
async function problemPage(c: Context<Env>, who: SignedIn | null, about: ProblemProps): Promise<string> {
  const title = problemTitle(about.code)
  try {
    if (who?.complete && who.org) {
      const inside: Screen = { title, body: <Problem {...about} />, frame: 'shell' }
      return await inOrg(who.org, actorOf(who), ctx => framed(c, seeOf(c, ctx), inside), { looking: true })
    }
  } catch (error) {
    log.warn({ err: error, id: c.get('requestId') }, 'the problem is shown without the house around it')
  }
  return framed(c, null, { title, body: <PublicProblem {...about} />, frame: 'public' })
}

function asJson(
  c: Context<Env>,
  refusal: Refusal | null,
  status: number,
  sentence: string,
  fields: { name: string; sentence: string }[],
): Response {
  const body = {
    error: {
      type: refusal?.code ?? 'bug',
      says: sentence,
      ...(fields.length > 0 && { fields: fields.map(each => ({ field: each.name, says: each.sentence })) }),
      request: c.get('requestId'),
      more: `/api/reference#errors`,
    },
  }
  return c.json(body, status as 400)
}
