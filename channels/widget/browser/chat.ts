/** The button in the corner and the window that it opens. Fixed over the page, so that nothing in the page moves. */

import { listen, tellSeen } from './hear.ts'
import { filled, type Home } from './home.ts'
import { awayText, drawLines } from './lines.ts'
import { logoOf } from './logo.ts'
import { field, make, sign, signs } from './make.ts'
import { rootOf } from './root.ts'
import { say, sendFile } from './send.ts'
import { keepMail, newTalk, remember, type Talk } from './talk.ts'
import { stopTyping, tellTyping } from './typing.ts'

export interface Chat {
  open(): void
  close(): void
}

/** An answer that takes longer is better sent by mail. */
const patience = 90_000

export function startChat(home: Home, account: string): Chat {
  const { words, side } = home.looks
  const host = make('trefoil-chat' as 'div')
  const root = rootOf(host, home.looks, true)
  const parts = partsOf(home)
  const { panel, launcher, log, text } = parts
  const talk = newTalk(home, `trefoil ${account}`, () => draw(talk, parts))
  const close = () => {
    if (panel.hidden) return
    panel.hidden = true
    launcher.setAttribute('aria-expanded', 'false')
    launcher.focus()
  }
  const open = () => {
    panel.hidden = false
    launcher.setAttribute('aria-expanded', 'true')
    draw(talk, parts)
    toEnd(log)
    ;(parts.form.querySelector<HTMLElement>('.first input') ?? text).focus()
  }
  launcher.addEventListener('click', () => (panel.hidden ? open() : close()))
  parts.closer.addEventListener('click', close)
  panel.addEventListener('keydown', event => event.key === 'Escape' && close())
  document.addEventListener('visibilitychange', () => draw(talk, parts))
  wire(talk, parts)
  root.append(make('div', { className: `chat ${side}`, lang: home.language }, panel, launcher))
  document.body.append(host)
  launcher.title = words.open!
  if (talk.isRemembered) void listen(talk)
  return { open, close }
}

type Parts = ReturnType<typeof partsOf>

function partsOf(home: Home) {
  const { words, name, greeting, open, present } = home.looks
  const badge = make('span', { className: 'badge', hidden: true })
  const launcher = make(
    'button',
    { type: 'button', className: 'launcher', 'aria-expanded': 'false', 'aria-controls': 'panel', 'aria-label': words.open },
    sign(signs.talk),
    badge,
  )
  const closer = make('button', { type: 'button', className: 'plain', 'aria-label': words.close, title: words.close }, sign(signs.close))
  const log = make('div', { className: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': name })
  const text = make('textarea', { rows: 2, maxLength: 4000, required: true, 'aria-label': words.text, placeholder: words.text })
  const first = firstFields(home)
  const files = make('input', { type: 'file', multiple: true, className: 'hidden', tabIndex: -1, 'aria-hidden': 'true' })
  const adder = make('button', { type: 'button', className: 'plain', 'aria-label': words.file, title: words.file }, sign(signs.file))
  const sender = make('button', { type: 'submit', className: 'send', 'aria-label': words.send, title: words.send }, sign(signs.send))
  const form = make('form', {}, first, make('div', { className: 'row' }, adder, files, text, sender))
  const notes = make('div', { className: 'notes', 'aria-live': 'polite' })
  const typing = make('p', { className: 'typing', 'aria-live': 'polite' })
  const more = make('div', { className: 'more' })
  const heading = make('h2', { id: 'title' }, name)
  const hello = make('p', { className: 'hello' }, open ? (present ? greeting || words.hello : words.quiet) : awayText(home))
  const panel = make(
    'section',
    { id: 'panel', className: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
    make('header', {}, logoOf(home.looks), heading, closer),
    make('div', { className: 'middle', role: 'group', 'aria-label': name, tabIndex: 0 }, hello, log, typing, notes),
    more,
    form,
  )
  return { badge, launcher, closer, log, text, first, files, adder, form, typing, notes, more, panel }
}

/** Who one is, asked with the first words. Outside the hours an address is needed, since nobody is there to answer here. */
function firstFields({ looks: { words, before, open } }: Home): HTMLElement {
  const isNeeded = before === 'needed' || !open
  const box = make('div', { className: 'first' })
  if (before === 'nothing' && open) return box
  const optional = ` (${words.optional})`
  const name = make('input', { name: 'name', autocomplete: 'name', maxLength: 100 })
  const mail = make('input', { name: 'mail', type: 'email', autocomplete: 'email', maxLength: 254, required: isNeeded })
  box.append(field(words.yourName + optional, name), field(words.yourMail + (isNeeded ? '' : optional), mail, words.mailHelp))
  return box
}

function wire(talk: Talk, { form, text, files, adder, notes, first }: Parts): void {
  const { looks } = talk.home
  form.addEventListener('submit', event => {
    event.preventDefault()
    if (!text.value.trim()) return
    introduce(talk, first)
    stopTyping(talk)
    say(talk, text.value.trim())
    text.value = ''
    text.focus()
    setTimeout(talk.changed, patience)
  })
  text.addEventListener('input', () => tellTyping(talk))
  text.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  adder.addEventListener('click', () => files.click())
  files.addEventListener('change', () => {
    if (![...first.querySelectorAll('input')].every(each => each.reportValidity())) return
    introduce(talk, first)
    const all = [...(files.files ?? [])]
    for (const file of all.filter(each => each.size <= looks.mostBytes)) sendFile(talk, file)
    notes.textContent = all.some(each => each.size > looks.mostBytes) ? looks.words.fileTooLarge! : ''
    files.value = ''
  })
}

function introduce(talk: Talk, first: HTMLElement): void {
  for (const { name, value } of first.querySelectorAll('input')) if (value.trim()) talk.person[name as 'name'] = value.trim()
}

// —— showing ——

function draw(talk: Talk, parts: Parts): void {
  const { panel, log, badge, launcher, first, typing, notes, form } = parts
  const { words } = talk.home.looks
  const isNew = drawLines(talk, log)
  if (talk.lines.size) first.remove()
  if (isNew) toEnd(log)
  if (!panel.hidden && document.visibilityState === 'visible') tellSeen(talk)
  const fresh = [...talk.lines.values()].filter(({ by, id }) => by === 'us' && !talk.seen.has(id)).length
  badge.hidden = !fresh || !panel.hidden
  badge.textContent = String(fresh)
  launcher.setAttribute('aria-label', fresh ? `${words.open} (${filled(words.fresh!, { count: String(fresh) })})` : words.open!)
  const writes = talk.theyWrite ? words.writes! : ''
  if (typing.textContent !== writes) typing.textContent = writes
  if (writes) toEnd(log)
  if (!talk.isOnline) notes.textContent = words.offline!
  else if (notes.textContent === words.offline) notes.textContent = ''
  form.classList.toggle('begun', talk.lines.size > 0)
  drawMore(talk, parts)
}

const toEnd = ({ parentElement: middle }: HTMLElement): void => middle!.scrollTo(0, middle!.scrollHeight)

/** Below the lines: an address for the answer when it takes long, and whether this device may remember. */
function drawMore(talk: Talk, { more }: Parts): void {
  if (!talk.lines.size) return
  if (!more.childElementCount) more.append(rememberBox(talk))
  const last = [...talk.lines.values()].at(-1)!
  const isLate = last.by === 'visitor' && Date.now() - Date.parse(last.at) >= patience
  const asked = more.querySelector('form')
  if (isLate && !talk.person.mail && !asked) more.prepend(mailForm(talk))
  if (talk.person.mail && asked)
    asked.replaceWith(make('p', { role: 'status' }, filled(talk.home.looks.words.mailKept!, { mail: talk.person.mail })))
}

function rememberBox(talk: Talk): HTMLElement {
  const box = make('input', { type: 'checkbox', checked: talk.isRemembered, onchange: () => remember(talk, box.checked) })
  return make('label', { className: 'check' }, box, talk.home.looks.words.remember)
}

function mailForm(talk: Talk): HTMLElement {
  const { words } = talk.home.looks
  const mail = make('input', { type: 'email', required: true, autocomplete: 'email', maxLength: 254 })
  const says = make('p', { role: 'status' })
  const form = make('form', { className: 'late' }, field(words.late!, mail), make('button', { type: 'submit' }, words.keepMail), says)
  form.addEventListener('submit', event => {
    event.preventDefault()
    keepMail(talk, mail.value).catch(error => void (says.textContent = (error as Error).message))
  })
  return form
}
