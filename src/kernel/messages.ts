/** Every word that a person reads: ICU messages in four languages, kept beside the module that says them. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { readdirSync, readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import type { Values } from './errors.ts'

export const languages = ['en', 'de', 'nl', 'sv'] as const
export type Language = (typeof languages)[number]
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch', nl: 'Nederlands', sv: 'Svenska' }

interface Speech {
  language: Language
  zone: string
}

const spoken = new AsyncLocalStorage<Speech>()
const texts = new Map<string, string>()
const formats = new Map<string, IntlMessageFormat | string>()

/** Reads `<folder>/locales/*.json`; each key gets the folder's name before it. */
export function loadMessages(folder: string, prefix: string): void {
  for (const language of languages) {
    for (const [key, text] of Object.entries(readLocale(`${folder}/locales/${language}.json`)))
      texts.set(`${language}:${prefix}.${key}`, text)
  }
}

function readLocale(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

/** Loads the messages of every folder below `root` that has a `locales` folder, one level deep. */
export function loadMessagesBelow(root: string): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) if (entry.isDirectory()) loadMessages(`${root}/${entry.name}`, entry.name)
}

// The kernel's own words are there from the beginning: what keeps the server from starting is said before any module is read.
loadMessages(import.meta.dirname, 'kernel')

export const isLanguage = (text: string | null | undefined): text is Language => languages.includes(text as Language)

/** The language of a terminal (POSIX, Base Definitions 8.2): the first of LC_ALL, LC_MESSAGES and LANG that is set. */
export function languageOfTerminal(env: Record<string, string | undefined>): Language {
  const set = (env.LC_ALL || env.LC_MESSAGES || env.LANG || '').slice(0, 2)
  return isLanguage(set) ? set : 'en'
}

export const language = (): Language => spoken.getStore()?.language ?? 'en'
export const zone = (): string => spoken.getStore()?.zone ?? 'UTC'

/** Everything that `run` says, also after an await, is in this language and time zone. */
export function inLanguage<T>(to: Language, run: () => T, inZone: string = zone()): T {
  return spoken.run({ language: to, zone: inZone }, run)
}

/** Does this key exist? For names that come from data (words, channels, models). */
export const hasMessage = (key: string): boolean => texts.has(`en:${key}`)

/** The sentence in the current language. A key without a text shows itself; the check finds it before a person does. */
export function t(key: string, values: Values = {}): string {
  const at = `${language()}:${key}`
  const format = formats.get(at) ?? compiled(at, key)
  if (typeof format === 'string') return format
  return format ? String(format.format(values)) : key
}

/** A sentence without places for values is itself. */
function compiled(at: string, key: string): IntlMessageFormat | string | undefined {
  const text = texts.get(at) ?? texts.get(`en:${key}`)
  if (text === undefined) return undefined
  const format = /[{}'#<]/.test(text)
    ? new IntlMessageFormat(text, locales[at.slice(0, 2) as Language], undefined, { ignoreTag: true })
    : text
  formats.set(at, format)
  return format
}

/** English as it is written here: 12 March, 09:41, week from Monday. */
const locales: Record<Language, string> = { en: 'en-GB', de: 'de', nl: 'nl', sv: 'sv' }

/** BCP 47 tag by which numbers and dates of the current language are written. */
export const locale = (): string => locales[language()]

const dateFormats = new Map<string, Intl.DateTimeFormat>()

const dateLooks = {
  date: { dateStyle: 'medium' },
  dateTime: { dateStyle: 'medium', timeStyle: 'short' },
  number: { dateStyle: 'short' },
  time: { timeStyle: 'short' },
  day: { day: 'numeric', month: 'short' },
  dayOfYear: { day: 'numeric', month: 'short', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

function dateFormat(look: keyof typeof dateLooks): Intl.DateTimeFormat {
  const key = `${language()} ${zone()} ${look}`
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...dateLooks[look] })
  dateFormats.set(key, format)
  return format
}

const written = new Map<string, string>()
const mostWritten = 5000

/** None of the looks shows seconds, and pages show the same moments again and again. */
function dateIn(look: keyof typeof dateLooks, at: Date): string {
  const key = `${language()} ${zone()} ${look} ${Math.floor(at.getTime() / 60_000)}`
  const known = written.get(key)
  if (known !== undefined) return known
  if (written.size >= mostWritten) written.clear()
  const text = dateFormat(look).format(at)
  written.set(key, text)
  return text
}

/** `12 Mar 2026` */
export const date = (at: Date): string => dateIn('date', at)
/** `12 Mar`, where the year goes without saying. */
export const dayOfYear = (at: Date): string => dateIn('day', at)
/** `12 Mar 2026, 09:41` */
export const dateTime = (at: Date): string => dateIn('dateTime', at)
/** The short form of lists: the time today, else the day, else the date. */
export function when(at: Date, today: Date): string {
  if (dateIn('number', at) === dateIn('number', today)) return dateIn('time', at)
  const sameYear = at.getUTCFullYear() === today.getUTCFullYear()
  return dateIn(sameYear ? 'day' : 'dayOfYear', at)
}

const numberFormats = new Map<string, Intl.NumberFormat>()
export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = `${language()} ${JSON.stringify(options)}`
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(locale(), options)
  numberFormats.set(key, format)
  return format.format(value)
}
export const percent = (share: number): string => number(share, { style: 'percent', maximumFractionDigits: 1 })

/** A file size as people read it: `1.4 MB`. */
export function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const step = Math.min(units.length - 1, size < 1 ? 0 : Math.floor(Math.log10(size) / 3))
  return number(size / 1000 ** step, { style: 'unit', unit: units[step]!, unitDisplay: 'short', maximumFractionDigits: step ? 1 : 0 })
}
