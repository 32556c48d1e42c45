/** How an account shows itself: as it says itself, else as its brand does. */
import type { Account, Look } from '#social/channels/words.ts'
import type { Settings } from './settings.ts'

export type Wearer = Pick<Account<Settings>, 'settings' | 'look'>

export function lookOf({ settings, look }: Wearer): Look {
  const logo = settings.picture || look?.logo
  return { ...look, name: settings.name || look?.name || settings.username, ...(logo && { logo }) }
}
