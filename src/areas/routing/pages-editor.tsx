/** A rule as a form: when, if, then. It works without a script, and shows everything that a rule can say. */
import { Checkbox, FieldSet, Input, Panel, RadioGroup, Select, Stack, TextArea } from '#kernel/html/kit.tsx'
import { languageNames, languages, t } from '#kernel/messages.ts'
import { ticked } from '#kernel/page.tsx'
import { type Choices, spanOf } from './pages-words.tsx'
import { type About, abouts, type Condition, type Definition, priorities, ways, whens } from './words.ts'

/** What is typed; of the others each value has its box. */
const typed: readonly About[] = ['words', 'label']

interface Props {
  definition?: Definition
  choices: Choices
}

export const Fields = (props: Props) => (
  <Stack gap="large">
    <Input
      name="definition.name"
      label={t('routing.name')}
      value={props.definition?.name}
      maxlength={120}
      required
      autofocus={!props.definition}
    />
    <When {...props} />
    <If {...props} />
    <Then {...props} />
  </Stack>
)

const When = ({ definition }: Props) => {
  const [unit, count] = spanOf(definition?.minutes ?? 0)
  return (
    <FieldSet title={t('routing.whenTitle')}>
      <Select
        name="definition.when"
        label={t('routing.whenWhat')}
        value={definition?.when ?? 'conversation'}
        choices={whens.map(value => ({ value, label: t(`routing.whenChoice.${value}`) }))}
      />
      <Input
        name="definition.minutes"
        label={t('routing.after')}
        hint={t('routing.afterHint')}
        type="number"
        min={1}
        max={10_000}
        value={count || undefined}
        optional
      />
      <Select
        name="unit"
        label={t('routing.unit')}
        value={unit}
        choices={(['minutes', 'hours', 'days'] as const).map(value => ({ value, label: t(`routing.unit.${value}`) }))}
      />
      <Checkbox name="working" label={t('routing.working')} hint={t('routing.workingHint')} checked={definition?.working} />
    </FieldSet>
  )
}

const If = ({ definition, choices }: Props) => (
  <FieldSet title={t('routing.ifTitle')} hint={t('routing.ifHint')}>
    <RadioGroup
      name="match"
      label={t('routing.match')}
      look="segments"
      value={definition?.match ?? 'all'}
      choices={(['all', 'any'] as const).map(value => ({ value, label: t(`routing.match.${value}`) }))}
    />
    {abouts
      .filter(about => typed.includes(about) || about === 'language' || choices.about[about]?.length)
      .map(about => (
        <Asks about={about} asked={definition?.conditions.filter(each => each.about === about) ?? []} choices={choices} />
      ))}
  </FieldSet>
)

/** One matter: what must be so, and what must not. */
const Asks = ({ about, asked, choices }: { about: About; asked: Condition[]; choices: Choices }) => (
  <Panel
    title={t(`routing.about.${about}`)}
    count={asked.reduce((sum, each) => sum + each.values.length, 0) || undefined}
    folds
    closed={asked.length === 0}
  >
    {(['is', 'isNot'] as const).map(how => {
      const values = asked.find(each => each.how === how)?.values ?? []
      const name = `${how} ${about}`
      return typed.includes(about) ? (
        <Input
          name={name}
          label={t(`routing.${how}`)}
          hint={about === 'words' && how === 'is' ? t('routing.wordsHint') : undefined}
          value={values.join(', ')}
          maxlength={2000}
          optional
        />
      ) : (
        <Boxes name={name} how={how} about={about} values={values} choices={choices} />
      )
    })}
  </Panel>
)

interface BoxesProps {
  name: string
  how: 'is' | 'isNot'
  about: About
  values: string[]
  choices: Choices
}

/** What was chosen and is gone keeps its box, so that saving loses nothing. */
const Boxes = ({ name, how, about, values, choices }: BoxesProps) => {
  const all = about === 'language' ? languages.map(value => ({ value, label: languageNames[value] })) : (choices.about[about] ?? [])
  const gone = values.filter(value => !all.some(each => each.value === value)).map(value => ({ value, label: t('routing.gone') }))
  return (
    <FieldSet title={t(`routing.${how}`)}>
      {[...all, ...gone].map(({ value, label }, at) => (
        <Checkbox id={`${how}-${about}-${at}`} name={name} value={value} label={label} checked={values.includes(value)} />
      ))}
    </FieldSet>
  )
}

const Then = ({ definition, choices }: Props) => {
  const deeds = definition?.deeds
  return (
    <FieldSet title={t('routing.thenTitle')} hint={t('routing.thenHint')}>
      <Input
        name="labels"
        label={t('routing.labels')}
        hint={t('routing.labelsHint')}
        value={deeds?.labels.join(', ')}
        maxlength={600}
        optional
      />
      <Select
        name="person"
        label={t('routing.person')}
        value={deeds?.person ?? ''}
        empty={t('routing.nobodyChosen')}
        choices={choices.people}
      />
      <ToTeam definition={definition} choices={choices} />
      <OpensCase definition={definition} choices={choices} />
      <Select
        name="priority"
        label={t('routing.priority')}
        hint={t('routing.onlyCases')}
        value={deeds?.priority ?? ''}
        empty={t('routing.asItIs')}
        choices={priorities.map(value => ({ value, label: t(`cases.priority.${value}`) }))}
      />
      <Select name="macro" label={t('routing.macro')} value={deeds?.macro ?? ''} empty={t('routing.none')} choices={choices.macros} />
      <Tells definition={definition} choices={choices} />
      <TextArea
        name="notice"
        label={t('routing.notice')}
        hint={t('routing.noticeHint')}
        value={deeds?.notice}
        rows={3}
        maxlength={4000}
        optional
      />
      <Closes definition={definition} choices={choices} />
      <Checkbox name="spam" label={t('routing.spam')} checked={deeds?.spam} />
      <Checkbox name="stop" label={t('routing.stop')} hint={t('routing.stopHint')} checked={deeds?.stop} />
    </FieldSet>
  )
}

const ToTeam = ({ definition, choices }: Props) => {
  const wanted = definition?.deeds.team
  return (
    <Panel title={t('routing.team')} folds closed={!wanted}>
      <Select
        name="team"
        label={t('routing.team')}
        labelHidden
        value={wanted?.team ?? ''}
        empty={t('routing.none')}
        choices={choices.teams}
      />
      <RadioGroup
        name="way"
        label={t('routing.way')}
        value={wanted?.way ?? 'load'}
        choices={ways.map(value => ({ value, label: t(`routing.way.${value}`) }))}
      />
      <Input name="skill" label={t('routing.skill')} value={wanted?.skill} maxlength={60} optional />
      <Input name="limit" label={t('routing.limit')} type="number" min={1} max={1000} value={wanted?.limit} optional />
    </Panel>
  )
}

const OpensCase = ({ definition, choices }: Props) => {
  const opens = definition?.deeds.case
  return (
    <Panel title={t('routing.case')} folds closed={!opens}>
      <Checkbox name="case" label={t('routing.opensCase')} checked={Boolean(opens)} />
      <Select name="caseType" label={t('routing.caseType')} value={opens?.type ?? ''} empty={t('routing.none')} choices={choices.types} />
      <Select
        name="casePriority"
        label={t('cases.priority')}
        value={opens?.priority ?? 'normal'}
        choices={priorities.map(value => ({ value, label: t(`cases.priority.${value}`) }))}
      />
      <Select name="caseTeam" label={t('routing.caseTeam')} value={opens?.team ?? ''} empty={t('routing.none')} choices={choices.teams} />
    </Panel>
  )
}

const Tells = ({ definition, choices }: Props) => {
  const told = definition?.deeds.tell ?? []
  const all = [{ value: 'owner', label: t('routing.theOwner') }, ...choices.teams, ...choices.people]
  const gone = told.filter(value => !all.some(each => each.value === value)).map(value => ({ value, label: t('routing.gone') }))
  return (
    <Panel title={t('routing.tells')} count={told.length || undefined} folds closed={told.length === 0}>
      {[...all, ...gone].map(({ value, label }, at) => (
        <Checkbox id={`tell-${at}`} name="tell" value={value} label={label} checked={told.includes(value)} />
      ))}
    </Panel>
  )
}

const Closes = ({ definition }: Props) => {
  const close = definition?.deeds.close
  return (
    <Panel title={t('routing.close')} folds closed={!close}>
      <TextArea
        name="closeNotice"
        label={t('routing.closeNotice')}
        hint={t('routing.closeHint')}
        value={close?.notice}
        rows={3}
        maxlength={4000}
        optional
      />
      <Input name="closeDays" label={t('routing.closeDays')} type="number" min={1} max={60} value={close?.days} optional />
    </Panel>
  )
}

// —— as it was typed ——

const minutesOf: Record<string, number> = { minutes: 1, hours: 60, days: 1440 }
const plain = (fields: FormData, name: string) => String(fields.get(name) ?? '').trim()
const listed = (text: string) => [...new Set(text.split(/[,;\n]/).map(each => each.trim()))].filter(Boolean)
const oneOf = <T extends string>(all: readonly T[], text: string): T | undefined => all.find(each => each === text)

/** The rule that a form says; what is left empty is left out. */
export function definitionIn(fields: FormData) {
  const number = (name: string) => (plain(fields, name) ? Number(plain(fields, name)) : undefined)
  const after = number('definition.minutes')
  return {
    name: plain(fields, 'definition.name'),
    when: oneOf(whens, plain(fields, 'definition.when')) ?? ('message' as const),
    ...(after !== undefined && { minutes: after * (minutesOf[plain(fields, 'unit')] ?? 1) }),
    working: ticked(fields, 'working'),
    match: plain(fields, 'match') === 'any' ? ('any' as const) : ('all' as const),
    conditions: conditionsIn(fields),
    deeds: thenIn(fields, number),
  }
}

const conditionsIn = (fields: FormData) =>
  abouts.flatMap(about =>
    (['is', 'isNot'] as const).flatMap(how => {
      const given = fields.getAll(`${how} ${about}`).map(String)
      const values = typed.includes(about) ? given.flatMap(listed) : given.filter(Boolean)
      return values.length ? [{ about, how, values }] : []
    }),
  )

function thenIn(fields: FormData, number: (name: string) => number | undefined) {
  const text = (name: string) => plain(fields, name) || undefined
  const [team, skill, limit] = [text('team'), text('skill'), number('limit')]
  const opens = {
    type: text('caseType') ?? null,
    priority: oneOf(priorities, plain(fields, 'casePriority')) ?? ('normal' as const),
    team: text('caseTeam') ?? null,
  }
  const closes = text('closeNotice')
  return {
    labels: listed(plain(fields, 'labels')),
    priority: oneOf(priorities, plain(fields, 'priority')),
    ...(ticked(fields, 'case') && { case: opens }),
    person: text('person'),
    ...(team && {
      team: { team, way: oneOf(ways, plain(fields, 'way')) ?? ('load' as const), ...(skill && { skill }), ...(limit && { limit }) },
    }),
    macro: text('macro'),
    tell: fields.getAll('tell').map(String),
    notice: text('notice'),
    ...(closes && { close: { days: number('closeDays') ?? 3, notice: closes } }),
    spam: ticked(fields, 'spam'),
    stop: ticked(fields, 'stop'),
  }
}
