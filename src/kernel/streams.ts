/** Open event streams: one per page, told of the topics it watches, cut when its session ends. */
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { refuse } from './errors.ts'
import { actorFrom, type Env } from './http.tsx'
import { hear, type News, newsSince } from './live.ts'
import { raw } from './page.tsx'

const mostTopics = 50
let open = 0
let stopping = false
const closers = new Set<() => void>()

export const openStreams = (): number => open

/** At the end of the process: no stream keeps it waiting. */
export function closeStreams(): void {
  stopping = true
  for (const close of closers) close()
}

export const live = raw('GET', '/live', 'home.read', async c => follow(c as Context<Env>))

function follow(c: Context<Env>): Promise<Response> | Response {
  const { org, actor } = actorFrom(c)
  const session = c.get('who')!.session
  const topics = new Set(new URL(c.req.url).searchParams.getAll('topic').flatMap(each => each.split(' ')))
  if (topics.size > mostTopics) refuse('invalid', 'kernel.invalid')
  topics.add(`person:${actor.person}`)
  // What says more than "look again" is for whom it names: nobody hears where others are.
  const own = new Set([...topics].filter(topic => !topic.startsWith('person:') || topic === `person:${actor.person}`))
  // `thread:…` is one thing that somebody reads, `inbox` a list that many have open.
  const things = new Set([...topics].filter(topic => topic.includes(':')))
  const drawn = Number(new URL(c.req.url).searchParams.get('since') ?? Number.NaN)
  c.header('x-accel-buffering', 'no')
  return streamSSE(c, async stream => {
    open++
    let done = () => {}
    const ended = new Promise<void>(resolve => {
      done = resolve
    })
    closers.add(done)
    stream.onAbort(done)
    const say = () => void stream.writeSSE({ event: 'refresh', data: '{}' }).catch(done)
    const near = paced(say)
    const far = paced(() => inTurn(say))
    const deaf = hear(news => {
      if (endsFor(news, session, actor.account)) done()
      else if (news.kind === 'refresh') {
        if (concerns(news, org, things)) near.ring()
        else if (concerns(news, org, topics)) far.ring()
      } else if (concerns(news, org, own))
        void stream.writeSSE({ event: news.kind, data: JSON.stringify({ topics: news.topics, detail: news.detail }) }).catch(done)
    })
    const beat = setInterval(() => void stream.write(': still here\n\n').catch(done), 25_000)
    await stream.write('retry: 2000\n\n')
    const missed = newsSince(drawn).some(news => news.kind === 'refresh' && concerns(news, org, topics))
    if (missed) await stream.writeSSE({ event: 'refresh', data: '{}' })
    if (!stopping) await ended
    clearInterval(beat)
    near.end()
    far.end()
    line.delete(say)
    deaf()
    closers.delete(done)
    open--
  })
}

/** In milliseconds: how soon a page may look again after it did, when news keep coming, and how long it rests at most. */
const [shortest, longest] = [250, 2000]

/** Says at once what comes after a quiet time; while more comes, the pauses between grow up to `rest`, and none is without its last word. */
export function paced(say: () => void, rest = longest): { ring(): void; end(): void } {
  let pause = 0
  let timer: NodeJS.Timeout | undefined
  let again = false
  const rested = () => {
    timer = undefined
    if (again) ring()
    else pause = 0
  }
  const ring = () => {
    again = timer !== undefined
    if (again) return
    say()
    pause = Math.min(rest, Math.max(shortest, pause * 2))
    timer = setTimeout(rested, pause)
  }
  return { ring, end: () => clearTimeout(timer) }
}

/** In milliseconds between two: several times what one page costs, so that there is room for what somebody asks for; less where the last would wait for more than four seconds. */
const turnOf = (waiting: number): number => Math.min(80, 4000 / waiting)
const line = new Set<() => void>()
let turning: NodeJS.Timeout | undefined

/**
 * Says at once, or when those before have been told; once, however often it is wanted meanwhile. What changes a list would have everybody who has it open ask for it
 * in the same moment; whoever asks for another page just then would wait for all of them.
 */
export function inTurn(say: () => void): void {
  line.add(say)
  if (!turning) next()
}

function next(): void {
  const [say] = line
  turning = say && setTimeout(next, turnOf(line.size))
  if (!say) return
  line.delete(say)
  say()
}

const concerns = (news: News, org: string, topics: Set<string>) =>
  news.org === '*' ? news.kind === 'refresh' : news.org === org && news.topics.some(topic => topics.has(topic))

function endsFor(news: News, session: string, account: string | null): boolean {
  if (news.kind !== 'sessions') return false
  const detail = news.detail as { ended?: string[]; changed?: string }
  return (detail.ended?.includes(session) ?? false) || detail.changed === account
}
