/** Rules, and what they did, as people say it. */
import { types } from '#areas/cases/actions.ts'
import type { Ctx } from '#kernel/context.ts'
import { dateTime, isLanguage, languageNames, t } from '#kernel/messages.ts'
import { brandsOf } from '#social/brands/actions.ts'
import { allAccounts, channelsThat } from '#social/channels/actions.ts'
import { workers } from '#social/members/actions.ts'
import { list as segments } from '#social/segments/actions.ts'
import { sideNames } from '#social/sides/words.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { tiers } from '#social/traits/words.ts'
import { allMacros } from './actions.ts'
import { type About, type Condition, type Definition, type Did, owners, priorities } from './words.ts'

export interface Named {
  value: string
  label: string
}

/** What can be chosen in a rule, each with its name; nothing for what is typed. */
export interface Choices {
  about: Partial<Record<About, Named[]>>
  people: Named[]
  teams: Named[]
  macros: Named[]
  types: Named[]
}

const titled = (values: readonly string[], key: string): Named[] => values.map(value => ({ value, label: t(`${key}.${value}`) }))
const named = (rows: readonly { id: string; name: string }[]): Named[] => rows.map(({ id, name }) => ({ value: id, label: name }))

export async function choicesFor(ctx: Ctx): Promise<Choices> {
  const [accounts, brands, groups, own] = await Promise.all([allAccounts(ctx), brandsOf(ctx), segments(ctx, {}), teamsOf(ctx)])
  const [members, macros, kinds] = await Promise.all([workers(ctx), allMacros(ctx), types(ctx, {})])
  const [teams, caseTypes] = [named(own), named(kinds.items.filter(each => !each.archivedAt))]
  return {
    about: {
      channel: channelsThat('listen').map(({ name, title }) => ({ value: name, label: t(title) })),
      account: named(accounts),
      brand: named(brands.items),
      side: titled(sideNames, 'sides.name'),
      tier: titled(tiers, 'traits.tier'),
      segment: named(groups.items),
      owner: titled(owners, 'routing.owner'),
      hours: [{ value: 'all', label: t('routing.organisation') }, ...teams],
      machine: [{ value: 'yes', label: t('routing.aMachine') }],
      priority: titled(priorities, 'cases.priority'),
      type: caseTypes,
    },
    people: members.map(({ person, name }) => ({ value: person, label: name })),
    ...{ teams, macros: named(macros), types: caseTypes },
  }
}

const labelIn = (list: readonly Named[] | undefined, value: string): string =>
  list?.find(each => each.value === value)?.label ?? t('routing.gone')

function valueText(about: About, value: string, choices: Choices): string {
  if (about === 'language') return isLanguage(value) ? languageNames[value] : value
  return choices.about[about] ? labelIn(choices.about[about], value) : value
}

/** A condition as a sentence. */
export function conditionText({ about, how, values }: Condition, choices: Choices): string {
  const said = values.map(each => valueText(about, each, choices)).join(t('routing.or'))
  return t(`routing.if.${how}`, { about: t(`routing.about.${about}`), values: said })
}

/** When it looks, as a sentence. */
export function whenText({ when, minutes = 0 }: Pick<Definition, 'when' | 'minutes'>): string {
  const [unit, count] = spanOf(minutes)
  return t(`routing.when.${when}`, { span: minutes ? t(`routing.span.${unit}`, { count }) : '' })
}

/** The largest unit that it is a whole number of. */
export function spanOf(minutes: number): ['minutes' | 'hours' | 'days', number] {
  if (minutes > 0 && minutes % 1440 === 0) return ['days', minutes / 1440]
  return minutes > 0 && minutes % 60 === 0 ? ['hours', minutes / 60] : ['minutes', minutes]
}

/** What it does, each as a few words. */
export function deedTexts({ deeds }: Pick<Definition, 'deeds'>, choices: Choices): string[] {
  const who = [...choices.people, ...choices.teams, { value: 'owner', label: t('routing.theOwner') }]
  return [
    ...deeds.labels.map(what => t('routing.does.label', { what })),
    deeds.priority && t('routing.does.priority', { what: t(`cases.priority.${deeds.priority}`) }),
    deeds.person && t('routing.does.person', { what: labelIn(choices.people, deeds.person) }),
    deeds.team && t('routing.does.team', { what: labelIn(choices.teams, deeds.team.team) }),
    deeds.case && t('routing.does.case'),
    deeds.macro && t('routing.does.macro', { what: labelIn(choices.macros, deeds.macro) }),
    deeds.notice && t('routing.does.notice'),
    deeds.close && t('routing.does.close'),
    deeds.tell.length > 0 && t('routing.does.tell', { what: deeds.tell.map(each => labelIn(who, each)).join(', ') }),
    deeds.spam && t('routing.does.spam'),
    deeds.stop && t('routing.does.stop'),
  ].filter(each => typeof each === 'string')
}

/** When and if, as one line. */
export const lineOf = (definition: Definition, choices: Choices): string =>
  [whenText(definition), ...definition.conditions.map(each => conditionText(each, choices))].join(
    definition.match === 'any' && definition.conditions.length > 1 ? ` ${t('routing.slash')} ` : ' · ',
  )

/** What was done, or why not, as a sentence. */
export function didText({ does, says, what = '', people = [] }: Did, names: Record<string, string>, teams: readonly Named[] = []): string {
  const name = people.length ? (names[people[0]!] ?? t('routing.somebody')) : t('routing.nobody')
  const all = people.map(each => names[each] ?? t('routing.somebody')).join(', ')
  if (does === 'team') return t(`routing.outcome.team.${says}`, { name, team: labelIn(teams, what) })
  if (does === 'tell') return t(`routing.outcome.tell.${says}`, { names: all })
  if (does === 'close') return t(`routing.outcome.close.${says}`, { at: what ? dateTime(new Date(what)) : '' })
  if (does === 'priority') return t(`routing.outcome.priority.${says}`, { what: t(`cases.priority.${what}`) })
  if (says === 'refused') return t('routing.outcome.refused', { what: t(`routing.outcome.thing.${does}`) })
  return t(`routing.outcome.${does}.${says}`, { what, name })
}

/** Who was chosen, and why the others were not. */
export const amongText = ({ among = [] }: Did, names: Record<string, string>): string[] =>
  among.map(({ person, load, because }) => t(`routing.reason.${because}`, { name: names[person] ?? t('routing.somebody'), count: load }))
