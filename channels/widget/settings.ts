/** What a widget on a site needs: its name and the sites that may show it are asked first, the rest has usual values. */
import { z } from 'zod'
import { readHours } from './hours.ts'

/** Where it may be shown, as browsers write it: scheme, host and port, nothing behind. */
const site = z
  .string()
  .trim()
  .toLowerCase()
  .max(300)
  .transform(text => text.replace(/\/$/, ''))
  .refine(text => /^https?:\/\/[^/?#\s@]+$/.test(text) && URL.parse(text)?.origin === text)

const zone = z
  .string()
  .trim()
  .max(60)
  .refine(name => isZone(name))

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

export const settings = z.strictObject({
  name: z.string().trim().max(60).default('').meta({ label: 'widget.name', help: 'widget.nameHelp' }),
  sites: z.array(site).min(1).max(50).meta({ label: 'widget.sites', help: 'widget.sitesHelp' }),
  greeting: z.string().trim().max(300).default('').meta({ label: 'widget.greeting', help: 'widget.greetingHelp', lines: 3 }),
  before: z.enum(['nothing', 'optional', 'needed']).default('optional').meta({ label: 'widget.before', help: 'widget.beforeHelp' }),
  hours: z
    .string()
    .trim()
    .max(300)
    .refine(text => readHours(text) !== undefined)
    .default('')
    .meta({ label: 'widget.hours', help: 'widget.hoursHelp' }),
  zone: zone.default('UTC').meta({ label: 'widget.zone', help: 'widget.zoneHelp' }),
  comments: z.enum(['looked at first', 'shown at once', 'closed']).default('looked at first').meta({ label: 'widget.comments' }),
  theme: z.enum(['as the visitor likes', 'light', 'dark']).default('as the visitor likes').meta({ label: 'widget.theme' }),
  colour: z
    .string()
    .trim()
    .toLowerCase()
    .max(7)
    .regex(/^(#[0-9a-f]{6})?$/)
    .default('')
    .meta({ label: 'widget.colour', help: 'widget.colourHelp' }),
  side: z.enum(['end', 'start']).default('end').meta({ label: 'widget.side' }),
  /** With it the site's own server signs who is signed in there (see identity.ts); empty: nobody is known. */
  secret: z
    .string()
    .trim()
    .max(200)
    .regex(/^$|^.{32,}$/)
    .default('')
    .meta({ label: 'widget.secret', help: 'widget.secretHelp', secret: true }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for first. */
export const asks = settings.pick({ name: true, sites: true })

/** The same with whatever a person filled in by hand. */
export const asked = settings.partial().required({ sites: true })

/** What the account is called: the first of its sites. */
export const ownAddress = ({ sites }: Pick<Settings, 'sites'>): string => normalise(URL.parse(sites[0] ?? '')?.host ?? '-')

/** Visitors are known by a key of ours, accounts by the host of their site. */
export const normalise = (address: string): string => address.trim().replace(/[A-Z]+/g, letters => letters.toLowerCase())
