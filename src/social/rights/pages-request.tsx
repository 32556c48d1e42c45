/** One request: what was asked, how far it is, and what can be done next. */
import { Readable } from 'node:stream'
import { refuse } from '#kernel/errors.ts'
import { contentOf, fileOf } from '#kernel/files.ts'
import {
  ActionForm,
  Badge,
  Banner,
  Breadcrumb,
  Button,
  Card,
  CodeBlock,
  DefinitionList,
  Dialog,
  Form,
  FormActions,
  Input,
  LinkButton,
  Page,
  PageHead,
  PlainText,
  Progress,
  Quiet,
  Row,
  Stack,
  Table,
  TextArea,
} from '#kernel/html/kit.tsx'
import { date, dateTime, number, t } from '#kernel/messages.ts'
import { form, page, raw } from '#kernel/page.tsx'
import * as rights from './actions.ts'
import type { Share } from './words.ts'

const base = '/rights'
type Shown = Awaited<ReturnType<typeof rights.show>>

export const requestPage = page(`${base}/:request{[0-9a-f-]{36}}`, { who: 'rights.manage', section: 'people' }, async see => {
  const it = await rights.show(see.ctx, { request: see.params.request! })
  const title = t('rights.of', { kind: t(`rights.kind.${it.kind}`), name: it.person?.name ?? '–' })
  return {
    title,
    live: [`request:${it.id}`],
    body: (
      <Page width="reading">
        <PageHead
          above={
            <Breadcrumb
              crumbs={[{ label: t('people.people'), href: '/people' }, { label: t('rights.rights'), href: base }, { label: title }]}
            />
          }
          title={<bdi>{title}</bdi>}
          detail={<Badge>{t(`rights.state.${it.state}`)}</Badge>}
        />
        <Stack gap="large">
          {it.says && <Banner tone="warning">{it.state === 'refused' ? <bdi>{it.says}</bdi> : t(it.says)}</Banner>}
          <Next it={it} />
          <About it={it} />
        </Stack>
      </Page>
    ),
  }
})

const About = ({ it }: { it: Shown }) => (
  <Card title={t('rights.asked')}>
    <DefinitionList
      items={[
        { term: t('rights.who'), value: it.person ? <a href={`/people/${it.person.stands}`}>{it.person.name}</a> : '–' },
        { term: t('rights.askedAt'), value: dateTime(it.askedAt) },
        { term: t('rights.how'), value: t(`rights.how.${it.how}`) },
        ...(it.address ? [{ term: t('rights.address'), value: <Proved address={it.address} /> }] : []),
        { term: t('rights.due'), value: date(new Date(`${it.dueOn}T12:00:00Z`)) },
        { term: t('rights.notedBy'), value: it.notedBy?.name ?? '–' },
        ...(it.endedAt ? [{ term: t('rights.ended'), value: dateTime(it.endedAt) }] : []),
        ...(it.note ? [{ term: t('rights.words'), value: <PlainText text={it.note} /> }] : []),
      ]}
    />
  </Card>
)

const Proved = ({ address }: { address: string }) => (
  <>
    <bdi>{address}</bdi> <Quiet small>{t('rights.addressWhy')}</Quiet>
  </>
)

const Next = ({ it }: { it: Shown }) => {
  if (it.state === 'copying' || it.state === 'counting' || it.state === 'erasing') return <Working it={it} />
  if (it.state === 'done') return <Handed it={it} />
  if (it.state === 'refused') return <Row><Deed it={it} does="again">{t('rights.takeUp')}</Deed></Row> // biome-ignore format: one line
  return it.kind === 'copy' ? <Copy it={it} /> : <Erasure it={it} />
}

const Handed = ({ it }: { it: Shown }) => (
  <>
    {it.link && (
      <Card
        title={t('rights.linkUntil', { date: date(it.link.until) })}
        detail={it.address ? t('rights.answered', { address: it.address }) : undefined}
      >
        <CodeBlock code={it.link.href} />
      </Card>
    )}
    {it.hasCopy && (
      <Row>
        <Fetch it={it} />
      </Row>
    )}
  </>
)

const Deed = ({ it, does, strong, children }: { it: Shown; does: string; strong?: boolean; children: string }) => (
  <ActionForm action={`${base}/${it.id}/${does}`}>
    <Button look={strong ? 'strong' : undefined}>{children}</Button>
  </ActionForm>
)

const Fetch = ({ it }: { it: Shown }) => (
  <LinkButton href={`${base}/${it.id}/copy`} icon="download">
    {t('rights.fetch')}
  </LinkButton>
)

const Working = ({ it }: { it: Shown }) => (
  <Card>
    <Stack>
      <Progress label={t(`rights.state.${it.state}`)} topic={it.task ? `task:${it.task}` : undefined} />
      <Quiet small>{t('rights.leave')}</Quiet>
      {it.state === 'copying' && (
        <Row>
          <Deed it={it} does="stop">
            {t('rights.stop')}
          </Deed>
        </Row>
      )}
    </Stack>
  </Card>
)

const Copy = ({ it }: { it: Shown }) => (
  <Card title={t('rights.kind.copy')} detail={t('rights.copyWhat')}>
    <Stack>
      <Quiet small>{t('rights.copyOthers')}</Quiet>
      <Row>
        {it.state === 'ready' && <Fetch it={it} />}
        {it.state === 'ready' && (
          <Deed it={it} does="link" strong>
            {t(it.address ? 'rights.sendLink' : 'rights.makeLink')}
          </Deed>
        )}
        {it.state === 'ready' && (
          <Deed it={it} does="done">
            {t('rights.handedOver')}
          </Deed>
        )}
        <Deed it={it} does="prepare" strong={it.state === 'open'}>
          {t(it.state === 'open' ? 'rights.prepareCopy' : 'rights.prepareAgain')}
        </Deed>
        <TurnDown it={it} />
      </Row>
    </Stack>
  </Card>
)

const Erasure = ({ it }: { it: Shown }) => {
  if (it.state === 'waiting') return <Waits it={it} />
  return (
    <Card title={t('rights.kind.erasure')} detail={t('rights.erasureWhat')}>
      <Stack>
        {it.state === 'ready' && <Shares shares={it.shares} />}
        <Quiet small>{t('rights.erasureBeyond')}</Quiet>
        <Row>
          {it.state === 'ready' && (
            <Button opens="decide" look="strong" icon="remove">
              {t('rights.decide')}
            </Button>
          )}
          <Deed it={it} does="prepare" strong={it.state === 'open'}>
            {t(it.state === 'open' ? 'rights.count' : 'rights.countAgain')}
          </Deed>
          <TurnDown it={it} />
        </Row>
        {it.state === 'ready' && <Decide it={it} />}
      </Stack>
    </Card>
  )
}

const Waits = ({ it }: { it: Shown }) => (
  <Banner
    tone="warning"
    icon="clock"
    title={t('rights.erasedAt', { at: it.effectiveAt ? dateTime(it.effectiveAt) : '–' })}
    actions={
      <Deed it={it} does="off">
        {t('rights.callOff')}
      </Deed>
    }
  >
    {t('rights.waitsWhy')}
  </Banner>
)

const Shares = ({ shares }: { shares: Share[] }) => (
  <Table
    caption={t('rights.shares')}
    rows={shares}
    stacks
    empty={t('rights.nothing')}
    columns={[
      { head: t('rights.part'), heading: true, cell: each => <>{t(`rights.theme.${each.theme}`)} · <code>{each.table}</code></> }, // biome-ignore format: one line
      { head: t('rights.fate'), cell: each => (each.because ? t(each.because) : t(`rights.fate.${each.fate}`)) },
      { head: t('rights.count.head'), numeric: true, cell: each => number(each.count) },
    ]}
  />
)

const Decide = ({ it }: { it: Shown }) => (
  <Dialog id="decide" title={t('rights.decide')}>
    <Form action={`${base}/${it.id}/decide`} label={t('rights.decide')}>
      <p>{t('rights.decideWhy')}</p>
      <Input name="days" type="number" label={t('rights.waits')} hint={t('rights.waitsHint')} value="7" min="1" max="30" required />
      <FormActions>
        <Button look="danger">{t('rights.decide')}</Button>
      </FormActions>
    </Form>
  </Dialog>
)

const TurnDown = ({ it }: { it: Shown }) => (
  <>
    <Button opens="turn-down" look="bare">
      {t('rights.turnDown')}
    </Button>
    <Dialog id="turn-down" title={t('rights.turnDown')}>
      <Form action={`${base}/${it.id}/refuse`} label={t('rights.turnDown')}>
        <TextArea
          name="reason"
          label={t('rights.reason')}
          hint={it.address ? t('rights.answered', { address: it.address }) : t('rights.turnDownWhy')}
          rows={3}
          maxlength={2000}
          required
        />
        <FormActions>
          <Button look="strong">{t('rights.turnDown')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  </>
)

/** The head of an answer that is a copy. */
export const asDownload = (request: string, { size }: { size: number }) => ({
  'content-type': 'application/zip',
  'content-length': String(size),
  'content-disposition': `attachment; filename="copy-${request}.zip"`,
  'cache-control': 'no-store',
})

export const fetchCopy = raw('GET', `${base}/:request/copy`, 'rights.manage', async (c, see) => {
  const { request } = see!.params
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(request ?? '')) refuse('notFound', 'rights.notFound')
  const file = (await fileOf(see!.ctx, await rights.copyOf(see!.ctx, request!))) ?? refuse('notFound', 'rights.noCopy')
  const body = Readable.toWeb(contentOf(see!.ctx.org, file)) as ReadableStream
  return c.body(body, 200, asDownload(request!, file))
})

const stays = (say: string) => ({ done: () => ({ stay: true as const, say }) })

export const doPrepare = form(`${base}/:request/prepare`, rights.prepare, { done: () => ({ stay: true }) })
export const doStop = form(`${base}/:request/stop`, rights.stop, stays('rights.stopping'))
export const doHandOver = form(`${base}/:request/done`, rights.handOver, stays('rights.handedOverSay'))
export const doLink = form(`${base}/:request/link`, rights.sendLink, stays('rights.linkMade'))
export const doDecide = form(`${base}/:request/decide`, rights.decide, {
  done: (_see, { effectiveAt }, { request }) => ({
    stay: true,
    say: 'rights.decidedSay',
    values: { at: dateTime(effectiveAt) },
    undo: { path: `${base}/${request}/off`, fields: {} },
  }),
})
export const doCallOff = form(`${base}/:request/off`, rights.callOff, stays('rights.calledOffSay'))
export const doTurnDown = form(`${base}/:request/refuse`, rights.turnDown, {
  done: (_see, _out, { request }) => ({ stay: true, say: 'rights.refusedSay', undo: { path: `${base}/${request}/again`, fields: {} } }),
})
export const doTakeUp = form(`${base}/:request/again`, rights.takeUp, stays('rights.takenUpSay'))
