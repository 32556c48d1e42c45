/** What happened in a crisis room, the latest first: by itself and by hand. */
import { ActionForm, Button, Card, Form, FormActions, Icon, IconButton, type IconName, Input, Item, ItemList, Pager, RelativeTime, Row, Stack, TextArea } from '#kernel/html/kit.tsx' // biome-ignore format: one line
import { t } from '#kernel/messages.ts'
import type { Gathered } from './pages-room.tsx'
import type { Entry, EntryKind } from './words.ts'

const icons: Record<EntryKind, IconName> = {
  ...{ note: 'note', opened: 'flag', alert: 'bell', level: 'trendUp', over: 'check', stage: 'flag', owner: 'assign', statement: 'edit' },
  ...{
    approved: 'checkCircle',
    out: 'megaphone',
    held: 'pause',
    resumed: 'play',
    case: 'task',
    closed: 'check',
    reopened: 'undo',
    review: 'book',
  },
}

export const Timeline = ({ it }: { it: Gathered }) => {
  const { room, entries, works, before } = it
  return (
    <Card id="timeline" title={t('alerts.room.timeline')} detail={t('alerts.room.timelineWhy')}>
      <Stack>
        {works && <NewNote room={room.id} />}
        <ItemList label={t('alerts.room.timeline')}>
          {entries.items.map(each => (
            <Line entry={each} it={it} />
          ))}
        </ItemList>
        <Pager
          older={entries.next ? `/crises/${room.id}?before=${encodeURIComponent(entries.next)}#timeline` : undefined}
          newer={before ? `/crises/${room.id}#timeline` : undefined}
        />
      </Stack>
    </Card>
  )
}

const NewNote = ({ room }: { room: string }) => (
  <Form action={`/crises/${room}/notes`} label={t('alerts.room.note')}>
    <TextArea name="text" label={t('alerts.room.note')} hint={t('alerts.room.noteWhy')} maxlength={5000} rows={2} required />
    <Input name="at" type="datetime-local" label={t('alerts.room.noteAt')} optional />
    <FormActions>
      <Button icon="add">{t('alerts.room.addNote')}</Button>
    </FormActions>
  </Form>
)

const Line = ({ entry, it }: { entry: Entry; it: Gathered }) => {
  const says = sentenceOf(entry, it)
  const isNote = entry.kind === 'note'
  return (
    <Item
      face={<Icon name={icons[entry.kind]} />}
      title={isNote ? <bdi>{entry.text}</bdi> : says}
      detail={isNote && says}
      end={
        <Row>
          <RelativeTime at={entry.at} />
          {isNote && it.works && (
            <ActionForm action={`/crises/notes/${entry.id}/remove`}>
              <IconButton icon="close" label={t('alerts.room.takeNote')} size="small" />
            </ActionForm>
          )}
        </Row>
      }
    />
  )
}

function sentenceOf({ kind, by, detail }: Entry, { people }: Gathered): string {
  const stage = (which: string | undefined) => (which ? t(`alerts.stage.${which}`) : '')
  return t(`alerts.entry.${kind}`, {
    actor: (by && people.get(by)?.name) || t('alerts.theHouse'),
    monitor: detail.monitor ?? '',
    kind: detail.kind ? t(`alerts.kind.${detail.kind}`) : '',
    level: detail.level ? t(`alerts.level.${detail.level}`) : '',
    from: stage(detail.from),
    to: stage(detail.to ?? detail.stage),
    person: detail.person ? (people.get(detail.person)?.name ?? '–') : t('alerts.room.toNobody'),
    number: detail.number ?? '',
  })
}
