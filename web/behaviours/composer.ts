/** Where one writes: to whom it goes, which files go with it; conversations open at their end or at what is new. */
import { all, around, make, word } from '../page.ts'

/** The form always goes where the chosen side says, and looks like it. */
function applyKind(choice: HTMLInputElement): HTMLFormElement | null {
  const form = choice.closest('form')
  if (!form) return null
  form.dataset.kind = choice.value
  form.action = choice.dataset.action ?? form.action
  const main = form.querySelector('[data-main]')
  main?.classList.toggle('button-inside', choice.value === 'note')
  main?.classList.toggle('button-talk', choice.value !== 'note')
  return form
}

function switchKind(event: Event): void {
  const choice = around<HTMLInputElement>(event, '[data-composer-kind]')
  const field = choice && applyKind(choice)?.querySelector<HTMLTextAreaElement>('.composer-text')
  if (!field) return
  field.focus()
  // Whoever comes to what was begun goes on at its end.
  if (field.selectionEnd === 0) field.setSelectionRange(field.value.length, field.value.length)
}

// A browser that fills in a page again, and a page that looks again, must not leave words and side apart.
function applyKinds(): void {
  for (const choice of all<HTMLInputElement>('[data-composer-kind]:checked')) applyKind(choice)
}

const fileField = (form: Element) => form.querySelector<HTMLInputElement>('input[type="file"]')

function addFiles(form: HTMLElement, files: Iterable<File>): void {
  const field = fileField(form)
  if (!field) return
  const both = new DataTransfer()
  for (const file of [...(field.multiple ? (field.files ?? []) : []), ...files]) both.items.add(file)
  field.files = both.files
  showFiles(form)
}

function showFiles(form: HTMLElement): void {
  const field = fileField(form)
  const names = [...(field?.files ?? [])].map(file => file.name)
  const area = form.querySelector('[data-file-names]')
  if (area && names.length) area.textContent = names.join(', ')
  const list = form.querySelector<HTMLElement>('[data-composer-files]')
  if (!list) return
  list.replaceChildren(
    ...names.map((name, index) => make('li', { class: 'file-chip' }, make('span', { class: 'file-name' }, name), removal(name, index))),
  )
  list.hidden = names.length === 0
}

function removal(name: string, index: number): HTMLElement {
  const button = make('button', {
    type: 'button',
    class: 'button button-bare button-small icon-button',
    'aria-label': word('remove', name),
    'data-remove-file': String(index),
  })
  button.append(document.querySelector('[data-toast-plain] .icon-button .icon')?.cloneNode(true) ?? '×')
  return button
}

function removeFile(event: MouseEvent): void {
  const button = around(event, '[data-remove-file]')
  const form = button?.closest('form')
  const field = form && fileField(form)
  if (!form || !field) return
  const rest = new DataTransfer()
  const gone = Number(button?.dataset.removeFile)
  for (const [index, file] of [...(field.files ?? [])].entries()) if (index !== gone) rest.items.add(file)
  field.files = rest.files
  showFiles(form)
}

const taking = (event: Event) => around(event, '[data-composer], [data-file-drop]')

function dragged(event: DragEvent): void {
  const place = taking(event)
  if (!place || !event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  place.toggleAttribute('data-over', event.type === 'dragover')
  if (event.type === 'drop') addFiles(place.closest('form') ?? place, event.dataTransfer.files)
}

function pasted(event: ClipboardEvent): void {
  const form = around(event, '[data-composer]')
  const files = event.clipboardData?.files
  if (!form || !files?.length) return
  event.preventDefault()
  addFiles(form, files)
}

const paneOf = (conversation: Element) => conversation.closest<HTMLElement>('.pane-body')
const atEnd = new WeakMap<Element, boolean>()

function toEnd(): void {
  for (const conversation of all('[data-conversation]')) {
    const fresh = conversation.querySelector('[data-unread]')
    const pane = paneOf(conversation)
    if (location.hash || !pane) continue
    const scrolls = getComputedStyle(pane).overflowY === 'auto'
    if (fresh) fresh.scrollIntoView({ block: 'center' })
    else if (scrolls) pane.scrollTop = pane.scrollHeight
    else conversation.querySelector('.message:last-of-type')?.scrollIntoView({ block: 'center' })
  }
}

function remember(): void {
  for (const conversation of all('[data-conversation]')) {
    const pane = paneOf(conversation)
    if (pane) atEnd.set(conversation, pane.scrollTop + pane.clientHeight > pane.scrollHeight - 80)
  }
}

function stayAtEnd(): void {
  for (const conversation of all('[data-conversation]')) {
    const pane = paneOf(conversation)
    if (pane && atEnd.get(conversation)) pane.scrollTop = pane.scrollHeight
  }
}

export function startComposers(): void {
  document.documentElement.dataset.scripted = ''
  addEventListener('change', switchKind)
  for (const kind of ['turbo:load', 'turbo:render', 'turbo:morph', 'trefoil:kind', 'pageshow']) addEventListener(kind, applyKinds)
  addEventListener(
    'change',
    event =>
      around<HTMLInputElement>(event, 'input[type="file"]') && around(event, 'form') && showFiles(around(event, 'form') as HTMLElement),
  )
  addEventListener('click', removeFile)
  for (const kind of ['dragover', 'dragleave', 'drop'] as const) addEventListener(kind, dragged)
  addEventListener('paste', pasted)
  addEventListener('reset', event => setTimeout(() => event.target instanceof HTMLFormElement && showFiles(event.target)))
  addEventListener('turbo:load', toEnd)
  addEventListener('turbo:before-render', remember)
  addEventListener('turbo:render', stayAtEnd)
}
