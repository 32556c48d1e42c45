/** On the page of a company: what was said with its people, whoever of them it was. */
import { Breadcrumb, Card, EmptyState, Item, ItemList, LinkButton, Page, PageHead, Pager, RelativeTime, Stack } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { offer, page } from '#kernel/page.tsx'
import { cardsOf } from '#social/people/actions.ts'
import { personCards } from '#social/people/words.ts'
import * as crm from './actions.ts'
import { titleOf } from './pages-list.tsx'
import type { Listed } from './words.ts'

const pathOf = (company: string, before?: string) =>
  `/people/${company}/conversations${before ? `?before=${encodeURIComponent(before)}` : ''}`

const few = 5

export const companyCard = offer(
  personCards,
  async (see, { person, kind }) => {
    if (kind !== 'organisation') return null
    const { items } = await crm.ofCompany(see.ctx, { company: person, limit: few })
    if (items.length === 0) return null
    return (
      <Card title={t('crm.ofCompany')} icon="chat" detail={t('crm.ofCompanyWhy')}>
        <Stack>
          <Talks items={items} />
          <LinkButton href={pathOf(person)} size="small" iconEnd="chevronRight">
            {t('crm.allOfCompany')}
          </LinkButton>
        </Stack>
      </Card>
    )
  },
  { order: 12, who: 'inbox.read' },
)

const Talks = ({ items }: { items: Listed[] }) => (
  <ItemList label={t('crm.ofCompany')}>
    {items.map(each => (
      <Item
        href={`/threads/${each.thread}`}
        title={<bdi>{titleOf(each)}</bdi>}
        detail={
          <>
            {each.personName && <bdi>{each.personName}</bdi>} · {t(`crm.state.${each.state}`)} · <RelativeTime at={each.lastAt} />
          </>
        }
      />
    ))}
  </ItemList>
)

export const companyPage = page('/people/:company{[0-9a-f-]{36}}/conversations', { who: 'inbox.read', section: 'people' }, async see => {
  const company = see.params.company!
  const before = see.query.get('before') || undefined
  const { items, next } = await crm.ofCompany(see.ctx, { company, before, limit: 50 })
  const name = (await cardsOf(see.ctx, [company])).get(company)?.name ?? ''
  return {
    title: t('crm.ofCompany'),
    live: ['inbox'],
    body: (
      <Page width="reading">
        <PageHead
          above={
            <Breadcrumb
              crumbs={[
                { label: t('people.people'), href: '/people' },
                { label: name, href: `/people/${company}` },
                { label: t('crm.history') },
              ]}
            />
          }
          title={t('crm.ofCompany')}
          detail={t('crm.ofCompanyWhy')}
        />
        {items.length === 0 ? (
          <EmptyState title={t('crm.noHistory')} why={t('crm.ofCompanyWhy')} icon="chat" />
        ) : (
          <Card flush>
            <Talks items={items} />
          </Card>
        )}
        <Pager newer={before && pathOf(company)} older={next ? pathOf(company, next) : undefined} />
      </Page>
    ),
  }
})
