/** What one can do with a message: react, edit, remove. Drawn only; the deeds are those of content and reactions. */
import { t } from '#kernel/messages.ts'
import { Button, Menu, MenuItem } from './controls.tsx'
import { Dialog } from './feedback.tsx'
import { Form, FormActions, TextArea } from './fields.tsx'
import { Reaction } from './talk.tsx'

/** Offered first; any other emoji works as well. */
const usual = ['👍', '❤️', '✅', '👀', '🎉']

export interface ReactionsProps {
  object: string
  /** What was given so far, most given first. */
  given: { kind: string; count: number; mine: boolean }[]
}

/** The reactions so far, and a small menu with the usual ones. */
export const Reactions = ({ object, given }: ReactionsProps) => (
  <>
    {given.map(({ kind, count, mine }) => (
      <Reaction
        emoji={kind}
        count={count}
        mine={mine}
        action={`/objects/${object}/${mine ? 'unreact' : 'react'}`}
        fields={{ kind }}
        label={t('kernel.messageReaction', { kind, count })}
      />
    ))}
    <Menu id={`react-${object}`} label={t('kernel.messageReact')} icon="smile" iconOnly size="small">
      {usual.map(kind => (
        <MenuItem action={`/objects/${object}/react`} fields={{ kind }}>
          {kind}
        </MenuItem>
      ))}
    </Menu>
  </>
)

export interface MessageMenuProps {
  content: { id: string; text: string }
  mayEdit: boolean
  mayRemove: boolean
}

/** Edit and remove, for whoever may; nothing for everybody else. */
export const MessageMenu = ({ content, mayEdit, mayRemove }: MessageMenuProps) =>
  !mayEdit && !mayRemove ? (
    <></>
  ) : (
    <>
      <Menu id={`deeds-${content.id}`} label={t('kernel.messageDeeds')} icon="more" iconOnly size="small" align="end">
        {mayEdit && (
          <MenuItem icon="edit" opens={`edit-${content.id}`}>
            {t('kernel.messageEdit')}
          </MenuItem>
        )}
        {mayRemove && (
          <MenuItem icon="trash" action={`/content/${content.id}/remove`} danger>
            {t('kernel.messageRemove')}
          </MenuItem>
        )}
      </Menu>
      {mayEdit && <Editing {...content} />}
    </>
  )

const Editing = ({ id, text }: { id: string; text: string }) => (
  <Dialog id={`edit-${id}`} title={t('kernel.messageEdit')}>
    <Form action={`/content/${id}/edit`}>
      <TextArea
        name="text"
        id={`edit-${id}-text`}
        label={t('kernel.messageText')}
        value={text}
        rows={6}
        maxlength={100_000}
        mentions
        required
      />
      <FormActions>
        <Button look="strong">{t('kernel.messageSave')}</Button>
      </FormActions>
    </Form>
  </Dialog>
)
