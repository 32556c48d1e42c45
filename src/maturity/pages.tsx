import { Card, EmptyState, Grid, Heading, LinkButton, Meter, Page, PageHead, Prose, Quiet, Stack, Stat } from '#kernel/html/kit.tsx'
import { percent, t } from '#kernel/messages.ts'
import { form, type Html, offer, page, type See } from '#kernel/page.tsx'
import { homeCards } from '#kernel/words.ts'
import * as models from './actions.ts'
import { Claim, OneIndicator } from './claim.tsx'
import { gist, hrefOf, inside, Matrix, Mini, type Picture, Points, Pyramid, rootsOf, Tree } from './drawn.tsx'
import { Definition } from './own.tsx'
import { Crumbs, History, Legend, type Shown, Sources, Whole } from './parts.tsx'
import { inOwn, Provenance, verdict } from './said.tsx'
import type { Node } from './words.ts'

// —— all models ——

type Listed = Awaited<ReturnType<typeof models.list>>['items'][number]

const ModelCard = ({ item, picture }: { item: Listed; picture: Picture }) => (
  <Card
    title={inOwn(item.name)}
    href={`/models/${item.id}`}
    icon="layers"
    detail={item.own ? t('maturity.basedOn') : t('maturity.by', { authors: item.authors.join(', '), year: String(item.year) })}
  >
    <Stack gap="small">
      <p class="model-verdict" data-unknown={item.overall?.value == null ? '' : undefined}>
        {verdict(picture.framework, item.overall ?? undefined)}
      </p>
      <Mini {...picture} />
      <Meter label={t('maturity.coverageName')} value={item.overall?.coverage ?? 0} detail={percent(item.overall?.coverage ?? 0)} />
    </Stack>
  </Card>
)

export const modelList = page(
  '/models',
  { who: 'models.read', place: { section: 'models', title: 'maturity.title', icon: 'layers', order: 65, shortcut: 'g d' } },
  async see => {
    const { items } = await models.list(see.ctx, {})
    const pictures: Picture[] = []
    for (const { id } of items) pictures.push(await pictureOf(see, id))
    return {
      title: t('maturity.title'),
      live: ['models', 'measures'],
      body: (
        <Page>
          <PageHead title={t('maturity.title')} detail={t('maturity.about')} />
          {items.length === 0 ? (
            <EmptyState title={t('maturity.empty')} why={t('maturity.emptyWhy')} icon="layers" />
          ) : (
            <Grid columns="wide">
              {items.map(item => (
                <ModelCard item={item} picture={pictures.find(each => each.framework.id === item.id)!} />
              ))}
            </Grid>
          )}
        </Page>
      ),
    }
  },
)

// —— one model ——

async function pictureOf(see: See, model: string): Promise<Shown> {
  const { framework, results, own } = await models.show(see.ctx, { model })
  return { framework, own, results: new Map(results.map(each => [each.node, each])) }
}
const shownModel = (see: See): Promise<Shown> => pictureOf(see, see.params.model!)

const Drawing = (picture: Picture) => {
  if (picture.framework.kind === 'matrix') return <Matrix {...picture} />
  if (picture.framework.kind === 'ladder') return <Pyramid {...picture} />
  return <Tree picture={picture} roots={rootsOf(picture)} />
}

/** What stands beside the main drawing, such as a quiz: aspects that contain aspects. */
const besides = (picture: Picture): Node[] =>
  picture.framework.kind === 'ladder' ? rootsOf(picture).filter(node => node.type === 'aspect' && inside(picture, node.id).length > 0) : []

export const oneModel = page(
  '/models/:model',
  {
    who: 'models.read',
    section: 'models',
    finds: () => models.installed().map(({ id, name }) => ({ title: inOwn(name), href: `/models/${id}`, icon: 'layers' })),
  },
  async see => {
    const shown = await shownModel(see)
    const { framework } = shown
    return {
      title: inOwn(framework.name),
      live: ['models', 'measures'],
      body: (
        <Page>
          <PageHead
            above={<Crumbs framework={framework} />}
            title={inOwn(framework.name)}
            detail={
              <>
                {inOwn(framework.about)}{' '}
                <Quiet>{t('maturity.by', { authors: framework.authors.join(', '), year: String(framework.year) })}</Quiet>
              </>
            }
            actions={
              <LinkButton href={`/models/${framework.id}/definition`} icon="code" size="small">
                {t('maturity.definition')}
              </LinkButton>
            }
          />
          <Stack gap="large">
            <Whole shown={shown} />
            <Drawing {...shown} />
            <Legend kind={framework.kind} />
            {besides(shown).map(root => (
              <Stack gap="small">
                <Heading detail={root.text && inOwn(root.text)}>
                  <a href={hrefOf(framework, root.id)}>{inOwn(root.label)}</a>
                </Heading>
                <p class="model-verdict" data-unknown={shown.results.get(root.id)?.value == null ? '' : undefined}>
                  {verdict(framework, shown.results.get(root.id))}
                </p>
                <Points picture={shown} root={root} />
              </Stack>
            ))}
            <History see={see} framework={framework} />
            <Sources framework={framework} keys={framework.sources.map(each => each.key)} />
          </Stack>
        </Page>
      ),
    }
  },
)

// —— statements ——

export const doAttest = form('/models/:model/statements', models.attest, { done: () => ({ stay: true, say: 'maturity.saidStated' }) })
export const doWithdraw = form('/models/:model/statements/:statement/withdraw', models.withdraw, {
  read: (_fields, { statement }) => ({ statement: statement! }),
  done: () => ({ stay: true, say: 'maturity.saidWithdrawn' }),
})

// —— a model as data ——

export const definition = page('/models/:model/definition', { who: 'models.read', section: 'models' }, async see => {
  const shown = await shownModel(see)
  return {
    title: inOwn(shown.framework.name),
    body: (
      <Page>
        <PageHead
          above={<Crumbs framework={shown.framework} node={t('maturity.definition')} />}
          title={t('maturity.definition')}
          detail={t('maturity.definitionWhy')}
        />
        <Definition see={see} shown={shown} />
      </Page>
    ),
  }
})

const definitionOf = (see: See) => `/models/${see.params.model}/definition`

export const doCopy = form('/models/:model/copy', models.copy, {
  done: (_see, { model }) => ({ go: `/models/${model}/definition`, say: 'maturity.copied' }),
})
export const doChange = form('/models/:model/change', models.change, {
  most: 4 * 1024 * 1024,
  done: (see, { revision }, input) => ({
    go: definitionOf(see),
    say: 'maturity.saved',
    values: { revision: String(revision) },
    undo: { path: `/models/${see.params.model}/restore`, fields: { revision: String((input as { revision: number }).revision) } },
  }),
})
export const doRemove = form('/models/:model/remove', models.remove, {
  most: 4 * 1024 * 1024,
  read: (fields, { model }) => ({ model: model!, revision: String(fields.get('revision')) }),
  done: (see, _output, input) => ({
    go: '/models',
    say: 'maturity.removed',
    undo: { path: `/models/${see.params.model}/restore`, fields: { revision: String((input as { revision: number }).revision) } },
  }),
})
export const doRestore = form('/models/:model/restore', models.restore, {
  done: (see, { revision }) => ({ go: definitionOf(see), say: 'maturity.saved', values: { revision: String(revision) } }),
})

// —— claims and indicators by address; after the fixed addresses, so that those win ——

export const oneNode = page('/models/:model/:node', { who: 'models.read', section: 'models' }, async see => {
  const shown = await shownModel(see)
  const node = shown.framework.nodes.find(each => each.id === see.params.node)
  const indicator = shown.framework.indicators.find(each => each.id === see.params.node)
  const label = node?.label ?? indicator?.question
  if (!label) return { title: t('kernel.notFound'), status: 404, body: <EmptyState title={t('kernel.notFound')} icon="layers" /> }
  const title = inOwn(label)
  return {
    title,
    live: ['models', 'measures'],
    body: (
      <Page>
        <PageHead
          above={<Crumbs framework={shown.framework} node={title} />}
          title={title}
          detail={
            <Prose>
              {node?.question && <p>{inOwn(node.question)}</p>}
              {node?.text && <p>{inOwn(node.text)}</p>}
              <p>
                <Provenance of={node ?? indicator!} />
              </p>
            </Prose>
          }
        />
        {node ? <Claim see={see} shown={shown} node={node} /> : <OneIndicator see={see} shown={shown} indicator={indicator!} />}
      </Page>
    ),
  }
})

// —— in others' rooms ——

export const onHome = offer(
  homeCards,
  async (see): Promise<Html> => {
    const { items } = await models.list(see.ctx, {})
    const stats: Html[] = []
    for (const item of items.filter(each => !each.own)) {
      const picture = await pictureOf(see, item.id)
      stats.push(
        <Stat
          label={inOwn(item.name)}
          value={verdict(picture.framework, item.overall ?? undefined)}
          href={`/models/${item.id}`}
          unknown={item.overall?.value == null}
          detail={gist(picture)}
        />,
      )
    }
    return <>{stats}</>
  },
  { order: 65, who: 'models.read' },
)
