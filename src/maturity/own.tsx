/** A model as data: to read, to copy, and, where it is one's own, to change and bring back. */
import {
  ActionForm,
  Button,
  Card,
  CodeBlock,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  RelativeTime,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { Html, See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as models from './actions.ts'
import type { Shown } from './parts.tsx'
import type { Framework } from './words.ts'

export async function Definition({ see, shown }: { see: See; shown: Shown }): Promise<Html> {
  const { framework, own } = shown
  const writes = may(see.ctx.actor, models.copy.info.who)
  const text = JSON.stringify(framework, null, 2)
  const { items } = own ? await models.revisions(see.ctx, { model: framework.id }) : { items: [] }
  const revision = String(items[0]?.revision ?? 0)
  return (
    <Stack gap="large">
      {writes && (
        <Card title={t('maturity.copy')}>
          <Form action={`/models/${framework.id}/copy`} columns>
            <Input name="name" label={t('maturity.copyName')} required maxlength={200} />
            <FormActions>
              <Button look={own ? 'plain' : 'strong'} icon="copy">
                {t('maturity.copy')}
              </Button>
            </FormActions>
          </Form>
        </Card>
      )}
      {own && writes ? (
        <Card title={t('maturity.change')}>
          <Form action={`/models/${framework.id}/change`} hidden={{ revision }} draft={`model:${framework.id}`}>
            <TextArea name="framework" label={t('maturity.changeData')} value={text} rows={24} required />
            <FormActions>
              <Button look="strong">{t('maturity.save')}</Button>
              <Button look="danger" formaction={`/models/${framework.id}/remove`}>
                {t('maturity.remove')}
              </Button>
            </FormActions>
          </Form>
        </Card>
      ) : (
        <CodeBlock code={text} language="json" />
      )}
      {items.length > 1 && <Revisions framework={framework} items={items} writes={writes} />}
    </Stack>
  )
}

const Revisions = ({
  framework,
  items,
  writes,
}: {
  framework: Framework
  items: Awaited<ReturnType<typeof models.revisions>>['items']
  writes: boolean
}) => (
  <Card title={t('maturity.revisions')} flush>
    <ItemList label={t('maturity.revisions')}>
      {items.slice(1).map(each => (
        <Item
          title={t(each.removed ? 'maturity.revisionRemoved' : 'maturity.revision', { revision: String(each.revision) })}
          detail={<RelativeTime at={each.at} look="full" />}
          end={
            writes &&
            !each.removed && (
              <ActionForm action={`/models/${framework.id}/restore`} fields={{ revision: String(each.revision) }}>
                <Button size="small" icon="undo">
                  {t('maturity.restore')}
                </Button>
              </ActionForm>
            )
          }
        />
      ))}
    </ItemList>
  </Card>
)
