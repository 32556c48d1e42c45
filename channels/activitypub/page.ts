/** The same for people who follow a link: plain pages without anything that runs. */
import { dateTime, language } from '#kernel/messages.ts'
import { clean } from '#kernel/sanitize.ts'
import { escaped, htmlOf } from './html.ts'
import { lookOf, type Wearer } from './look.ts'
import { actorOf, addressOf, noteOf } from './names.ts'
import type { Kept } from './notes.ts'
import { choicesIn, questionIn } from './polls.ts'
import type { Settings } from './settings.ts'

export const paragraphs = (text: string): string => htmlOf(text, new Map())

export function actorPage(account: Wearer, notes: Kept[]): Response {
  const { settings } = account
  const articles = notes.filter(({ gone }) => !gone).map(each => article(settings, each))
  return page(account, `${paragraphs(settings.about)}${articles.join('')}`)
}

export const notePage = (account: Wearer, note: Kept): Response => page(account, article(account.settings, note))

function article(settings: Settings, it: Kept): string {
  const { key, note, at } = it
  const warning = typeof note.summary === 'string' ? note.summary : ''
  const content = `${clean(String(note.content ?? ''))}${choicesOf(it)}${picturesOf(note.attachment)}`
  const body = warning ? `<details><summary>${escaped(warning)}</summary>${content}</details>` : content
  const time = `<a href="${escaped(noteOf(settings, key))}"><time datetime="${escaped(at)}">${escaped(dateTime(new Date(at)))}</time></a>`
  return `<article>${body}<p>${time}</p></article>`
}

function choicesOf(it: Kept): string {
  const about = questionIn(it)
  const lines = about ? choicesIn(about).map(({ name, replies }) => `<li>${escaped(name)}: ${replies.totalItems}</li>`) : []
  return lines.length ? `<ul>${lines.join('')}</ul>` : ''
}

function picturesOf(attachment: unknown): string {
  const list = Array.isArray(attachment) ? (attachment as { url?: unknown; name?: unknown }[]) : []
  return list.map(({ url, name }) => `<img src="${escaped(String(url))}" alt="${escaped(String(name ?? ''))}">`).join('')
}

const policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const style =
  'body{font:1.05rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}img{max-width:100%;height:auto}article{border-top:1px solid;padding:.5rem 0}'

function page(account: Wearer, body: string): Response {
  const { settings } = account
  const { name, colour, website } = lookOf(account)
  const title = escaped(name)
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}${colour ? `h1{border-inline-start:.4rem solid ${colour};padding-inline-start:.6rem}` : ''}</style>`
  const alternate = `<link rel="alternate" type="application/activity+json" href="${escaped(actorOf(settings))}">`
  const site = website ? ` · <a href="${escaped(website)}" rel="me">${escaped(new URL(website).host)}</a>` : ''
  const heading = `<h1>${title}</h1><p>@${escaped(addressOf(settings))}${site}</p>`
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, vary: 'Accept, Signature' }
  return new Response(`<!doctype html><html lang="${language()}">${head}${alternate}<main>${heading}${body}</main></html>`, { headers })
}
