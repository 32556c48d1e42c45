/** What a visitor's page may say to us, whatever it really says: every field with its end, everything else refused. */
import { z } from 'zod'
import { refuse } from '#kernel/errors.ts'
import { cleanText } from '#kernel/plain.ts'

/** Made by the visitor's browser and known to nobody else; who has it is this visitor. 256 bits. */
const secret = z
  .string()
  .length(43)
  .regex(/^[A-Za-z0-9_-]+$/)
const words = (most: number) => z.string().trim().max(most).optional()
const mail = z.preprocess(text => text || undefined, z.email().max(254).optional())
const page = z
  .string()
  .max(2000)
  .refine(text => /^https?:$/.test(URL.parse(text)?.protocol ?? ''))
const said = z
  .string()
  .max(20_000)
  .transform(text => cleanText(text).trim())
  .refine(text => text.length > 0 && text.length <= 4000)

export const longestText = 4000

/** Who writes, and where. Name, address and token are only needed with the first words. */
const writer = {
  secret,
  /** Made by the browser for these words, so that sending them again is sending them once. */
  id: z.uuid().toLowerCase(),
  page,
  title: words(300),
  name: words(100),
  mail,
  identity: words(4000),
}

export const saying = z.strictObject({ ...writer, text: said, subject: words(200) })
export const sending = z.strictObject(writer)
export const commenting = z.strictObject({ ...writer, text: said, answers: z.uuid().toLowerCase().optional() })
export const listening = z.strictObject({ secret })
export const typing = z.strictObject({ secret, writing: z.boolean() })
export const seeing = z.strictObject({ secret, ids: z.array(z.uuid()).max(100) })
/** What a visitor chose of a question that stands in their window: `id` is its line. */
export const choosing = z.strictObject({
  secret,
  id: z.string().regex(/^[0-9a-z-]{1,60}$/),
  choice: z.number().int().min(0).max(1000),
  words: z.string().max(2000).default(''),
})
export const naming = z.strictObject({ secret, mail: z.email().max(254) })

export type Saying = z.output<typeof saying>
export type Sending = z.output<typeof sending>
export type Commenting = z.output<typeof commenting>

const largest = 64 * 1024

/** The body of a call as this schema. It comes as `text/plain`, so that browsers send it to us without asking first. */
export async function bodyOf<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const text = await request.text()
  if (text.length > largest) refuse('tooLarge', 'widget.tooLong')
  return parsed(schema, jsonIn(text))
}

export function parsed<T>(schema: z.ZodType<T>, given: unknown): T {
  const read = schema.safeParse(given)
  if (read.success) return read.data
  const wrong = String(read.error.issues[0]?.path[0] ?? '')
  return refuse('invalid', wrong === 'mail' ? 'widget.badMail' : wrong === 'text' ? 'widget.badText' : 'widget.badCall')
}

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
