/** One attempt to tell another program, with no transaction open meanwhile, and what follows from its outcome. */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { cleanText, cut } from '#kernel/plain.ts'
import { signedHeaders } from '#kernel/signed.ts'
import { record } from '#social/activities/actions.ts'
import { administratorsOf } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const attemptForm = z.object({ delivery: z.uuid(), attempt: z.int().min(0) })

/** The same attempt asked for twice is made once: it names how many were made before it. */
export const deliver = outsideJob('Another program is told what happened', attemptForm, async (org, asked) => {
  const it = await asSystem(org, ctx => opened(ctx, asked))
  if (!it) return
  const answer = await push(it)
  await asSystem(org, ctx => settle(ctx, it, answer))
})

interface Open {
  hook: store.HookRow
  row: store.DeliveryRow
  secrets: string[]
  at: Date
}

/** Undefined when there is nothing to be done, or not yet. */
async function opened(ctx: Ctx, { delivery, attempt }: z.output<typeof attemptForm>): Promise<Open | undefined> {
  const row = await store.delivery(ctx, delivery)
  const hook = row && (await store.hook(ctx, row.hook))
  if (!hook || row.state !== 'waiting' || row.attempts !== attempt || hook.disabled_at) return undefined
  const rest = attempt === row.attempts_before ? rules.restUntil(hook.failed_at, ctx.now) : null
  if (rest) return void (await later(ctx, deliver, { delivery, attempt }, { at: rest }))
  const secret = await unseal(ctx, hook.secret)
  const before = hook.secret_before && (await unseal(ctx, hook.secret_before))
  return { hook, row, secrets: rules.goodSecrets({ secret, before, beforeUntil: hook.secret_before_until }, ctx.now), at: ctx.now }
}

interface Answer {
  status: number | null
  says: string
  tookMs: number
  retryAfter: number
}

async function push({ hook, row, secrets, at }: Open): Promise<Answer> {
  const began = performance.now()
  const id = `msg_${row.id}`
  const headers = signedHeaders(secrets, id, at, row.body)
  const asked = { method: 'POST', headers, body: row.body, redirects: 0, maxBytes: 100_000, timeoutMs: 20_000 } as const
  const answer = await guardedFetch(hook.url, asked).catch(unanswered)
  return { ...said(answer, at), tookMs: Math.round(performance.now() - began) }
}

function unanswered(error: unknown): string {
  if (error instanceof ChannelError) return error.says
  throw error
}

/** Without an answer, what hindered it: a message key. */
const said = (answer: Answered | string, at: Date): Omit<Answer, 'tookMs'> =>
  typeof answer === 'string'
    ? { status: null, says: answer, retryAfter: 0 }
    : {
        status: answer.status,
        says: cut(cleanText(new TextDecoder().decode(answer.bytes.subarray(0, 8000))), 2000),
        retryAfter: rules.retryAfter(answer.headers.get('retry-after'), at),
      }

async function settle(ctx: Ctx, { hook, row, at }: Open, answer: Answer): Promise<void> {
  const outcome = rules.outcomeOf(answer.status)
  const attempts = row.attempts + 1
  const pause = outcome === 'again' ? rules.againAfter(attempts - row.attempts_before, Math.random(), answer.retryAfter) : null
  const due = pause === null ? null : new Date(ctx.now.getTime() + pause)
  const state = outcome === 'done' ? 'done' : due ? 'waiting' : 'failed'
  const { status, says, tookMs } = answer
  await store.changeDelivery(ctx, row.id, { state, attempts, status, answer: says, took_ms: tookMs, tried_at: at, due_at: due })
  if (due) await later(ctx, deliver, { delivery: row.id, attempt: attempts }, { at: due })
  tell(ctx, `hook:${hook.id}`)
  if (outcome !== 'done') await failed(ctx, hook, outcome)
  else if (hook.failing_since) await store.changeHook(ctx, hook.id, { failing_since: null, failed_at: null })
}

async function failed(ctx: Ctx, hook: store.HookRow, outcome: 'gone' | 'again'): Promise<void> {
  const since = hook.failing_since ?? ctx.now
  await store.changeHook(ctx, hook.id, { failing_since: since, failed_at: ctx.now })
  if (outcome === 'gone') await giveUp(ctx, hook, 'gone')
  else if (rules.isGivenUp(since, ctx.now)) await giveUp(ctx, hook, 'failing')
}

/** Whoever made it and those who may mend it are told. */
async function giveUp(ctx: Ctx, hook: store.HookRow, because: 'gone' | 'failing'): Promise<void> {
  await store.changeHook(ctx, hook.id, { disabled_at: ctx.now, disabled_because: because })
  await store.endWaiting(ctx, hook.id)
  const activity = record(ctx, words.Stopped, { object: hook.id, actor: null, detail: { name: hook.name, because } })
  const people = new Set([...(await administratorsOf(ctx)).map(({ person }) => person), ...(hook.by ? [hook.by] : [])])
  const about = {
    kind: 'account',
    activity,
    object: hook.id,
    actor: null,
    told: { name: hook.name },
    path: `/settings/hooks/${hook.id}`,
  } as const
  await notify(
    ctx,
    [...people].map(person => ({ ...about, person, says: `hooks.notice.${because}` })),
  )
}
