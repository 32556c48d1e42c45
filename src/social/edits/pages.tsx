/** What is done with many people at once: the bar below a list of them, and how far it is. */
import {
  Breadcrumb,
  BulkBar,
  Button,
  CardList,
  Checkbox,
  IconButton,
  Input,
  Item,
  LinkButton,
  ListPage,
  Menu,
  MenuGroup,
  MenuItem,
  Pager,
  RelativeTime,
  Row,
  RunPage,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { languageNames, languages, number, t } from '#kernel/messages.ts'
import { form, offer, page, typed } from '#kernel/page.tsx'
import { list as fieldsList } from '#social/fields/actions.ts'
import type { Field } from '#social/fields/words.ts'
import { inUse } from '#social/lists/actions.ts'
import type { PeopleList } from '#social/lists/words.ts'
import { peopleChosen } from '#social/people/words.ts'
import { sideNames } from '#social/sides/words.ts'
import { traitKinds, valuesOf } from '#social/traits/words.ts'
import * as edits from './actions.ts'
import type { Edit, Everybody, Wish } from './words.ts'

const base = '/people/edits'

export const bar = offer(
  peopleChosen,
  async (see, { form: id, ...all }) => {
    const [lists, { items: fields }] = [await inUse(see.ctx), await fieldsList(see.ctx, {})]
    return (
      <BulkBar id={id} action={base}>
        {Object.entries(all).map(([name, value]) => value && <input type="hidden" name={`in.${name}`} value={value} />)}
        <Lists lists={lists} />
        <Traits />
        <More fields={fields} />
        <Checkbox name="all" value="yes" label={t('edits.all')} />
        <IconButton icon="history" label={t('edits.edits')} href={base} size="small" />
      </BulkBar>
    )
  },
  { who: 'people.write' },
)

const Lists = ({ lists }: { lists: PeopleList[] }) => (
  <Menu id="edit-lists" label={t('lists.lists')} icon="list" size="small">
    {lists.length > 0 && (
      <MenuGroup title={t('edits.putOn')}>
        {lists.map(each => (
          <MenuItem name="does" value={`listPut ${each.id}`}>
            {each.name}
          </MenuItem>
        ))}
      </MenuGroup>
    )}
    <Stack gap="small">
      <Input name="newList" id="edit-new-list" label={t('edits.newList')} maxlength={100} autocomplete="off" />
      <Row>
        <Does value="newList">{t('edits.putOnNew')}</Does>
      </Row>
    </Stack>
    {lists.length > 0 && (
      <MenuGroup title={t('edits.takeOff')}>
        {lists.map(each => (
          <MenuItem name="does" value={`listTake ${each.id}`}>
            {each.name}
          </MenuItem>
        ))}
      </MenuGroup>
    )}
  </Menu>
)

const Traits = () => (
  <Menu id="edit-traits" label={t('edits.traits')} icon="star" size="small">
    {traitKinds.map(kind => (
      <MenuGroup title={t(`traits.kind.${kind}`)}>
        {[...valuesOf[kind], ''].map(value => (
          <MenuItem name="does" value={`${kind} ${value}`}>
            {value ? t(`traits.${kind}.${value}`) : t('traits.none')}
          </MenuItem>
        ))}
      </MenuGroup>
    ))}
  </Menu>
)

const More = ({ fields }: { fields: Field[] }) => (
  <Menu id="edit-more" label={t('edits.more')} icon="edit" size="small" align="end">
    <Stack gap="small">
      <Select
        name="language"
        id="edit-language"
        label={t('edits.language')}
        empty={t('edits.noLanguage')}
        choices={languages.map(value => ({ value, label: languageNames[value] }))}
      />
      <Row>
        <Does value="language">{t('edits.set')}</Does>
      </Row>
      <Select
        name="side"
        id="edit-side"
        label={t('edits.side')}
        choices={sideNames.filter(each => each !== 'colleague').map(value => ({ value, label: t(`sides.name.${value}`) }))}
      />
      <Row>
        <Does value="side">{t('edits.begins')}</Does>
        <Does value="sideEnd">{t('edits.ends')}</Does>
      </Row>
      <Input name="tag" id="edit-tag" label={t('edits.tag')} maxlength={60} autocomplete="off" />
      <Row>
        <Does value="tag">{t('edits.putOn')}</Does>
        <Does value="untag">{t('edits.takeOff')}</Does>
      </Row>
      {fields.length > 0 && <OwnField fields={fields} />}
    </Stack>
  </Menu>
)

const Does = ({ value, children }: { value: string; children: string }) => (
  <Button size="small" name="does" value={value}>
    {children}
  </Button>
)

const OwnField = ({ fields }: { fields: Field[] }) => (
  <>
    <Select name="field" id="edit-field" label={t('edits.field')} choices={fields.map(each => ({ value: each.id, label: each.name }))} />
    <Input
      name="value"
      id="edit-value"
      label={t('edits.value')}
      hint={t('edits.valueWhy')}
      suggestions={[...new Set(fields.flatMap(suggested))]}
      maxlength={2000}
      autocomplete="off"
    />
    <Row>
      <Does value="field">{t('edits.set')}</Does>
    </Row>
  </>
)

const suggested = (field: Field): string[] => (field.kind === 'choice' ? field.choices : field.kind === 'yesno' ? ['yes', 'no'] : [])

// —— forms ——

/** Anything that is none of its words is judged, and refused, by the action. */
function wishIn(fields: FormData): Wish {
  const [does, of = ''] = typed(fields, 'does').split(' ')
  const text = (name: string) => typed(fields, name).trim()
  const wishes: Record<string, object> = {
    listPut: { list: of },
    listTake: { list: of },
    newList: { does: 'listPut', name: text('newList') },
    tier: { value: of || null },
    player: { value: of || null },
    language: { value: text('language') },
    side: { side: text('side') },
    sideEnd: { side: text('side') },
    tag: { tag: text('tag') },
    untag: { tag: text('tag') },
    field: { field: text('field'), value: text('value') },
  }
  return { does, ...wishes[does!] } as Wish
}

const everybodyIn = (fields: FormData): Everybody =>
  Object.fromEntries(
    ['segment', 'list', 'q', 'side'].flatMap(name => (fields.get(`in.${name}`) ? [[name, typed(fields, `in.${name}`)]] : [])),
  )

export const doEdit = form(base, edits.edit, {
  read: fields => ({
    people: fields.has('all') ? [] : fields.getAll('people[]').map(String),
    ...(fields.has('all') && { all: everybodyIn(fields) }),
    deed: wishIn(fields),
  }),
  done: (_see, { edit, changed, ended }) =>
    ended
      ? { stay: true, say: 'edits.isDone', values: { count: changed }, ...(changed > 0 && { undo: { path: `${base}/${edit}/undo` } }) }
      : { go: `${base}/${edit}` },
})

export const doUndo = form(`${base}/:edit/undo`, edits.undo, {
  done: (_see, { ended }, { edit }) => (ended ? { stay: true, say: 'edits.isBack' } : { go: `${base}/${edit}` }),
})

export const doCancel = form(`${base}/:edit/stop`, edits.cancel, { done: () => ({ stay: true, say: 'edits.stops' }) })

export const listPage = page(
  base,
  { who: 'people.write', section: 'people', finds: () => [{ title: t('edits.edits'), icon: 'history' }] },
  async see => {
    const before = see.query.get('before') || undefined
    const { items, next } = await edits.list(see.ctx, { before, limit: 50 })
    return {
      title: t('edits.edits'),
      live: ['people'],
      body: (
        <ListPage
          title={t('edits.edits')}
          why={t('edits.why')}
          above={<Breadcrumb crumbs={[{ label: t('people.people'), href: '/people' }, { label: t('edits.edits') }]} />}
          width="reading"
        >
          <CardList
            label={t('edits.edits')}
            items={items}
            empty={{
              title: t('edits.empty'),
              why: t('edits.emptyWhy'),
              icon: 'history',
              action: { label: t('people.people'), href: '/people', icon: 'people' },
            }}
            line={each => (
              <Item
                title={t(`edits.run.${each.deed.does}`, { name: each.name })}
                href={`${base}/${each.id}`}
                detail={
                  <>
                    {stateOf(each)} · <RelativeTime at={each.at} />
                  </>
                }
              />
            )}
          />
          <Pager newer={before && base} older={next ? `${base}?before=${next}` : undefined} />
        </ListPage>
      ),
    }
  },
)

const stateOf = (it: Edit): string =>
  t(`edits.state.${it.state}`, { done: number(it.state === 'running' ? it.done : it.changed), total: number(it.total) })

export const runPage = page(`${base}/:edit`, { who: 'people.write', section: 'people' }, async see => {
  const it = await edits.show(see.ctx, { edit: see.params.edit! })
  const title = t(`edits.run.${it.deed.does}`, { name: it.name })
  return {
    title,
    live: [`task:${it.task}`, `edit:${it.id}`],
    body: (
      <RunPage
        title={title}
        detail={stateOf(it)}
        trouble={it.says && t(it.says)}
        run={it}
        path={`${base}/${it.id}`}
        stop={t('edits.stop')}
        back={t('edits.undo')}
      >
        <LinkButton href={base}>{t('edits.edits')}</LinkButton>
      </RunPage>
    ),
  }
})
