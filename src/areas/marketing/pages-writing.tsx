import {
  Avatar,
  Button,
  Checkbox,
  EmptyState,
  FieldError,
  Icon,
  Input,
  Menu,
  MenuItem,
  Page,
  PageHead,
  Quiet,
  RadioGroup,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { dateTime, t, zone } from '#kernel/messages.ts'
import type { Html, See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { localOf } from '#kernel/zones.ts'
import * as marketing from './actions.ts'
import { CropDialogs, CropHere, Pictures, type Sized, sized } from './pages-pictures.tsx'
import { PollFields } from './pages-poll.tsx'
import { Quotes, quotableFor } from './pages-quoting.tsx'
import { Counter, type Judged, judged, Preview } from './pages-shown.tsx'
import { type Picture, type Post, type Quoting, repliesFrom, type Variant } from './words.ts'

type Stages = Awaited<ReturnType<typeof marketing.stages>>
type Free = { account: string; zone: string; free: Date | null }[]

export interface Desk {
  post: Post
  pictures: Sized[]
  stages: Stages
  free: Free
  quoting: Quoting | null
  quotable: Post[]
  mayPublish: boolean
}

export async function deskOf(see: See, post: Post): Promise<Desk> {
  const [stages, { items }] = [await marketing.stages(see.ctx), await marketing.slots(see.ctx, {})]
  const pictures = await sized(see.ctx, post.pictures)
  const quoting = await marketing.quotingOf(see.ctx, post, stages)
  const quotable = await quotableFor(see, post, stages)
  return { post, pictures, stages, quoting, quotable, free: items, mayPublish: may(see.ctx.actor, 'posts.publish') }
}

const judgedOf = ({ post, stages, quoting }: Pick<Desk, 'post' | 'stages' | 'quoting'>): Judged[] =>
  post.variants.flatMap(variant => {
    const stage = stages.find(each => each.id === variant.account)
    return stage ? [judged(post, variant, stage, quoting)] : []
  })

/** Where a post is written. */
export const Writing = ({ desk, head }: { desk: Desk; head: Html }) => {
  const { post, stages } = desk
  if (stages.length === 0)
    return (
      <Page>
        {head}
        <EmptyState
          title={t('marketing.noStage')}
          why={t('marketing.noStageWhy')}
          icon="megaphone"
          action={{ label: t('marketing.connect'), href: '/settings/channels', icon: 'plug' }}
        />
      </Page>
    )
  const path = `/publish/posts/${post.id}`
  return (
    <Page>
      <PageHead title={t(post.text ? 'marketing.draft' : 'marketing.newPost')} detail={<State />} actions={<More path={path} />} />
      <trefoil-post class="post-desk" look={`${path}/look`}>
        <form class="post-form" id="post-form" method="post" action={`${path}/plan`} aria-label={t('marketing.newPost')}>
          <p class="form-error" role="alert" data-form-error hidden />
          <input type="hidden" name="version" value={String(post.version)} />
          <Accounts desk={desk} />
          <TabBar of={judgedOf(desk)} />
          <section class="post-panel" id="panel-all" data-shown="">
            <Words name="text" label={t('marketing.words')} placeholder={t('marketing.wordsHint')} value={post.text} autofocus />
          </section>
          {stages.map(stage => (
            <OwnPanel stage={stage} own={post.variants.find(each => each.account === stage.id)} />
          ))}
          <Pictures post={post.id} pictures={desk.pictures} />
          <PollFields {...desk} />
          <Quotes {...desk} />
          {desk.mayPublish ? <When desk={desk} /> : <Quiet small>{t('marketing.onlyDraft')}</Quiet>}
        </form>
        <Previews of={judgedOf(desk)} desk={desk} />
      </trefoil-post>
      <form id="picture-add" method="post" action={`${path}/pictures`} enctype="multipart/form-data" />
      <form id="picture-remove" method="post" action={`${path}/pictures/remove`} />
      <CropDialogs {...desk} />
    </Page>
  )
}

const State = () => (
  <span class="draft-state" id="post-state" role="status" data-kept>
    {''}
  </span>
)

const More = ({ path }: { path: string }) => (
  <Menu id="post-more" label={t('marketing.more')} icon="more" iconOnly align="end">
    <MenuItem action={`${path}/discard`} icon="trash" danger>
      {t('marketing.discard')}
    </MenuItem>
  </Menu>
)

const Accounts = ({ desk: { post, stages } }: { desk: Desk }) => (
  <fieldset class="field post-accounts" data-field="accounts">
    <legend class="field-label">{t('marketing.where')}</legend>
    <div class="post-chips">
      {stages.map(({ id, name, title }) => (
        <label class="post-chip">
          <input
            type="checkbox"
            name="accounts[]"
            value={id}
            checked={post.variants.some(each => each.account === id) || (stages.length === 1 && post.version === 0) || undefined}
          />
          <Avatar name={name} organisation size="tiny" />
          <bdi>{name}</bdi>
          <small>{t(title)}</small>
          <Icon name="check" size={14} />
        </label>
      ))}
    </div>
    <FieldError id="field-accounts" name="accounts" />
  </fieldset>
)

/** The words for all, and a tab for each account that they go to: what is written there is said only there. */
const TabBar = ({ of }: { of: Judged[] }) => (
  <div class="post-tabs" id="post-tabs">
    <button type="button" class="post-tab" aria-expanded="true" aria-controls="panel-all">
      {t('marketing.forAll')}
    </button>
    {of.map(each => (
      <button type="button" class="post-tab" aria-expanded="false" aria-controls={`panel-${each.stage.id}`}>
        <bdi>{each.stage.name}</bdi>
        <small>{t(each.stage.title)}</small>
        {each.own.text !== null && <Icon name="edit" size={14} label={t('marketing.ownWords')} />}
        <Counter of={each} />
      </button>
    ))}
  </div>
)

const Words = ({
  name,
  label,
  placeholder,
  value,
  autofocus,
}: {
  name: string
  label: string
  placeholder: string
  value: string
  autofocus?: boolean
}) => (
  <div class="field" data-field={name}>
    <textarea
      class="input textarea post-text"
      id={`field-${name}`}
      name={name}
      rows={7}
      maxlength={50_000}
      placeholder={placeholder}
      aria-label={label}
      aria-describedby={`field-${name}-error`}
      dir="auto"
      autofocus={autofocus || undefined}
    >
      {value}
    </textarea>
    <FieldError id={`field-${name}`} name={name} />
  </div>
)

const OwnPanel = ({ stage, own }: { stage: Stages[number]; own: Variant | undefined }) => (
  <section class="post-panel" id={`panel-${stage.id}`} aria-label={stage.name}>
    <Stack gap="small">
      <Words
        name={`text-${stage.id}`}
        label={t('marketing.wordsFor', { name: stage.name })}
        placeholder={t('marketing.sameWords')}
        value={own?.text ?? ''}
      />
      <div class="post-options">
        <Button type="button" size="small" icon="copy">
          {t('marketing.takeShared')}
        </Button>
        {(stage.limits.parts ?? 1) > 1 && <Quiet small>{t('marketing.partsHint', { most: stage.limits.parts! })}</Quiet>}
      </div>
      <div class="post-options">
        {stage.limits.warning !== undefined && (
          <Input
            name={`warning-${stage.id}`}
            label={t('marketing.warning')}
            value={own?.warning}
            maxlength={stage.limits.warning}
            optional
          />
        )}
        {stage.limits.repliesFrom && (
          <Select
            name={`replies-${stage.id}`}
            label={t('marketing.repliesFrom')}
            empty={t('marketing.replies.everybody')}
            value={own?.repliesFrom ?? undefined}
            choices={repliesFrom
              .filter(each => stage.limits.repliesFrom!.includes(each))
              .map(value => ({ value, label: t(`marketing.replies.${value}`) }))}
          />
        )}
      </div>
    </Stack>
  </section>
)

// —— when ——

const When = ({ desk }: { desk: Desk }) => {
  const { post } = desk
  const wanted = post.wantedAt && post.wantedAt.getTime() > Date.now() + 60_000 ? post.wantedAt : null
  return (
    <div class="post-when">
      <RadioGroup
        name="when"
        label={t('marketing.when')}
        look="segments"
        value={wanted ? 'at' : 'now'}
        choices={[
          { value: 'now', label: t('marketing.now') },
          { value: 'slot', label: t('marketing.nextSlot') },
          { value: 'at', label: t('marketing.atTime') },
        ]}
      />
      <div class="post-at">
        <Input name="said" type="datetime-local" label={t('marketing.moment')} value={localText(wanted ?? inAnHour())} />
      </div>
      <Free desk={desk} />
      <Undescribed pictures={post.pictures} />
      <div class="form-actions">
        <Button look="talk" icon="send" main>
          <span class="post-now">{t('marketing.publishNow')}</span>
          <span class="post-later">{t('marketing.planIt')}</span>
        </Button>
      </div>
    </div>
  )
}

const inAnHour = () => new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 3_600_000)

/** As the browser's own field for a moment wants it, by the reader's clocks. */
export function localText(at: Date): string {
  const { year, month, day, hour, minute } = localOf(at, zone())
  const two = (value: number) => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** Which slot each account would take. */
const Free = ({ desk: { post, stages, free } }: { desk: Pick<Desk, 'post' | 'stages' | 'free'> }) => (
  <div class="post-free" id="post-free">
    {post.variants.map(({ account }) => {
      const stage = stages.find(each => each.id === account)
      const slot = free.find(each => each.account === account)
      return (
        stage && (
          <p>
            <bdi>{stage.name}</bdi>{' '}
            {slot?.free ? <strong>{dateTime(slot.free)}</strong> : <a href="/publish/slots">{t('marketing.noSlots')}</a>}
          </p>
        )
      )
    })}
  </div>
)

const Undescribed = ({ pictures }: { pictures: Picture[] }) => (
  <div id="post-undescribed">
    {pictures.some(each => !each.alt.trim()) && (
      <Checkbox name="undescribed" label={t('marketing.needsNone')} hint={t('marketing.needsNoneWhy')} />
    )}
  </div>
)

const Previews = ({ of, desk: { post, pictures } }: { of: Judged[]; desk: Desk }) => (
  <aside class="post-previews" id="post-previews" aria-label={t('marketing.preview')}>
    {of.length === 0 && <Quiet>{t('marketing.chooseAccounts')}</Quiet>}
    {of.map(each => (
      <Preview
        of={each}
        shared={post}
        crops={picture =>
          pictures.some(({ file, whole }) => file === picture.file && whole) && (
            <CropHere post={post.id} picture={picture} by={each.stage} />
          )
        }
      />
    ))}
  </aside>
)

/** What a writer's browser exchanges while they write: each part finds its place by its id. */
export const Looks = ({ desk }: { desk: Desk }) => {
  const of = judgedOf(desk)
  return (
    <>
      <TabBar of={of} />
      <Previews of={of} desk={desk} />
      <Free desk={desk} />
      <Undescribed pictures={desk.post.pictures} />
      <input type="hidden" id="post-version" value={String(desk.post.version)} />
      <span id="post-state">{t('marketing.saved')}</span>
    </>
  )
}
