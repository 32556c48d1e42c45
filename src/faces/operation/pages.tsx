/** For those who keep the server running: how it is, and what failed for good and waits for a decision. */
import { statfs } from 'node:fs/promises'
import { databaseAnswers } from '#kernel/db.ts'
import {
  ActionForm,
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  Grid,
  Page,
  PageHead,
  Pager,
  RelativeTime,
  Row,
  Stack,
  Stat,
  Table,
} from '#kernel/html/kit.tsx'
import { deadLetters, jobCounts } from '#kernel/jobs.ts'
import { canMail } from '#kernel/mail.ts'
import { bytes, number, t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { openStreams } from '#kernel/streams.ts'
import { settingsCards } from '#social/members/words.ts'
import { discard, runAgain } from './actions.ts'

export const operationPage = page(
  '/settings/operation',
  { who: 'operation.read', section: 'settings', finds: () => [{ title: t('operation.operation'), icon: 'settings' }] },
  async see => {
    const dead = await deadLetters(see.ctx, see.query.get('before') ?? undefined)
    const shown = dead.slice(0, 50)
    return {
      title: t('operation.operation'),
      body: (
        <Page>
          <PageHead
            title={t('operation.operation')}
            detail={t('operation.why')}
            above={<Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }]} />}
          />
          <Stack gap="large">
            <Health {...(await health())} />
            <Card title={t('operation.dead')} detail={t('operation.deadWhy')} flush>
              {shown.length === 0 ? <EmptyState title={t('operation.noDead')} icon="checkCircle" compact /> : <DeadLetters shown={shown} />}
            </Card>
            <Pager older={dead.length > 50 ? `/settings/operation?before=${shown.at(-1)!.id}` : undefined} />
          </Stack>
        </Page>
      ),
    }
  },
)

async function health() {
  const disk = await statfs(process.env.DATA_DIR ?? '.').catch(() => null)
  return {
    database: await databaseAnswers(),
    jobs: await jobCounts(),
    streams: openStreams(),
    mail: canMail(),
    free: disk ? disk.bavail * disk.bsize : null,
  }
}

const Health = ({ database, jobs, streams, mail, free }: Awaited<ReturnType<typeof health>>) => (
  <Grid columns="narrow">
    <Stat label={t('operation.database')} value={t(database ? 'operation.answers' : 'operation.silent')} tone={database ? 'good' : 'bad'} />
    <Stat label={t('operation.waiting')} value={number(jobs.waiting)} />
    <Stat label={t('operation.streams')} value={number(streams)} />
    <Stat label={t('operation.mail')} value={t(mail ? 'operation.mailOn' : 'operation.mailOff')} tone={mail ? 'good' : 'warning'} />
    {free !== null && <Stat label={t('operation.free')} value={bytes(free)} tone={free < 1_000_000_000 ? 'bad' : 'neutral'} />}
  </Grid>
)

const DeadLetters = ({ shown }: { shown: Awaited<ReturnType<typeof deadLetters>> }) => (
  <Table
    caption={t('operation.dead')}
    captionHidden
    rows={shown}
    columns={[
      { head: t('operation.job'), cell: row => <code>{row.kind}</code>, heading: true },
      { head: t('operation.says'), cell: row => <bdi>{row.says || '–'}</bdi> },
      { head: t('operation.since'), cell: row => <RelativeTime at={row.at} look="full" /> },
      {
        head: t('operation.do'),
        headHidden: true,
        cell: row => (
          <Row>
            <ActionForm action="/settings/operation/again" fields={{ letter: row.id }}>
              <Button size="small">{t('operation.again')}</Button>
            </ActionForm>
            <ActionForm action="/settings/operation/drop" fields={{ letter: row.id }}>
              <Button size="small" look="danger">
                {t('operation.drop')}
              </Button>
            </ActionForm>
          </Row>
        ),
      },
    ]}
  />
)

export const doRunAgain = form('/settings/operation/again', runAgain, {
  done: () => ({ go: '/settings/operation', say: 'operation.runs' }),
})
export const doDiscard = form('/settings/operation/drop', discard, {
  done: () => ({ go: '/settings/operation', say: 'operation.dropped' }),
})

export const card = offer(
  settingsCards,
  async () => <Card title={t('operation.operation')} detail={t('operation.why')} icon="settings" href="/settings/operation" />,
  { order: 90, who: 'operation.read' },
)
