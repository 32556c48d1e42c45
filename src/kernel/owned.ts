/** Things that are kept for everybody, or by somebody for themselves alone: a table says so in `owner`, which is null for what is everybody's. */
import { type RawBuilder, sql } from 'kysely'

/** Only its owner sees and changes what is one's own. */
export const seesOwned = (owner: string | null, self: string | null): boolean => owner === null || owner === self

/** The same as a condition on the column `owner`. */
export const ownOrShared = (self: string | null): RawBuilder<boolean> => sql<boolean>`(owner is null or owner = ${self}::uuid)`
