/** What is to be sold in an opportunity: its products as lines that add up. */
import { ActionForm, Button, Card, Folded, Form, FormActions, Grid, IconButton, Input, Menu, Row, Stack, Table } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import type { Gathered } from './pages-one.tsx'
import { deedsOf, money, percentText, worthText } from './pages-parts.tsx'
import { amountText } from './rules.ts'
import type { Line } from './words.ts'

export const Products = ({ it: { row, works } }: { it: Gathered }) => {
  const changes = works && !row.closedAt
  if (!changes && row.lines.length === 0) return null
  return (
    <Card
      title={t('sales.products')}
      detail={row.lines.length ? undefined : t('sales.noProducts')}
      actions={row.lines.length > 0 && <strong>{worthText(row)}</strong>}
    >
      <Stack>
        {row.lines.length > 0 && <Lines lines={row.lines} currency={row.currency} changes={changes} />}
        {changes && (
          <Folded label={t('sales.addLine')} open={row.lines.length === 0}>
            <Form action={`${deedsOf(row)}/lines`} hidden={{ currency: row.currency }} label={t('sales.addLine')}>
              <LineFields currency={row.currency} id="new" />
              <FormActions>
                <Button size="small" icon="add">
                  {t('sales.addLine')}
                </Button>
              </FormActions>
            </Form>
          </Folded>
        )}
      </Stack>
    </Card>
  )
}

const Lines = ({ lines, currency, changes }: { lines: Line[]; currency: string; changes: boolean }) => (
  <Table
    caption={t('sales.products')}
    captionHidden
    rows={lines}
    stacks
    columns={[
      { head: t('sales.product'), heading: true, cell: each => <bdi>{each.name}</bdi> },
      { head: t('sales.quantity'), numeric: true, cell: each => number(each.quantity) },
      { head: t('sales.unit'), numeric: true, cell: each => money(each.unit, currency) },
      { head: t('sales.discount'), numeric: true, cell: each => (each.discount ? percentText(each.discount) : '–') },
      { head: t('sales.lineTotal'), numeric: true, cell: each => money(each.total, currency) },
      ...(changes
        ? [{ head: t('sales.change'), headHidden: true, cell: (each: Line) => <LineDeeds each={each} currency={currency} /> }]
        : []),
    ]}
  />
)

const LineDeeds = ({ each, currency }: { each: Line; currency: string }) => (
  <Row>
    <Menu id={`line-${each.id}`} label={t('sales.changeLine', { name: each.name })} icon="edit" iconOnly align="end">
      <Form action={`/sales/lines/${each.id}`} hidden={{ currency }} label={t('sales.changeLine', { name: each.name })}>
        <LineFields currency={currency} id={each.id} line={each} />
        <Button look="strong">{t('sales.save')}</Button>
      </Form>
    </Menu>
    <ActionForm action={`/sales/lines/${each.id}/drop`}>
      <IconButton icon="close" label={t('sales.dropLine', { name: each.name })} size="small" />
    </ActionForm>
  </Row>
)

const LineFields = ({ currency, id, line }: { currency: string; id: string; line?: Line }) => (
  <Grid columns="narrow">
    <Input id={`line-name-${id}`} name="name" label={t('sales.product')} value={line?.name} maxlength={200} required autocomplete="off" />
    <Input
      id={`line-quantity-${id}`}
      name="quantity"
      label={t('sales.quantity')}
      value={line?.quantity ?? 1}
      maxlength={12}
      inputmode="decimal"
      required
    />
    <Input
      id={`line-unit-${id}`}
      name="unit"
      label={t('sales.unit')}
      value={line && amountText(line.unit, currency)}
      after={currency}
      maxlength={20}
      inputmode="decimal"
      required
    />
    <Input
      id={`line-discount-${id}`}
      name="discount"
      label={t('sales.discount')}
      value={line?.discount ?? 0}
      after="%"
      maxlength={6}
      inputmode="decimal"
      optional
    />
  </Grid>
)
