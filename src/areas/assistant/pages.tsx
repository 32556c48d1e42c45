import { messageMarks, replyAbove, replyTools } from '#areas/crm/words.ts'
import {
  ActionButton,
  ActionForm,
  Badge,
  Banner,
  Button,
  CopyButton,
  Icon,
  Menu,
  MenuItem,
  Panel,
  PlainText,
  Quiet,
  Row,
  Stack,
  Waiting,
} from '#kernel/html/kit.tsx'
import { language, t } from '#kernel/messages.ts'
import { form, type Html, offer, raw, typed } from '#kernel/page.tsx'
import { threadAside } from '#social/threads/words.ts'
import * as assistant from './actions.ts'
import { isForeign, isHelped } from './rules.ts'
import { isTakable, type Tone, tones, type Use } from './words.ts'

export * from './pages-settings.tsx'

const about = { who: 'assistant.use' }
const draftForm = 'assistant-draft'
const summaryForm = 'assistant-summary'

// —— beside a conversation ——

/** Only in the inbox: in other threads nobody from outside takes part. */
export const panel = offer(
  threadAside,
  async (see, { thread }) => {
    const it = see.path.startsWith('/inbox') ? await assistant.beside(see.ctx, thread) : null
    if (!it?.helps.some(each => each === 'summary' || each === 'draft')) return null
    const summary = it.pieces.find(each => each.kind === 'summary')
    return (
      <Panel title={t('assistant.title')}>
        <Stack gap="small">
          <Row>
            {it.helps.includes('summary') && (
              <ActionForm action={`/assistant/threads/${thread}/summary`} id={summaryForm}>
                <Button size="small" icon="list" disabled={summary?.state === 'asked'}>
                  {t('assistant.summarise')}
                </Button>
              </ActionForm>
            )}
            {it.helps.includes('draft') && (
              <ActionForm action={`/assistant/threads/${thread}/draft`} id={draftForm}>
                <Button size="small" icon="edit">
                  {t('assistant.draft')}
                </Button>
              </ActionForm>
            )}
          </Row>
          {summary && <Piece it={summary} />}
        </Stack>
      </Panel>
    )
  },
  { order: 1, ...about },
)

/** Above where one writes: what waits to be taken. */
export const above = offer(
  replyAbove,
  async (see, { thread }) => {
    const it = await assistant.beside(see.ctx, thread)
    const summary = it?.pieces.find(each => each.kind === 'summary')
    const newest = it?.pieces.find(each => isTakable(each.kind))
    return (
      <>
        {summary && <Above it={summary} narrow />}
        {newest && <Above it={newest} />}
      </>
    )
  },
  { order: 10, ...about },
)

/** Where there is no room beside the conversation, a summary stands here as well. */
const Above = ({ it, narrow }: { it: Use; narrow?: true }) => (
  <div class={narrow ? 'assistant-above assistant-narrow' : 'assistant-above'}>
    <Banner tone="talk" icon="spark" title={t(`assistant.wrote.${it.kind}`, { language: inWords(it.language) })}>
      <Piece it={it} />
    </Banner>
  </div>
)

const inWords = (code: string | null): string =>
  code ? (new Intl.DisplayNames([language()], { type: 'language' }).of(code) ?? code) : t('assistant.anotherLanguage')

const Piece = ({ it }: { it: Use }) => {
  if (it.state === 'asked')
    return (
      <div class="assistant-piece">
        <Row>
          <Waiting label={t('assistant.isWriting')} />
          <ActionButton action={`/assistant/uses/${it.id}/stop`} size="small" look="bare">
            {t('assistant.stop')}
          </ActionButton>
        </Row>
        <SoFar it={it} />
      </div>
    )
  if (it.state === 'failed')
    return (
      <Stack gap="small">
        <p role="alert">{it.says}</p>
        <Away it={it} />
      </Stack>
    )
  return <Written it={it} />
}

/** Filled by web/behaviours/assistant.ts while it is written; nobody is read half a sentence, and without a script the whole stands here when it is there. */
const SoFar = ({ it }: { it: Use }) => (
  <div
    class="assistant-text assistant-far"
    dir="auto"
    lang={it.language ?? undefined}
    data-assistant-far={`assistant:${it.id}`}
    aria-live="off"
    hidden
  />
)

const Away = ({ it }: { it: Use }) => (
  <ActionButton action={`/assistant/uses/${it.id}/drop`} size="small" look="bare">
    {t('assistant.drop')}
  </ActionButton>
)

const Written = ({ it }: { it: Use }) => (
  <div class="assistant-piece" data-assistant-kind={it.kind}>
    <Badge icon="spark">{t('assistant.byAssistant')}</Badge>
    <div class="assistant-text" dir="auto" lang={it.language ?? undefined}>
      <PlainText text={it.text} />
    </div>
    {it.sources.length > 0 && <Sources it={it} />}
    {it.kind === 'draft' && it.sources.length === 0 && <Quiet small>{t('assistant.noSources')}</Quiet>}
    <Row>
      {it.kind === 'summary' ? <CopyButton text={it.text} label={t('assistant.copy')} /> : <Take it={it} />}
      <Away it={it} />
    </Row>
  </div>
)

const Sources = ({ it }: { it: Use }) => (
  <p class="assistant-sources">
    {t('assistant.sources')}{' '}
    {it.sources.map(({ title, href }, at) => (
      <>
        {at > 0 && ' · '}
        <a href={href}>
          <bdi>{title}</bdi>
        </a>
      </>
    ))}
  </p>
)

/** With a script the words go into the field at once, and can be taken out again by its own undo; without one they are there when the page is. */
const Take = ({ it }: { it: Use }) => (
  <form
    class="action-form"
    method="post"
    action={`/assistant/uses/${it.id}/take`}
    data-assistant-take={it.text}
    data-assistant-adds={it.kind === 'draft' ? '' : undefined}
    data-assistant-told={`/assistant/uses/${it.id}/took`}
  >
    <Button size="small" look="talk" icon="arrowDown">
      {t(it.kind === 'draft' ? 'assistant.take' : 'assistant.takeInstead')}
    </Button>
  </form>
)

// —— where one writes ——

export const tools = offer(
  replyTools,
  async (see, { thread }) => {
    const it = await assistant.beside(see.ctx, thread)
    if (!it) return null
    const base = `/assistant/threads/${thread}`
    const newest = it.taken.find(each => each.own)
    return (
      <>
        <Menu id="assistant" label={t('assistant.title')} icon="spark" iconOnly shortcut="i">
          {it.helps.includes('draft') && (
            <MenuItem form={draftForm} icon="edit">
              {t('assistant.draft')}
            </MenuItem>
          )}
          {it.helps.includes('summary') && (
            <MenuItem form={summaryForm} icon="list">
              {t('assistant.summarise')}
            </MenuItem>
          )}
          {it.helps.includes('tone') &&
            tones.map(each => (
              <MenuItem name="tone" value={each} formaction={`${base}/tone`} icon="refresh">
                {t(`assistant.tone.${each}`)}
              </MenuItem>
            ))}
          {it.helps.includes('translation') && (
            <MenuItem formaction={`${base}/words`} icon="language">
              {t('assistant.translateWords')}
            </MenuItem>
          )}
        </Menu>
        <Mark text={newest?.text ?? ''} />
      </>
    )
  },
  { order: 20, ...about },
)

/** What a draft owes to the assistant; web/behaviours/assistant.ts follows it while somebody writes. */
const Mark = ({ text }: { text: string }) => (
  <span class="assistant-mark" data-assistant-mark={text} role="status">
    <span data-whole hidden={text === '' || undefined}>
      <Icon name="spark" size={14} /> {t('assistant.markWhole')}
    </span>
    <span data-part hidden>
      <Icon name="spark" size={14} /> {t('assistant.markPart')}
    </span>
  </span>
)

// —— at the messages ——

export const marks = offer(
  messageMarks,
  async (see, { thread, said, add }) => {
    const it = await assistant.beside(see.ctx, thread)
    if (!it) return null
    for (const each of said) {
      if (each.noun !== 'Message' || each.deletedAt) continue
      const helped = each.side === 'inside' && it.taken.some(one => one.takenAt <= each.at && isHelped(each.text, one.text))
      if (helped) add(each.id, 'head', <Badge icon="spark">{t('assistant.markPart')}</Badge>)
      const known = it.translations.find(one => one.content === each.id && (!each.editedAt || each.editedAt < one.askedAt))
      if (known && known.state !== 'stopped') add(each.id, 'foot', <Translation it={known} from={each.language} />)
      else if (it.helps.includes('translation') && isForeign(each.language, language()))
        add(each.id, 'foot', <Translate content={each.id} />)
    }
    return null
  },
  { order: 10, ...about },
)

const Translate = ({ content }: { content: string }) => (
  <ActionButton action={`/assistant/messages/${content}/translate`} size="small" look="bare" icon="language">
    {t('assistant.translate')}
  </ActionButton>
)

const Translation = ({ it, from }: { it: Use; from: string | null }): Html => (
  <div class="assistant-translation">
    {it.state === 'done' ? (
      <>
        <Quiet small>{t('assistant.translated', { from: inWords(from) })}</Quiet>
        <div dir="auto" lang={it.language ?? undefined}>
          <PlainText text={it.text} />
        </div>
      </>
    ) : it.state === 'asked' ? (
      <Piece it={it} />
    ) : (
      <Row>
        <span role="alert">{it.says}</span>
        <Translate content={it.content!} />
      </Row>
    )}
  </div>
)

// —— deeds: each writes words for one's own eyes; none sends, hands over or closes ——

const here = { stay: true, keeps: true } as const

export const doSummarise = form('/assistant/threads/:thread/summary', assistant.summarise, { done: () => here })
export const doDraft = form('/assistant/threads/:thread/draft', assistant.draft, { done: () => here })

/** The files of the answer come along with its form. */
const most = 26 * 1024 * 1024

export const doRetone = form('/assistant/threads/:thread/tone', assistant.retone, {
  most,
  read: (fields, { thread }) => ({ thread: thread!, text: typed(fields, 'text'), tone: typed(fields, 'tone') as Tone }),
  done: () => here,
})
export const doTranslateWords = form('/assistant/threads/:thread/words', assistant.translateWords, {
  most,
  read: (fields, { thread }) => ({ thread: thread!, text: typed(fields, 'text') }),
  done: () => here,
})
export const doTranslateMessage = form('/assistant/messages/:content/translate', assistant.translateMessage, { done: () => here })

export const doStop = form('/assistant/uses/:use/stop', assistant.stop, { done: () => ({ ...here, say: 'assistant.wasStopped' }) })
export const doTake = form('/assistant/uses/:use/take', assistant.take, { done: (_see, { thread }) => ({ go: `/threads/${thread}` }) })
export const doDrop = form('/assistant/uses/:use/drop', assistant.drop, {
  done: (_see, _out, { use }) => ({ ...here, say: 'assistant.isDropped', undo: { path: `/assistant/uses/${use}/back` } }),
})
export const doBringBack = form('/assistant/uses/:use/back', assistant.bringBack, { done: () => here })

export const doTook = raw('POST', '/assistant/uses/:use/took', 'assistant.use', async (c, see) => {
  await assistant.took(see!.ctx, { use: see!.params.use! })
  return c.json({})
})
