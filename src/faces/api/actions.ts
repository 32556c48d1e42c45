import type { Context } from 'hono'
import type { Action } from '#kernel/action.ts'
import type { Actor } from '#kernel/context.ts'
import { hashOf } from '#kernel/crypto.ts'
import { inOrg } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { actorFrom, type Env } from '#kernel/http.tsx'
import { every } from '#kernel/jobs.ts'
import { deepestJson, depthOf, readJson } from '#kernel/json.ts'
import { count, limits } from '#kernel/limits.ts'
import { inLanguage, isLanguage } from '#kernel/messages.ts'
import { may } from '#kernel/permissions.ts'
import * as store from './store.ts'

let actions: Action[] = []
/** Every action that programs may use. */
export const useActions = (all: Action[]): void =>
  void (actions = all.filter(each => each.info.published !== false).sort((a, b) => (a.info.name < b.info.name ? -1 : 1)))
export const published = (): Action[] => actions
export const actionNamed = (name: string): Action => actions.find(each => each.info.name === name) ?? refuse('notFound', 'kernel.notFound')

export interface Caller {
  org: string
  actor: Actor
}

/** Who calls: the holder of a personal key, or the person of the session in our own pages. */
export async function callerOf(c: Context<Env>, via: Actor['via'] = 'api'): Promise<Caller> {
  const header = c.req.header('authorization')
  if (!header) {
    const { org, actor } = actorFrom(c)
    return { org, actor: { ...actor, via } }
  }
  const token = /^Bearer\s+(\S{1,200})$/i.exec(header)?.[1]
  const holder = token ? await store.holderOf(hashOf(token)) : null
  if (!holder) refuse('unauthenticated', 'api.noKey')
  const { remaining, resetSeconds } = await count(limits.apiByKey, holder.key)
  c.header('ratelimit-remaining', String(remaining))
  c.header('ratelimit-reset', String(resetSeconds))
  return {
    org: holder.org,
    actor: {
      kind: 'person',
      account: holder.account,
      person: holder.person,
      role: holder.role,
      via,
      ...(holder.scopes.length > 0 && { scopes: holder.scopes }),
    },
  }
}

/** Runs an action for a caller and gives its answer as JSON text; with a key of idempotency the same answer for 24 hours. */
export async function run(asked: Action, caller: Caller, input: unknown, once?: string): Promise<string> {
  return inOrg(caller.org, caller.actor, async ctx => {
    if (!once || asked.info.reads) return JSON.stringify(await asked(ctx, input))
    if (!may(ctx.actor, asked.info.who)) refuse('forbidden', 'kernel.forbidden')
    const actor = caller.actor.account!
    if (!(await store.takeKey(ctx, actor, once))) refuse('conflict', 'api.underWay')
    const requestHash = hashOf(`${asked.info.name}\n${JSON.stringify(input)}`)
    const known = await store.answered(ctx, actor, once)
    if (known && known.request_hash !== requestHash) refuse('invalid', 'api.otherBody')
    if (known) return known.answer
    const answer = JSON.stringify(await asked(ctx, input))
    await store.keepAnswer(ctx, { actor, key: once, requestHash, answer })
    return answer
  })
}

export const forget = every({ hour: 4 }, 'Old idempotency keys are forgotten', async ctx => void (await store.forgetOld(ctx)))

const most = 1024 * 1024

/** The body as JSON: at most 1 MiB, at most 64 levels deep. */
export async function bodyOf(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\b/.test(type)) throw new Refusal('invalid', 'api.wantsJson', { type: type.slice(0, 60) || '–' })
  const text = await limitedText(request)
  if (depthOf(text) > deepestJson) refuse('invalid', 'api.tooDeep')
  const body = readJson(text)
  return body === undefined ? refuse('invalid', 'api.brokenJson') : body
}

async function limitedText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > most) refuse('tooLarge', 'kernel.tooLarge', { most })
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > most) refuse('tooLarge', 'kernel.tooLarge', { most })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Parameters of an address as an input: repeated names are lists. */
export function queryOf(params: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(params.keys())].map(name => [name, params.getAll(name).length > 1 ? params.getAll(name) : params.get(name)]),
  )
}

/** In the language that the program asked for, else in English. */
export const inCallersLanguage = <T>(c: Context, work: () => Promise<T>): Promise<T> => {
  const wanted = c.req.header('accept-language')?.slice(0, 2)
  return isLanguage(wanted) ? inLanguage(wanted, work) : work()
}
