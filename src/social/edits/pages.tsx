/** What is done with many people at once: the bar below a list of them, and how far it is. */
import { BulkBar, Button, Checkbox, Input, LinkButton, Menu, MenuGroup, MenuItem, RunPage, Select } from '#kernel/html/kit.tsx'
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
import type { Everybody, Wish } from './words.ts'

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
    <Input name="newList" id="edit-new-list" label={t('edits.newList')} maxlength={100} autocomplete="off" />
    <Button size="small" icon="add" name="does" value="newList">
      {t('edits.putOnNew')}
    </Button>
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
    <Select
      name="language"
      id="edit-language"
      label={t('edits.language')}
      empty={t('edits.noLanguage')}
      choices={languages.map(value => ({ value, label: languageNames[value] }))}
    />
    <Button size="small" name="does" value="language">
      {t('edits.set')}
    </Button>
    <Select
      name="side"
      id="edit-side"
      label={t('edits.side')}
      choices={sideNames.filter(each => each !== 'colleague').map(value => ({ value, label: t(`sides.name.${value}`) }))}
    />
    <Button size="small" name="does" value="side">
      {t('edits.begins')}
    </Button>
    <Button size="small" name="does" value="sideEnd">
      {t('edits.ends')}
    </Button>
    <Input name="tag" id="edit-tag" label={t('edits.tag')} maxlength={60} autocomplete="off" />
    <Button size="small" icon="tag" name="does" value="tag">
      {t('edits.putOn')}
    </Button>
    <Button size="small" name="does" value="untag">
      {t('edits.takeOff')}
    </Button>
    {fields.length > 0 && (
      <>
        <Select
          name="field"
          id="edit-field"
          label={t('edits.field')}
          choices={fields.map(each => ({ value: each.id, label: each.name }))}
        />
        <Input
          name="value"
          id="edit-value"
          label={t('edits.value')}
          hint={t('edits.valueWhy')}
          suggestions={[...new Set(fields.flatMap(suggested))]}
          maxlength={2000}
          autocomplete="off"
        />
        <Button size="small" name="does" value="field">
          {t('edits.set')}
        </Button>
      </>
    )}
  </Menu>
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

export const runPage = page(`${base}/:edit`, { who: 'people.write', section: 'people' }, async see => {
  const it = await edits.show(see.ctx, { edit: see.params.edit! })
  const title = t(`edits.run.${it.deed.does}`, { name: it.name })
  return {
    title,
    live: [`task:${it.task}`, `edit:${it.id}`],
    body: (
      <RunPage
        title={title}
        detail={t(`edits.state.${it.state}`, { done: number(it.state === 'running' ? it.done : it.changed), total: number(it.total) })}
        trouble={it.says && t(it.says)}
        run={it}
        path={`${base}/${it.id}`}
        stop={t('edits.stop')}
        back={t('edits.undo')}
      >
        <LinkButton href="/people">{t('people.people')}</LinkButton>
      </RunPage>
    ),
  }
})
