/** What a feed needs to be heard: its address; how often it is asked and how far back it begins can be chosen. */
import { z } from 'zod'

export const settings = z.strictObject({
  url: z.string().trim().min(4).max(2000).meta({ label: 'feed.url', help: 'feed.urlHelp' }),
  minutes: z.int().min(15).max(1440).default(30).meta({ label: 'feed.minutes', help: 'feed.minutesHelp' }),
  historyDays: z.int().min(0).max(3650).default(30).meta({ label: 'feed.historyDays', help: 'feed.historyDaysHelp' }),
  onlyMonitors: z.boolean().default(false).meta({ label: 'feed.onlyMonitors', help: 'feed.onlyMonitorsHelp' }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for: the address of the feed, or of a page that names it. */
export const asks = settings.pick({ url: true })

/** The same with whatever a person filled in by hand. */
export const asked = settings.partial().required({ url: true })
