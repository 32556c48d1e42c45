/** How a feed shows itself: as it says itself, else as its brand does. */
import type { Account } from '#social/channels/words.ts'
import type { Settings } from './settings.ts'

/** Its settings with what its brand says where they say nothing; `logo` is an address. */
export interface Dressed extends Settings {
  logo?: string
}

export const dressed = ({ settings, look }: Pick<Account<Settings>, 'settings' | 'look'>): Dressed => ({
  ...settings,
  title: settings.title || look?.name || settings.path,
  site: settings.site || (look?.website ?? ''),
  ...(look?.logo && { logo: look.logo }),
})
