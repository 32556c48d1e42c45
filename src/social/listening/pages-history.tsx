import { ActionForm, Button, Card, Form, FormActions, Progress, Quiet, Select, Stack } from '#kernel/html/kit.tsx'
import { hasMessage, number, t } from '#kernel/messages.ts'
import { form, offer } from '#kernel/page.tsx'
import { accountPanel } from '#social/accounts/words.ts'
import { channelNamed } from '#social/channels/actions.ts'
import * as listening from './actions.ts'

type History = NonNullable<Awaited<ReturnType<typeof listening.historyOf>>>

const choices = [7, 30, 90, 365, 1826]

/** On the page of an account: what was there before, brought in as far back as somebody asks. */
export const historyPanel = offer(accountPanel, async (see, { account, channel }) => {
  if (!channelNamed(channel)?.can.listen?.history) return null
  const history = await listening.historyOf(see.ctx, account)
  return (
    <Card title={t('listening.history')} detail={t('listening.historyWhy')}>
      {history && !history.ended_at ? <UnderWay account={account} history={history} /> : <Ask account={account} before={history} />}
    </Card>
  )
})

const UnderWay = ({ account, history }: { account: string; history: History }) => (
  <Stack>
    <Progress label={t('listening.history')} detail={number(history.done)} topic={`task:${history.task}`} />
    <ActionForm action={`/settings/channels/${account}/history/stop`}>
      <Button icon="close">{t('listening.stop')}</Button>
    </ActionForm>
  </Stack>
)

const Ask = ({ account, before }: { account: string; before: History | null }) => (
  <Form action={`/settings/channels/${account}/history`}>
    {before && <Quiet>{outcomeOf(before)}</Quiet>}
    <Select
      name="days"
      label={t('listening.howFar')}
      value="90"
      choices={choices.map(days => ({ value: String(days), label: t('listening.days', { days }) }))}
    />
    <FormActions>
      <Button icon="download">{t('listening.bring')}</Button>
    </FormActions>
  </Form>
)

function outcomeOf({ failure, stopped, done }: History): string {
  if (failure) return hasMessage(failure) ? t(failure) : failure
  return t(stopped ? 'listening.stopped' : 'listening.brought', { count: done })
}

export const doBring = form('/settings/channels/:account/history', listening.bringHistory, {
  done: () => ({ stay: true, say: 'listening.begins' }),
})
export const doStop = form('/settings/channels/:account/history/stop', listening.stopHistory, {
  done: () => ({ stay: true, say: 'listening.stops' }),
})
