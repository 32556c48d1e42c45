/** In the settings: after how many months what is kept ends by itself, tried before it is done. */
import {
  ActionForm,
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  Form,
  FormActions,
  IconButton,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  Row,
  Select,
  Stack,
  Stat,
} from '#kernel/html/kit.tsx'
import { date, dateTime, number, t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { settingsCards } from '#social/members/words.ts'
import * as rights from './actions.ts'
import type { Rule } from './words.ts'

const base = '/settings/retention'

export const retentionCard = offer(
  settingsCards,
  async () => <Card title={t('rights.retention')} detail={t('rights.retentionWhy')} icon="clock" href={base} />,
  { order: 66, who: 'rights.rules' },
)

const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb crumbs={[{ label: t('rights.settings'), href: '/settings' }, { label: t('rights.retention'), href: base }, ...more]} />
)

const tryPath = (kind: string, months: number) => `${base}/try?${new URLSearchParams({ kind, months: String(months) })}`

export const retentionPage = page(
  base,
  { who: 'rights.rules', section: 'settings', finds: () => [{ title: t('rights.retention'), icon: 'clock' }] },
  async see => {
    const { items, kinds } = await rights.retention(see.ctx, {})
    const free = kinds.filter(each => !items.some(rule => rule.kind === each.kind))
    const { items: runs, next } = await rights.runsOfRules(see.ctx, { before: see.query.get('before') ?? undefined })
    return {
      title: t('rights.retention'),
      live: ['retention'],
      body: (
        <Page width="narrow">
          <PageHead above={crumbs()} title={t('rights.retention')} detail={t('rights.retentionWhy')} />
          <Stack gap="large">
            {items.length > 0 ? (
              <Rules items={items} />
            ) : (
              <EmptyState title={t('rights.noRule')} why={t('rights.noRuleWhy')} icon="clock" />
            )}
            {free.length > 0 && <Make kinds={free} />}
            {runs.length > 0 && (
              <Card title={t('rights.log')} icon="history" flush>
                <ItemList label={t('rights.log')}>
                  {runs.map(run => (
                    <Item
                      title={t('rights.ranOver', { kind: run.title, count: run.count })}
                      detail={`${dateTime(run.at)} · ${t('rights.before', { date: date(run.before) })}`}
                    />
                  ))}
                </ItemList>
              </Card>
            )}
            {next && (
              <LinkButton href={`${base}?before=${next}`} size="small" iconEnd="chevronRight">
                {t('rights.older')}
              </LinkButton>
            )}
          </Stack>
        </Page>
      ),
    }
  },
)

const Rules = ({ items }: { items: Rule[] }) => (
  <Card flush>
    <ItemList label={t('rights.retention')}>
      {items.map(each => (
        <Item
          title={each.title}
          href={tryPath(each.kind, each.months)}
          detail={t('rights.after', { months: each.months })}
          end={
            <ActionForm action={`${base}/${each.id}/remove`}>
              <IconButton icon="remove" label={t('rights.ruleRemove', { kind: each.title })} />
            </ActionForm>
          }
        />
      ))}
    </ItemList>
  </Card>
)

const Make = ({ kinds }: { kinds: { kind: string; title: string }[] }) => (
  <Card title={t('rights.ruleMake')} detail={t('rights.ruleMakeWhy')}>
    <Form action={`${base}/try`} method="get" label={t('rights.ruleMake')}>
      <Select name="kind" label={t('rights.ruleKind')} choices={kinds.map(each => ({ value: each.kind, label: each.title }))} required />
      <Input name="months" type="number" label={t('rights.ruleMonths')} value="36" min="1" max="600" required />
      <FormActions>
        <Button look="strong">{t('rights.try')}</Button>
      </FormActions>
    </Form>
  </Card>
)

export const tryPage = page(`${base}/try`, { who: 'rights.rules', section: 'settings' }, async see => {
  const first = rights.retainedKinds()[0]?.kind ?? ''
  const asked = { kind: see.query.get('kind') ?? first, months: see.query.get('months') ?? '36' }
  const [found, { items }] = [await rights.dryRun(see.ctx, asked), await rights.retention(see.ctx, {})]
  const rule = items.find(each => each.kind === asked.kind)
  const months = Number(asked.months)
  return {
    title: found.title,
    body: (
      <Page width="reading">
        <PageHead
          above={crumbs({ label: found.title })}
          title={found.title}
          detail={`${t('rights.after', { months })} · ${t('rights.before', { date: date(found.before) })}`}
        />
        <Stack gap="large">
          <Stat label={t('rights.wouldEnd')} value={number(found.count)} href="#found" detail={t('rights.heldStays')} />
          <Row>
            {rule ? (
              <Quiet>{t('rights.ruleIs', { months: rule.months })}</Quiet>
            ) : (
              <ActionForm action={base} fields={{ kind: asked.kind, months: String(months) }}>
                <Button look="strong">{t('rights.ruleMake')}</Button>
              </ActionForm>
            )}
          </Row>
          <Card id="found" title={t('rights.oldest')} flush>
            {found.items.length === 0 && <EmptyState compact title={t('rights.nothingOld')} icon="check" />}
            <ItemList label={t('rights.oldest')}>
              {found.items.map(each => (
                <Item
                  title={<bdi>{each.title}</bdi>}
                  href={each.path ?? undefined}
                  detail={each.at ? date(new Date(each.at)) : undefined}
                />
              ))}
            </ItemList>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

export const doMake = form(base, rights.ruleMake, {
  done: (_see, { rule }) => ({ go: base, say: 'rights.ruleMade', undo: { path: `${base}/${rule}/remove`, fields: {} } }),
})
export const doRemove = form(`${base}/:rule/remove`, rights.ruleRemove, {
  done: (_see, _out, { rule }) => ({ stay: true, say: 'rights.ruleRemoved', undo: { path: `${base}/${rule}/back`, fields: {} } }),
})
export const doBack = form(`${base}/:rule/back`, rights.ruleBack, { done: () => ({ stay: true, say: 'rights.ruleMade' }) })
