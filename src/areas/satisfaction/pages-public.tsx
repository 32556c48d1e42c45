/** What somebody sees who was asked: one question, one press, a word of thanks; no sign-in and no script. Looking answers nothing. */
import type { Context } from 'hono'
import { bodyOf } from '#kernel/body.ts'
import { refuse } from '#kernel/errors.ts'
import {
  ActionForm,
  Banner,
  Button,
  Form,
  FormActions,
  type IconName,
  Prose,
  Quiet,
  RadioGroup,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { showPublic } from '#kernel/http.tsx'
import type { SignedIn } from '#kernel/identity/sessions.ts'
import { t } from '#kernel/messages.ts'
import { raw, type Screen } from '#kernel/page.tsx'
import { dataOf } from '#social/rights/words.ts'
import * as satisfaction from './actions.ts'
import { endsOf, labelOf, questionOf, scoresOf } from './actions-said.ts'
import { type Kind, scales } from './words.ts'

type Shown = NonNullable<Awaited<ReturnType<typeof satisfaction.behindLink>>>

const linkIn = (c: Context) => ({ about: c.req.query('about') ?? '', sign: c.req.query('sign') ?? '' })
const hrefOf = (path: string, c: Context, more: Record<string, string> = {}): string =>
  `${path}?${new URLSearchParams({ ...linkIn(c), ...(c.req.query('in') && { in: c.req.query('in')! }), ...more })}`

/** A colleague who came upon the link in the conversation answers for nobody. */
function isColleague(c: Context, { org }: Shown): boolean {
  const who = c.get('who') as SignedIn | null
  return who?.org === org && who.role !== null && who.role !== 'customer' && who.role !== 'guest'
}

export const publicPage = raw('GET', '/survey', 'nobody', async c => {
  const found = await satisfaction.behindLink(linkIn(c))
  return showPublic(c, found ? screen(found, c) : gone())
})

const gone = (): Screen => ({
  title: t('satisfaction.public.gone'),
  status: 404,
  body: <Prose>{t('satisfaction.public.goneWhy')}</Prose>,
})

function screen(it: Shown, c: Context): Screen {
  const title = questionOf(it.survey, it.organisation)
  if (it.stands === 'ended')
    return {
      title: t('satisfaction.public.ended'),
      body: <Prose>{t('satisfaction.public.endedWhy', { organisation: it.organisation })}</Prose>,
    }
  if (it.stands === 'closed') return thanks(it, t('satisfaction.public.counted'))
  if (it.stands === 'given' && c.req.query('change') === undefined)
    return thanks(it, t('satisfaction.public.mayChange'), hrefOf('/survey', c, { change: '1' }))
  return {
    title,
    body: (
      <Stack gap="large">
        {isColleague(c, it) && <Banner tone="inside">{t('satisfaction.public.colleague')}</Banner>}
        <Question it={it} action={hrefOf('/survey', c)} chosen={chosenIn(it, c)} />
        <a href={dataOf(it.org)}>{t('rights.public.title')}</a>
      </Stack>
    ),
  }
}

/** What they answered before, else what the link in their mail says. */
function chosenIn({ given, survey }: Shown, c: Context): number | undefined {
  const asked = c.req.query('answer')
  return given?.score ?? (asked !== undefined && scoresOf(survey.kind).includes(Number(asked)) ? Number(asked) : undefined)
}

const thanks = (it: Shown, detail: string, change?: string): Screen => ({
  title: t('satisfaction.public.thanks'),
  body: (
    <Stack>
      <Prose>{detail}</Prose>
      {it.given && (
        <Prose>
          {questionOf(it.survey, it.organisation)} <strong>{labelOf(it.survey.kind, it.given.score)}</strong>
        </Prose>
      )}
      {change && <a href={change}>{t('satisfaction.public.change')}</a>}
    </Stack>
  ),
})

const faces: IconName[] = ['faceAwful', 'faceBad', 'faceSoSo', 'smile', 'faceGreat']
const shownAs = (kind: Kind, score: number) => (kind === 'csat' ? { icon: faces[score - scales.csat[0]]! } : { short: String(score) })

export interface QuestionProps {
  it: Pick<Shown, 'survey' | 'organisation' | 'given'>
  /** Where it is sent; without it, it only shows how it will look. */
  action?: string
  chosen?: number | undefined
}

export const Question = ({ it, action, chosen }: QuestionProps) => {
  const { kind, anonymous } = it.survey
  const fields = (
    <Stack gap="large">
      <RadioGroup
        name="score"
        label={t('satisfaction.public.yourAnswer')}
        labelHidden
        look="scale"
        required
        value={chosen === undefined ? undefined : String(chosen)}
        ends={endsOf(kind)}
        choices={scoresOf(kind).map(score => ({ value: String(score), label: labelOf(kind, score), ...shownAs(kind, score) }))}
      />
      <TextArea name="comment" label={t('satisfaction.public.comment')} value={it.given?.comment} rows={4} maxlength={2000} optional />
      <Quiet>{t(anonymous ? 'satisfaction.public.anonymous' : 'satisfaction.public.named', { organisation: it.organisation })}</Quiet>
    </Stack>
  )
  if (!action) return fields
  return (
    <Form action={action}>
      {fields}
      <FormActions>
        <Button look="strong" icon="send">
          {t('satisfaction.public.send')}
        </Button>
      </FormActions>
    </Form>
  )
}

export const publicAnswer = raw('POST', '/survey', 'nobody', async c => {
  const found = await satisfaction.behindLink(linkIn(c))
  if (!found) return showPublic(c, gone())
  if (isColleague(c, found)) refuse('forbidden', 'satisfaction.public.colleague')
  const fields = new URLSearchParams((await bodyOf(c.req.raw, 50_000)).toString('utf8'))
  await satisfaction.answerBehind(linkIn(c), { score: fields.get('score'), comment: fields.get('comment') ?? '' })
  return c.redirect(hrefOf('/survey', c), 303)
})

// —— no more questions ——

export const noPage = raw('GET', '/survey/no', 'nobody', async c => {
  const found = await satisfaction.behindNoLink(linkIn(c))
  return showPublic(c, found ? noScreen(c, found) : gone())
})

const noScreen = (c: Context, { organisation, isSaid }: { organisation: string; isSaid: boolean }): Screen => ({
  title: t(isSaid ? 'satisfaction.public.noDone' : 'satisfaction.public.no'),
  body: (
    <Stack>
      <Prose>{t(isSaid ? 'satisfaction.public.noDoneWhy' : 'satisfaction.public.noWhy', { organisation })}</Prose>
      <ActionForm action={hrefOf('/survey/no', c, isSaid ? { again: '1' } : {})}>
        <Button look={isSaid ? 'plain' : 'strong'}>{t(isSaid ? 'satisfaction.public.noAgain' : 'satisfaction.public.noDo')}</Button>
      </ActionForm>
    </Stack>
  ),
})

/** One click (RFC 8058): mail programs post here without cookie or session; the signed link is the right to do it. */
export const sayNo = raw('POST', '/survey/no', 'nobody', async c => {
  const done = await satisfaction.sayNoBehind(linkIn(c), c.req.query('again') !== undefined)
  if (!done) return showPublic(c, gone())
  return c.redirect(hrefOf('/survey/no', c), 303)
})
