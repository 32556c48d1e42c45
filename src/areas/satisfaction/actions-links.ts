/** Links that we sign, hand out and later trust: to one question that was asked, to an anonymous answer, to an end of all questions. */
import { newToken, sign, signedBy } from '#kernel/crypto.ts'
import type { Language } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'

/** To what was asked of somebody; or, anonymously, to a survey with a token that nobody keeps and the day on which it was sent. */
export type Ticket = { ask: string } | { survey: string; token: string; sentOn: string }
export type Behind = Ticket & { org: string }

const purpose = 'survey'
const noPurpose = 'no more surveys'

export const freshTicket = (survey: string, sentOn: string): Ticket => ({ survey, token: newToken(), sentOn })

export interface Link {
  about: string
  sign: string
}

export function linkOf(org: string, ticket: Ticket, language: Language): string {
  const about = 'ask' in ticket ? `${org}.${ticket.ask}` : `${org}.${ticket.survey}.${ticket.token}.${ticket.sentOn}`
  return `${houseOrigin()}/survey?${new URLSearchParams({ about, sign: sign(purpose, about), in: language })}`
}

/** What stands behind a link, checked before anything is read; null for every other. */
export function behind({ about, sign: given }: Link): Behind | null {
  const [org = '', one = '', token, sentOn, ...more] = about.split('.')
  if (!org || !one || more.length > 0 || !signedBy(purpose, about, given)) return null
  if (token === undefined) return { org, ask: one }
  return sentOn ? { org, survey: one, token, sentOn } : null
}

export function noLinkOf(org: string, person: string, language: Language): string {
  const about = `${org}.${person}`
  return `${houseOrigin()}/survey/no?${new URLSearchParams({ about, sign: sign(noPurpose, about), in: language })}`
}

export function behindNo({ about, sign: given }: Link): { org: string; person: string } | null {
  const [org = '', person = '', ...more] = about.split('.')
  return org && person && more.length === 0 && signedBy(noPurpose, about, given) ? { org, person } : null
}
