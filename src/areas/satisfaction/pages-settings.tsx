/** Which surveys there are, whom they ask and how they look. */
import {
  ActionForm,
  Badge,
  Banner,
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  Form,
  FormActions,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  Row,
  Stack,
} from '#kernel/html/kit.tsx'
import { canMail } from '#kernel/mail.ts'
import { t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as satisfaction from './actions.ts'
import { choicesFor, Fields, fieldsOf, written } from './pages-fields.tsx'
import type { Survey } from './words.ts'

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
