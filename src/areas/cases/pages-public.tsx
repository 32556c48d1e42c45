/** A customer’s own page of their case, behind the link that we gave them; no sign-in. */

import { bodyOf } from '#kernel/body.ts'
import {
  Badge,
  Button,
  Conversation,
  EmptyState,
  Folded,
  Form,
  FormActions,
  Heading,
  Message,
  PlainText,
  Prose,
  Quiet,
  Row,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { showPublic } from '#kernel/http.tsx'
import { date, t } from '#kernel/messages.ts'
import { raw, type Screen } from '#kernel/page.tsx'
import * as cases from './actions.ts'

type Behind = NonNullable<Awaited<ReturnType<typeof cases.behindLink>>>

const linkIn = (url: string) => {
  const query = new URL(url).searchParams
  return { about: query.get('about') ?? '', sign: query.get('sign') ?? '' }
}

const gone = (): Screen => ({
  title: t('cases.public.gone'),
  status: 404,
  body: <Prose>{t('cases.public.goneWhy')}</Prose>,
})

export const publicPage = raw('GET', '/case', 'nobody', async c => {
  const link = linkIn(c.req.url)
  const found = await cases.behindLink(link)
  return showPublic(c, found ? shown(found, link) : gone())
})

export const publicReply = raw('POST', '/case', 'nobody', async c => {
  const link = linkIn(c.req.url)
  const fields = new URLSearchParams((await bodyOf(c.req.raw, 200_000)).toString('utf8'))
  if (!(await cases.answerBehind(link, { text: fields.get('text') ?? '' }))) return showPublic(c, gone())
  return c.redirect(`/case?${new URLSearchParams({ ...link, sent: '1' })}`, 303)
})

export const publicAsk = raw('POST', '/case/rights', 'nobody', async c => {
  const link = linkIn(c.req.url)
  const fields = new URLSearchParams((await bodyOf(c.req.raw, 10_000)).toString('utf8'))
  const kind = fields.get('kind') === 'erasure' ? 'erasure' : 'copy'
  if (!(await cases.askBehind(link, kind))) return showPublic(c, gone())
  return showPublic(c, { title: t('cases.public.asked'), body: <Prose>{t('cases.public.askedWhy')}</Prose> })
})

const Rights = ({ link }: { link: Record<string, string> }) => (
  <Folded label={t('cases.public.rights')}>
    <Form action={`/case/rights?${new URLSearchParams(link)}`}>
      <Prose>{t('cases.public.rightsWhy')}</Prose>
      <FormActions>
        <Button name="kind" value="copy">
          {t('cases.public.askCopy')}
        </Button>
        <Button name="kind" value="erasure">
          {t('cases.public.askErasure')}
        </Button>
      </FormActions>
    </Form>
  </Folded>
)

const shown = (it: Behind, link: { about: string; sign: string }): Screen => ({
  title: t('cases.public.title', { number: it.number }),
  body: (
    <Stack gap="large">
      <Stack gap="small">
        <Row>
          <Badge tone={it.state === 'closed' ? 'neutral' : 'customer'}>{t(`cases.public.state.${it.state}`)}</Badge>
        </Row>
        <Quiet>{t('cases.public.since', { organisation: it.organisation, day: date(it.openedAt) })}</Quiet>
      </Stack>
      {it.talks.length === 0 && <EmptyState title={t('cases.public.nothing')} why={t('cases.public.nothingWhy')} icon="mail" compact />}
      {it.talks.map(talk => (
        <Stack>
          {talk.subject && <Heading>{talk.subject}</Heading>}
          <Conversation label={talk.subject || t('cases.public.talk')}>
            {talk.messages.map(each => (
              <Message
                id={each.id}
                kind={each.from === 'us' ? 'in' : 'out'}
                author={{ name: each.from === 'us' ? it.organisation : t('cases.public.you') }}
                at={each.at}
              >
                <PlainText text={each.text} />
              </Message>
            ))}
          </Conversation>
        </Stack>
      ))}
      {it.mayWrite && (
        <Form action={`/case?${new URLSearchParams(link)}`}>
          <TextArea name="text" label={t('cases.public.write')} rows={5} maxlength={20_000} required />
          <FormActions>
            <Button look="strong" icon="send">
              {t('cases.public.send')}
            </Button>
          </FormActions>
        </Form>
      )}
      <Rights link={link} />
    </Stack>
  ),
})
