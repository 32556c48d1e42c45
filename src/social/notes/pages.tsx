/** On the page of a person: what colleagues noted. */
import {
  Button,
  Card,
  Dialog,
  Form,
  FormActions,
  Item,
  ItemList,
  LinkButton,
  Menu,
  MenuItem,
  PlainText,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { dateTime, t } from '#kernel/messages.ts'
import { form, offer } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { personCards } from '#social/people/words.ts'
import * as notes from './actions.ts'
import type { Note } from './words.ts'

const isId = (text: string | null): text is string => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? '')

export const card = offer(
  personCards,
  async (see, { person }) => {
    const before = see.query.get('notes')
    const { items, next } = await notes.list(see.ctx, { person, before: isId(before) ? before : undefined, limit: 5 })
    const write = may(see.ctx.actor, 'people.write')
    if (items.length === 0 && !write) return null
    return (
      <Card title={t('notes.title')} icon="note" detail={t('notes.why')}>
        <Stack>
          {write && (
            <Form action={`/people/${person}/notes`} draft={`notes.${person}`} label={t('notes.add')}>
              <TextArea
                name="text"
                id="note-text"
                label={t('notes.text')}
                labelHidden
                placeholder={t('notes.text')}
                rows={2}
                maxlength={5000}
                required
              />
              <FormActions>
                <Button>{t('notes.add')}</Button>
              </FormActions>
            </Form>
          )}
          {items.length > 0 && (
            <ItemList label={t('notes.title')}>
              {items.map(each => (
                <NoteItem it={each} write={write} />
              ))}
            </ItemList>
          )}
          {next && (
            <LinkButton href={`/people/${person}?notes=${next}`} size="small" iconEnd="chevronRight">
              {t('notes.older')}
            </LinkButton>
          )}
        </Stack>
      </Card>
    )
  },
  { order: 5, who: 'people.read' },
)

const NoteItem = ({ it, write }: { it: Note; write: boolean }) => (
  <Item
    title={<PlainText text={it.text} />}
    detail={[it.by?.name, dateTime(it.at), it.editedAt && t('notes.edited')].filter(Boolean).join(' · ')}
    end={
      write && (
        <>
          <Menu id={`note-${it.id}`} label={t('notes.menu')} icon="more" iconOnly align="end">
            {it.mine && (
              <MenuItem icon="edit" opens={`edit-${it.id}`}>
                {t('notes.edit')}
              </MenuItem>
            )}
            <MenuItem icon="remove" action={`/people/notes/${it.id}/remove`} danger>
              {t('notes.remove')}
            </MenuItem>
          </Menu>
          {it.mine && (
            <Dialog id={`edit-${it.id}`} title={t('notes.edit')}>
              <Form action={`/people/notes/${it.id}/edit`} label={t('notes.edit')}>
                <TextArea name="text" id={`text-${it.id}`} label={t('notes.text')} value={it.text} rows={5} maxlength={5000} required />
                <FormActions>
                  <Button look="strong">{t('notes.save')}</Button>
                </FormActions>
              </Form>
            </Dialog>
          )}
        </>
      )
    }
  />
)

export const doAdd = form('/people/:person/notes', notes.add, {
  done: (_see, { note }) => ({ stay: true, say: 'notes.added', undo: { path: `/people/notes/${note}/remove`, fields: {} } }),
})

export const doEdit = form('/people/notes/:note/edit', notes.edit, {
  done: (_see, { before }, { note }) => ({
    stay: true,
    say: 'notes.saved',
    undo: { path: `/people/notes/${note}/edit`, fields: { text: before } },
  }),
})

export const doRemove = form('/people/notes/:note/remove', notes.remove, {
  done: (_see, { note }) => ({ stay: true, say: 'notes.removed', undo: { path: `/people/notes/${note}/back`, fields: {} } }),
})

export const doBringBack = form('/people/notes/:note/back', notes.bringBack, { done: () => ({ stay: true, say: 'notes.back' }) })
