/** Answers to a form that stays where it is: Turbo streams with deeds of our own (`toast`, `refuse`, `sent`, `kept`, `go`), see web/README.md. */
import type { Child } from 'hono/jsx'
import { Toast, type ToastProps } from './feedback.tsx'

export const streamType = 'text/vnd.turbo-stream.html; charset=utf-8'

interface StreamProps {
  action: string
  target?: string
  children?: Child
}

const Stream = ({ action, target, children }: StreamProps) => (
  <turbo-stream action={action} target={target}>
    <template>{children}</template>
  </turbo-stream>
)

/** Shows a sentence for ten seconds, with the way back if there is one. */
export const ToastStream = (props: ToastProps) => (
  <Stream action="toast">
    <Toast {...props} />
  </Stream>
)

export interface RefuseProps {
  /** Already translated; shown above the form, or as a toast where the form has no place for it. */
  sentence: string
  fields?: { name: string; sentence: string }[]
}

/** Marks the fields, shows the sentences, keeps what was typed and moves to the first field that is wrong. */
export const RefuseStream = ({ sentence, fields = [] }: RefuseProps) => (
  <Stream action="refuse">
    <p data-sentence>{sentence}</p>
    {fields.map(field => (
      <p data-field-name={field.name}>{field.sentence}</p>
    ))}
  </Stream>
)

/** The page looks again (a morph: what is typed, selected and scrolled stays). */
export const RefreshStream = () => <turbo-stream action="refresh" />

/** The page goes to another address, as after a redirect. */
export const GoStream = ({ to }: { to: string }) => <turbo-stream action="go" data-to={to} />

/** The form that sent this is emptied and its draft forgotten: its words have arrived. */
export const SentStream = () => <turbo-stream action="sent" />

/** The form that sent this keeps its words: they have gone nowhere, and whoever wrote them goes on. */
export const KeptStream = () => <turbo-stream action="kept" />

/** Puts this in place of what is inside `target`. */
export const UpdateStream = ({ target, children }: { target: string; children: Child }) => (
  <Stream action="update" target={target}>
    {children}
  </Stream>
)

/** A page from its first byte. */
export const withDoctype = async (html: { toString(): string | Promise<string> }): Promise<string> =>
  `<!doctype html>${await html.toString()}`
