/** A URL is called because a rule, or somebody, wants it: not of everything that happens, but of this. */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { word } from '#social/activities/words.ts'

/** What is said besides what happened: short texts by name. */
export const said = z.record(z.string().max(60), z.string().max(1000)).refine(it => Object.keys(it).length <= 30, 'calls.tooMuch')

/** Object is what it is about; `address` is where it goes, under the name that it bears in the settings. */
export const Called = word('Announce', 'Call', z.strictObject({ address: z.uuid(), name: z.string().max(100), said }))

export interface Address {
  id: string
  name: string
}

/** Where one may call. Exported by the module that keeps the addresses, signs what goes there, tries again and keeps the log; it hears `Called`. */
export interface Addresses {
  is: 'callAddresses'
  /** Those that take calls now. */
  list(ctx: Ctx): Promise<Address[]>
}
export const addresses = (list: Addresses['list']): Addresses => ({ is: 'callAddresses', list })
