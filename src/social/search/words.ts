/** What can be found, by whom, and how one asks for it. */
import type { Ctx } from '#kernel/context.ts'
import { slot } from '#kernel/page.tsx'
import type { Audience } from '#social/activities/words.ts'

export type { Audience }

/** Something that can be found. Told again with the same id, it takes the place of what was told before. */
export interface Findable {
  id: string
  noun: string
  at: Date
  /** Weighs most: a subject, a name. */
  title: string
  /** Plain text; of a very long one the first 100,000 characters can be found. */
  text: string
  /** Weighs between title and text: names of who takes part, addresses. */
  names?: string
  /** Where it is seen. A message of a thread needs none. */
  path?: string
  /** Which dictionary it is read with: en, de, nl, sv; anything else is read without one. */
  language?: string | null
  thread?: string | null
  author?: string | null
  audience: Audience
  /** Whose members may read it, when its audience is `members`. */
  space?: string | null
  channel?: string | null
  /** By which of our accounts it came or went. */
  account?: string | null
  /** Persons it is addressed to. */
  to?: string[]
  /** Persons who may read it whatever its audience: who is mentioned in it. */
  readers?: string[]
  /** `file`, `image`, `link` … */
  has?: string[]
  tags?: string[]
}

/** What somebody may read: these audiences, what members of these spaces read, and whatever was said by or to them. */
export interface Reach {
  audiences: Audience[]
  spaces: string[]
  /** The person with all records that were merged into it. */
  self: string[]
  /** The house itself reads everything. */
  all?: true
}

/** Whole texts of what was found, for the lines that show why. Exported by the module that keeps the texts of these nouns. */
export interface Texts {
  is: 'texts'
  nouns: readonly string[]
  textsOf(ctx: Ctx, ids: string[]): Promise<Map<string, string>>
}
export const texts = (nouns: readonly string[], textsOf: Texts['textsOf']): Texts => ({ is: 'texts', nouns, textsOf })

/** Which accounts are meant by the name of a brand. Exported by the module that knows brands. */
export interface Brandings {
  is: 'brandings'
  accountsCalled(ctx: Ctx, name: string): Promise<string[]>
}
export const brandings = (accountsCalled: Brandings['accountsCalled']): Brandings => ({ is: 'brandings', accountsCalled })

/** Further answers while one types, for the palette: deeds and pages that fit the words. */
export const quickAnswers = slot<{ question: string }>('search.quick')
