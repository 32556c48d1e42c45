import { Refusal } from './errors.ts'

const types = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** A form as it came, and as plain values: empty fields left out, `name[]` and repeated names as lists, files as they are. */
export async function readForm(request: Request): Promise<{ data: FormData; plain: Record<string, unknown> }> {
  const type = request.headers.get('content-type') ?? ''
  if (!types.some(known => type.startsWith(known))) throw new Refusal('invalid', 'kernel.wrongType', { type: type.slice(0, 60) || '–' })
  const data = await request.formData().catch(error => {
    if (error instanceof Refusal || error?.cause instanceof Refusal) throw error
    throw new Refusal('invalid', 'kernel.brokenForm')
  })
  read.set(request, data)
  return { data, plain: plainOf(data) }
}

const read = new WeakMap<Request, FormData>()
/** What was typed into the form that this request sent, once it has been read. */
export const typedIn = (request: Request): FormData | undefined => read.get(request)

function plainOf(data: FormData): Record<string, unknown> {
  const plain: Record<string, unknown> = Object.create(null)
  for (const name of new Set(data.keys())) {
    const values = data.getAll(name).filter(value => value !== '' && !(value instanceof File && value.size === 0 && value.name === ''))
    if (name.endsWith('[]')) plain[name.slice(0, -2)] = values
    else if (values.length) plain[name] = values.length > 1 ? values : values[0]
  }
  return { ...plain }
}
