/** The way to whoever answers: an OpenAI-compatible endpoint, and translators of several kinds. */
import { randomBytes } from 'node:crypto'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { unseal } from '#kernel/crypto.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import * as rules from './rules.ts'
import type { SettingRow } from './store.ts'
import type { Said, Translator } from './words.ts'

/** The settings with their keys opened; lives for one call and is kept nowhere. */
export interface Reached extends Omit<SettingRow, 'key' | 'translator_key'> {
  key: string | null
  translatorKey: string | null
}

export async function reachedBy(ctx: Ctx, { key, translator_key, ...row }: SettingRow): Promise<Reached> {
  return { ...row, key: key && (await unseal(ctx, key)), translatorKey: translator_key && (await unseal(ctx, translator_key)) }
}

/** More than this no answer needs; in pieces, each word comes with some hundred bytes around it. */
const mostBytes = 512 * 1024
const mostInPieces = 2 * 1024 * 1024

interface Exchange {
  url: string
  body: unknown
  key: string | null
  read(answer: Answered): Said
  signal: AbortSignal
  /** Told of what comes, piece by piece. */
  part?: (bytes: Uint8Array) => void
}

/** One exchange; it throws only for what is nobody's fault. Redirects are not followed: what customers wrote goes where it was meant to go. */
async function ask({ url, body, key, read, signal, part }: Exchange): Promise<Said> {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  const pieces = part && { part, accept: 'text/event-stream, application/json', maxBytes: mostInPieces }
  try {
    const wanted = { method: 'POST', headers, body: JSON.stringify(body), accept: 'application/json', maxBytes: mostBytes } as const
    return read(await guardedFetch(url, { ...wanted, timeoutMs: 300_000, redirects: 0, signal, ...pieces }))
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    return { says: unreached[error.says] ?? error.says }
  }
}

const unreached: Record<string, string> = {
  'kernel.reachSlow': 'assistant.says.slow',
  'kernel.reachDown': 'assistant.says.unreached',
  'kernel.reachUnknown': 'assistant.says.unreached',
  'kernel.reachTooLarge': 'assistant.says.tooLarge',
}

/** Hears the words as far as they are written. */
export type Hears = (soFar: string) => void

/**
 * Asks the model. Only what every server of this kind understands is said: no tools are offered, so none can be called. With `hears` it is asked to write
 * piece by piece; one that refuses that is asked for the whole, and one that knows nothing of it answers as a whole.
 */
export async function chat(it: Reached, task: string, parts: readonly rules.Part[], signal: AbortSignal, hears?: Hears): Promise<Said> {
  const about = { url: rules.below(it.base_url, 'chat/completions'), key: it.key, signal }
  const body = { model: it.model, messages: rules.toldOf(task, parts, randomBytes(8).toString('hex')) }
  const inPieces = hears && (await chatInPieces({ ...about, body }, hears))
  if (inPieces && !rules.wantsWhole(inPieces)) return inPieces
  return ask({ ...about, body: { ...body, stream: false }, read: answer => rules.readCompletion(answer, now()) })
}

function chatInPieces({ body, ...about }: Omit<Exchange, 'read' | 'part'>, hears: Hears): Promise<Said> {
  const reading = rules.reading()
  const part = (bytes: Uint8Array) => {
    const soFar = reading.take(bytes)
    if (soFar) hears(soFar)
  }
  const asked = { ...(body as object), stream: true, stream_options: { include_usage: true } }
  return ask({ ...about, body: asked, part, read: answer => reading.ended(answer, now()) })
}

const byAssistant = (it: Reached): Translator => ({
  translate: ({ text, language }, signal) => chat(it, rules.tasks.translate(language), [{ who: 'words', text }], signal),
})

/** https://docs.libretranslate.com/api/operations/translate */
const byLibreTranslate = (it: Reached): Translator => ({
  translate: ({ text, language }, signal) =>
    ask({
      url: rules.below(it.translator_url, 'translate'),
      body: { q: text, source: 'auto', target: language, format: 'text', ...(it.translatorKey && { api_key: it.translatorKey }) },
      key: null,
      read: answer => rules.readTranslation(answer, now()),
      signal,
    }),
})

const translators = { assistant: byAssistant, libretranslate: byLibreTranslate }

export const translatorOf = (it: Reached): Translator => translators[it.translator](it)
