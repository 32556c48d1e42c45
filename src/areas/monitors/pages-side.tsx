/** What led to a case, beside it. */
import { casePanel } from '#areas/cases/words.ts'
import { ItemList, Panel } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { offer } from '#kernel/page.tsx'
import * as monitors from './actions.ts'
import { MentionItem } from './pages-parts.tsx'

export const behindCase = offer(
  casePanel,
  async (see, { case: object }) => {
    const items = await monitors.behind(see.ctx, object)
    if (items.length === 0) return null
    return (
      <Panel title={t('monitors.mentions')}>
        <ItemList label={t('monitors.mentions')}>
          {items.map(each => (
            <MentionItem mention={each} now={see.ctx.now} />
          ))}
        </ItemList>
      </Panel>
    )
  },
  { order: 60, who: 'monitors.read' },
)
