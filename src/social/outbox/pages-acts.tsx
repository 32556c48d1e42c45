/** At each message: what our account can do with it on its network, and how it stands there. */

import { now } from '#kernel/clock.ts'
import {
  ActionForm,
  Badge,
  Button,
  Card,
  Dialog,
  Form,
  FormActions,
  IconButton,
  type IconName,
  LinkButton,
  Menu,
  MenuItem,
  Page,
  PageHead,
  Quiet,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { fill, form, type Html, offer, page } from '#kernel/page.tsx'
import type { Content } from '#social/content/words.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import { saidHere } from '#social/threads/words.ts'
import * as outbox from './actions.ts'
import { Amendment } from './pages-state.tsx'
import { type Acts, type Given, messageActs } from './words.ts'

interface Deed {
  words: string
  icon: IconName
  shortcut?: string
  action?: string
  fields?: Record<string, string>
  href?: string
  opens?: string
  pressed?: boolean
}

export const shownActs = offer(messageActs, async (_see, { content, acts, answer }) => {
  const deeds = [...deedsFor(content.id, acts, answer)]
  return (
    <div class="acts">
      <Standing acts={acts} />
      {acts.given.map(each => (
        <Givers content={content.id} given={each} />
      ))}
      <span class="acts-beside">
        {deeds.map(each => (
          <Press {...each} />
        ))}
      </span>
      {deeds.length > 0 && (
        <span class="acts-folded">
          <Menu id={`acts-${content.id}`} label={t('outbox.acts')} icon="more" iconOnly size="small" align="end">
            {deeds.map(({ words, pressed: _, shortcut: __, ...each }) => (
              <MenuItem {...each}>{words}</MenuItem>
            ))}
          </Menu>
        </span>
      )}
      {acts.unsettled.map(each => (
        <Amendment amendment={each} fixed={!acts.mayAct} />
      ))}
      {acts.mayChange && acts.parts === 0 && <Changing {...content} />}
    </div>
  )
})

/** The same where a conversation is only read. */
export const actsWhereRead = offer(
  saidHere,
  async (see, { said, show }) => {
    const fates = await deliveriesOf(
      see.ctx,
      said.map(each => each.id),
    )
    const acts = await outbox.actsOf(see.ctx, said, fates)
    for (const content of said.filter(each => acts.has(each.id)))
      show(content.id, await fill(see, messageActs, { content, acts: acts.get(content.id)!, answer: null }))
    return null
  },
  { who: 'threads.write' },
)

function* deedsFor(id: string, acts: Acts, answer: string | null): Generator<Deed> {
  const at = `/messages/${id}`
  if (answer && acts.mayAnswer) yield { words: t('outbox.act.answer'), icon: 'reply', href: answer }
  for (const { kind, ours } of acts.signs) {
    const icon = kind === 'like' ? 'heart' : 'refresh'
    const words = t(`outbox.act.${kind}${ours ? 'Back' : ''}`)
    yield {
      words,
      icon,
      shortcut: kind === 'like' ? 'f' : 'b',
      action: `${at}/sign`,
      fields: { kind, undone: String(ours) },
      pressed: ours,
    }
  }
  if (acts.mayAct) yield* moderatingFor(at, acts)
  const change = { words: t('outbox.act.change'), icon: 'edit' as const, shortcut: 'Shift+c' }
  if (acts.mayChange) yield acts.parts ? { ...change, href: `${at}/change` } : { ...change, opens: `change-${id}` }
  if (acts.mayWithdraw) yield { words: t('outbox.act.withdraw'), icon: 'undo', shortcut: 'Shift+t', action: `${at}/withdraw` }
  if (acts.mayAct && acts.pinned !== null)
    yield { words: t(`outbox.act.${acts.pinned ? 'unpin' : 'pin'}`), icon: 'pin', action: `${at}/${acts.pinned ? 'unpin' : 'pin'}` }
  if (acts.leaving && acts.mayAct) yield { words: t('outbox.act.keep'), icon: 'pin', action: `${at}/keep` }
  if (acts.url) yield { words: t('outbox.act.open'), icon: 'external', href: acts.url }
}

function* moderatingFor(at: string, acts: Acts): Generator<Deed> {
  if (acts.seen === 'waits') yield { words: t('outbox.act.show'), icon: 'eye', shortcut: 'h', action: `${at}/show` }
  if (acts.seen === 'shown' || acts.seen === 'waits')
    yield { words: t('outbox.act.hide'), icon: 'lock', shortcut: acts.seen === 'shown' ? 'h' : undefined, action: `${at}/hide` }
  if (acts.seen === 'hidden') yield { words: t('outbox.act.show'), icon: 'eye', shortcut: 'h', action: `${at}/show` }
}

/** Signs and the way to the network need no words beside their pictures; the rest says what it does. */
const bare = new Set<IconName>(['heart', 'refresh', 'external'])

const Press = ({ words, icon, shortcut, action, fields, href, opens, pressed }: Deed) => {
  const shared = { icon, shortcut, pressed, opens, size: 'small' as const }
  if (href)
    return icon === 'external' ? (
      <IconButton icon={icon} label={words} href={href} size="small" away />
    ) : (
      <LinkButton href={href} icon={icon} size="small" look="bare">
        {words}
      </LinkButton>
    )
  const press = bare.has(icon) ? (
    <IconButton {...shared} label={words} />
  ) : (
    <Button {...shared} look="bare">
      {words}
    </Button>
  )
  return action ? (
    <ActionForm action={action} fields={fields}>
      {press}
    </ActionForm>
  ) : (
    press
  )
}

/** How it stands, in words: never by a colour or a picture alone. */
const Standing = ({ acts }: { acts: Acts }) => (
  <>
    {acts.seen === 'waits' && (
      <Badge tone="warning" icon="clock">
        {t('outbox.standing.waits')}
      </Badge>
    )}
    {acts.seen === 'hidden' && (
      <Badge tone="neutral" icon="lock">
        {t('outbox.standing.hidden')}
      </Badge>
    )}
    {acts.signs
      .filter(each => each.ours)
      .map(({ kind }) => (
        <Badge tone="talk" icon={kind === 'like' ? 'heart' : 'refresh'}>
          {t(`outbox.standing.${kind === 'like' ? 'liked' : 'shared'}`)}
        </Badge>
      ))}
    {acts.pinned && (
      <Badge tone="neutral" icon="pin">
        {t('outbox.standing.pinned')}
      </Badge>
    )}
    {acts.changed && <Quiet small>{t('outbox.standing.changed')}</Quiet>}
  </>
)

/** How many gave a sign; pressed, it says who. */
const Givers = ({ content, given: { kind, count, people } }: { content: string; given: Given }) => (
  <Menu
    id={`given-${content}-${[...kind].map(letter => letter.codePointAt(0)!.toString(36)).join('')}`}
    label={countOf(kind, count)}
    face={
      <span class="reaction">
        <span aria-hidden="true">{kind === 'like' ? '♥' : kind === 'share' ? '↻' : kind}</span> {count}
      </span>
    }
  >
    <p class="menu-title">{countOf(kind, count)}</p>
    {people.map(each => (
      <MenuItem icon="person" href={`/people/${each.id}`}>
        <bdi>{each.name}</bdi>
      </MenuItem>
    ))}
    {count > people.length && <p class="menu-title">{t('outbox.andMore', { count: count - people.length })}</p>}
  </Menu>
)

const countOf = (kind: string, count: number): string =>
  kind === 'like' || kind === 'share' ? t(`outbox.given.${kind}`, { count }) : t('outbox.given.other', { kind, count })

const Changing = ({ id, text }: Content): Html => (
  <Dialog id={`change-${id}`} title={t('outbox.changeTitle')}>
    <Form action={`/messages/${id}/change`}>
      <TextArea
        name="text"
        id={`change-${id}-text`}
        label={t('outbox.changeText')}
        hint={t('outbox.changeThere')}
        value={text}
        rows={6}
        maxlength={500_000}
        required
      />
      <FormActions>
        <Button look="strong">{t('outbox.changeSave')}</Button>
      </FormActions>
    </Form>
  </Dialog>
)

/** Of what went out in parts each is changed as it stands. */
export const changePage = page('/messages/:content/change', { who: 'threads.write' }, async see => {
  const { thread, parts } = await outbox.changing(see.ctx, see.params.content ?? '')
  const [first = '', ...others] = parts
  return {
    title: t('outbox.changeTitle'),
    body: (
      <Page width="reading">
        <PageHead
          title={t('outbox.changeTitle')}
          detail={t('outbox.changeThere')}
          above={<a href={`/threads/${thread}`}>{t('outbox.toConversation')}</a>}
        />
        <Card>
          <Form action={`/messages/${see.params.content}/change`}>
            <PartField name="text" number={others.length ? 1 : undefined} text={first} />
            {others.map((text, at) => (
              <PartField name="part" number={at + 2} text={text} />
            ))}
            <FormActions>
              <Button look="strong" main>
                {t('outbox.changeSave')}
              </Button>
            </FormActions>
          </Form>
        </Card>
      </Page>
    ),
  }
})

const PartField = ({ name, number, text }: { name: string; number: number | undefined; text: string }) => (
  <TextArea
    name={name}
    id={`${name}-${number ?? 0}`}
    label={number ? t('outbox.changePart', { number }) : t('outbox.changeText')}
    value={text}
    rows={5}
    maxlength={100_000}
    required
  />
)

// —— deeds ——

const at = (content: string, does: string, fields: Record<string, string> = {}) => ({ path: `/messages/${content}/${does}`, fields })
const saidOf = (kind: string, undone: boolean) =>
  undone ? 'outbox.saidTakenOff' : kind === 'share' ? 'outbox.saidShared' : 'outbox.saidLiked'

export const doSign = form('/messages/:content/sign', outbox.reactTo, {
  read: (fields, { content }) => ({
    content: content!,
    kind: String(fields.get('kind') ?? ''),
    undone: fields.get('undone') === 'true',
  }),
  done: (_see, _out, { content, kind, undone }) => ({
    stay: true,
    say: saidOf(kind, undone ?? false),
    undo: at(content, 'sign', { kind, undone: String(!undone) }),
  }),
})
export const doHide = form('/messages/:content/hide', outbox.hide, {
  done: (_see, _out, { content }) => ({ stay: true, say: 'outbox.saidHidden', undo: at(content, 'show') }),
})
export const doShow = form('/messages/:content/show', outbox.show, {
  done: (_see, _out, { content }) => ({ stay: true, say: 'outbox.saidShown', undo: at(content, 'hide') }),
})
export const doPin = form('/messages/:content/pin', outbox.pin, {
  done: (_see, _out, { content }) => ({ stay: true, say: 'outbox.saidPinned', undo: at(content, 'unpin') }),
})
export const doUnpin = form('/messages/:content/unpin', outbox.unpin, {
  done: (_see, _out, { content }) => ({ stay: true, say: 'outbox.saidUnpinned', undo: at(content, 'pin') }),
})
export const doChange = form('/messages/:content/change', outbox.change, {
  read: (fields, { content }) => ({
    content: content!,
    text: String(fields.get('text') ?? ''),
    ...(fields.has('part') && { parts: fields.getAll('part').map(String) }),
  }),
  done: (_see, { state }) => ({ stay: true, say: state === 'asked' ? 'outbox.saidChangedThere' : 'outbox.saidChanged' }),
})
/** A moment is left in which it can be kept. */
export const doWithdraw = form('/messages/:content/withdraw', outbox.withdraw, {
  read: (fields, { content }) => ({
    content: content!,
    ...(fields.get('when') !== 'now' && { dueAt: new Date(now().getTime() + outbox.momentToKeep) }),
  }),
  done: (_see, { state }, { content }) => ({
    stay: true,
    say: state === 'asked' ? 'outbox.saidWithdrawn' : 'outbox.isCancelled',
    ...(state === 'asked' && { undo: at(content, 'keep') }),
  }),
})
export const doKeep = form('/messages/:content/keep', outbox.leaveStanding, { done: () => ({ stay: true, say: 'outbox.saidKept' }) })
