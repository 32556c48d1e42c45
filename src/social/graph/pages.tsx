/** How one is tied to a person: on that person's page. */
import { ActionForm, Button, Menu, MenuItem } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer } from '#kernel/page.tsx'
import { personActions } from '#social/people/words.ts'
import * as graph from './actions.ts'

export const followButton = offer(
  personActions,
  async (see, { person }) => {
    const ties = await graph.tiesWith(see.ctx, { person })
    if (ties.self) return null
    return (
      <>
        <ActionForm action={`/people/${person}/${ties.follows ? 'unfollow' : 'follow'}`}>
          <Button icon={ties.follows ? 'check' : 'add'} pressed={ties.follows}>
            {ties.follows ? t('graph.follows') : t('graph.follow')}
          </Button>
        </ActionForm>
        <Menu id="person-more" label={t('graph.more')} icon="more" iconOnly align="end">
          {ties.blocks ? (
            <MenuItem icon="undo" action={`/people/${person}/unblock`}>
              {t('graph.unblock')}
            </MenuItem>
          ) : (
            <MenuItem icon="shield" action={`/people/${person}/block`} hint={t('graph.blockWhy')} danger>
              {t('graph.block')}
            </MenuItem>
          )}
        </Menu>
      </>
    )
  },
  { order: 10, who: 'people.follow' },
)

const tieForm = (verb: string, action: typeof graph.follow, back: string, say: string) =>
  form(`/people/:person/${verb}`, action, {
    done: (_see, { person }) => ({ stay: true, say, undo: { path: `/people/${person}/${back}`, fields: {} } }),
  })

export const doFollow = tieForm('follow', graph.follow, 'unfollow', 'graph.followed')
export const doUnfollow = tieForm('unfollow', graph.unfollow, 'follow', 'graph.unfollowed')
export const doBlock = tieForm('block', graph.block, 'unblock', 'graph.blocked')
export const doUnblock = tieForm('unblock', graph.unblock, 'block', 'graph.unblocked')
