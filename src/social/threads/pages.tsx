import { refuse } from '#kernel/errors.ts'
import { keepUploads } from '#kernel/files.ts'
import {
  Composer,
  Conversation,
  EmptyState,
  FileChip,
  LinkButton,
  Menu,
  MenuItem,
  Message,
  Page,
  PageHead,
  Presence,
  Quiet,
  Stack,
} from '#kernel/html/kit.tsx'
import { MessageMenu, Reactions } from '#kernel/html/message.tsx'
import { Shown } from '#kernel/html/shown.tsx'
import { bytes, t } from '#kernel/messages.ts'
import { type Asker, fill, form, type Html, offer, offered, page, raw, type See } from '#kernel/page.tsx'
import { attachmentsOf, besideOf, deedsOf } from '#social/content/actions.ts'
import type { AttachedFile, Content } from '#social/content/words.ts'
import { draftOf } from '#social/drafts/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import { reactionsOf } from '#social/reactions/actions.ts'
import * as threads from './actions.ts'
import { type Standing, saidHere, type Thread, threadAside, threadDoor, threadStanding, threadTalk } from './words.ts'

// —— reading ——

/** From anywhere (search, notifications, measures) to where the thread is read: the page of its area, or the plain one here. */
export const door = raw('GET', '/threads/:thread', 'content.react', async (c, see) => {
  const thread = await threads.threadOf(see!.ctx, threadIn(see!))
  return c.redirect((await areaOf(see!, thread)) ?? `/threads/${thread.id}/read`, 303)
})

/** The page of the area that the thread belongs to, where one answers and acts as its network allows; null where it is only read here. */
async function areaOf(see: See, thread: Thread): Promise<string | null> {
  const found: string[] = []
  await offered(see, threadDoor, { thread, lead: path => void found.push(path) })
  return found.at(-1) ?? null
}

const threadIn = ({ params }: See): string =>
  /^[0-9a-f-]{36}$/.test(params.thread ?? '') ? params.thread! : refuse('notFound', 'kernel.notFound')

export const threadPage = page('/threads/:thread/read', { who: 'content.react' }, async see => {
  const thread = await threads.threadOf(see.ctx, threadIn(see))
  const person = thread.person ? (await cardsOf(see.ctx, [thread.person])).get(thread.person) : undefined
  return {
    title: thread.subject || t('threads.noSubject'),
    live: [`thread:${thread.id}`, `tasks:${thread.id}`],
    body: (
      <Page width="reading">
        <Stack>
          <Head thread={thread} area={await areaOf(see, thread)} standing={await standingIn(see, thread)} person={person} />
          <Presence thread={thread.id} />
          {await talkOf(see, thread)}
        </Stack>
      </Page>
    ),
  }
})

const standingIn = async (see: See, thread: Thread): Promise<Standing> => (await threads.standingOf(see.ctx, [thread])).get(thread.id)!

/** What was said, what else belongs to it, and where one writes. */
async function talkOf(see: See, thread: Thread, isPart = false): Promise<Html> {
  const before = see.query.get('before') ?? undefined
  const { items, more, firstUnread } = await threads.messagesOf(see.ctx, thread.id, { before, limit: 50 })
  const ids = items.map(each => each.id)
  const people = await cardsOf(see.ctx, items.map(each => each.author).filter(each => each !== null)) // biome-ignore format: one line
  const [files, reactions] = [await attachmentsOf(see.ctx, ids), await reactionsOf(see.ctx, ids)]
  const beside = await besideEach(see, items)
  if (items.length && !before) await threads.markRead(see.ctx, thread.id, items.at(-1)!.id)
  return (
    <>
      {more && <LinkButton href={`?before=${items[0]!.id}`}>{t('threads.earlier')}</LinkButton>}
      {items.length === 0 ? (
        <EmptyState title={t('threads.empty')} why={t('threads.emptyWhy')} icon="chat" compact={isPart} />
      ) : (
        <Conversation label={t('threads.messages')}>
          {items.map(each => (
            <One
              each={each}
              author={each.author ? people.get(each.author) : undefined}
              files={files.get(each.id) ?? []}
              unread={each.id === firstUnread}
              images={see.query.get('images') === each.id}
              actions={<MessageMenu content={each} {...deedsOf(see.ctx, each)} />}
              foot={
                !each.deletedAt && (
                  <>
                    <Reactions object={each.id} given={reactions.get(each.id) ?? []} />
                    {beside.get(each.id)}
                  </>
                )
              }
            />
          ))}
        </Conversation>
      )}
      {await fill(see, threadAside, { thread: thread.id })}
      <Write thread={thread} draft={await draftOf(see.ctx, `thread:${thread.id}`)} />
    </>
  )
}

// —— on the page of what it is about ——

export const talkThere = offer(threadTalk, async (see, { thread }) => talkOf(see, await threads.threadOf(see.ctx, thread), true), {
  who: 'content.react',
})

export const standingThere = offer(
  threadStanding,
  async (see, { thread: one }) => {
    const thread = await threads.threadOf(see.ctx, one)
    return <Watching thread={thread} standing={await standingIn(see, thread)} />
  },
  { who: 'content.react' },
)

async function besideEach(see: See, said: Content[]): Promise<Map<string, Html[]>> {
  const found = new Map<string, Html[]>()
  await offered(see, saidHere, { said, show: (content, what) => void found.set(content, [...(found.get(content) ?? []), what]) })
  return found
}

interface HeadProps {
  thread: Thread
  area: string | null
  standing: Standing
  person: PersonCard | undefined
}

const Head = ({ thread, area, standing, person }: HeadProps) => (
  <PageHead
    title={<bdi>{thread.subject || t('threads.noSubject')}</bdi>}
    detail={person && t('threads.withPerson', { name: person.name })}
    actions={
      <>
        {area && (
          <LinkButton href={area} icon="reply" size="small">
            {t('threads.toArea')}
          </LinkButton>
        )}
        <Watching thread={thread} standing={standing} />
      </>
    }
  />
)

/** Whether one is told of what is new in it. */
const Watching = ({ thread, standing }: { thread: Thread; standing: Standing }) => (
  <Menu
    id="standing"
    label={standing.muted ? t('threads.mute') : t('threads.watch')}
    icon={standing.muted ? 'remove' : 'eye'}
    size="small"
    align="end"
  >
    <MenuItem action={`/threads/${thread.id}/watch`} checked={!standing.muted && standing.because !== null && standing.because !== 'read'}>
      {t('threads.watch')}
    </MenuItem>
    <MenuItem action={`/threads/${thread.id}/unwatch`}>{t('threads.unwatch')}</MenuItem>
    <MenuItem action={`/threads/${thread.id}/${standing.muted ? 'unmute' : 'mute'}`} checked={standing.muted} shortcut="m">
      {t('threads.mute')}
    </MenuItem>
  </Menu>
)

interface OneProps {
  each: Content
  author: PersonCard | undefined
  files: AttachedFile[]
  unread: boolean
  images: boolean
  actions: Html
  foot: Html | false
}

const One = ({ each, author, files, unread, images, actions, foot }: OneProps) => (
  <Message
    id={each.id}
    kind={each.noun === 'Note' ? 'note' : each.side === 'outside' ? 'in' : 'out'}
    author={{ name: author?.name ?? t('threads.somebody'), side: author?.side }}
    at={each.at}
    unread={unread}
    actions={actions}
    foot={foot}
    state={each.editedAt && <Quiet small>{t('kernel.messageEdited')}</Quiet>}
    attachments={
      files.some(file => !file.inline) &&
      files
        .filter(file => !file.inline)
        .map(file => (
          <FileChip
            name={file.name}
            href={`/files/${file.file}`}
            size={bytes(file.size)}
            preview={file.type.startsWith('image/') ? `/files/${file.file}?size=small` : undefined}
            alt={file.alt}
          />
        ))
    }
  >
    <Shown
      content={each}
      files={files}
      images={images}
      imagesHref={`?images=${each.id}#message-${each.id}`}
      beside={besideOf(each.detail)}
    />
  </Message>
)

const Write = ({ thread, draft }: { thread: Thread; draft: Record<string, string> }) => {
  const note = { label: t('threads.note'), action: `/threads/${thread.id}/note`, shortcut: 'n' }
  const out = { label: t('threads.comment'), action: `/threads/${thread.id}/comment`, shortcut: 'r' }
  const inside = thread.kind === 'conversation' || thread.audience === 'staff'
  // What was begun as a note comes back as a note.
  const noted = inside || draft.kind === 'note'
  return (
    <Composer
      id="write"
      action={noted ? note.action : out.action}
      kind={noted ? 'note' : 'out'}
      kinds={inside ? undefined : { out, note }}
      label={t('threads.write')}
      placeholder={inside ? t('threads.noteHint') : undefined}
      name="text"
      value={draft.text}
      draft={`thread:${thread.id}`}
      maxlength={500_000}
      sendLabel={t('threads.send')}
      files
    />
  )
}

// —— deeds ——

const most = 26 * 1024 * 1024

async function written(fields: FormData, { thread }: Record<string, string>, who: Asker) {
  const sent = fields.getAll('files').filter((each): each is File => each instanceof File && each.size > 0)
  const kept = await keepUploads(who, sent)
  return { thread: thread!, text: String(fields.get('text') ?? ''), attachments: kept.map(each => each.file) }
}

export const doNote = form('/threads/:thread/note', threads.note, {
  most,
  read: written,
  done: () => ({ stay: true, say: 'threads.said' }),
})
export const doComment = form('/threads/:thread/comment', threads.comment, {
  most,
  read: written,
  done: () => ({ stay: true, say: 'threads.said' }),
})

const only = (_fields: FormData, { thread }: Record<string, string>) => ({ thread: thread! })
export const doWatch = form('/threads/:thread/watch', threads.watch, { read: only, done: () => ({ stay: true, say: 'threads.watched' }) })
export const doUnwatch = form('/threads/:thread/unwatch', threads.unwatch, {
  read: only,
  done: () => ({ stay: true, say: 'threads.unwatched' }),
})
export const doMute = form('/threads/:thread/mute', threads.mute, {
  read: only,
  done: (_see, _out, { thread }) => ({ stay: true, say: 'threads.mutedSay', undo: { path: `/threads/${thread}/unmute`, fields: {} } }),
})
export const doUnmute = form('/threads/:thread/unmute', threads.unmute, {
  read: only,
  done: () => ({ stay: true, say: 'threads.unmuted' }),
})
