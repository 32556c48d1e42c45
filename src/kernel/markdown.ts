/** What colleagues write, in Markdown: formatted by a library that knows no HTML, and passed through the one sanitiser all the same. */
import MarkdownIt from 'markdown-it'
import { clean } from './sanitize.ts'

const person = /^person:([0-9a-f-]{36})$/
const known = /^(https?:\/\/|mailto:|tel:|\/(?!\/)|person:[0-9a-f-]{36}$)/i

const reader = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false, maxNesting: 50 }).disable('image')
reader.validateLink = address => known.test(address.trim())
reader.linkify.set({ fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false })

// A mention leads to the person it names.
reader.renderer.rules.link_open = (tokens, at, options, _env, self) => {
  const named = person.exec(tokens[at]!.attrGet('href')?.toString() ?? '')
  if (named) tokens[at]!.attrSet('href', `/people/${named[1]}`)
  return self.renderToken(tokens, at, options)
}

/** Longer texts are shown as they are: nobody formats a book in a note. */
const most = 100_000

/** HTML of a Markdown text, safe to show; null when the text is too long to be formatted. */
export const markdown = (text: string): string | null => (text.length > most ? null : clean(reader.render(text)))
