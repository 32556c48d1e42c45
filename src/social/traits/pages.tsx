/** On the page of a person: tier and stakeholder role. */
import { drawingAgain } from '#kernel/html/again.tsx'
import { ActionForm, Badge, Folded, Item, ItemList, Menu, MenuItem, Panel, Row, Stack } from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, offer } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { personPanel } from '#social/people/words.ts'
import * as traits from './actions.ts'
import { type Trait, type TraitKind, traitKinds, valuesOf } from './words.ts'

const nameOf = (kind: TraitKind, value: string) => t(`traits.${kind}.${value}`)

export const traitPanel = offer(
  personPanel,
  async (see, { person }) => {
    const it = await traits.show(see.ctx, { person })
    const write = may(see.ctx.actor, 'people.write')
    if (!write && it.all.length === 0) return null
    const past = it.all.filter(each => each.until)
    return (
      <Panel title={t('traits.title')}>
        <Stack gap="small">
          {write ? (
            <ActionForm action={`/people/${person}/traits`}>
              <Row>
                {traitKinds.map(kind => drawingAgain('traits.choose')([kind, it[kind]], () => <Choose kind={kind} value={it[kind]} />))}
              </Row>
            </ActionForm>
          ) : (
            traitKinds.map(kind => it[kind] && <Badge>{nameOf(kind, it[kind])}</Badge>)
          )}
          {past.length > 0 && <Past past={past} />}
        </Stack>
      </Panel>
    )
  },
  { order: 10, who: 'people.read' },
)

const Choose = ({ kind, value }: { kind: TraitKind; value: string | null }) => (
  <Menu
    id={`trait-${kind}`}
    label={t('traits.is', { kind: t(`traits.kind.${kind}`), value: value ? nameOf(kind, value) : t('traits.none') })}
    icon={kind === 'tier' ? 'star' : 'rings'}
    size="small"
  >
    {[...valuesOf[kind], ''].map(each => (
      <MenuItem name={kind} value={each} checked={each === (value ?? '')}>
        {each ? nameOf(kind, each) : t('traits.none')}
      </MenuItem>
    ))}
  </Menu>
)

const Past = ({ past }: { past: Trait[] }) => (
  <Folded label={t('traits.before', { count: past.length })}>
    <ItemList label={t('traits.before', { count: past.length })}>
      {past.map(each => (
        <Item title={nameOf(each.kind, each.value)} detail={`${date(each.since)} – ${date(each.until!)}`} />
      ))}
    </ItemList>
  </Folded>
)

export const doPut = form('/people/:person/traits', traits.put, {
  read: (fields, { person }) => {
    const kind = traitKinds.find(each => fields.has(each)) ?? 'tier'
    return { person: person!, kind, value: String(fields.get(kind) ?? '') || null }
  },
  done: (_see, { person, before }, { kind }) => ({
    stay: true,
    say: 'traits.saved',
    undo: { path: `/people/${person}/traits`, fields: { [kind]: before ?? '' } },
  }),
})
