/** What is asked when a survey is made or changed: the fields of its form, and what they become. */
import { types as caseTypes } from '#areas/cases/actions.ts'
import { Checkbox, FieldSet, Input, RadioGroup, Row, Select, Stack } from '#kernel/html/kit.tsx'
import { inLanguage, languageNames, languages, t } from '#kernel/messages.ts'
import { type See, ticked, typed } from '#kernel/page.tsx'
import { channels } from '#social/channels/actions.ts'
import { purposes } from '#social/consent/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { questionOf } from './actions-said.ts'
import { closings, kinds, type Survey, usuallyBad, ways } from './words.ts'

export interface Choices {
  teams: { id: string; name: string }[]
  types: { id: string; name: string }[]
  purposes: { id: string; name: string }[]
}

export async function choicesFor({ ctx }: See): Promise<Choices> {
  const [teams, types, used] = await Promise.all([teamsOf(ctx), caseTypes(ctx, {}), purposes(ctx, {})])
  const inUse = <T extends { archivedAt: Date | null }>(all: T[]) => all.filter(each => each.archivedAt === null)
  return { teams: inUse(teams), types: inUse(types.items), purposes: used.items }
}

const hours = (minutes: number): number => Math.round((minutes / 60) * 100) / 100

export const Fields = ({ survey, choices }: { survey?: Survey; choices: Choices }) => (
  <Stack gap="large">
    <Stack>
      <Input
        name="name"
        label={t('satisfaction.name')}
        hint={t('satisfaction.nameHint')}
        value={survey?.name}
        maxlength={100}
        required
        autofocus={!survey}
      />
      <RadioGroup
        name="kind"
        label={t('satisfaction.kind')}
        look="cards"
        value={survey?.kind ?? 'csat'}
        choices={kinds.map(each => ({ value: each, label: t(`satisfaction.kind.${each}`), hint: t(`satisfaction.kindHint.${each}`) }))}
      />
    </Stack>
    <FieldSet title={t('satisfaction.when')}>
      <Select
        name="closing"
        label={t('satisfaction.closing')}
        value={survey?.closing ?? 'conversation'}
        choices={closings.map(each => ({ value: each, label: t(`satisfaction.after.${each}`) }))}
      />
      <Input
        name="delay"
        type="number"
        label={t('satisfaction.delay')}
        value={hours(survey?.delayMinutes ?? 60)}
        min={0}
        max={720}
        step={0.25}
        required
      />
      <Input
        name="share"
        type="number"
        label={t('satisfaction.share')}
        hint={t('satisfaction.shareHint')}
        value={survey?.share ?? 100}
        min={1}
        max={100}
        required
      />
    </FieldSet>
    <FieldSet title={t('satisfaction.whom')} hint={t('satisfaction.whomHint')}>
      <Picks
        name="channels"
        label={t('satisfaction.channels')}
        all={channels().map(each => ({ id: each.name, name: t(each.title) }))}
        chosen={survey?.channels}
      />
      <Picks name="teams" label={t('satisfaction.teams')} all={choices.teams} chosen={survey?.teams} />
      <Picks name="types" label={t('satisfaction.types')} all={choices.types} chosen={survey?.types} />
      {choices.purposes.length > 0 && (
        <Select
          name="purpose"
          label={t('satisfaction.purpose')}
          hint={t('satisfaction.purposeHint')}
          value={survey?.purpose ?? ''}
          empty={t('satisfaction.anyPurpose')}
          choices={choices.purposes.map(each => ({ value: each.id, label: each.name }))}
        />
      )}
    </FieldSet>
    <FieldSet title={t('satisfaction.how')}>
      <RadioGroup
        name="way"
        label={t('satisfaction.way')}
        look="cards"
        value={survey?.way ?? 'thread'}
        choices={ways.map(each => ({ value: each, label: t(`satisfaction.ways.${each}`), hint: t(`satisfaction.wayHint.${each}`) }))}
      />
      <Checkbox
        name="anonymous"
        label={t('satisfaction.isAnonymous')}
        hint={t('satisfaction.isAnonymousHint')}
        checked={survey?.anonymous}
      />
      <Checkbox
        name="bad"
        label={t('satisfaction.bad')}
        hint={t('satisfaction.badHint')}
        value={survey?.bad == null ? 'usual' : String(survey.bad)}
        checked={survey ? survey.bad !== null : true}
      />
    </FieldSet>
    <FieldSet title={t('satisfaction.words')} hint={t('satisfaction.wordsHint')}>
      {languages.map(each => (
        <Input
          name={`question.${each}`}
          label={languageNames[each]}
          value={survey?.questions[each]}
          placeholder={inLanguage(each, () => questionOf({ kind: survey?.kind ?? 'csat', questions: {} }, '…'))}
          maxlength={300}
          optional
        />
      ))}
    </FieldSet>
  </Stack>
)

const Picks = ({
  name,
  label,
  all,
  chosen = [],
}: {
  name: string
  label: string
  all: { id: string; name: string }[]
  chosen?: string[]
}) =>
  all.length > 0 && (
    <FieldSet title={label}>
      <Row>
        {all.map(each => (
          <Checkbox
            name={`${name}[]`}
            value={each.id}
            id={`field-${name}-${each.id}`}
            label={<bdi>{each.name}</bdi>}
            checked={chosen.includes(each.id)}
          />
        ))}
      </Row>
    </FieldSet>
  )

const plain = (fields: FormData, name: string): string => typed(fields, name).trim()
const chosenOf = <T extends string>(all: readonly T[], text: string): T => all.find(each => each === text) ?? all[0]!
const picked = (fields: FormData, name: string): string[] => fields.getAll(`${name}[]`).map(String)

export const written = (fields: FormData) => {
  const [kind, bad] = [chosenOf(kinds, plain(fields, 'kind')), plain(fields, 'bad')]
  return {
    name: plain(fields, 'name'),
    kind,
    closing: chosenOf(closings, plain(fields, 'closing')),
    way: chosenOf(ways, plain(fields, 'way')),
    anonymous: ticked(fields, 'anonymous'),
    questions: Object.fromEntries(languages.map(each => [each, plain(fields, `question.${each}`)])),
    share: plain(fields, 'share'),
    delayMinutes: Math.round(Number(plain(fields, 'delay').replace(',', '.')) * 60),
    ...{ channels: picked(fields, 'channels'), teams: picked(fields, 'teams'), types: picked(fields, 'types') },
    purpose: plain(fields, 'purpose') || null,
    bad: bad === '' ? null : bad === 'usual' ? usuallyBad[kind] : bad,
  }
}

/** The fields of a form that would set everything back as it was. */
export function fieldsOf(it: Survey): Record<string, string> {
  const flat = {
    name: it.name,
    kind: it.kind,
    closing: it.closing,
    way: it.way,
    share: String(it.share),
    delay: String(hours(it.delayMinutes)),
  }
  const words = Object.fromEntries(languages.map(each => [`question.${each}`, it.questions[each] ?? '']))
  return {
    ...flat,
    ...words,
    purpose: it.purpose ?? '',
    ...(it.bad !== null && { bad: String(it.bad) }),
    ...(it.anonymous && { anonymous: 'on' }),
  }
}
