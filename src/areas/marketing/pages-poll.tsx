/** Asking something with a post: the choices, until when, and whether one may choose several. */
import { Checkbox, Icon, Select, Stack, TextArea } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { Stage } from './actions-writing.ts'
import { type Post, pollHours } from './words.ts'

/** There where a network knows polls. */
export const PollFields = ({ post: { poll }, stages }: { post: Post; stages: Stage[] }) =>
  stages.some(each => each.limits.poll) && (
    <details class="folded post-quotes" open={Boolean(poll) || undefined}>
      <summary>
        <Icon name="chart" size={14} />
        {t('marketing.poll')}
      </summary>
      <Stack gap="small">
        <TextArea
          name="pollChoices"
          label={t('marketing.pollChoices')}
          hint={t('marketing.pollChoicesHint')}
          value={poll?.choices.join('\n')}
          rows={3}
          maxlength={4000}
          optional
        />
        <Select
          name="pollHours"
          label={t('marketing.pollHours')}
          value={String(poll?.hours ?? 24)}
          choices={pollHours.map(hours => ({ value: String(hours), label: t('marketing.pollHoursIs', { hours, days: hours / 24 }) }))}
        />
        <Checkbox name="pollMany" label={t('marketing.pollMany')} checked={poll?.many} />
      </Stack>
    </details>
  )

/** What was filled in; null where there is no choice yet. */
export function pollIn(fields: FormData) {
  const text = (name: string) => String(fields.get(name) ?? '')
  const choices = text('pollChoices').split('\n').map(line => line.trim()).filter(Boolean) // biome-ignore format: one line
  return choices.length ? { choices, hours: Number(text('pollHours')) || 24, many: fields.has('pollMany') } : null
}
