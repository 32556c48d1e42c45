/** At the end of a crisis: how fast it was noticed, answered and over, what happened, and what is learned from it. */
import { Button, Card, Form, FormActions, Grid, PlainText, Stack, Stat, TextArea } from '#kernel/html/kit.tsx'
import { dateTime, number, t } from '#kernel/messages.ts'
import type { Gathered } from './pages-room.tsx'
import { minutesOf } from './rules.ts'

const moments = ['firstAlert', 'noticed', 'statement', 'peak', 'calm'] as const

/** From two hours on nobody counts in minutes. */
function lastingOf(minutes: number | null): string {
  if (minutes === null) return t('alerts.unknown')
  return minutes < 120 ? t('alerts.minutes', { minutes }) : t('alerts.hours', { hours: number(minutes / 60, { maximumFractionDigits: 1 }) })
}

export const Review = ({ it }: { it: Gathered }) => {
  const { room, course, works } = it
  const minutes = minutesOf(course)
  return (
    <Card id="review" title={t('alerts.review')} detail={t('alerts.reviewWhy')}>
      <Stack>
        <Grid columns="narrow" gap="small">
          <Stat
            label={t('alerts.course.firstPost')}
            value={course.firstPost ? dateTime(course.firstPost) : t('alerts.unknown')}
            unknown={!course.firstPost}
          />
          {moments.map(each => (
            <Stat
              label={t(`alerts.course.${each}`)}
              value={lastingOf(minutes[each])}
              unknown={minutes[each] === null}
              detail={course[each] && dateTime(course[each])}
            />
          ))}
        </Grid>
        {works ? (
          <Form action={`/crises/${room.id}/review`} draft={`crises.review.${room.id}`} label={t('alerts.review')}>
            <TextArea name="happened" label={t('alerts.review.happened')} value={room.happened} maxlength={20_000} rows={4} />
            <TextArea
              name="learned"
              label={t('alerts.review.learned')}
              hint={t('alerts.review.learnedWhy')}
              value={room.learned}
              maxlength={20_000}
              rows={4}
            />
            <FormActions>
              <Button look="strong">{t('alerts.save')}</Button>
            </FormActions>
          </Form>
        ) : (
          <>
            <PlainText text={room.happened} />
            <PlainText text={room.learned} />
          </>
        )}
      </Stack>
    </Card>
  )
}
