/** Which surveys there are, whom they ask and how they look. */
import { types as caseTypes } from '#areas/cases/actions.ts'
import {
  ActionForm,
  Badge,
  Banner,
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  EmptyState,
  FieldSet,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  RadioGroup,
  Row,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { canMail } from '#kernel/mail.ts'
import { inLanguage, languageNames, languages, t } from '#kernel/messages.ts'
import { form, offer, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { channels } from '#social/channels/actions.ts'
import { purposes } from '#social/consent/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import { teamsOf } from '#social/teams/actions.ts'
import * as satisfaction from './actions.ts'
import { questionOf } from './actions-said.ts'
import { closings, kinds, type Survey, usuallyBad, ways } from './words.ts'

export const base = '/settings/surveys'

export const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }, ...more]} />
)

export const standOf = ({ pausedAt, archivedAt }: Survey) =>
  archivedAt ? (
    <Badge>{t('satisfaction.archived')}</Badge>
  ) : pausedAt ? (
    <Badge tone="warning">{t('satisfaction.paused')}</Badge>
  ) : (
    <Badge tone="good">{t('satisfaction.asks')}</Badge>
  )

export const aboutSurvey = (it: Survey): string =>
  [
    t(`satisfaction.kind.${it.kind}`),
    `${t('satisfaction.closing')} ${t(`satisfaction.after.${it.closing}`)}`,
    t('satisfaction.ofHundred', { share: it.share }),
  ]
    .concat(it.anonymous ? [t('satisfaction.anonymous')] : [])
    .join(' · ')

// —— the list ——

export const settingsPage = page(
  base,
  { who: 'satisfaction.read', section: 'settings', finds: () => [{ title: t('satisfaction.surveys'), icon: 'smile' }] },
  async see => {
    const { items } = await satisfaction.surveys(see.ctx, {})
    const manages = may(see.ctx.actor, 'satisfaction.manage')
    return {
      title: t('satisfaction.surveys'),
      live: ['satisfaction.surveys'],
      body: (
        <Page width="reading">
          <PageHead
            title={t('satisfaction.surveys')}
            detail={t('satisfaction.surveysWhy')}
            above={crumbs()}
            actions={
              manages && (
                <LinkButton href={`${base}/new`} look="strong" icon="add" shortcut="c">
                  {t('satisfaction.make')}
                </LinkButton>
              )
            }
          />
          {items.length === 0 ? (
            <EmptyState title={t('satisfaction.empty')} why={t('satisfaction.emptyWhy')} icon="smile" />
          ) : (
            <Card flush>
              <ItemList label={t('satisfaction.surveys')}>
                {items.map(each => (
                  <Item
                    row={{}}
                    title={<bdi>{each.name}</bdi>}
                    detail={aboutSurvey(each)}
                    href={`${base}/${each.id}`}
                    end={standOf(each)}
                  />
                ))}
              </ItemList>
            </Card>
          )}
        </Page>
      ),
    }
  },
)

// —— one ——

interface Choices {
  teams: { id: string; name: string }[]
  types: { id: string; name: string }[]
  purposes: { id: string; name: string }[]
}

async function choicesFor({ ctx }: See): Promise<Choices> {
  const [teams, types, used] = await Promise.all([teamsOf(ctx), caseTypes(ctx, {}), purposes(ctx, {})])
  const inUse = <T extends { archivedAt: Date | null }>(all: T[]) => all.filter(each => each.archivedAt === null)
  return { teams: inUse(teams), types: inUse(types.items), purposes: used.items }
}

const hours = (minutes: number): number => Math.round((minutes / 60) * 100) / 100

const Fields = ({ survey, choices }: { survey?: Survey; choices: Choices }) => (
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

export const newPage = page(
  `${base}/new`,
  { who: 'satisfaction.manage', section: 'settings', finds: () => [{ title: t('satisfaction.make'), icon: 'add' }] },
  async see => ({
    title: t('satisfaction.make'),
    body: (
      <Page width="narrow">
        <PageHead title={t('satisfaction.make')} above={crumbs({ label: t('satisfaction.surveys'), href: base })} />
        <Card>
          <Form action={base} draft="surveys.new">
            <Fields choices={await choicesFor(see)} />
            <FormActions>
              <Button look="strong">{t('satisfaction.make')}</Button>
              <LinkButton href={base}>{t('satisfaction.cancel')}</LinkButton>
            </FormActions>
          </Form>
        </Card>
      </Page>
    ),
  }),
)

export const surveyPage = page(`${base}/:survey{(?!new$)[^/]+}`, { who: 'satisfaction.manage', section: 'settings' }, async see => {
  const survey = await satisfaction.theSurvey(see.ctx, see.params.survey!)
  const [choices, asking] = await Promise.all([choicesFor(see), satisfaction.asking(see.ctx, survey.id)])
  return {
    title: survey.name,
    live: ['satisfaction.surveys', 'satisfaction'],
    body: (
      <Page width="narrow">
        <PageHead
          title={<bdi>{survey.name}</bdi>}
          detail={standOf(survey)}
          above={crumbs({ label: t('satisfaction.surveys'), href: base })}
          actions={
            <>
              <LinkButton href={`${base}/${survey.id}/preview`} icon="eye">
                {t('satisfaction.preview')}
              </LinkButton>
              <LinkButton href={`/satisfaction/${survey.id}`} icon="chart">
                {t('satisfaction.results')}
              </LinkButton>
            </>
          }
        />
        <Stack gap="large">
          {survey.way === 'mail' && !canMail() && <Banner tone="warning">{t('satisfaction.noMailServer')}</Banner>}
          <Asking rows={asking} />
          <Deeds survey={survey} />
          <Card>
            <Form action={`${base}/${survey.id}/change`}>
              <Fields survey={survey} choices={choices} />
              <FormActions>
                <Button look="strong">{t('satisfaction.save')}</Button>
              </FormActions>
            </Form>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

/** Who was asked of those whom the lot chose, and why the others were not. */
const Asking = ({ rows }: { rows: Awaited<ReturnType<typeof satisfaction.asking>> }) => (
  <Card title={t('satisfaction.lately')} icon="info">
    {rows.length === 0 ? (
      <Quiet>{t('satisfaction.latelyNobody')}</Quiet>
    ) : (
      <ItemList label={t('satisfaction.lately')}>
        {rows.map(({ refused, n }) => (
          <Item title={t(refused ? `satisfaction.refused.${refused}` : 'satisfaction.wereAsked')} end={<strong>{n}</strong>} />
        ))}
      </ItemList>
    )}
  </Card>
)

const Deeds = ({ survey: { id, pausedAt, archivedAt } }: { survey: Survey }) => (
  <Row>
    {!archivedAt && (
      <ActionForm action={`${base}/${id}/${pausedAt ? 'on' : 'pause'}`}>
        <Button icon={pausedAt ? 'play' : 'pause'}>{t(pausedAt ? 'satisfaction.goOn' : 'satisfaction.pause')}</Button>
      </ActionForm>
    )}
    <ActionForm action={`${base}/${id}/${archivedAt ? 'back' : 'archive'}`}>
      <Button icon={archivedAt ? 'undo' : 'archive'}>{t(archivedAt ? 'satisfaction.bringBack' : 'satisfaction.archive')}</Button>
    </ActionForm>
  </Row>
)

// —— deeds ——

const plain = (fields: FormData, name: string): string => String(fields.get(name) ?? '').trim()
const oneOf = <T extends string>(all: readonly T[], text: string): T => all.find(each => each === text) ?? all[0]!
const picked = (fields: FormData, name: string): string[] => fields.getAll(`${name}[]`).map(String)

const written = (fields: FormData) => {
  const [kind, bad] = [oneOf(kinds, plain(fields, 'kind')), plain(fields, 'bad')]
  return {
    name: plain(fields, 'name'),
    kind,
    closing: oneOf(closings, plain(fields, 'closing')),
    way: oneOf(ways, plain(fields, 'way')),
    anonymous: fields.has('anonymous'),
    questions: Object.fromEntries(languages.map(each => [each, plain(fields, `question.${each}`)])),
    share: plain(fields, 'share'),
    delayMinutes: Math.round(Number(plain(fields, 'delay').replace(',', '.')) * 60),
    ...{ channels: picked(fields, 'channels'), teams: picked(fields, 'teams'), types: picked(fields, 'types') },
    purpose: plain(fields, 'purpose') || null,
    bad: bad === '' ? null : bad === 'usual' ? usuallyBad[kind] : bad,
  }
}

/** The fields of a form that would set everything back as it was. */
function fieldsOf(it: Survey): Record<string, string> {
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

export const doMake = form(base, satisfaction.make, {
  read: written,
  done: (_see, { survey }) => ({ go: `${base}/${survey}`, say: 'satisfaction.isMade' }),
})

/** A list of places cannot be put back by one form field; then the way back is the form itself. */
const isListed = (it: Survey): boolean => it.channels.length + it.teams.length + it.types.length > 0

export const doChange = form(`${base}/:survey/change`, satisfaction.change, {
  read: (fields, { survey }) => ({ survey: survey!, ...written(fields) }),
  done: (_see, { was }) => ({
    stay: true,
    say: 'satisfaction.isSaved',
    ...(!isListed(was) && { undo: { path: `${base}/${was.id}/change`, fields: fieldsOf(was) } }),
  }),
})

const undo = (path: string) => ({ path, fields: {} })

export const doPause = form(`${base}/:survey/pause`, satisfaction.pause, {
  done: (_see, _out, { survey }) => ({ stay: true, say: 'satisfaction.isPaused', undo: undo(`${base}/${survey}/on`) }),
})
export const doGoOn = form(`${base}/:survey/on`, satisfaction.goOn, {
  done: (_see, _out, { survey }) => ({ stay: true, say: 'satisfaction.isOn', undo: undo(`${base}/${survey}/pause`) }),
})
export const doArchive = form(`${base}/:survey/archive`, satisfaction.archive, {
  done: (_see, _out, { survey }) => ({ go: base, say: 'satisfaction.isArchived', undo: undo(`${base}/${survey}/back`) }),
})
export const doBringBack = form(`${base}/:survey/back`, satisfaction.bringBack, { done: () => ({ go: base, say: 'satisfaction.isBack' }) })

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('satisfaction.surveys')} detail={t('satisfaction.surveysWhy')} icon="smile" href={base} />,
  { order: 34, who: 'satisfaction.read' },
)
