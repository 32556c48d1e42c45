/** While the assistant writes: nobody and nothing waits for it, it can be stopped, and it ends in any case. */
import { fill } from '#areas/answers/actions.ts'
import { type Actor, afterCommit, type Ctx } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every } from '#kernel/jobs.ts'
import { announce, hear, tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { t } from '#kernel/messages.ts'
import { may } from '#kernel/permissions.ts'
import { paced } from '#kernel/streams.ts'
import { localDay } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import { type Hears, type Reached, reachedBy } from './actions-endpoint.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export interface Wanted {
  kind: words.Kind
  thread?: string
  content?: string
  language?: string
  how?: string
  sources?: words.Source[]
  /** What goes along, for telling which web addresses are known. */
  material: readonly string[]
  /** What was left in the house, back in its place. */
  back?: (text: string) => string
  ask(it: Reached, signal: AbortSignal, hears: Hears): Promise<words.Said>
}

export const dayOf = (ctx: Ctx): string => localDay(ctx.now, ctx.zone)

const mostAtOnce = 3

/**
 * Asks the assistant once this transaction is committed, and returns the id of the use, whose state tells how it goes. Work of the queues would wait behind
 * an endpoint that is slow; this waits for nobody, and what a stop of the server interrupts is over when its time is.
 */
export async function begin(
  ctx: Ctx,
  setting: store.SettingRow,
  { material, back = text => text, ask, ...wanted }: Wanted,
): Promise<string> {
  const person = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
  const waiting = await store.underWay(ctx, person)
  const same = waiting.find(each => isSame(each, wanted))
  if (same) return same.id
  if (waiting.length >= mostAtOnce) refuse('tooMany', 'assistant.atOnce', { most: mostAtOnce })
  await counted(ctx, setting)
  const id = newId(ctx.now)
  const { thread = null, content = null, language = null, how = null, sources = [], kind } = wanted
  const dueAt = new Date(ctx.now.getTime() + setting.patience * 1000)
  await store.add(ctx, {
    id,
    kind,
    person,
    thread,
    content,
    language,
    how,
    sources,
    asked_at: ctx.now,
    due_at: new Date(dueAt.getTime() + grace),
  })
  shown(ctx, { person, thread, kind })
  const it = await reachedBy(ctx, setting)
  const work: Work = { id, org: ctx.org, actor: ctx.actor, day: dayOf(ctx), kind, person, thread, patience: setting.patience, material, back, ask: (signal, hears) => ask(it, signal, hears) } // biome-ignore format: one thing
  // Not waited for: whoever asked goes on at once.
  afterCommit(ctx, () => void run(work))
  return id
}

/** For writing down what came, after the time of the call is over. */
const grace = 10_000

const isSame = (row: store.UseRow, { kind, thread, content }: Pick<Wanted, 'kind' | 'thread' | 'content'>): boolean =>
  row.kind === kind &&
  ['summary', 'draft', 'message'].includes(kind) &&
  row.thread === (thread ?? null) &&
  row.content === (content ?? null)

async function counted(ctx: Ctx, { rests_until, daily }: store.SettingRow): Promise<void> {
  const seconds = rests_until ? Math.ceil((rests_until.getTime() - ctx.now.getTime()) / 1000) : 0
  if (seconds > 0) throw new Refusal('tooMany', 'assistant.says.rests', { seconds }, { retryAfter: seconds })
  if (!(await store.count(ctx, dayOf(ctx), daily))) refuse('tooMany', 'assistant.dayIsFull', { most: daily })
}

interface Work extends Pick<store.UseRow, 'id' | 'kind' | 'person' | 'thread'> {
  org: string
  actor: Actor
  day: string
  patience: number
  material: readonly string[]
  back(text: string): string
  ask(signal: AbortSignal, hears: Hears): Promise<words.Said>
}

const stopping = (id: string): string => `assistant.stop:${id}`

/** Everything of one use that happens outside of a transaction; it never throws. */
async function run(work: Work): Promise<void> {
  const stop = new AbortController()
  // In whichever process somebody pressed the button.
  const deaf = hear(news => news.org === work.org && news.topics.includes(stopping(work.id)) && stop.abort())
  stops.set(work.id, stop)
  const written = telling(work)
  try {
    const said = await work.ask(AbortSignal.any([stop.signal, AbortSignal.timeout(work.patience * 1000)]), written.hears)
    await inOrg(work.org, work.actor, ctx => ended(ctx, work, said))
  } catch (error) {
    log.error({ err: error, use: work.id }, 'the assistant')
  } finally {
    written.end()
    deaf()
    stops.delete(work.id)
  }
}

/** In milliseconds: between two looks at what is being written. */
const glance = 200

/** What is written so far is told to whoever asked, and to nobody else; it is kept only as a whole. */
function telling(work: Work): { hears: Hears; end(): void } {
  let soFar = ''
  const tellNow = () =>
    void inOrg(work.org, work.actor, async ctx => {
      const detail = { topic: `assistant:${work.id}`, detail: rules.shownSoFar(own(work, soFar)) }
      await announce(ctx, { org: work.org, kind: 'progress', topics: [`person:${work.person}`], detail })
    }).catch(err => log.warn({ err, use: work.id }, 'what the assistant writes was not told'))
  const { ring, end } = paced(tellNow, glance)
  const hears = (text: string) => {
    soFar = text
    ring()
  }
  return { hears, end }
}

const stops = new Map<string, AbortController>()

/** Breaks the call off, in this process at once, in others as soon as they hear of it. */
export function stopRunning(ctx: Ctx, id: string): void {
  tell(ctx, stopping(id))
  afterCommit(ctx, () => stops.get(id)?.abort())
}

async function ended(ctx: Ctx, work: Work, said: words.Said): Promise<void> {
  if ('says' in said) {
    if (said.restsSeconds) await store.set(ctx, { rests_until: new Date(ctx.now.getTime() + said.restsSeconds * 1000) })
    return close(ctx, work, { state: 'failed', says: said.says, told: said.told ?? {} })
  }
  const { tokensIn, tokensOut } = said
  const text = await finished(ctx, work, said.text)
  await store.addTokens(ctx, work.day, tokensIn ?? 0, tokensOut ?? 0)
  await close(ctx, work, { state: 'done', text, tokens_in: tokensIn, tokens_out: tokensOut })
}

/** What is known of the thread is filled in. */
async function finished(ctx: Ctx, work: Work, wrote: string): Promise<string> {
  const { kind, thread } = work
  const text = own(work, wrote)
  return kind === 'draft' && thread && may(ctx.actor, 'inbox.read') ? (await fill(ctx, { thread, text })).text : text
}

/** Nothing that nobody put in goes out, and what was held back is in its place. What is left out is a blank: no answer that holds one is sent. */
const own = ({ material, back }: Work, text: string): string =>
  rules.plainText(back(rules.withoutStrangeLinks(text, material, `{{${t('assistant.leftOut')}}}`)))

type Outcome = Parameters<typeof store.end>[2]

async function close(ctx: Ctx, work: Pick<Work, 'id' | 'kind' | 'person' | 'thread'>, outcome: Outcome): Promise<void> {
  if (!(await store.end(ctx, work.id, outcome))) return
  const { state, tokens_in = null, tokens_out = null } = outcome
  const detail = { kind: work.kind, outcome: state as 'done', tokensIn: tokens_in, tokensOut: tokens_out }
  record(ctx, words.Used, { actor: work.person, object: work.id, ...(work.thread && { thread: work.thread }), detail })
  shown(ctx, work)
}

export const closeStopped = (ctx: Ctx, row: store.UseRow): Promise<void> => close(ctx, row, { state: 'stopped' })

export const closeLost = every({ hour: 4 }, 'What a stop of the server interrupted is said to have failed', async ctx => {
  for (const row of await store.overdue(ctx)) await close(ctx, row, { state: 'failed', says: 'assistant.says.slow' })
})

/** Whoever asked looks again; a translation is for everybody who reads. */
export function shown(ctx: Ctx, { person, thread, kind }: Pick<store.UseRow, 'person' | 'thread' | 'kind'>): void {
  tell(ctx, `person:${person}`)
  if (kind === 'message' && thread) tell(ctx, `thread:${thread}`)
  if (kind === 'trial') tell(ctx, 'assistant')
}
