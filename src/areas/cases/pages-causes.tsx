/** Why cases come: how often each root cause was the reason lately, each with its cases. */
import { Breadcrumb, Card, EmptyState, Page, PageHead, Table } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { page } from '#kernel/page.tsx'
import { remembered } from '#kernel/remembered.ts'
import * as cases from './actions.ts'

export const byCause = (cause: string): string => `/cases/list/closed?${new URLSearchParams({ cause })}`

export const causesPage = page(
  '/cases/causes',
  { who: 'cases.read', section: 'cases', finds: () => [{ title: t('cases.causes'), icon: 'chart' }] },
  async see => {
    const { items } = await remembered(see.ctx, 'cases.reasons', ['cases'], () => cases.reasons(see.ctx, {}))
    return {
      title: t('cases.causes'),
      live: ['cases'],
      body: (
        <Page width="narrow">
          <PageHead
            above={<Breadcrumb crumbs={[{ label: t('cases.cases'), href: '/cases' }, { label: t('cases.causes') }]} />}
            title={t('cases.causes')}
            detail={t('cases.causesWhy')}
          />
          {items.length === 0 ? (
            <EmptyState title={t('cases.noCauses')} why={t('cases.noCausesWhy')} icon="chart" />
          ) : (
            <Card flush>
              <Table
                caption={t('cases.causes')}
                rows={items}
                columns={[
                  { head: t('cases.cause'), cell: ({ cause }) => <a href={byCause(cause)}>{cause}</a>, heading: true },
                  { head: t('cases.cases'), cell: ({ count }) => number(count), numeric: true },
                ]}
              />
            </Card>
          )}
        </Page>
      ),
    }
  },
)
