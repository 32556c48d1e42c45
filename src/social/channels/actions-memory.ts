/** What a channel keeps for its account, sealed at rest; each in a transaction of its own. */
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal, unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import type { Eraser } from '#kernel/keeps.ts'
import * as store from './store.ts'
import type { Memory } from './words.ts'

const mostAtOnce = 1000

export function memoryOf(org: string, account: string): Memory {
  return {
    get: name =>
      asSystem(org, async ctx => {
        const kept = await store.remembered(ctx, account, name)
        return kept === undefined ? undefined : opened(ctx, kept)
      }),
    set: (name, value, options = {}) => asSystem(org, ctx => remember(ctx, account, { name, value, ...options })),
    list: (prefix, { after = '', limit = mostAtOnce } = {}) =>
      asSystem(org, async ctx => {
        const rows = await store.rememberedBelow(ctx, account, { prefix, after, limit: Math.min(limit, mostAtOnce) })
        return Promise.all(rows.map(async ({ name, value }) => ({ name, value: await opened(ctx, value) })))
      }),
  }
}

const opened = async (ctx: Ctx, sealed: string): Promise<unknown> => JSON.parse(await unseal(ctx, sealed))

interface Told {
  name: string
  value: unknown
  fresh?: true
  until?: Date
}

async function remember(ctx: Ctx, account: string, { name, value, fresh, until }: Told): Promise<boolean> {
  if (value === undefined) return store.forget(ctx, account, name).then(() => true)
  const sealed = await seal(ctx, JSON.stringify(value))
  return store.remember(ctx, { account, name, value: sealed, until: until ?? null }, { fresh: fresh ?? false, at: now() })
}

/** Channels forget what names these people: followers, raw copies of what was pushed, profiles that were looked up. */
export const forgetInMemory: Eraser = async (ctx, { needles }) => {
  if (needles.length === 0) return
  for (let after = { account: nowhere, name: '' }; ; ) {
    const rows = await store.memoryAfter(ctx, after, mostAtOnce)
    if (rows.length === 0) return
    for (const row of rows) {
      const plain = `${row.name} ${await unseal(ctx, row.value)}`
      if (needles.some(each => plain.includes(each))) await store.forget(ctx, row.account, row.name)
    }
    after = rows.at(-1)!
  }
}

const nowhere = '00000000-0000-0000-0000-000000000000'
