/** What a feed of our own needs: its name and its address; what it is about can be told. */
import { z } from 'zod'

export const settings = z.strictObject({
  title: z.string().trim().max(100).default('').meta({ label: 'syndication.feedTitle', help: 'syndication.feedTitleHelp' }),
  path: z
    .string()
    .trim()
    .toLowerCase()
    .min(2)
    .max(60)
    .regex(/^[a-z0-9]+(-[a-z0-9]+){0,20}$/)
    .meta({ label: 'syndication.path', help: 'syndication.pathHelp' }),
  about: z.string().trim().max(500).default('').meta({ label: 'syndication.about', help: 'syndication.aboutHelp' }),
  site: z.string().trim().max(500).default('').meta({ label: 'syndication.site', help: 'syndication.siteHelp' }),
  language: z
    .string()
    .trim()
    .max(35)
    .regex(/^([a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3})?$/)
    .default('')
    .meta({ label: 'syndication.language', help: 'syndication.languageHelp' }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for. */
export const asks = settings.pick({ title: true, path: true })

/** The same with whatever a person filled in by hand. */
export const asked = settings.partial().required({ path: true })
