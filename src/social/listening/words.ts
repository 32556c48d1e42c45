/** Who listens for what passes by on the networks and concerns no account of ours. */
import type { Ctx } from '#kernel/context.ts'
import type { Overheard } from '#social/channels/words.ts'

/** Where it was heard. */
export interface Where {
  channel: string
  account: string
}

/** One query, in the language of `matching`. */
export interface Sought {
  id: string
  query: string
}

export interface Overhearer {
  is: 'overhearer'
  /** What is listened for: all of it, or of these ids what still counts. Asked once, and again for whatever `soughtAnew` names. */
  sought(ctx: Ctx, ids?: string[]): Promise<Sought[]>
  /**
   * Posts that may fit, oldest first, each remote id once; in the transaction that moves the cursor. What a post only tells when it is looked at closely (mood,
   * place, followers, language) is still to be compared, and a post may come again after an interruption. One that is `changed` may have been kept, and may
   * fit no longer.
   */
  take(ctx: Ctx, where: Where, posts: Overheard[]): Promise<unknown>
  /** These were taken away; most of them were never kept. */
  forget(ctx: Ctx, where: Where, remoteIds: string[]): Promise<unknown>
}

export const overhears = (it: Omit<Overhearer, 'is'>): Overhearer => ({ is: 'overhearer', ...it })
