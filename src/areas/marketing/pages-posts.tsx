import {
  ActionForm,
  Avatar,
  Badge,
  Banner,
  Breadcrumb,
  Button,
  Dialog,
  EmptyState,
  Form,
  FormActions,
  Grid,
  Icon,
  Input,
  LinkButton,
  Menu,
  MenuItem,
  Page,
  PageHead,
  Pager,
  Quiet,
  RelativeTime,
  RowList,
  SelectableRow,
  Stack,
  Tag,
  TextArea,
  type Tone,
} from '#kernel/html/kit.tsx'
import { dateTime, t } from '#kernel/messages.ts'
import { fill, type Html, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import { fate } from '#social/deliveries/words.ts'
import * as marketing from './actions.ts'
import { wordsOf } from './pages-calendar.tsx'
import { judged, Preview } from './pages-shown.tsx'
import { goingOf, stateOf } from './rules.ts'
import { type Post, type PostState, troubledStates, type Variant, type View } from './words.ts'

type Stages = Awaited<ReturnType<typeof marketing.stages>>

export const tones: Record<PostState, Tone> = { draft: 'neutral', planned: 'talk', trouble: 'bad', gone: 'good', back: 'neutral' }

export const stateIn = ({ dueAt, variants }: Post): PostState =>
  stateOf(
    dueAt,
    variants.map(each => each.state),
  )

// —— lists ——

export async function listOf(see: See, view: View): Promise<Html> {
  const before = see.query.get('before') ?? undefined
  const [{ items, next }, stages] = [await marketing.list(see.ctx, { view, before, limit: 50 }), await marketing.stages(see.ctx)]
  if (items.length === 0)
    return <EmptyState title={t(`marketing.empty.${view}`)} why={t(`marketing.emptyWhy.${view}`)} icon="megaphone" compact />
  return (
    <>
      <RowList label={t(`marketing.view.${view}`)}>
        {items.map(post => (
          <PostRow post={post} stages={stages} />
        ))}
      </RowList>
      <Pager
        newer={before ? `/publish/list/${view}` : undefined}
        older={next ? `/publish/list/${view}?${new URLSearchParams({ before: next })}` : undefined}
      />
    </>
  )
}

const PostRow = ({ post, stages }: { post: Post; stages: Stages }) => {
  const state = stateIn(post)
  return (
    <SelectableRow
      id={post.id}
      href={`/publish/posts/${post.id}`}
      name={wordsOf(post)}
      title={<bdi>{wordsOf(post)}</bdi>}
      time={<RelativeTime at={post.at} look={post.dueAt ? 'full' : 'short'} />}
      face={<Face post={post} stages={stages} />}
      marks={
        <>
          {post.variants.map(each => (
            <VariantMark variant={each} stages={stages} />
          ))}
          {state !== 'draft' && <Badge tone={tones[state]}>{t(`marketing.state.${state}`)}</Badge>}
        </>
      }
    />
  )
}

/** Its first picture, else the account that says it. */
const Face = ({ post: { pictures, variants }, stages }: { post: Post; stages: Stages }) => {
  const name = stages.find(each => each.id === variants[0]?.account)?.name
  if (pictures[0]) return <img class="post-thumb" src={`/files/${goingOf(pictures[0]).file}?size=small`} alt="" loading="lazy" />
  return name ? <Avatar name={name} organisation size="small" /> : <Icon name="megaphone" />
}

const VariantMark = ({ variant, stages }: { variant: Variant; stages: Stages }) => {
  const stage = stages.find(each => each.id === variant.account)
  const name = stage ? t(stage.title) : t('marketing.formerAccount')
  const { state } = variant
  return troubledStates.includes(state ?? '') ? (
    <Badge tone="bad" icon="warning">
      {name}
    </Badge>
  ) : (
    <Tag>{name}</Tag>
  )
}

// —— one post ——

const crumbs = (more: string) => <Breadcrumb crumbs={[{ label: t('marketing.publish'), href: '/publish' }, { label: more }]} />

export async function postScreen(see: See, post: Post): Promise<Html> {
  const stages = await marketing.stages(see.ctx)
  const cards = await deliveriesOf(
    see.ctx,
    post.variants.flatMap(each => each.content ?? []),
  )
  const state = stateIn(post)
  const quoting = await marketing.quotingOf(see.ctx, post, stages)
  const previews = []
  for (const variant of post.variants) {
    const stage = stages.find(each => each.id === variant.account)
    const delivery = variant.content ? cards.get(variant.content) : undefined
    const fares = plainFate(variant) ?? (delivery && (await fill(see, fate, { delivery })))
    if (!stage) previews.push(<Banner>{t('marketing.formerAccount')}</Banner>)
    else
      previews.push(
        <Preview
          of={{ ...judged(post, variant, stage, quoting), faults: [] }}
          shared={post}
          end={<Fares variant={variant}>{fares}</Fares>}
        />,
      )
  }
  return (
    <Page>
      <PageHead
        title={<bdi>{wordsOf(post).slice(0, 80)}</bdi>}
        above={crumbs(t(`marketing.state.${state}`))}
        detail={
          <>
            <Badge tone={tones[state]}>{t(`marketing.state.${state}`)}</Badge> {post.dueAt && dateTime(post.dueAt)}
          </>
        }
        actions={may(see.ctx.actor, 'posts.publish') && <Deeds post={post} state={state} stages={stages} />}
      />
      <Grid columns="wide">{previews}</Grid>
      <MoveDialog post={post} />
    </Page>
  )
}

/** What has not begun to leave, and what is back, is said in the words of posts. */
function plainFate({ state, dueAt }: Variant): Html | null {
  if (state === 'back') return <Badge>{t('marketing.state.back')}</Badge>
  return state === 'waiting' && dueAt ? <Badge icon="clock">{dateTime(dueAt)}</Badge> : null
}

const Fares = ({ variant, children }: { variant: Variant; children: unknown }) => (
  <Stack gap="small">
    {children as Html}
    {variant.thread && variant.state === 'sent' && (
      <Quiet small>
        <a href={`/inbox/all/${variant.thread}`}>{t('marketing.answers')}</a>
      </Quiet>
    )}
  </Stack>
)

const Deeds = ({ post, state, stages }: { post: Post; state: PostState; stages: Stages }) => {
  const path = `/publish/posts/${post.id}`
  const sent = post.variants.filter(each => each.state === 'sent')
  const editable = sent.some(each => stages.some(stage => stage.id === each.account && stage.canEdit))
  const waits = post.variants.some(each => each.state === 'waiting')
  return (
    <>
      {waits && sent.length === 0 && (
        <>
          <Button type="button" icon="clock" opens="move" shortcut="t">
            {t('marketing.move')}
          </Button>
          <ActionForm action={`${path}/draft`}>
            <Button icon="edit" shortcut="e">
              {t('marketing.toDraft')}
            </Button>
          </ActionForm>
        </>
      )}
      {editable && (
        <LinkButton href={`${path}/change`} icon="edit" shortcut="e">
          {t('marketing.change')}
        </LinkButton>
      )}
      {state !== 'back' && (sent.length > 0 || waits) && (
        <Menu id="post-more" label={t('marketing.more')} icon="more" iconOnly align="end">
          {sent.some(each => stages.some(stage => stage.id === each.account && stage.quotes)) && (
            <MenuItem action="/publish/new" fields={{ quotes: post.id }} icon="quote">
              {t('marketing.quoteIt')}
            </MenuItem>
          )}
          <MenuItem action={`${path}/back`} icon="trash" danger hint={t('marketing.takeBackWhy')}>
            {t('marketing.takeBack')}
          </MenuItem>
        </Menu>
      )}
    </>
  )
}

const MoveDialog = ({ post }: { post: Post }) => (
  <Dialog id="move" title={t('marketing.moveIt')}>
    <Form action={`/publish/posts/${post.id}/move`}>
      <Input
        name="said"
        label={t('marketing.moment')}
        placeholder={t('marketing.momentHint')}
        hint={t('marketing.whenSo')}
        autofocus
        required
        maxlength={60}
        autocomplete="off"
      />
      <FormActions>
        <Button look="strong" main>
          {t('marketing.move')}
        </Button>
      </FormActions>
    </Form>
  </Dialog>
)

// —— changing what went out ——

export async function changeScreen(see: See, post: Post): Promise<Html> {
  const stages = await marketing.stages(see.ctx)
  const sent = post.variants.filter(each => each.state === 'sent')
  return (
    <Page width="reading">
      <PageHead title={t('marketing.changeIt')} above={crumbs(wordsOf(post).slice(0, 40))} detail={t('marketing.changeWhy')} />
      <Stack gap="large">
        {sent.map(variant => {
          const stage = stages.find(each => each.id === variant.account)
          return stage && <ChangeOne post={post} variant={variant} stage={stage} />
        })}
      </Stack>
    </Page>
  )
}

const ChangeOne = ({ post, variant, stage }: { post: Post; variant: Variant; stage: Stages[number] }) =>
  stage.canEdit ? (
    <Form action={`/publish/posts/${post.id}/change`} hidden={{ account: stage.id }} id={`change-${stage.id}`}>
      <TextArea
        name="text"
        id={`text-${stage.id}`}
        label={`${stage.name} · ${t(stage.title)}`}
        value={variant.text ?? post.text}
        rows={6}
        maxlength={50_000}
      />
      <FormActions>
        <Button look="talk" main>
          {t('marketing.changeThere')}
        </Button>
      </FormActions>
    </Form>
  ) : (
    <Banner title={`${stage.name} · ${t(stage.title)}`}>{t('marketing.cannotChange')}</Banner>
  )
