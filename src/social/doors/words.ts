/** Who asks something of people outside that a channel can show as a question of one press, and knows what becomes of the answer. */
import type { Ctx } from '#kernel/context.ts'
import type { Given, Question } from '#social/channels/words.ts'

export interface Asker {
  is: 'asker'
  name: string
  /** As it stands now, in the current language; null where it is there no more. Looking changes nothing. */
  shown(ctx: Ctx, id: string): Promise<Question | null>
  /** Keeps what was chosen, and shows how it stands then. Refuses what is no answer, or comes too late. */
  answer(ctx: Ctx, id: string, given: Given): Promise<Question | null>
}

export const asker = (it: Omit<Asker, 'is'>): Asker => ({ is: 'asker', ...it })

/** What a draft bears of a question: enough to find it again, and nothing that a channel could make up. */
export const markOf = ({ name }: Pick<Asker, 'name'>, id: string): string => `${name}:${id}`
