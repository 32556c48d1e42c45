import type { Letter } from '#kernel/html/letter.tsx'
import { t } from '#kernel/messages.ts'
import { cut, storable } from '#kernel/plain.ts'
import { type Door, doors, type KindName, kindNames, type Notice } from './words.ts'

/** By which doors each kind comes as long as a person has chosen nothing else. */
const usual: Record<KindName, Record<Door, boolean>> = {
  mention: { app: true, mail: true },
  assigned: { app: true, mail: true },
  reply: { app: true, mail: false },
  invitation: { app: true, mail: true },
  account: { app: true, mail: true },
  delivery: { app: true, mail: true },
  work: { app: true, mail: false },
  alert: { app: true, mail: true },
}

export interface Choice {
  person: string
  kind: KindName
  door: Door
  wanted: boolean
}

/** Somebody is told by the doors that they chose for this kind of news, or by its usual ones. */
export function doorsFor(person: string, kind: KindName, choices: Choice[]): Record<Door, boolean> {
  const chosen = (door: Door) => choices.find(each => each.person === person && each.kind === kind && each.door === door)?.wanted
  return { app: chosen('app') ?? usual[kind].app, mail: chosen('mail') ?? usual[kind].mail }
}

/** All kinds and doors stand in one table, each with what holds for this person. */
export function tableOf(person: string, choices: Choice[]): { kind: KindName; doors: Record<Door, boolean> }[] {
  return kindNames.map(kind => ({ kind, doors: doorsFor(person, kind, choices) }))
}

/** Nobody is told what they did themselves. */
export function worthTelling(notice: Notice, actor: string | null): boolean {
  return notice.person !== (notice.actor === undefined ? actor : notice.actor)
}

/** News of one thread is one mail, and what belongs to no thread is one mail for each kind. */
export function mailsOf<N extends { thread: string | null; kind: string }>(news: N[]): N[][] {
  const mails = new Map<string, N[]>()
  for (const each of news) {
    const key = each.thread ?? each.kind
    const mail = mails.get(key)
    if (mail) mail.push(each)
    else mails.set(key, [each])
  }
  return [...mails.values()]
}

/** A mail waits two minutes, so that one thread’s burst is one mail and what was seen meanwhile is none. */
export const mailDueAt = (now: Date): Date => new Date(now.getTime() + 120_000)

/** News that was seen is not mailed any more. */
export const stillNews = <N extends { seen_at: Date | null }>(news: N[]): N[] => news.filter(each => each.seen_at === null)

/** A link leads to a path of our own or nowhere. */
export const ownPath = (path: string): string => (/^\/(?![/\\])[^\\\s]*$/.test(path) ? path : '/')

/** What is put into a sentence is one line of at most three hundred characters. */
export const oneLine = (text: string): string =>
  cut(
    storable(text)
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
    300,
  )

/** A kind and a door that a link or a form names are of the known ones. */
export const isChoice = (kind: unknown, door: unknown): boolean => kindNames.includes(kind as KindName) && doors.includes(door as Door)

export interface News {
  kind: KindName
  thread: string | null
  says: string
  told: Record<string, string>
  path: string
}

/** A mail says what happened, why it came, and how it ends with one click. */
export function letterOf(news: News[], links: { origin: string; off: string }): Letter {
  const [first] = news
  const sentences = news.map(({ says, told }) => t(says, told))
  return {
    title: news.length === 1 ? sentences[0]! : t('notifications.mailSubject', { count: news.length, first: sentences[0]! }),
    lines: news.map((each, at) => ({
      text: sentences[at]!,
      href: links.origin + ownPath(each.path),
      ...(each.told.excerpt && { detail: each.told.excerpt }),
    })),
    foot: [
      { text: t(`notifications.because.${first!.kind}`) },
      { text: t('notifications.off'), href: links.off },
      { text: t('notifications.chooseElse'), href: `${links.origin}/settings/notifications` },
    ],
  }
}

/** Mails of one thread stand together in the reader’s mailbox, and every mail offers the one click that ends it (RFC 8058). */
export function headersOf(news: News[], off: string, host: string): Record<string, string> {
  const { thread } = news[0]!
  const root = thread && `<thread.${thread}@${host}>`
  return {
    'List-Unsubscribe': `<${off}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    ...(root && { References: root, 'In-Reply-To': root }),
  }
}
