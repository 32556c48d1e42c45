/** The page that says what went wrong and how to go on. */
import type { RefusalCode } from '#kernel/errors.ts'
import { t } from '#kernel/messages.ts'
import { LinkButton } from './controls.tsx'
import { EmptyState } from './feedback.tsx'
import { Stack } from './layout.tsx'

export interface ProblemProps {
  code: RefusalCode | 'bug'
  sentence: string
  fields: { name: string; sentence: string }[]
}

/** A few words, for the tab and the heading; the sentence says the rest. */
export const problemTitle = (code: ProblemProps['code']): string => t(`kernel.problem.${code}`)

const Fields = ({ fields }: Pick<ProblemProps, 'fields'>) => (
  <ul>
    {fields.map(field => (
      <li>
        {field.name}: {field.sentence}
      </li>
    ))}
  </ul>
)

/** For people who are signed in: where they were at work, with everything around it. */
export const Problem = ({ code, sentence, fields }: ProblemProps) => (
  <EmptyState
    heading
    title={problemTitle(code)}
    why={code === 'bug' ? `${sentence} ${t('kernel.bugWhy')}` : sentence}
    icon={code === 'forbidden' ? 'lock' : code === 'notFound' || code === 'gone' ? 'search' : 'warning'}
    action={{ label: t('kernel.toStart'), href: '/' }}
  >
    {fields.length > 0 && <Fields fields={fields} />}
  </EmptyState>
)

/** For everyone else; the frame around it says the title. */
export const PublicProblem = ({ code, sentence, fields }: ProblemProps) => (
  <Stack gap="large">
    <p class="lead">{sentence}</p>
    {code === 'bug' && <p>{t('kernel.bugWhy')}</p>}
    {fields.length > 0 && <Fields fields={fields} />}
    <LinkButton href="/" look="strong" size="large">
      {t('kernel.toStart')}
    </LinkButton>
  </Stack>
)
