/** What a rule would have done: each opens what it is about. */
import type { z } from 'zod'
import { Banner, Card, EmptyState, Item, ItemList, Quiet, Stack } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { tryOut } from './actions.ts'
import { amongText, type Choices, didText } from './pages-words.tsx'
import type { Did } from './words.ts'

interface Props {
  tried: z.output<typeof tryOut.info.gives>
  choices: Choices
}

export const Tried = ({ tried: { looked, matched, items, names, faults }, choices }: Props) => (
  <Stack>
    {faults.length > 0 && (
      <Banner tone="warning">{t('routing.faults', { what: faults.map(each => t(`routing.fault.${each}`)).join(', ') })}</Banner>
    )}
    <Banner icon="eye">{t('routing.tried', { looked, matched })}</Banner>
    {items.length === 0 ? (
      <EmptyState title={t('routing.wouldNothing')} why={t('routing.wouldNothingWhy')} icon="eye" />
    ) : (
      <Card title={t('routing.would')} detail={matched > items.length ? t('routing.onlyNewest', { count: items.length }) : undefined} flush>
        <ItemList label={t('routing.would')}>
          {items.map(each => (
            <Item href={each.path} title={<bdi>{each.subject}</bdi>} detail={<Would did={each.did} names={names} choices={choices} />} />
          ))}
        </ItemList>
      </Card>
    )}
  </Stack>
)

/** As it would be: what is put off is what would be done. */
const Would = ({ did, names, choices }: { did: Did[]; names: Record<string, string>; choices: Choices }) => (
  <>
    {did.map(each => didText(each, names, choices.teams)).join(' · ')}
    {did.some(each => each.among?.length) && (
      <>
        {' '}
        <Quiet small>{did.flatMap(each => amongText(each, names)).join(', ')}</Quiet>
      </>
    )}
  </>
)
