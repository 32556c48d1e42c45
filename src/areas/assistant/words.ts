/** Help with reading and writing, by a language model that somebody chose; only people send. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

/** What it can help with, each turned on by itself. */
export const helps = ['summary', 'draft', 'translation', 'tone'] as const
export type Help = (typeof helps)[number]

/** `message` is the translation of one that came, `words` of those that somebody writes. */
export const kinds = ['summary', 'draft', 'message', 'words', 'tone', 'trial'] as const
export type Kind = (typeof kinds)[number]

export const helpOf: Record<Exclude<Kind, 'trial'>, Help> = {
  summary: 'summary',
  draft: 'draft',
  message: 'translation',
  words: 'translation',
  tone: 'tone',
}

/** What goes into an answer; one piece at a time waits above the field. */
export const takable = ['draft', 'tone', 'words'] as const satisfies Kind[]
export const isTakable = (kind: Kind): boolean => takable.some(each => each === kind)

export const tones = ['friendlier', 'shorter', 'formal'] as const
export type Tone = (typeof tones)[number]

/** Who translates. */
export const translators = ['assistant', 'libretranslate'] as const
export type TranslatorName = (typeof translators)[number]

/** What an endpoint answered: a text with what it cost, as far as it tells, or why there is none. */
export type Said =
  | { text: string; tokensIn: number | null; tokensOut: number | null }
  | { says: string; told?: Record<string, string | number>; restsSeconds?: number }

/** Somebody who translates: `text` into `language` (ISO 639-1), within the time that `signal` leaves. */
export interface Translator {
  translate(asked: { text: string; language: string }, signal: AbortSignal): Promise<Said>
}

const outcome = z.enum(['done', 'failed', 'stopped'])
/** Object is the use; the tokens are those that the endpoint told. */
export const Used = word(
  'Create',
  'AssistantText',
  z.strictObject({ kind: z.enum(kinds), outcome, tokensIn: z.number().nullable(), tokensOut: z.number().nullable() }),
)
export const Configured = word(
  'Update',
  'Assistant',
  z.strictObject({ host: z.string(), model: z.string(), helps: z.array(z.enum(helps)) }),
)
export const TurnedOn = word('Accept', 'Assistant', z.strictObject({ host: z.string() }))
export const TurnedOff = word('Reject', 'Assistant', z.strictObject({}))

/** What a draft was made from, for whoever checks it. */
export const source = z.object({ title: z.string(), href: z.string() })
export type Source = z.output<typeof source>

export const use = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  thread: z.string().nullable(),
  content: z.string().nullable(),
  language: z.string().nullable(),
  how: z.string().nullable(),
  state: z.enum(['asked', 'done', 'failed', 'stopped']),
  askedAt: z.date(),
  endedAt: z.date().nullable(),
  text: z.string(),
  sources: z.array(source),
  /** Why there is no text, as a sentence. */
  says: z.string().nullable(),
  tokensIn: z.number().nullable(),
  tokensOut: z.number().nullable(),
  taken: z.boolean(),
})
export type Use = z.output<typeof use>

/** Never with a key. */
export const settings = z.object({
  on: z.boolean(),
  baseUrl: z.string(),
  model: z.string(),
  hasKey: z.boolean(),
  helps: z.array(z.enum(helps)),
  masks: z.boolean(),
  patience: z.number(),
  daily: z.number(),
  translator: z.enum(translators),
  translatorUrl: z.string(),
  hasTranslatorKey: z.boolean(),
})
export type Settings = z.output<typeof settings>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  assistant_setting: nobody,
  assistant_use: {
    of: { thread: 'thread', content: 'content', person: 'person' },
    theme: 'conversations',
    ages: 'asked_at',
    called: 'assistant.retained',
  },
  assistant_day: nobody,
})
