/** The rules in their order, each with what it does and what is wrong with it. */
import {
  ActionForm,
  Badge,
  Breadcrumb,
  Card,
  EmptyState,
  IconButton,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  Row,
  Stack,
  Tabs,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as routing from './actions.ts'
import { type Choices, choicesFor, deedTexts, lineOf } from './pages-words.tsx'
import type { Rule } from './words.ts'

export const base = '/settings/routing'

export const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }, ...more]} />
)

export const listPage = page(
  base,
  { who: 'routing.read', section: 'settings', finds: () => [{ title: t('routing.title'), icon: 'sort' }] },
  async see => {
    const archived = see.query.has('archived')
    const [{ items }, choices] = await Promise.all([routing.list(see.ctx, { archived }), choicesFor(see.ctx)])
    const manages = may(see.ctx.actor, 'routing.manage')
    return {
      title: t('routing.title'),
      live: ['routing'],
      body: (
        <Page width="reading">
          <PageHead
            title={t('routing.title')}
            detail={t('routing.why')}
            above={crumbs()}
            actions={
              <Row>
                <LinkButton href="/routing/queues" icon="people">
                  {t('routing.queues')}
                </LinkButton>
                {manages && (
                  <LinkButton href={`${base}/new`} look="strong" icon="add" shortcut="c">
                    {t('routing.make')}
                  </LinkButton>
                )}
              </Row>
            }
          />
          <Stack>
            <Tabs
              label={t('routing.title')}
              tabs={[
                { href: base, label: t('routing.inUse'), current: !archived },
                { href: `${base}?archived=1`, label: t('routing.archived'), current: archived },
              ]}
            />
            {items.length === 0 ? (
              <Empty archived={archived} manages={manages} />
            ) : (
              <Rules items={items} choices={choices} manages={manages} />
            )}
          </Stack>
        </Page>
      ),
    }
  },
)

const Empty = ({ archived, manages }: { archived: boolean; manages: boolean }) => (
  <EmptyState
    title={t(archived ? 'routing.noneArchived' : 'routing.empty')}
    why={t(archived ? 'routing.noneArchivedWhy' : 'routing.emptyWhy')}
    icon="sort"
  >
    {!archived && manages && (
      <Row>
        {(['team', 'notice', 'close'] as const).map(each => (
          <LinkButton href={`${base}/new?from=${each}`}>{t(`routing.from.${each}`)}</LinkButton>
        ))}
      </Row>
    )}
  </EmptyState>
)

const Rules = ({ items, choices, manages }: { items: Rule[]; choices: Choices; manages: boolean }) => (
  <Card flush>
    <ItemList label={t('routing.title')}>
      {items.map((each, at) => (
        <Item
          row={{}}
          title={<bdi>{each.definition.name}</bdi>}
          detail={`${lineOf(each.definition, choices)} → ${deedTexts(each.definition, choices).join(' · ')}`}
          href={`${base}/${each.id}`}
          end={<Ends rule={each} first={at === 0} last={at === items.length - 1} manages={manages} />}
        />
      ))}
    </ItemList>
  </Card>
)

export const Ends = ({ rule, first, last, manages }: { rule: Rule; first: boolean; last: boolean; manages: boolean }) => (
  <Row>
    <Marks rule={rule} />
    {rule.ran > 0 && (
      <a href={`${base}/${rule.id}/hits`}>
        <Quiet small>{t('routing.ran', { count: rule.ran })}</Quiet>
      </a>
    )}
    {manages && !rule.archived && (
      <>
        {!first && (
          <Deed
            path={`${base}/${rule.id}/move`}
            fields={{ to: 'up' }}
            icon="chevronUp"
            label={t('routing.up', { name: rule.definition.name })}
          />
        )}
        {!last && (
          <Deed
            path={`${base}/${rule.id}/move`}
            fields={{ to: 'down' }}
            icon="chevronDown"
            label={t('routing.down', { name: rule.definition.name })}
          />
        )}
        <Deed
          path={`${base}/${rule.id}/${rule.on ? 'off' : 'on'}`}
          icon={rule.on ? 'pause' : 'play'}
          label={t(rule.on ? 'routing.turnOff' : 'routing.turnOn', { name: rule.definition.name })}
        />
      </>
    )}
  </Row>
)

const Deed = ({
  path,
  fields = {},
  icon,
  label,
}: {
  path: string
  fields?: Record<string, string>
  icon: 'play' | 'pause' | 'chevronUp' | 'chevronDown'
  label: string
}) => (
  <ActionForm action={path} fields={fields}>
    <IconButton icon={icon} label={label} size="small" />
  </ActionForm>
)

const Marks = ({ rule }: { rule: Rule }) => (
  <>
    {rule.stoppedAt && (
      <Badge tone="warning" icon="refresh">
        {t('routing.looped')}
      </Badge>
    )}
    {rule.faults.length > 0 && (
      <Badge tone="warning" icon="warning">
        {t('routing.faulty')}
      </Badge>
    )}
    {!rule.on && !rule.archived && <Badge>{t('routing.isOff')}</Badge>}
  </>
)
