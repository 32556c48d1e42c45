/** Where somebody writes what is looked for, and texts in which it was found. */
import type { Child } from 'hono/jsx'
import { TextArea, type TextAreaProps } from './fields.tsx'
import { Stack } from './layout.tsx'

/** A part of a text, from and to, in code units. */
export type Span = readonly [from: number, to: number]

/** A text with the places marked that made it be found; places may overlap, and what lies outside the text is left out. */
export const Marked = ({ text, spans }: { text: string; spans: readonly Span[] }) => {
  const parts: Child[] = []
  let at = 0
  for (const [from, to] of spans) {
    if (to <= at || from >= text.length) continue
    const begin = Math.max(at, from)
    parts.push(text.slice(at, begin), <mark>{text.slice(begin, to)}</mark>)
    at = to
  }
  return (
    <bdi class="marked-text">
      {parts}
      {text.slice(at)}
    </bdi>
  )
}

/** One word, sign or phrase of a query; `fault` is where it cannot be read. */
export interface Token {
  text: string
  is: 'word' | 'phrase' | 'joint' | 'mark' | 'sign' | 'space' | 'fault'
}

/** A query in the colours of what its parts are. */
export const QueryShown = ({ tokens }: { tokens: readonly Token[] }) => (
  <code class="query-shown" translate="no">
    {tokens.map(({ text, is }) => (is === 'space' ? text : <span data-is={is}>{text}</span>))}
  </code>
)

/** A field for a query; what it would find is drawn below it while one writes: `tries` answers with what stands in the frame `query-tried`. */
export const QueryField = ({ tries, sample, children, ...field }: TextAreaProps & { tries: string; sample?: Child; children?: Child }) => (
  <trefoil-query src={tries}>
    <Stack>
      <TextArea code rows={4} {...field} />
      {sample}
      <turbo-frame id="query-tried">{children}</turbo-frame>
    </Stack>
  </trefoil-query>
)

/** The answer to a field for a query, by itself. */
export const QueryTried = ({ children }: { children: Child }) => <turbo-frame id="query-tried">{children}</turbo-frame>
