/** What is decided about whom our accounts follow. */
import type { Follow } from './words.ts'

type State = Follow['state']

/** Whoever was asked and answered before our network told us that it asked, has answered. */
export const stateAfter = (before: State, told: 'asked' | 'done'): State =>
  before !== 'waiting' ? before : told === 'done' ? 'accepted' : 'asked'

/** A yes or a no counts for whoever is followed or was asked; what is to end has ended. */
export const counts = (it: { state: State; undone: boolean }): boolean => !it.undone && it.state !== 'failed'

/** Whoever said no, or could not be asked, can be asked again. */
export const mayAskAgain = (state: State): boolean => state === 'refused' || state === 'failed'
