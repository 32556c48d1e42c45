/** The three kinds of failure: a rule said no, a network said something, and bugs (everything else). */
import { t } from './messages.ts'

export type RefusalCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'gone'
  | 'tooLarge'
  | 'tooMany'
  | 'unavailable'

export type Values = Record<string, string | number | Date>

export interface FieldFault {
  field: string
  key: string
  values?: Values
}

export const statusOf: Record<RefusalCode, 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 503> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  gone: 410,
  tooLarge: 413,
  tooMany: 429,
  unavailable: 503,
}

/** A rule said no. `key` and `values` name the sentence that is shown, in the reader's language; `fields` say which inputs to mend. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly key: string
  readonly values: Values
  readonly fields: FieldFault[]
  /** Seconds until it makes sense to try again. */
  readonly retryAfter: number | undefined

  constructor(code: RefusalCode, key: string, values: Values = {}, more: { fields?: FieldFault[]; retryAfter?: number } = {}) {
    super(`${code}: ${key}`)
    this.name = 'Refusal'
    this.code = code
    this.key = key
    this.values = values
    this.fields = more.fields ?? []
    this.retryAfter = more.retryAfter
  }
}

export function refuse(code: RefusalCode, key: string, values: Values = {}): never {
  throw new Refusal(code, key, values)
}

/**
 * A network said no, later, or nothing. The kind is the consequence: `reconnect` asks a person to sign in again, `rejected` is final, `wait` has a time,
 * `down` is retried, `unsure` may have been done and is looked up, never repeated blindly.
 */
export class ChannelError extends Error {
  readonly kind: 'reconnect' | 'rejected' | 'wait' | 'down' | 'unsure'
  readonly says: string
  readonly until: Date | undefined

  constructor(kind: ChannelError['kind'], more: { says: string; until?: Date; cause?: unknown }) {
    super(`${kind}: ${more.says}`, { cause: more.cause })
    this.name = 'ChannelError'
    this.kind = kind
    this.says = more.says
    this.until = more.until
  }
}

/** A sentence by its key; what it is put together from may be sentences too. */
export interface Sentence {
  key: string
  values?: Record<string, string | number | Sentence>
}

const said = ({ key, values = {} }: Sentence): string =>
  t(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? said(value) : value])))

/** The start cannot go on; the sentence says what to do. Shown alone, without a stack, with exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly sentence: Sentence

  constructor(key: string, values: Sentence['values'] = {}) {
    super(said({ key, values }))
    this.sentence = { key, values }
  }

  /** The sentence in the language that is spoken now. */
  says(): string {
    return said(this.sentence)
  }
}
