/** The first look into a file: how it is read, what its columns mean, or the first things in it. */
import {
  Button,
  Card,
  EmptyState,
  FieldSet,
  Form,
  FormActions,
  Grid,
  Item,
  ItemList,
  Quiet,
  Select,
  Stack,
  Table,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import * as imports from './actions.ts'
import type { Option, Preview, Run } from './words.ts'

export const pathOf = (run: Pick<Run, 'id'>) => `/imports/${run.id}`

const Choice = ({ it }: { it: Option }) => <Select name={it.name} label={it.label} choices={it.choices} value={it.value} />

export async function Match({ see, run }: { see: See; run: Run }) {
  const preview: Preview = await imports.previewOf(see.ctx, run.id)
  return (
    <Form action={`${pathOf(run)}/check`} label={t('imports.step.look')}>
      {(preview.options.length > 0 || !preview.samples) && <HowRead run={run} options={preview.options} />}
      {preview.samples ? <First samples={preview.samples} /> : <Columns columns={preview.columns} />}
      <FormActions>
        <Button look="strong" icon="check">
          {t('imports.check')}
        </Button>
      </FormActions>
    </Form>
  )
}

const HowRead = ({ run, options }: { run: Run; options: Option[] }) => (
  <Card title={t('imports.howRead')} detail={t('imports.howReadWhy')}>
    <Stack>
      <Grid columns="narrow">
        {options.map(it => (
          <Choice it={it} />
        ))}
      </Grid>
      <FormActions>
        <Button name="again" value="yes" formaction={`${pathOf(run)}/choose`} icon="refresh">
          {t('imports.readAgain')}
        </Button>
      </FormActions>
    </Stack>
  </Card>
)

const First = ({ samples }: { samples: NonNullable<Preview['samples']> }) => (
  <Card title={t('imports.first')} detail={t('imports.firstWhy')} flush>
    {samples.length === 0 ? (
      <EmptyState compact title={t('imports.firstNone')} />
    ) : (
      <ItemList label={t('imports.first')}>
        {samples.map(each => (
          <Item title={<bdi>{each.title}</bdi>} detail={<bdi>{each.detail}</bdi>} />
        ))}
      </ItemList>
    )}
  </Card>
)

const Columns = ({ columns }: { columns: Option[] }) => (
  <FieldSet title={t('imports.columns')} hint={t('imports.columnsWhy')}>
    <Table
      caption={t('imports.columns')}
      captionHidden
      rows={columns}
      empty={<EmptyState compact title={t('imports.noColumns')} why={t('imports.noColumnsWhy')} />}
      columns={[
        { head: t('imports.column'), heading: true, cell: it => <bdi>{it.label}</bdi> },
        {
          head: t('imports.samples'),
          wideOnly: true,
          cell: it => (
            <Quiet small>
              <bdi>{(it.samples ?? []).map(each => each.slice(0, 60)).join(' · ')}</bdi>
            </Quiet>
          ),
        },
        {
          head: t('imports.means'),
          cell: it => <Select name={it.name} label={it.label} labelHidden choices={it.choices} value={it.value} />,
        },
      ]}
    />
  </FieldSet>
)
