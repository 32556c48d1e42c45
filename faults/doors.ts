/** The whole house behind its door, without a port: for tests that knock everywhere. */
import type { Hono } from 'hono'
import type { Actor, Role } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'
import { type Env, serve } from '#kernel/http.tsx'
import { openSession } from '#kernel/identity/sessions.ts'
import { limits } from '#kernel/limits.ts'
import { type TestHouse, testHouse } from '#kernel/testing.ts'
import { makeKey } from '#social/credentials/actions.ts'

export const origin = 'http://trefoil.test'

export interface Doors extends TestHouse {
  app: Hono<Env>
  /** The cookie of a new session of this actor. */
  cookie(org: string, actor: Actor): Promise<string>
  /** A personal key without scopes. */
  key(org: string, actor: Actor): Promise<string>
  get(path: string, cookie?: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, body: Record<string, string>, cookie?: string, headers?: Record<string, string>): Promise<Response>
  api(name: string, input: unknown, key: string, headers?: Record<string, string>): Promise<Response>
}

/** Prints the one line that a promise is measured by, and fails when something failed. */
export function verdict(promise: string, cases: number, failed: string[]): void {
  console.log(`${promise}: ${cases} cases, ${failed.length} failed`)
  if (failed.length) throw new Error(`${promise}: ${failed.slice(0, 20).join('\n')}`)
}

export const full = process.env.FULL === '1'

export async function doors(): Promise<Doors> {
  const house = await testHouse()
  limits.apiByKey.points = 10_000_000
  const app = serve(house.house.modules, { baseUrl: origin, trustProxy: false })
  const request = (path: string, init: RequestInit) => Promise.resolve(app.request(origin + path, init))
  const reads = new Set(
    house.house.modules
      .flatMap(module => module.actions)
      .filter(action => action.info.reads)
      .map(action => action.info.name),
  )
  return {
    ...house,
    app,
    cookie: async (org, actor) => `trefoil=${await openSession(actor.account!, { complete: true, agent: 'test', address: 'test', org })}`,
    key: async (org, actor) => (await inOrg(org, actor, ctx => makeKey(ctx, { name: 'test', scopes: [] }))).key,
    get: (path, cookie, headers = {}) => request(path, { headers: { accept: 'text/html', ...(cookie && { cookie }), ...headers } }),
    post: (path, body, cookie, headers = { origin }) =>
      request(path, {
        method: 'POST',
        body: new URLSearchParams(body),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie && { cookie }), ...headers },
      }),
    api: (name, input, key, headers = {}) => {
      const path = `/api/v1/${name.replace('.', '/')}`
      if (reads.has(name))
        return request(`${path}?${new URLSearchParams(input as Record<string, string>)}`, {
          headers: { authorization: `Bearer ${key}`, ...headers },
        })
      return request(path, {
        method: 'POST',
        body: JSON.stringify(input),
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      })
    },
  }
}

export const allRoles: Role[] = ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer']
export const noSuchId = '00000000-0000-7000-8000-000000000000'

/** A path with its parameters filled in. */
export const filled = (path: string, id = noSuchId): string =>
  path
    .replace(/:view\b/g, 'open')
    .replace(/:number\{\[(\w)[^}]*\}/g, '$1-1')
    .replace(/:seen\{[^}]*\}\}/g, '1')
    .replace(/:kind\{[^}]*\}/g, 'order')
    .replace(/:\w+(\{(?:[^{}]|\{[^}]*\})*\})?\??/g, id)
