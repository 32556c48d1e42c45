/** What is seen: pages and forms as data, so that every door and who may pass it can be listed, tested and shown. */
import type { Context } from 'hono'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { z } from 'zod'
import type { Action } from './action.ts'
import type { Actor, Ctx } from './context.ts'
import type { Values } from './errors.ts'

export type Html = JSX.Element

/** What a view knows: its transaction, where it is, and what was asked. */
export interface See {
  ctx: Ctx
  params: Record<string, string>
  query: URLSearchParams
  path: string
  request: Request
}

export interface Screen {
  title: string
  body: Html
  /** Topics on whose news the page looks again: `thread:<id>`, `inbox`. */
  live?: string[]
  /** `bare` leaves out the shell (fragments, print); `public` is for people who are not signed in. */
  frame?: 'shell' | 'public' | 'bare'
  status?: 200 | 404 | 422
  /** Wide pages use the whole width (lists beside a detail). */
  wide?: boolean
}

/** Where a page stands in the navigation, for the rail and the palette; `title` is a message key. */
export interface Place {
  section: string
  title: string
  icon: string
  order: number
  shortcut?: string
}

/** What the palette finds of a page beside its place in the rail; already in the reader's language. */
export interface Find {
  title: string
  /** Where else than to the page's own path. */
  href?: string
  icon?: string
  /** Further words to find it by. */
  words?: string
}

export interface PageRoute {
  is: 'page'
  path: string
  who: string
  section?: string
  place?: Place
  finds?(see: See): Find[]
  view(see: See): Promise<Screen>
}

/** A page at `path` (`/threads/:thread`), for those who have the permission. */
export function page(
  path: string,
  about: { who: string; section?: string; place?: Place; finds?: (see: See) => Find[] },
  view: (see: See) => Promise<Screen>,
): PageRoute {
  return { is: 'page', path, ...about, section: about.section ?? about.place?.section, view }
}

/** The address of one of many, beside that of a new one: `/settings/teams/:team`, which is never `/settings/teams/new`. */
export const oneOf = (base: string, name: string): string => `${base}/:${name}{(?!new$)[^/]+}`

/** What a form does after it worked: goes somewhere, or stays, says so and offers the way back. */
export type Then =
  | { go: string; say?: string; values?: Values; undo?: Undo }
  | {
      stay: true
      say?: string
      values?: Values
      undo?: Undo /** What was typed stays as well: nothing of it has gone anywhere. */
      keeps?: true
    }
  | { show: Screen }

/** The form that takes it back: posted to `path`, with these fields where it needs any. */
export interface Undo {
  path: string
  fields?: Record<string, string>
}

/** Who sends a form, for what must be done before the deed, such as keeping its files. */
export interface Asker {
  org: string
  actor: Actor
}

export interface FormRoute {
  is: 'form'
  path: string
  action: Action
  read?(fields: FormData, params: Record<string, string>, who: Asker): unknown | Promise<unknown>
  done(see: See, output: unknown, input: unknown): Then | Promise<Then>
  /** Bytes at most; files need more than the usual 1 MiB. */
  most?: number
}

/**
 * A form that posts to `path`: fields and path parameters become the action's input. Fields that end in `[]` are lists; files stay `File`.
 * Without `read` every field is taken by its name and empty ones are left out.
 */
export function form<In extends z.ZodType, Out extends z.ZodType>(
  path: string,
  action: Action<In, Out>,
  more: {
    read?(fields: FormData, params: Record<string, string>, who: Asker): z.input<In> | Promise<z.input<In>>
    done(see: See, output: z.output<Out>, input: z.input<In>): Then | Promise<Then>
    most?: number
  },
): FormRoute {
  return { is: 'form', path, action: action as unknown as Action, ...more } as FormRoute
}

/** What was typed into a field; nothing where there is no such field. */
export const typed = (fields: FormData, name: string): string => String(fields.get(name) ?? '')

/** Whether a single box was ticked. */
export const ticked = (fields: FormData, name: string): boolean => fields.get(name) === 'on'

export interface RawRoute {
  is: 'raw'
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** A permission, or `nobody` for doors that check by themselves (sign-in, signed links, webhooks). */
  who: string
  answer(c: Context, see: See | null): Promise<Response>
}

/** For what is neither page nor form: files, streams, fragments. With a permission, `see` is there; with `nobody` it is null. */
export function raw(method: RawRoute['method'], path: string, who: string, answer: RawRoute['answer']): RawRoute {
  return { is: 'raw', method, path, who, answer }
}

/** One address at which the open network calls. */
export interface OpenDoor {
  method: 'GET' | 'POST' | 'OPTIONS'
  path: string
  answer(c: Context): Promise<Response>
}

/** Doors that are known once everything is loaded. Any page may call there, because nothing that a browser is signed in to counts. */
export interface OpenDoors {
  is: 'openDoors'
  all(): OpenDoor[]
}
export const openDoors = (all: OpenDoors['all']): OpenDoors => ({ is: 'openDoors', all })

/** A place on a screen that higher floors may fill; declared in the words of the module that owns the screen. */
export interface Slot<P> {
  slot: string
  props?: P
}
export const slot = <P,>(name: string): Slot<P> => ({ slot: name })

export interface Offer {
  is: 'offer'
  slot: string
  order: number
  who?: string
  render(see: See, props: unknown): Promise<Html | null>
}

/** Fills a slot with something of one's own; null shows nothing. */
export function offer<P>(
  into: Slot<P>,
  render: (see: See, props: P) => Promise<Html | null>,
  about: { order?: number; who?: string } = {},
): Offer {
  return { is: 'offer', slot: into.slot, order: about.order ?? 50, who: about.who, render: render as Offer['render'] }
}

const isKind = (kind: string) => (it: unknown) => typeof it === 'object' && it !== null && 'is' in it && it.is === kind
export const isPage = isKind('page')
export const isForm = isKind('form')
export const isRaw = isKind('raw')
export const isOpenDoors = isKind('openDoors')
export const isOffer = isKind('offer')

let offers: Offer[] = []
let allowed: (see: See, who: string) => boolean = () => true

export function useOffers(all: Offer[], may: (see: See, who: string) => boolean): void {
  offers = [...all].sort((a, b) => a.order - b.order)
  allowed = may
}

/** Everything that was offered for this place, in order; empty when nobody had something to show. */
export async function offered<P>(see: See, into: Slot<P>, props: P): Promise<Html[]> {
  const wanted = offers.filter(each => each.slot === into.slot && (!each.who || allowed(see, each.who)))
  const parts = await Promise.all(wanted.map(each => each.render(see, props)))
  return parts.filter(part => part !== null)
}

/** As `offered`, ready to stand in a page. */
export const fill = async <P,>(see: See, into: Slot<P>, props: P): Promise<Html> => <>{await offered(see, into, props)}</>
