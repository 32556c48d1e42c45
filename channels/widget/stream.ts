/** The open line to a visitor: server-sent events, each a line of the conversation; ended by us after ten minutes, by the browser begun again. */
import { now } from '#kernel/clock.ts'
import { inLanguage, language } from '#kernel/messages.ts'
import type { Account, Called, Question } from '#social/channels/words.ts'
import { type Line, linesOf, topicOf, writingTopic } from './lines.ts'
import type { Settings } from './settings.ts'

const minute = 60_000
const longest = 10 * minute
const beatEvery = 25_000
/** A browser that takes nothing any more must not fill our memory. */
const mostUnread = 500

/** Every line that is there, then each as it comes or changes; `ended` is called once. */
export function streamOf(called: Called<Settings>, key: string, ended: () => void): ReadableStream<Uint8Array> {
  let end = () => {}
  return new ReadableStream({
    start: controller => void (end = opened(called, key, controller, ended)),
    cancel: () => end(),
  })
}

type Controller = ReadableStreamDefaultController<Uint8Array>

function opened(called: Called<Settings>, key: string, controller: Controller, ended: () => void): () => void {
  const { account } = called
  const say = sayer(controller, () => end())
  const look = looker(account, key, asker(called), say)
  const tellWriting = (isWriting: boolean) =>
    account.awake(writingTopic(key, isWriting), () => say(`data: ${JSON.stringify({ writing: isWriting })}`))
  const deaf = [account.awake(topicOf(key), look), tellWriting(true), tellWriting(false)]
  const timers = [setInterval(() => say(': still here'), beatEvery), setTimeout(() => end(), longest)]
  // The open connection keeps the process, not these.
  for (const timer of timers) timer.unref()
  let isOpen = true
  const end = () => {
    if (!isOpen) return
    isOpen = false
    for (const each of deaf) each()
    ended()
    for (const timer of timers) clearTimeout(timer)
    void leave(account, key)
    try {
      controller.close()
    } catch {
      // It was cancelled: whoever read it has gone.
    }
  }
  say('retry: 2000')
  void arrive(account, key)
  look()
  return end
}

const encoder = new TextEncoder()

function sayer(controller: Controller, end: () => void) {
  return (text: string) => {
    if ((controller.desiredSize ?? 0) < -mostUnread) return end()
    try {
      controller.enqueue(encoder.encode(`${text}\n\n`))
    } catch {
      end()
    }
  }
}

type Asks = (line: Line) => Promise<Question | undefined>

/** How what a line asks stands now, in the language of the page that listens; what cannot be asked after has its words and its link. */
function asker(called: Called<Settings>): Asks {
  const speaks = language()
  return async ({ asks }) => {
    const question = asks ? await inLanguage(speaks, () => called.question(asks)).catch(() => null) : null
    return question ?? undefined
  }
}

/** Says what is new or changed; while it looks, being told again makes it look once more and no oftener. */
function looker(account: Account<Settings>, key: string, asked: Asks, say: (text: string) => void): () => void {
  const told = new Map<string, number>()
  let [looking, again] = [false, false]
  const tell = async (line: Line) => {
    if (told.get(line.id) === (line.changed ?? 0)) return
    told.set(line.id, line.changed ?? 0)
    say(`data: ${JSON.stringify(line.asks ? { ...line, asks: await asked(line) } : line)}`)
  }
  const tellAll = async (lines: Line[]) => {
    for (const line of lines) await tell(line)
  }
  const look = async () => {
    if (looking) return void (again = true)
    looking = true
    do {
      again = false
      await linesOf(account, key)
        .then(tellAll)
        .catch(() => {})
    } while (again)
    looking = false
  }
  return () => void look()
}

// —— is anybody looking? ——

/** A process that ended without a word is believed to hold the line for so long. */
const believed = longest + minute
/** How many lines this process holds, by visitor. */
const held = new Map<string, number>()
const nameOf = (account: Account<Settings>, key: string): string => `${account.id}/${key}`

function arrive(account: Account<Settings>, key: string): Promise<unknown> {
  held.set(nameOf(account, key), (held.get(nameOf(account, key)) ?? 0) + 1)
  return account.memory.set(`here/${key}`, true, { until: new Date(now().getTime() + believed) }).catch(() => {})
}

async function leave(account: Account<Settings>, key: string): Promise<unknown> {
  const left = (held.get(nameOf(account, key)) ?? 1) - 1
  if (left > 0) return held.set(nameOf(account, key), left)
  held.delete(nameOf(account, key))
  return account.memory.set(`here/${key}`, undefined).catch(() => {})
}

/** Has the visitor our window open now, here or at another process of ours? */
export const isPresent = async (account: Account<Settings>, key: string): Promise<boolean> =>
  held.has(nameOf(account, key)) || (await account.memory.get(`here/${key}`)) === true
