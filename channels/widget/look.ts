/** How the window shows itself: as the account says itself, else as its brand does. */
import type { Account, Look } from '#social/channels/words.ts'
import { ownAddress, type Settings } from './settings.ts'

const usual = '#b4430f'

export function lookOf({ settings, look }: Pick<Account<Settings>, 'settings' | 'look'>): Look & { colour: string } {
  const name = settings.name || look?.name || ownAddress(settings)
  return { ...look, name, colour: settings.colour || look?.colour || usual }
}
