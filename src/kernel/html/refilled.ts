/** A page once more, with one of its forms as it was sent: what was typed stands in it, and what was wrong beside it. For browsers without scripts. */
import { Parser } from 'htmlparser2'

export interface Sent {
  /** The path that it was posted to. */
  path: string
  values: Map<string, string[]>
}

export interface Wrong {
  sentence: string
  fields: { name: string; sentence: string }[]
}

/** Null when no form of the page was sent so, or when there is nothing to type in it. */
export function refilled(page: string, sent: Sent, wrong: Wrong): string | null {
  const form = formsIn(page).find(each => each.typed && each.paths.has(sent.path) && isThat(each, sent))
  return form ? page.slice(0, form.start) + filled(page.slice(form.start, form.end), sent, wrong) + page.slice(form.end) : null
}

interface Found {
  start: number
  end: number
  paths: Set<string>
  hidden: [string, string][]
  /** Has it a field that one fills in? */
  typed: boolean
}

type Attributes = Record<string, string>

/** Of forms that go to the same place, such as one in each row of a list, their hidden fields tell which. */
const isThat = (form: Found, { values }: Sent) =>
  form.hidden.every(([name, value]) => !values.has(name) || values.get(name)!.includes(value))

function formsIn(page: string): Found[] {
  const forms: Found[] = []
  let open: Found | undefined
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'form') {
        open = { start: parser.startIndex, end: page.length, paths: new Set([pathOf(attributes.action)]), hidden: [], typed: false }
        forms.push(open)
      } else if (open) noteField(open, tag, attributes)
    },
    onclosetag(tag) {
      if (tag !== 'form' || !open) return
      open.end = parser.endIndex + 1
      open = undefined
    },
  })
  parser.end(page)
  return forms
}

function noteField(form: Found, tag: string, attributes: Attributes): void {
  if (attributes.formaction) form.paths.add(pathOf(attributes.formaction))
  if (tag === 'input' && attributes.type === 'hidden') form.hidden.push([attributes.name ?? '', attributes.value ?? ''])
  else if (fillable.has(tag)) form.typed = true
}

const pathOf = (address = '') => URL.parse(address, 'http://here.invalid')?.pathname ?? ''

interface Edit {
  start: number
  end: number
  text: string
}

function filled(form: string, sent: Sent, wrong: Wrong): string {
  const edits: Edit[] = []
  const begun: { tag: string; attributes: Attributes; end: number }[] = []
  const parser = new Parser({
    onopentag(tag, attributes) {
      const [start, end] = [parser.startIndex, parser.endIndex + 1]
      const select = begun.findLast(each => each.tag === 'select')?.attributes.name
      const text = tagAgain(tag, attributes, sent, wrong, select)
      if (text !== null) edits.push({ start, end, text })
      begun.push({ tag, attributes, end })
    },
    onclosetag(tag) {
      const { attributes, end } = begun.pop()!
      const typed = tag === 'textarea' ? sent.values.get(attributes.name ?? '')?.[0] : undefined
      if (typed !== undefined) edits.push({ start: end, end: parser.startIndex, text: escaped(typed) })
    },
  })
  parser.end(form)
  const hasPlace = form.includes(' data-form-error')
  return (hasPlace ? '' : `<p class="form-error" role="alert">${escaped(wrong.sentence)}</p>`) + edited(form, edits)
}

function edited(text: string, edits: Edit[]): string {
  let [made, done] = ['', 0]
  for (const { start, end, text: instead } of edits) {
    made += text.slice(done, start) + instead
    done = end
  }
  return made + text.slice(done)
}

/** The tag as it stands now; null when nothing about it changes. */
function tagAgain(tag: string, attributes: Attributes, { values }: Sent, wrong: Wrong, select = ''): string | null {
  const { hidden: _, ...shown } = attributes
  if ('data-form-error' in attributes) return tagOf(tag, shown) + escaped(wrong.sentence)
  const sentence = wrong.fields.find(each => each.name === attributes['data-error-for'])?.sentence
  if (sentence !== undefined) return tagOf(tag, shown) + escaped(sentence)
  if (tag === 'option' && values.has(select))
    return tagOf(tag, marked(attributes, 'selected', values.get(select)!.includes(attributes.value ?? '')))
  if (!fillable.has(tag)) return null
  const name = attributes.name ?? ''
  return tagOf(tag, { ...refill(tag, attributes, values.get(name)), ...marksOf(name.replace('[]', ''), wrong) })
}

const fillable = new Set(['input', 'textarea', 'select'])
/** Neither a secret nor a file goes back to the page. */
const keptEmpty = new Set(['password', 'file', 'hidden', 'submit', 'button'])

function refill(tag: string, attributes: Attributes, typed: string[] | undefined): Attributes {
  // The cursor goes to what is wrong.
  const { autofocus: _, ...rest } = attributes
  if (tag !== 'input' || keptEmpty.has(rest.type ?? '')) return rest
  if (rest.type === 'checkbox' || rest.type === 'radio') return marked(rest, 'checked', typed?.includes(rest.value ?? 'on') ?? false)
  return typed ? { ...rest, value: typed[0]! } : rest
}

function marksOf(name: string, { fields }: Wrong): Attributes {
  const at = fields.findIndex(each => each.name === name)
  return { ...(at >= 0 && { 'aria-invalid': 'true' }), ...(at === 0 && { autofocus: '' }) }
}

function marked(attributes: Attributes, name: 'checked' | 'selected', on: boolean): Attributes {
  const { [name]: _, ...rest } = attributes
  return on ? { ...rest, [name]: '' } : rest
}

const tagOf = (tag: string, attributes: Attributes) =>
  `<${tag}${Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('')}>`

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
