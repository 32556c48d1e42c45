/** Whom to ask: what closed is heard, a lot is drawn, and after a while the question goes out to those who may be asked. */
import { z } from 'zod'
import { besideOf, caseOfDiscussion, ofThread, show as showCase } from '#areas/cases/actions.ts'
import * as cases from '#areas/cases/words.ts'
import { found } from '#areas/crm/actions.ts'
import { Finished } from '#areas/crm/words.ts'
import { id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { type Letter, letterHtml, letterText } from '#kernel/html/letter.tsx'
import { newId } from '#kernel/ids.ts'
import { job, later, laterAll, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { canMail, sendMail } from '#kernel/mail.ts'
import { inLanguage, isLanguage, type Language, t } from '#kernel/messages.ts'
import { localDay } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { check } from '#social/consent/actions.ts'
import { markOf } from '#social/doors/words.ts'
import { organisationOf } from '#social/members/actions.ts'
import { Merged } from '#social/moves/words.ts'
import { answer } from '#social/outbox/actions.ts'
import { cardsOf, idsOf, lockPeople, signInNetwork } from '#social/people/actions.ts'
import { teamsWith } from '#social/teams/actions.ts'
import { messagesOf } from '#social/threads/actions.ts'
import { inChat } from './actions-chat.ts'
import { freshTicket, linkOf, noLinkOf } from './actions-links.ts'
import { labelOf, questionOf, scoresOf } from './actions-said.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

// —— what closed ——

export const hearFinished = on(Finished, 'somebody may be asked about a conversation that has ended', (ctx, happened) =>
  draw(
    ctx,
    'conversation',
    happened.map(each => each.object!),
  ),
)

export const hearClosed = on(cases.Closed, 'somebody may be asked about a case that was closed', (ctx, happened) =>
  draw(
    ctx,
    'case',
    happened.map(each => each.thread!),
  ),
)

async function draw(ctx: Ctx, closing: words.ClosingKind, threads: string[]): Promise<void> {
  const asking = (await store.surveys(ctx)).filter(each => each.closing === closing && !each.pausedAt && !each.archivedAt)
  const chosen = asking.flatMap(({ id: survey, share, delayMinutes }) =>
    [...new Set(threads)]
      .filter(thread => rules.isChosen(survey, thread, share))
      .map(thread => ({ kind: askOne, data: { survey, thread }, at: new Date(ctx.now.getTime() + delayMinutes * 60_000) })),
  )
  await laterAll(ctx, chosen)
}

export const hearMerged = on(Merged, 'what was said of a conversation goes with it', async (ctx, happened) => {
  for (const { object, target } of happened) await store.moveAnswers(ctx, object!, target!)
})

/** What has come to its end on this thread and still has; null where it is open again, or concerns nobody outside. */
async function closingOn(ctx: Ctx, is: words.ClosingKind, thread: string): Promise<words.Closing | null> {
  return is === 'conversation' ? conversation(ctx, thread) : closedCase(ctx, thread)
}

async function conversation(ctx: Ctx, thread: string): Promise<words.Closing | null> {
  const talk = await found(ctx, thread)
  if (talk?.state !== 'done' || !talk.person || talk.room) return null
  const its = (await ofThread(ctx, thread)).cases
  // What is still being solved has not come to its end.
  if (its.some(each => each.state !== 'closed')) return null
  const teams = (await teamsWith(ctx, talk.assignee)).map(each => each.id)
  const about = { is: 'conversation', id: thread, thread, person: talk.person, channel: talk.channel, owner: talk.assignee } as const
  return { ...about, teams, type: its[0]?.type ?? null }
}

async function closedCase(ctx: Ctx, discussion: string): Promise<words.Closing | null> {
  const known = await caseOfDiscussion(ctx, discussion)
  const row = known && (await showCase(ctx, known))
  if (row?.state !== 'closed' || !row.person || row.duplicateOf) return null
  const people = await idsOf(ctx, row.person)
  const { threads } = await besideOf(ctx, row)
  const [last] = threads.filter(each => each.person && people.includes(each.person)).sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime())
  if (!last || (await found(ctx, last.thread))?.room) return null
  const about = { is: 'case', id: row.id, thread: last.thread, person: row.person, channel: row.channel, owner: row.owner } as const
  return { ...about, teams: row.team ? [row.team] : [], type: row.type }
}

// —— asking ——

const about = z.object({ survey: id, thread: id })

export const askOne = job('Somebody is asked how it went, if they may be asked', about, async (ctx, { survey: wanted, thread }) => {
  const survey = (await store.surveys(ctx)).find(each => each.id === wanted)
  if (!survey || survey.pausedAt || survey.archivedAt) return
  const closing = await closingOn(ctx, survey.closing, thread)
  if (!closing || !rules.concerns(survey, closing)) return
  const people = await idsOf(ctx, closing.person)
  // Two closings of one person at the same moment ask once.
  await lockPeople(ctx, people)
  const asked = askRow(ctx, survey, closing, people[0]!, await languageFor(ctx, closing))
  const refused = (await hindrance(ctx, survey, people)) ?? (await askBy(ctx, survey, closing, asked, people))
  await store.addAsk(ctx, { ...asked, refused })
  if (refused) return
  const day = rules.dayKept(await todayOf(ctx), survey.anonymous)
  await store.countIn(ctx, [{ ...asked, day, score: store.wasAskedScore, n: 1 }])
  const { name } = survey
  record(ctx, words.Asked, {
    object: survey.id,
    actor: null,
    target: people[0]!,
    ...(asked.thread && { thread: asked.thread }),
    detail: { name },
  })
  tell(ctx, 'satisfaction')
})

/** The local day of the organisation. */
export const todayOf = async (ctx: Ctx): Promise<string> => localDay(ctx.now, (await organisationOf(ctx)).zone)

async function hindrance(ctx: Ctx, survey: words.Survey, people: string[]): Promise<words.Refused | null> {
  const inside = (await cardsOf(ctx, [people[0]!])).get(people[0]!)?.side === 'inside'
  const [lastAsked, saidNo] = [await store.lastAsked(ctx, people), await store.saidNo(ctx, people)]
  const consents = survey.purpose === null || (await haveAgreed(ctx, people, survey.purpose))
  return rules.mayAsk({ lastAsked, now: ctx.now, saidNo, consents, inside })
}

/** Somebody with several records has agreed where one of them did and none refused. */
async function haveAgreed(ctx: Ctx, people: string[], purpose: string): Promise<boolean> {
  const said: (boolean | null)[] = []
  for (const person of people) said.push((await check(ctx, { person, purpose })).allows)
  return said.includes(true) && !said.includes(false)
}

function askRow(ctx: Ctx, survey: words.Survey, it: words.Closing, person: string, language: Language): store.AskRow {
  const { anonymous } = survey
  const place = anonymous
    ? { thread: null, case_id: null, channel: null, team: null, type: null }
    : { thread: it.thread, case_id: it.is === 'case' ? it.id : null, channel: it.channel, team: teamFor(survey, it), type: it.type }
  return { id: newId(ctx.now), survey: survey.id, person, refused: null, anonymous, ...place, language, asked_at: ctx.now }
}

/** The one that the survey is about; else the only one. */
const teamFor = ({ teams }: words.Survey, it: words.Closing): string | null =>
  it.teams.find(each => teams.includes(each)) ?? (it.teams.length === 1 ? it.teams[0]! : null)

/** As the person is known to speak; else as they wrote last; else as the house speaks. */
async function languageFor(ctx: Ctx, { person, thread }: words.Closing): Promise<Language> {
  const known = (await cardsOf(ctx, [person])).get(person)?.language
  if (isLanguage(known)) return known
  const { items } = await messagesOf(ctx, thread, { limit: 20 })
  const heard = items.findLast(each => each.side === 'outside' && isLanguage(each.language))?.language
  return isLanguage(heard) ? heard : ctx.language
}

async function askBy(
  ctx: Ctx,
  survey: words.Survey,
  closing: words.Closing,
  asked: store.AskRow,
  people: string[],
): Promise<words.Refused | null> {
  if (survey.way === 'thread') return askInThread(ctx, survey, closing, asked)
  if (!canMail()) return 'noMailServer'
  if (!(await store.letterAddress(ctx, people, signInNetwork().name))) return 'noAddress'
  await later(ctx, mailOne, { ask: asked.id })
  return null
}

// —— in the conversation ——

/** Letters hold a link for each answer; where one writes briefly there is one link. */
async function askInThread(ctx: Ctx, survey: words.Survey, closing: words.Closing, asked: store.AskRow): Promise<words.Refused | null> {
  const { name } = await organisationOf(ctx)
  const link = linkOf(ctx.org, { ask: asked.id }, asked.language)
  const wordings = await inLanguage(asked.language, async () => {
    const letter = letterOf(survey, { organisation: name, link, no: null })
    const long = { subject: letter.title, text: letterText(letter), html: await letterHtml(letter) }
    const brief = { text: `${letter.title}\n${link}` }
    return closing.channel === signInNetwork().name ? [long, brief] : [brief]
  })
  const question = markOf(inChat, asked.id)
  for (const said of wordings) if (await wasSaid(ctx, closing.thread, { ...said, question })) return null
  return 'openTalk'
}

interface Wording {
  subject?: string
  text: string
  html?: string
  question: string
}

/** False where it is too long for the channel, everybody would read it, or the account is gone. */
async function wasSaid(ctx: Ctx, thread: string, said: Wording): Promise<boolean> {
  try {
    await answer(ctx, { thread, ...said, open: false, delay: 0 })
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

function letterOf(survey: words.Survey, it: { organisation: string; link: string; no: string | null }): Letter {
  const choices = scoresOf(survey.kind).map(score => ({ text: labelOf(survey.kind, score), href: `${it.link}&answer=${score}` }))
  const why = { text: t(survey.anonymous ? 'satisfaction.mail.whyAnonymous' : 'satisfaction.mail.why', { organisation: it.organisation }) }
  return {
    title: questionOf(survey, it.organisation),
    lines: [{ text: t('satisfaction.mail.choose') }, ...(survey.kind === 'csat' ? choices.toReversed() : choices)],
    foot: [why, ...(it.no ? [{ text: t('satisfaction.mail.no'), href: it.no }] : [])],
  }
}

// —— by a mail of the house ——

/** The link of an anonymous survey is made here, while its mail is sent, and stands nowhere but in it. */
export const mailOne = outsideJob('One mail that asks how it went', z.object({ ask: id }), async (org, { ask }) => {
  const mail = await asSystem(org, async ctx => {
    const asked = await store.ask(ctx, ask)
    const survey = (await store.surveys(ctx)).find(each => each.id === asked?.survey)
    if (!asked || !survey) return null
    const people = await idsOf(ctx, asked.person)
    const to = await store.letterAddress(ctx, people, signInNetwork().name)
    if (!to || (await store.saidNo(ctx, people))) return null
    const { language } = asked
    const ticket = survey.anonymous ? freshTicket(survey.id, await todayOf(ctx)) : { ask }
    const no = noLinkOf(org, asked.person, language)
    return inLanguage(language, async () => {
      const link = linkOf(org, ticket, language)
      const letter = letterOf(survey, { organisation: (await organisationOf(ctx)).name, link, no })
      const headers = { 'List-Unsubscribe': `<${no}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
      return { to, subject: letter.title, text: letterText(letter), html: await letterHtml(letter), headers }
    })
  })
  if (mail) await sendMail(mail)
})
