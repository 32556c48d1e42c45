/** Bringing in files: choose, look, match, try, do, take back. */

import { inOrg } from '#kernel/db.ts'
import { refuse } from '#kernel/errors.ts'
import { keepReady } from '#kernel/files.ts'
import {
  ActionForm,
  Badge,
  Banner,
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  FileInput,
  Form,
  FormActions,
  Grid,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Progress,
  Quiet,
  Row,
  Stack,
  Stat,
  Stepper,
  Table,
} from '#kernel/html/kit.tsx'
import { actorFrom } from '#kernel/http.tsx'
import { bytes, dateTime, number, t } from '#kernel/messages.ts'
import { form, offer, page, raw, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { taskOf } from '#kernel/tasks.ts'
import { receive } from '#kernel/uploads.ts'
import { settingsCards } from '#social/members/words.ts'
import * as imports from './actions.ts'
import { Match, pathOf } from './pages-match.tsx'
import type { Run, Source } from './words.ts'

const sourceOf = (run: { kind: string }) => imports.sources().find(each => each.name === run.kind)

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('imports.imports')} detail={t('imports.why')} icon="upload" href="/imports" />,
  { order: 70, who: 'imports.run' },
)

// —— choosing a file ——

export const list = page(
  '/imports',
  { who: 'imports.run', section: 'settings', finds: () => [{ title: t('imports.imports'), icon: 'upload' }] },
  async see => {
    const { items, next } = await imports.list(see.ctx, { before: see.query.get('before') ?? undefined, limit: 30 })
    return {
      title: t('imports.imports'),
      body: (
        <Page>
          <PageHead
            above={<Breadcrumb crumbs={[{ label: t('imports.settings'), href: '/settings' }, { label: t('imports.imports') }]} />}
            title={t('imports.imports')}
            detail={t('imports.why')}
          />
          <Grid columns="wide">
            {imports.sources().map(source => (
              <Choose source={source} />
            ))}
          </Grid>
          <Card title={t('imports.before')} icon="history" flush>
            {items.length === 0 && <EmptyState compact title={t('imports.none')} icon="upload" />}
            <ItemList label={t('imports.before')}>
              {items.map(run => (
                <Item
                  title={<bdi>{run.name}</bdi>}
                  href={pathOf(run)}
                  detail={`${t(sourceOf(run)?.title ?? 'imports.gone')} · ${dateTime(run.createdAt)}${run.startedBy ? ` · ${run.startedBy.name}` : ''}`}
                  end={<StateBadge run={run} />}
                />
              ))}
            </ItemList>
          </Card>
          {next && (
            <LinkButton href={`/imports?before=${next}`} iconEnd="chevronRight" size="small">
              {t('imports.older')}
            </LinkButton>
          )}
        </Page>
      ),
      live: ['imports'],
    }
  },
)

const Choose = ({ source }: { source: Source }) => (
  <Card title={t(source.title)} detail={t(source.why)} icon={source.icon}>
    <Form action={`/imports/upload/${source.name}`} files label={t(source.title)}>
      <FileInput
        name="file"
        label={t('imports.file')}
        labelHidden
        prompt={t('imports.drop')}
        accept={source.accepts}
        required
        id={`file-${source.name}`}
      />
      <FormActions>
        <Button look="strong" icon="upload">
          {t('imports.look')}
        </Button>
      </FormActions>
    </Form>
  </Card>
)

/** In bytes. Larger files are brought in part by part. */
const most = 2 * 1024 ** 3

/** The file goes to disk as it comes, in no transaction; only then the import begins. */
export const upload = raw('POST', '/imports/upload/:kind', 'nobody', async c => {
  const { actor, org } = actorFrom(c as never)
  if (!may(actor, 'imports.run')) refuse('forbidden', 'kernel.forbidden')
  const { file } = await receive(c.req.raw, org, most)
  const { start: _, ...ready } = file ?? refuse('invalid', 'imports.noFile')
  const run = await inOrg(org, actor, async ctx => {
    const [id] = await keepReady(ctx, [ready])
    return imports.begin(ctx, { kind: c.req.param('kind') ?? '', file: id! })
  })
  return c.redirect(`/imports/${run.run}`, 303)
})

// —— one import ——

const tones = { done: 'good', failed: 'bad', cancelled: 'warning', undone: 'neutral' } as const
const StateBadge = ({ run }: { run: Run }) => (
  <Badge tone={run.state in tones ? tones[run.state as keyof typeof tones] : 'talk'}>
    {t(`imports.state.${run.state}`, { count: number(run.fresh) })}
  </Badge>
)

export const one = page('/imports/:run{[0-9a-f-]{36}}', { who: 'imports.run', section: 'settings' }, async see => {
  const { run, made, twin } = await imports.show(see.ctx, { run: see.params.run! })
  return {
    title: run.name,
    body: (
      <Page width="wide">
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('imports.imports'), href: '/imports' }, { label: run.name }]} />}
          title={<bdi>{run.name}</bdi>}
          detail={`${t(sourceOf(run)?.title ?? 'imports.gone')} · ${bytes(run.size)}`}
        />
        <Steps run={run} />
        {twin && !made && (
          <Banner
            tone="warning"
            actions={
              <LinkButton href={`/imports/${twin.id}`} size="small">
                {t('imports.seeTwin')}
              </LinkButton>
            }
          >
            {t('imports.twin', { date: dateTime(twin.at) })}
          </Banner>
        )}
        {run.says && (
          <Banner tone="bad" alert>
            {t(run.says, run.told)}
          </Banner>
        )}
        <Now see={see} run={run} made={made} />
      </Page>
    ),
    live: [`import:${run.id}`],
  }
})

const order = ['look', 'check', 'bringIn', 'end'] as const
const reached: Record<Run['state'], number> = {
  uploaded: 0,
  checking: 1,
  checked: 2,
  importing: 2,
  cancelled: 2,
  failed: 2,
  done: 4,
  undoing: 3,
  undone: 0,
}

const Steps = ({ run }: { run: Run }) => (
  <Stepper
    label={t('imports.steps')}
    steps={order.map((step, at) => ({
      label: t(`imports.step.${step}`),
      state: at < reached[run.state] ? 'done' : at === reached[run.state] ? 'now' : 'later',
    }))}
  />
)

const Now = async ({ see, run, made }: { see: See; run: Run; made: boolean }) => {
  if (['checking', 'importing', 'undoing'].includes(run.state)) return <Working see={see} run={run} />
  if (!made && ['uploaded', 'undone', 'failed', 'cancelled'].includes(run.state)) return <Match see={see} run={run} />
  return <Result see={see} run={run} made={made} />
}

async function Working({ see, run }: { see: See; run: Run }) {
  const task = run.task ? await taskOf(see.ctx, run.task) : undefined
  const stopping = Boolean(task?.cancel_at)
  return (
    <Card title={t(`imports.state.${run.state}`, { count: number(run.fresh) })}>
      <Stack>
        <Progress
          label={stopping ? t('imports.stopping') : t('imports.lines')}
          detail={number(run.done)}
          value={run.total ? Math.min(1, run.done / run.total) : undefined}
          topic={`task:${run.task}`}
        />
        <Quiet small>{t('imports.leave')}</Quiet>
        {run.state !== 'undoing' && !stopping && (
          <Row>
            <ActionForm action={`${pathOf(run)}/cancel`}>
              <Button icon="close">{t('imports.cancel')}</Button>
            </ActionForm>
          </Row>
        )}
      </Stack>
    </Card>
  )
}

// —— what came of it ——

async function Result({ see, run, made }: { see: See; run: Run; made: boolean }) {
  return (
    <Stack gap="large">
      <Grid columns="narrow">
        <Stat label={t('imports.fresh')} value={number(run.fresh)} tone="good" />
        <Stat label={t('imports.known')} value={number(run.known)} />
        <Stat label={t('imports.faulty')} value={number(run.faulty)} tone={run.faulty ? 'warning' : undefined} />
      </Grid>
      {run.kept > 0 && <Banner>{t('imports.kept', { count: run.kept })}</Banner>}
      <Deeds run={run} made={made} />
      <Faults see={see} run={run} />
    </Stack>
  )
}

const Deeds = ({ run, made }: { run: Run; made: boolean }) => (
  <FormActions>
    {run.state === 'checked' && (
      <ActionForm action={`${pathOf(run)}/start`}>
        <Button look="strong" icon="download">
          {t('imports.start', { count: run.fresh })}
        </Button>
      </ActionForm>
    )}
    {made && ['cancelled', 'failed'].includes(run.state) && (
      <ActionForm action={`${pathOf(run)}/start`}>
        <Button look="strong" icon="play">
          {t('imports.goOn')}
        </Button>
      </ActionForm>
    )}
    {run.state === 'checked' && (
      <ActionForm action={`${pathOf(run)}/choose`}>
        <Button icon="arrowLeft">{t('imports.back')}</Button>
      </ActionForm>
    )}
    {made && ['done', 'cancelled', 'failed'].includes(run.state) && (
      <ActionForm action={`${pathOf(run)}/undo`}>
        <Button icon="undo" title={t('imports.undoWhy')}>
          {t('imports.undo')}
        </Button>
      </ActionForm>
    )}
  </FormActions>
)

async function Faults({ see, run }: { see: See; run: Run }) {
  if (run.faulty === 0) return null
  const after = Number(see.query.get('line') ?? 0)
  const { items, next } = await imports.faults(see.ctx, {
    run: run.id,
    after: Number.isSafeInteger(after) && after > 0 ? after : 0,
    limit: 50,
  })
  return (
    <Card title={t('imports.faults')} detail={t('imports.faultsWhy')} icon="warning" flush>
      <Table
        caption={t('imports.faults')}
        captionHidden
        dense
        rows={items}
        empty={<EmptyState compact title={t('imports.noFaults')} />}
        columns={[
          { head: t('imports.line'), numeric: true, heading: true, cell: it => number(it.line) },
          { head: t('imports.reason'), cell: it => t(it.says, it.told) },
        ]}
      />
      {next !== null && (
        <LinkButton href={`${pathOf(run)}?line=${next}`} iconEnd="chevronRight" size="small">
          {t('imports.moreFaults')}
        </LinkButton>
      )}
    </Card>
  )
}

// —— the forms ——

/** Read in another way, its columns may be others: they are guessed anew. */
function chosen(fields: FormData): Record<string, string> | undefined {
  const texts = [...fields].filter((each): each is [string, string] => typeof each[1] === 'string' && each[0] !== 'again')
  const kept = fields.has('again') ? texts.filter(([name]) => !name.startsWith('column')) : texts
  return kept.length ? Object.fromEntries(kept) : undefined
}

const there = (_see: See, { run }: { run: string }) => ({ go: `/imports/${run}` })

export const doChoose = form('/imports/:run/choose', imports.choose, {
  read: (fields, params) => ({ run: params.run!, mapping: chosen(fields) }),
  done: there,
})
export const doCheck = form('/imports/:run/check', imports.check, {
  read: (fields, params) => ({ run: params.run!, mapping: chosen(fields) }),
  done: there,
})
export const doStart = form('/imports/:run/start', imports.start, { done: there })
export const doCancel = form('/imports/:run/cancel', imports.cancel, { done: there })
export const doUndo = form('/imports/:run/undo', imports.undo, { done: there })
