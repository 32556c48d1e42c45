/** What the server may ask for in a stream, besides Turbo's own deeds: toast, refuse, sent, kept, go. */
import { StreamActions, visit } from '@hotwired/turbo'
import { all } from '../page.ts'
import { markKept, markSent, showRefusal } from './forms.ts'
import { showToast } from './toasts.ts'

export function startStreams(): void {
  StreamActions.toast = function () {
    for (const toast of all('.toast', this.templateContent)) showToast(toast)
  }
  StreamActions.refuse = function () {
    const from = this.templateContent
    const faults = all('[data-field-name]', from).map(each => ({ name: each.dataset.fieldName ?? '', sentence: each.textContent ?? '' }))
    showRefusal(from.querySelector('[data-sentence]')?.textContent ?? '', faults)
  }
  StreamActions.sent = () => markSent()
  StreamActions.kept = () => markKept()
  StreamActions.go = function () {
    visit(this.dataset.to ?? '/')
  }
}
