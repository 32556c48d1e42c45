/** Which surveys there are, whom they ask and how they look. */
import {
  ActionButton,
  Badge,
  Banner,
  Card,
  CardList,
  FormCard,
  Item,
  ItemList,
  LinkButton,
  ListPage,
  NewPage,
  Page,
  PageHead,
  Quiet,
  Row,
  SettingsCrumbs,
  Stack,
} from '#kernel/html/kit.tsx'
import { canMail } from '#kernel/mail.ts'
import { t } from '#kernel/messages.ts'
import { form, offer, oneOf, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as satisfaction from './actions.ts'
import { choicesFor, Fields, fieldsOf, written } from './pages-fields.tsx'
import type { Survey } from './words.ts'

export const base = '/settings/surveys'

export const above = (...more: { label: string; href: string }[]) => (
  <SettingsCrumbs among={[{ label: t('satisfaction.surveys'), href: base }, ...more]} />
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
        <ListPage
          width="reading"
          title={t('satisfaction.surveys')}
          why={t('satisfaction.surveysWhy')}
          above={<SettingsCrumbs />}
          make={manages && { label: t('satisfaction.make'), href: `${base}/new` }}
        >
          <CardList
            label={t('satisfaction.surveys')}
            items={items}
            empty={{ title: t('satisfaction.empty'), why: t('satisfaction.emptyWhy'), icon: 'smile' }}
            line={each => (
              <Item row={{}} title={<bdi>{each.name}</bdi>} detail={aboutSurvey(each)} href={`${base}/${each.id}`} end={standOf(each)} />
            )}
          />
        </ListPage>
      ),
    }
  },
)

// —— one ——

export const newPage = page(
  `${base}/new`,
  { who: 'satisfaction.manage', section: 'settings', finds: () => [{ title: t('satisfaction.make'), icon: 'add' }] },
  async see => ({
    title: t('satisfaction.make'),
    body: (
      <NewPage
        title={t('satisfaction.make')}
        above={above()}
        action={base}
        draft="surveys.new"
        leave={{ href: base, label: t('satisfaction.cancel') }}
      >
        <Fields choices={await choicesFor(see)} />
      </NewPage>
    ),
  }),
)

export const surveyPage = page(oneOf(base, 'survey'), { who: 'satisfaction.manage', section: 'settings' }, async see => {
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
          above={above()}
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
          <FormCard action={`${base}/${survey.id}/change`} does={t('satisfaction.save')}>
            <Fields survey={survey} choices={choices} />
          </FormCard>
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
      <ActionButton action={`${base}/${id}/${pausedAt ? 'on' : 'pause'}`} icon={pausedAt ? 'play' : 'pause'}>
        {t(pausedAt ? 'satisfaction.goOn' : 'satisfaction.pause')}
      </ActionButton>
    )}
    <ActionButton action={`${base}/${id}/${archivedAt ? 'back' : 'archive'}`} icon={archivedAt ? 'undo' : 'archive'}>
      {t(archivedAt ? 'satisfaction.bringBack' : 'satisfaction.archive')}
    </ActionButton>
  </Row>
)

// —— deeds ——

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
