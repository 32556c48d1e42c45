/** The page that says what went wrong and how to go on. */
import { t } from '#kernel/messages.ts'
import { EmptyState } from './feedback.tsx'

export const Problem = ({
  status,
  sentence,
  fields,
}: {
  status: number
  sentence: string
  fields: { name: string; sentence: string }[]
}) => (
  <EmptyState
    heading
    title={sentence}
    why={status === 500 ? t('kernel.bugWhy') : undefined}
    icon="warning"
    action={{ label: t('kernel.toStart'), href: '/' }}
  >
    {fields.length > 0 && (
      <ul>
        {fields.map(field => (
          <li>
            {field.name}: {field.sentence}
          </li>
        ))}
      </ul>
    )}
  </EmptyState>
)
