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

/** More than this no answer needs. */
const mostBytes = 512 * 1024

/** One exchange; it throws only for what is nobody's fault. Redirects are not followed: what customers wrote goes where it was meant to go. */
async function ask(url: string, body: unknown, key: string | null, read: (answer: Answered) => Said, signal: AbortSignal): Promise<Said> {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  try {
    const wanted = { method: 'POST', headers, body: JSON.stringify(body), accept: 'application/json' } as const
    return read(await guardedFetch(url, { ...wanted, maxBytes: mostBytes, timeoutMs: 300_000, redirects: 0, signal }))
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

/** Asks the model. Only what every server of this kind understands is said: no tools are offered, so none can be called. */
export const chat = (it: Reached, task: string, parts: readonly rules.Part[], signal: AbortSignal): Promise<Said> =>
  ask(
    rules.below(it.base_url, 'chat/completions'),
    { model: it.model, messages: rules.toldOf(task, parts, randomBytes(8).toString('hex')), stream: false },
    it.key,
    answer => rules.readCompletion(answer, now()),
    signal,
  )

const byAssistant = (it: Reached): Translator => ({
  translate: ({ text, language }, signal) => chat(it, rules.tasks.translate(language), [{ who: 'words', text }], signal),
})

/** https://docs.libretranslate.com/api/operations/translate */
const byLibreTranslate = (it: Reached): Translator => ({
  translate: ({ text, language }, signal) =>
    ask(
      rules.below(it.translator_url, 'translate'),
      { q: text, source: 'auto', target: language, format: 'text', ...(it.translatorKey && { api_key: it.translatorKey }) },
      null,
      answer => rules.readTranslation(answer, now()),
      signal,
    ),
})

const translators = { assistant: byAssistant, libretranslate: byLibreTranslate }

export const translatorOf = (it: Reached): Translator => translators[it.translator](it)
