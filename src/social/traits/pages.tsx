/** On the page of a person: tier and stakeholder role. */
import { Badge, Folded, Item, ItemList, Menu, MenuItem, Panel, Stack } from '#kernel/html/kit.tsx'
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
          {traitKinds.map(kind =>
            write ? <Choose person={person} kind={kind} value={it[kind]} /> : it[kind] && <Badge>{nameOf(kind, it[kind])}</Badge>,
          )}
          {past.length > 0 && <Past past={past} />}
        </Stack>
      </Panel>
    )
  },
  { order: 10, who: 'people.read' },
)

const Choose = ({ person, kind, value }: { person: string; kind: TraitKind; value: string | null }) => (
  <Menu
    id={`trait-${kind}`}
    label={t('traits.is', { kind: t(`traits.kind.${kind}`), value: value ? nameOf(kind, value) : t('traits.none') })}
    icon={kind === 'tier' ? 'star' : 'rings'}
    size="small"
  >
    {[...valuesOf[kind], ''].map(each => (
      <MenuItem action={`/people/${person}/traits`} fields={{ kind, value: each }} checked={each === (value ?? '')}>
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

const isKind = (text: string): text is TraitKind => traitKinds.some(each => each === text)

export const doPut = form('/people/:person/traits', traits.put, {
  read: (fields, { person }) => {
    const kind = String(fields.get('kind') ?? '')
    return { person: person!, kind: isKind(kind) ? kind : 'tier', value: String(fields.get('value') ?? '') || null }
  },
  done: (_see, { person, before }, { kind }) => ({
    stay: true,
    say: 'traits.saved',
    undo: { path: `/people/${person}/traits`, fields: { kind, value: before ?? '' } },
  }),
})
