/** A contact form in the page: the answer comes by mail. */
import { type Home, here, newId, newSecret, tell } from './home.ts'
import { field, make } from './make.ts'
import { rootOf } from './root.ts'

export function startContact(home: Home, host: HTMLElement): void {
  const { words } = home.looks
  const name = make('input', { name: 'name', autocomplete: 'name', maxLength: 100 })
  const mail = make('input', { name: 'mail', type: 'email', autocomplete: 'email', maxLength: 254, required: true })
  const subject = make('input', { name: 'subject', maxLength: 200 })
  const text = make('textarea', { name: 'text', rows: 5, maxLength: 4000, required: true })
  const says = make('p', { role: 'status', className: 'says', tabIndex: -1 })
  const optional = ` (${words.optional})`
  const form = make(
    'form',
    {},
    field(words.yourName + optional, name),
    field(words.yourMail!, mail),
    field(words.subject + optional, subject),
    field(words.message!, text),
    make('button', { type: 'submit' }, words.send),
  )
  // A visitor of its own for each form: what was written here does not appear in the chat's window.
  let [id, secret] = [newId(), newSecret()]
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value)) as Record<string, string>
    says.textContent = words.sending!
    try {
      await tell(home, 'say', { secret, id, ...here(), ...fields, ...(home.identity && { identity: home.identity }) })
      ;[id, secret] = [newId(), newSecret()]
      form.reset()
      says.textContent = words.formSent!
    } catch (error) {
      says.textContent = (error as Error).message
    }
    says.focus()
  })
  rootOf(host, home.looks).append(make('div', { className: 'card', lang: home.language }, form, says))
}
