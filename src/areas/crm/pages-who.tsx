/** Beside a conversation: with whom it is, and what was talked about before. */
import { drawingAgain } from '#kernel/html/again.tsx'
import { Item, ItemList, Panel, PersonChip, RelativeTime } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { PersonCard } from '#social/people/words.ts'
import { titleOf } from './pages-list.tsx'
import type { Conversation as Talk, View } from './words.ts'

interface WhoProps {
  person: PersonCard | undefined
  history: Talk[]
  here: string
  view: View
}

export const Who = (props: WhoProps) => {
  const { person, history, here, view } = props
  const talks = history.flatMap(each => [each.thread, each.subject, each.state, each.lastAt.getTime()])
  return drawingAgain('crm.who')([person?.name, person?.stands, here, view, ...talks], () => <WhoItIs {...props} />)
}

const WhoItIs = ({ person, history, here, view }: WhoProps) => (
  <>
    <Panel title={t('crm.who')}>
      <PersonChip
        name={person?.name ?? t('crm.somebody')}
        href={person ? `/people/${person.stands}` : undefined}
        side="customer"
        size="medium"
        strong
      />
    </Panel>
    <Panel title={t('crm.history')} count={history.length} folds>
      <ItemList label={t('crm.history')}>
        {history.map(each => (
          <Item
            href={`/inbox/${view}/${each.thread}`}
            title={<bdi>{titleOf(each)}</bdi>}
            detail={
              <>
                {t(`crm.state.${each.state}`)} · <RelativeTime at={each.lastAt} />
                {each.thread === here && ` · ${t('crm.thisOne')}`}
              </>
            }
          />
        ))}
      </ItemList>
    </Panel>
  </>
)
