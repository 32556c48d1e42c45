import { askedOnce } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { keepUploads } from '#kernel/files.ts'
import { readForm } from '#kernel/form-data.ts'
import { ActionForm, Button, FirstStep, LinkButton, Page, PageHead, Stat, Tabs } from '#kernel/html/kit.tsx'
import { dateTime, number, t } from '#kernel/messages.ts'
import { form, offer, page, raw, type Screen, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { firstSteps, homeCards, placeCount } from '#kernel/words.ts'
import { sayToAll } from '#social/outbox/words.ts'
import { threadDoor } from '#social/threads/words.ts'
import * as marketing from './actions.ts'
import { calendarOf, Days, Walk } from './pages-calendar.tsx'
import { cropScreen, sized } from './pages-pictures.tsx'
import { pollIn } from './pages-poll.tsx'
import { changeScreen, listOf, postScreen } from './pages-posts.tsx'
import { slotsScreen } from './pages-slots.tsx'
import { deskOf, Looks, Writing } from './pages-writing.tsx'
import { type Section, type View, views } from './words.ts'

/** Asked for by the tabs, the rail and the start page. */
const countsOf = ({ ctx }: See) =>
  askedOnce(ctx, 'marketing.counts', () => remembered(ctx, 'marketing.counts', ['posts', 'outbox'], () => marketing.counts(ctx, {})))

const isView = (text: string | undefined): text is View => views.includes(text as View)

// —— looking ——

const Head = async ({ see, current }: { see: See; current: View | 'calendar' }) => {
  const counts = await countsOf(see)
  const tabs = views.map(view => ({
    label: t(`marketing.view.${view}`),
    href: `/publish/list/${view}`,
    current: view === current,
    count: view === 'gone' ? undefined : counts[view] || undefined,
  }))
  return (
    <PageHead
      title={t('marketing.publish')}
      actions={
        <>
          <LinkButton href="/publish/slots" look="bare" icon="clock">
            {t('marketing.slots')}
          </LinkButton>
          {may(see.ctx.actor, 'posts.write') && (
            <ActionForm action="/publish/new">
              <Button look="strong" icon="add" shortcut="c">
                {t('marketing.newPost')}
              </Button>
            </ActionForm>
          )}
        </>
      }
      tabs={
        <Tabs
          label={t('marketing.views')}
          tabs={[{ label: t('marketing.calendar'), href: '/publish', current: current === 'calendar' }, ...tabs]}
        />
      }
    />
  )
}

export const publishPage = page(
  '/publish',
  { who: 'posts.read', place: { section: 'publish', title: 'marketing.publish', icon: 'megaphone', order: 20, shortcut: 'g p' } },
  async see => {
    const calendar = await calendarOf(see)
    return {
      title: t('marketing.publish'),
      live: ['posts'],
      body: (
        <Page>
          <Head see={see} current="calendar" />
          <Walk calendar={calendar} />
          <Days calendar={calendar} mayMove={may(see.ctx.actor, 'posts.publish')} />
        </Page>
      ),
    }
  },
)

export const listPage = page(
  '/publish/list/:view',
  {
    who: 'posts.read',
    section: 'publish',
    finds: () =>
      views.map(view => ({
        title: `${t('marketing.publish')}: ${t(`marketing.view.${view}`)}`,
        href: `/publish/list/${view}`,
        icon: 'megaphone',
      })),
  },
  async see => {
    const view = isView(see.params.view) ? see.params.view : 'planned'
    return {
      title: `${t(`marketing.view.${view}`)} · ${t('marketing.publish')}`,
      live: ['posts'],
      body: (
        <Page>
          <Head see={see} current={view} />
          {await listOf(see, view)}
        </Page>
      ),
    }
  },
)

export const postPage = page('/publish/posts/:post', { who: 'posts.read', section: 'publish' }, async (see): Promise<Screen> => {
  const post = await marketing.show(see.ctx, { post: see.params.post! })
  if (!post.dueAt && may(see.ctx.actor, 'posts.write'))
    return {
      title: t('marketing.newPost'),
      body: <Writing desk={await deskOf(see, post)} head={<PageHead title={t('marketing.newPost')} />} />,
    }
  const threads = post.variants.flatMap(each => (each.thread ? [`thread:${each.thread}`] : []))
  return { title: t('marketing.publish'), live: ['posts', ...threads.slice(0, 30)], body: await postScreen(see, post) }
})

export const cropPage = page('/publish/posts/:post/pictures/:file', { who: 'posts.write', section: 'publish' }, async see => {
  const post = await marketing.show(see.ctx, { post: see.params.post! })
  const picture = (await sized(see.ctx, post.pictures)).find(each => each.file === see.params.file) ?? refuse('notFound', 'kernel.notFound')
  const account = see.query.get('account')
  const by = account && ((await marketing.stages(see.ctx)).find(each => each.id === account) ?? refuse('notFound', 'kernel.notFound'))
  return { title: t('marketing.crop'), body: cropScreen(post, picture, by || null) }
})

export const changePage = page('/publish/posts/:post/change', { who: 'posts.publish', section: 'publish' }, async see => ({
  title: t('marketing.changeIt'),
  body: await changeScreen(see, await marketing.show(see.ctx, { post: see.params.post! })),
}))

export const slotsPage = page(
  '/publish/slots',
  { who: 'posts.read', section: 'publish', finds: () => [{ title: t('marketing.slots'), href: '/publish/slots', icon: 'clock' }] },
  async see => ({ title: t('marketing.slots'), body: await slotsScreen(see) }),
)

// —— writing ——

const here = ({ params }: See) => `/publish/posts/${params.post}`

/** Words that are ready elsewhere become a draft, which is looked at before it goes anywhere. */
export const fromElsewhere = offer(
  sayToAll,
  async (_see, { text }) => (
    <ActionForm action="/publish/new" fields={{ text }}>
      <Button icon="megaphone">{t('marketing.writeOf')}</Button>
    </ActionForm>
  ),
  { who: 'posts.write' },
)

export const doBegin = form('/publish/new', marketing.begin, { done: (_see, { post }) => ({ go: `/publish/posts/${post}` }) })

/** The fields of the desk as what is written. */
function written(fields: FormData) {
  const text = (name: string) => String(fields.get(name) ?? '')
  const entries = [...fields.keys()].filter(name => name.startsWith('alt-')).map(name => [name.slice(4), text(name)] as const)
  return {
    version: text('version'),
    text: text('text'),
    quotesPost: text('quotesPost') || null,
    quotesLink: text('quotesLink'),
    poll: pollIn(fields),
    variants: fields.getAll('accounts[]').map(account => ({
      account: String(account),
      text: text(`text-${account}`).trim() ? text(`text-${account}`) : null,
      warning: text(`warning-${account}`),
      repliesFrom: (text(`replies-${account}`) || null) as 'nobody' | null,
    })),
    alts: Object.fromEntries(entries),
  }
}

/** While one writes: keeps it, and answers how it looks now. */
export const look = raw('POST', '/publish/posts/:post/look', 'posts.write', async (c, see) => {
  const { data } = await readForm(c.req.raw)
  const post = see!.params.post!
  await marketing.keep(see!.ctx, { post, ...written(data) })
  const desk = await deskOf(see!, await marketing.show(see!.ctx, { post }))
  return c.html(await (<Looks desk={desk} />))
})

export const doPlan = form('/publish/posts/:post/plan', marketing.plan, {
  read: (fields, { post }) => {
    const when = String(fields.get('when') ?? 'at') as 'now'
    const at = fields.get('at') ? { at: String(fields.get('at')) } : {}
    const said = fields.get('said') ? { said: String(fields.get('said')) } : {}
    const undescribed = fields.get('undescribed') === 'on' ? { undescribed: 'on' as const } : {}
    return { post: post!, when, ...at, ...said, ...undescribed, ...(fields.has('version') && { draft: written(fields) }) }
  },
  done: (see, { dueAt }, { when }) => ({
    go: here(see),
    say: when === 'now' ? 'marketing.goesNow' : 'marketing.isPlanned',
    values: { at: dateTime(dueAt) },
    undo: { path: `${here(see)}/draft`, fields: {} },
  }),
})

export const doAddPictures = form('/publish/posts/:post/pictures', marketing.addPictures, {
  most: 26 * 1024 * 1024,
  read: async (fields, { post }, who) => {
    const files = fields.getAll('files').filter((each): each is File => each instanceof File && each.size > 0)
    return { post: post!, files: await keepUploads(who, files) }
  },
  done: () => ({ stay: true }),
})

export const doRemovePicture = form('/publish/posts/:post/pictures/remove', marketing.removePicture, {
  done: (see, _output, { file }) => ({
    stay: true,
    say: 'marketing.pictureRemoved',
    undo: { path: `${here(see)}/pictures/restore`, fields: { file } },
  }),
})
export const doRestorePicture = form('/publish/posts/:post/pictures/restore', marketing.restorePicture, {
  done: () => ({ stay: true, say: 'marketing.pictureBack' }),
})

export const doCropPicture = form('/publish/posts/:post/pictures/:file/crop', marketing.cropPicture, {
  read: (fields, { post, file }) => {
    const number = (side: string) => String(fields.get(side) ?? '')
    const section = { left: number('left'), top: number('top'), width: number('width'), height: number('height') }
    const account = number('account')
    return {
      post: post!,
      file: file!,
      ...(account && { account }),
      section: fields.has('common') ? ('common' as const) : fields.has('whole') ? null : section,
      shape: String(fields.get('shape') ?? 'free') as 'free',
    }
  },
  done: (see, { was }, { section, account }) => ({
    stay: true,
    say: section === 'common' ? 'marketing.isCommon' : section ? 'marketing.isCropped' : 'marketing.isWhole',
    undo: { path: see.path, fields: { ...(account && { account }), ...fieldsOf(was) } },
  }),
})

/** As the form of a section would send it. */
function fieldsOf(was: Section | 'common' | null): Record<string, string> {
  if (was === null || was === 'common') return { [was ?? 'whole']: 'on' }
  return Object.fromEntries(Object.entries(was).map(([side, value]) => [side, String(value)]))
}

export const doDiscard = form('/publish/posts/:post/discard', marketing.discard, {
  done: see => ({ go: '/publish/list/drafts', say: 'marketing.discarded', undo: { path: `${here(see)}/restore`, fields: {} } }),
})
export const doRestore = form('/publish/posts/:post/restore', marketing.restore, {
  done: see => ({ go: here(see), say: 'marketing.restored' }),
})

// —— once it is planned ——

export const doMove = form('/publish/posts/:post/move', marketing.move, {
  done: (see, { was, dueAt }) => ({
    stay: true,
    say: 'marketing.isPlanned',
    values: { at: dateTime(dueAt) },
    undo: { path: `${here(see)}/move`, fields: { at: was.toISOString() } },
  }),
})

export const doCallOff = form('/publish/posts/:post/draft', marketing.callOff, {
  done: (see, { was }) => ({
    go: here(see),
    say: 'marketing.isDraft',
    ...(was.getTime() - Date.now() > 30_000 && {
      undo: { path: `${here(see)}/plan`, fields: { when: 'at', at: was.toISOString(), undescribed: 'on' } },
    }),
  }),
})

export const doAmend = form('/publish/posts/:post/change', marketing.amend, {
  done: see => ({ go: here(see), say: 'marketing.isChanged' }),
})
export const doTakeBack = form('/publish/posts/:post/back', marketing.takeBack, {
  done: (_see, { left }) => ({ stay: true, say: left ? 'marketing.partlyBack' : 'marketing.isBack', values: { left } }),
})

// —— slots ——

export const doAddSlots = form('/publish/slots/:account/add', marketing.addSlots, {
  done: () => ({ stay: true, say: 'marketing.slotsAdded' }),
})
export const doRemoveSlot = form('/publish/slots/:account/remove', marketing.removeSlot, {
  done: (see, _output, { weekday, minute }) => {
    const time = `${String(Math.floor(Number(minute) / 60)).padStart(2, '0')}:${String(Number(minute) % 60).padStart(2, '0')}`
    return {
      stay: true,
      say: 'marketing.slotRemoved',
      undo: { path: `/publish/slots/${see.params.account}/add`, fields: { 'weekdays[]': String(weekday), time } },
    }
  },
})
export const doSetZone = form('/publish/slots/:account/zone', marketing.setZone, { done: () => ({ stay: true, say: 'marketing.zoneSet' }) })

// —— in others' rooms ——

export const onHome = offer(
  homeCards,
  async see => {
    const counts = await countsOf(see)
    return (
      <>
        <Stat label={t('marketing.home.planned')} value={number(counts.planned ?? 0)} href="/publish/list/planned" tone="outside" />
        {(counts.trouble ?? 0) > 0 && (
          <Stat label={t('marketing.home.trouble')} value={number(counts.trouble ?? 0)} href="/publish/list/trouble" tone="bad" />
        )}
      </>
    )
  },
  { order: 20, who: 'posts.read' },
)

export const inRail = offer(
  placeCount,
  async (see, { show }) => {
    show('publish', (await countsOf(see)).trouble)
    return null
  },
  { who: 'posts.read' },
)

export const planFirst = offer(
  firstSteps,
  async (see, { tell }) => {
    const counts = await countsOf(see)
    const done = counts.planned > 0 || counts.someGone
    tell(done)
    return <FirstStep done={done} title={t('marketing.firstPost')} why={t('marketing.firstPostWhy')} href="/publish" />
  },
  { order: 40, who: 'posts.publish' },
)

/** Whoever is told of a post of ours finds the post. */
export const threadLink = offer(
  threadDoor,
  async (see, { thread, lead }) => {
    const post = await marketing.postOf(see.ctx, thread.id)
    if (post) lead(`/publish/posts/${post}`)
    return null
  },
  { who: 'posts.read' },
)
