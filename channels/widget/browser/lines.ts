/** The lines of a conversation on the screen: each drawn once, drawn anew when it changed. */
import { filled, type Words } from './home.ts'
import { linked, make } from './make.ts'
import { questionOf, showAgain } from './question.ts'
import { send } from './send.ts'
import type { Line, Talk } from './talk.ts'

/** Puts into `log` what is not there yet. Returns whether something new came. */
export function drawLines(talk: Talk, log: HTMLElement): boolean {
  const before = log.childElementCount
  for (const line of talk.lines.values()) {
    const drawn = log.querySelector<HTMLElement>(`[id="l${line.id}"]`)
    const mark = JSON.stringify([line.changed, line.state, line.asks?.says, line.asks?.given])
    if (drawn?.dataset.mark === mark) continue
    const element = drawn && showAgain(drawn, line) ? drawn : lineOf(talk, line)
    element.dataset.mark = mark
    if (!drawn) log.append(element)
    else if (drawn !== element) drawn.replaceWith(element)
  }
  return log.childElementCount > before
}

function lineOf(talk: Talk, line: Line): HTMLElement {
  const { words } = talk.home.looks
  const { id, by, text, gone, name, asks } = line
  return make(
    'div',
    { id: `l${id}`, className: `line ${by}${asks ? ' asking' : ''}` },
    make('span', { className: 'who' }, by === 'us' ? (name ?? talk.home.looks.name) : words.you),
    gone ? make('p', { className: 'gone' }, words.gone) : asks ? questionOf(talk, id, asks) : text && make('p', {}, ...linked(text)),
    ...(line.files ?? []).map(file => fileOf(talk, file)),
    footOf(talk, line, words),
  )
}

function fileOf({ home }: Talk, { name, size, url }: NonNullable<Line['files']>[number]): HTMLElement {
  const says = `${name} (${new Intl.NumberFormat(home.locale).format(Math.ceil(size / 1024))} kB)`
  return make('p', { className: 'file' }, url ? make('a', { href: home.base + url, target: '_blank', rel: 'noopener' }, says) : says)
}

function footOf(talk: Talk, line: Line, words: Words): HTMLElement {
  if (line.state === 'failed')
    return make(
      'small',
      { className: 'foot' },
      line.says,
      make('button', { type: 'button', onclick: () => send(talk, line.id) }, words.again),
    )
  const time = new Intl.DateTimeFormat(talk.home.locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(line.at))
  const state = line.state === 'sending' ? words.sending : line.changed && !line.gone && !line.asks ? words.edited : ''
  return make('small', { className: 'foot' }, make('time', { dateTime: line.at }, time), state && ` · ${state}`)
}

/** When somebody will be there, as one says it: `tomorrow at nine` is not said, `Monday, 09:00` is. */
export const awayText = ({ looks, locale }: Talk['home']): string => {
  if (!looks.opensAt) return looks.words.away!
  const time = new Intl.DateTimeFormat(locale, { weekday: 'long', hour: '2-digit', minute: '2-digit' }).format(new Date(looks.opensAt))
  return filled(looks.words.awayUntil!, { time })
}
