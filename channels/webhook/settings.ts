/** What a door for pushes needs: a name, how one proves to be the sender, and where in the JSON things stand. */
import { z } from 'zod'

/** A JSON pointer (RFC 6901), or nothing: then the usual names are tried. */
const pointer = z
  .string()
  .trim()
  .max(300)
  .regex(/^(\/.*)?$/)
  .default('')

export const settings = z.strictObject({
  name: z.string().trim().min(1).max(100).meta({ label: 'webhook.name', help: 'webhook.nameHelp' }),
  secret: z.string().trim().min(16).max(500).meta({ label: 'webhook.secret', help: 'webhook.secretHelp', secret: true }),
  proof: z.enum(['signature', 'secret']).default('signature').meta({ label: 'webhook.proof', help: 'webhook.proofHelp' }),
  header: z
    .string()
    .trim()
    .toLowerCase()
    .max(60)
    .regex(/^[a-z0-9-]+$/)
    .default('authorization')
    .meta({ label: 'webhook.header', help: 'webhook.headerHelp' }),
  idAt: pointer.meta({ label: 'webhook.idAt', help: 'webhook.idAtHelp', place: true }),
  textAt: pointer.meta({ label: 'webhook.textAt', help: 'webhook.textAtHelp', place: true }),
  subjectAt: pointer.meta({ label: 'webhook.subjectAt', place: true }),
  authorAt: pointer.meta({ label: 'webhook.authorAt', help: 'webhook.authorAtHelp', place: true }),
  timeAt: pointer.meta({ label: 'webhook.timeAt', place: true }),
  urlAt: pointer.meta({ label: 'webhook.urlAt', place: true }),
  /** Made when it is connected; by it two doors of one name are two. */
  mark: z
    .string()
    .max(40)
    .regex(/^[a-z0-9-]*$/)
    .default('')
    .meta({ label: 'webhook.mark', help: 'webhook.markHelp' }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for first. */
export const asks = settings.pick({ name: true, secret: true })

/** The same with whatever a person filled in by hand. */
export const asked = settings.partial().required({ name: true, secret: true })
