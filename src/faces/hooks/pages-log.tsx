/** What another program was told, and what it answered. */
import {
  ActionForm,
  Breadcrumb,
  Button,
  Card,
  CodeBlock,
  DefinitionList,
  EmptyState,
  Page,
  PageHead,
  RelativeTime,
  Stack,
  StatusDot,
  Table,
} from '#kernel/html/kit.tsx'
import { hasMessage, number, t } from '#kernel/messages.ts'
import { form, page } from '#kernel/page.tsx'
import * as hooks from './actions.ts'
import type { DeliveryCard, DeliveryState } from './words.ts'

const tones: Record<DeliveryState, 'good' | 'warning' | 'bad'> = { done: 'good', waiting: 'warning', failed: 'bad' }

const State = ({ state }: { state: DeliveryState }) => <StatusDot tone={tones[state]}>{t(`hooks.state.${state}`)}</StatusDot>

export const Log = ({ at, items }: { at: string; items: DeliveryCard[] }) =>
  items.length === 0 ? (
    <EmptyState icon="send" title={t('hooks.logEmpty')} why={t('hooks.logEmptyWhy')} compact />
  ) : (
    <Table
      caption={t('hooks.log')}
      captionHidden
      rows={items}
      href={row => `${at}/deliveries/${row.id}`}
      stacks
      columns={[
        {
          head: t('hooks.what'),
          heading: true,
          cell: row => (
            <a href={`${at}/deliveries/${row.id}`}>
              <code>{row.type}</code>
            </a>
          ),
        },
        { head: t('hooks.how'), cell: row => <State state={row.state} /> },
        { head: t('hooks.status'), cell: row => row.status ?? '–' },
        { head: t('hooks.attempts'), cell: row => number(row.attempts), numeric: true },
        { head: t('hooks.when'), cell: row => <RelativeTime at={row.createdAt} /> },
      ]}
    />
  )

export const deliveryPage = page('/settings/hooks/:hook/deliveries/:delivery', { who: 'hooks.manage', section: 'settings' }, async see => {
  const it = await hooks.delivery(see.ctx, { delivery: see.params.delivery! })
  const hook = await hooks.one(see.ctx, { hook: it.hook })
  const at = `/settings/hooks/${hook.id}`
  return {
    title: it.type,
    live: [`hook:${hook.id}`],
    body: (
      <Page width="narrow">
        <PageHead
          title={<code>{it.type}</code>}
          detail={hook.name}
          above={
            <Breadcrumb
              crumbs={[
                { label: t('members.settings'), href: '/settings' },
                { label: t('hooks.hooks'), href: '/settings/hooks' },
                { label: hook.name, href: at },
              ]}
            />
          }
          actions={
            !hook.stoppedAt && (
              <ActionForm action={`${at}/deliveries/${it.id}/resend`}>
                <Button icon="refresh">{t('hooks.resend')}</Button>
              </ActionForm>
            )
          }
        />
        <Stack gap="large">
          <Card>
            <DefinitionList items={factsOf(it)} />
          </Card>
          <Card title={t('hooks.body')}>
            <CodeBlock code={JSON.stringify(JSON.parse(it.body), null, 2)} />
          </Card>
          <Card title={t('hooks.answer')}>
            {it.answer ? (
              <CodeBlock
                label={it.status ? String(it.status) : t('hooks.noAnswer')}
                code={hasMessage(it.answer) ? t(it.answer) : it.answer}
              />
            ) : (
              <p>{t('hooks.answerEmpty')}</p>
            )}
          </Card>
        </Stack>
      </Page>
    ),
  }
})

const factsOf = (it: DeliveryCard) => [
  { term: t('hooks.how'), value: <State state={it.state} /> },
  { term: t('hooks.id'), value: <code>msg_{it.id}</code> },
  { term: t('hooks.status'), value: it.status ?? '–' },
  { term: t('hooks.attempts'), value: number(it.attempts) },
  ...(it.tookMs === null ? [] : [{ term: t('hooks.took'), value: t('hooks.ms', { ms: number(it.tookMs) }) }]),
  ...(it.triedAt ? [{ term: t('hooks.tried'), value: <RelativeTime at={it.triedAt} look="full" /> }] : []),
  ...(it.state === 'waiting' && it.dueAt ? [{ term: t('hooks.next'), value: <RelativeTime at={it.dueAt} look="full" /> }] : []),
]

export const doResend = form('/settings/hooks/:hook/deliveries/:delivery/resend', hooks.resend, {
  read: (_data, { delivery = '' }) => ({ delivery }),
  done: () => ({ stay: true, say: 'hooks.isSent' }),
})
