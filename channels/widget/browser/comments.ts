/** Comments below the page: what everybody sees, and a form for one's own. */
import { ask, filled, type Home, here, newId, newSecret, tell } from './home.ts'
import { field, linked, make } from './make.ts'
import { rootOf } from './root.ts'

interface Comment {
  id: string
  at: string
  name: string
  text: string
  ours?: true
  answers?: string
}

interface Shown {
  home: Home
  list: HTMLElement
  form: HTMLFormElement
  says: HTMLElement
  /** The comment that one answers. */
  answers?: string | undefined
  secret: string
}

export async function startComments(home: Home, host: HTMLElement): Promise<void> {
  const { words } = home.looks
  const list = make('div', { className: 'comments' })
  const says = make('p', { role: 'status', className: 'says', tabIndex: -1 })
  const shown: Shown = { home, list, form: formOf(home), says, secret: newSecret() }
  shown.form.addEventListener('submit', event => {
    event.preventDefault()
    void comment(shown)
  })
  const card = make('section', { className: 'card', lang: home.language, 'aria-label': words.comments }, list, shown.form, says)
  rootOf(host, home.looks).append(card)
  await load(shown)
}

function formOf({ looks: { words } }: Home): HTMLFormElement {
  const name = make('input', { name: 'name', autocomplete: 'nickname', maxLength: 100, required: true })
  const text = make('textarea', { name: 'text', rows: 3, maxLength: 4000, required: true })
  return make('form', {}, field(words.yourName!, name), field(words.comment!, text), make('button', { type: 'submit' }, words.commentSend))
}

async function load(shown: Shown, after?: string): Promise<void> {
  const { home, list, says } = shown
  const { page } = here()
  try {
    const { items, next } = await ask<{ items: Comment[]; next: string | null }>(home, 'comments', { page, ...(after && { after }) })
    for (const item of items) place(shown, item)
    if (!list.childElementCount) list.append(make('p', { className: 'none' }, home.looks.words.noneYet))
    if (next) list.append(moreButton(shown, next))
  } catch {
    says.textContent = home.looks.words.failed!
  }
}

function moreButton(shown: Shown, next: string): HTMLElement {
  const button = make('button', { type: 'button', className: 'quiet' }, shown.home.looks.words.more)
  button.addEventListener('click', () => {
    button.remove()
    void load(shown, next)
  })
  return button
}

/** Below what it answers, else at the end. */
function place(shown: Shown, comment: Comment): void {
  const { list } = shown
  list.querySelector('.none')?.remove()
  if (list.querySelector(`[id="c${comment.id}"]`)) return
  const answered = comment.answers && list.querySelector(`[id="c${comment.answers}"] > .answers`)
  ;(answered || list).append(drawn(shown, comment))
}

function drawn(shown: Shown, { id, name, text, at, ours }: Comment): HTMLElement {
  const { home } = shown
  const when = new Intl.DateTimeFormat(home.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))
  const answer = make(
    'button',
    { type: 'button', className: 'quiet', onclick: () => begin(shown, id, name) },
    filled(home.looks.words.answer!, { name }),
  )
  return make(
    'article',
    { id: `c${id}`, className: ours ? 'comment ours' : 'comment' },
    make('header', {}, make('b', {}, name), ' ', make('time', { dateTime: at }, when)),
    make('p', {}, ...linked(text)),
    answer,
    make('div', { className: 'answers' }),
  )
}

function begin(shown: Shown, id: string, name: string): void {
  shown.answers = id
  shown.says.textContent = filled(shown.home.looks.words.answer!, { name })
  shown.form.querySelector('textarea')!.focus()
}

async function comment(shown: Shown): Promise<void> {
  const { home, form, says, secret, answers } = shown
  const { name, text } = Object.fromEntries(new FormData(form)) as Record<string, string>
  const id = newId()
  try {
    const sent = await tell(home, 'comments', { secret, id, ...here(), name, text, answers, identity: home.identity })
    const { shown: isShown } = (await sent.json()) as { shown: boolean }
    if (isShown) place(shown, { id, at: new Date().toISOString(), name: name!, text: text!, ...(answers && { answers }) })
    shown.answers = undefined
    form.querySelector('textarea')!.value = ''
    says.textContent = isShown ? home.looks.words.sent! : home.looks.words.waits!
  } catch (error) {
    says.textContent = (error as Error).message
  }
  says.focus()
}
