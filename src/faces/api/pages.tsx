/** The door for programs: one address per action, its description, and a page to try it. */
import type { Context } from 'hono'
import type { Action } from '#kernel/action.ts'
import { Refusal } from '#kernel/errors.ts'
import {
  Badge,
  Breadcrumb,
  Button,
  Card,
  CodeBlock,
  Form,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  Row,
  SearchBox,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { type Env, originOf, showPublic } from '#kernel/http.tsx'
import { t } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { offer, page, raw, type Screen } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { keySample } from '#social/credentials/words.ts'
import * as api from './actions.ts'
import { curlOf, exampleOf, firstToTry, jsonSchema, openApi, pathOf } from './rules.ts'

const answer = (c: Context, text: string) => c.body(text, 200, { 'content-type': 'application/json; charset=utf-8' })

export const description = raw('GET', '/api/openapi.json', 'nobody', async c => c.json(openApi(api.published(), originOf(c))))

export const query = raw('GET', '/api/v1/:module/:action', 'nobody', async c =>
  api.inCallersLanguage(c, async () => {
    const asked = api.actionNamed(`${c.req.param('module')}.${c.req.param('action')}`)
    const caller = await api.callerOf(c as Context<Env>)
    if (!asked.info.reads) throw new Refusal('invalid', 'api.wantsPost')
    return answer(c, await api.run(asked, caller, api.queryOf(new URL(c.req.url).searchParams)))
  }),
)

export const command = raw('POST', '/api/v1/:module/:action', 'nobody', async c =>
  api.inCallersLanguage(c, async () => {
    const asked = api.actionNamed(`${c.req.param('module')}.${c.req.param('action')}`)
    const caller = await api.callerOf(c as Context<Env>)
    const once = c.req.header('idempotency-key')
    if (once !== undefined && (once.length < 1 || once.length > 255)) throw new Refusal('invalid', 'api.badKey')
    return answer(c, await api.run(asked, caller, await api.bodyOf(c.req.raw), once))
  }),
)

// —— the reference ——

export const reference = page(
  '/api/reference',
  { who: 'keys.manage', section: 'settings', finds: () => [{ title: t('api.reference'), icon: 'code', words: 'API' }] },
  async see => {
    const q = (see.query.get('q') ?? '').toLowerCase()
    const actions = api
      .published()
      .filter(each => may(see.ctx.actor, each.info.who) && `${each.info.name} ${each.info.says}`.toLowerCase().includes(q))
    const server = houseOrigin()
    return {
      title: t('api.reference'),
      body: (
        <Page width="reading">
          <PageHead
            title={t('api.reference')}
            detail={t('api.referenceWhy')}
            above={<Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }]} />}
            actions={<LinkButton href="/settings/keys">{t('access.keys')}</LinkButton>}
          />
          <Stack gap="large">
            <SearchBox action="/api/reference" label={t('api.find')} value={q} />
            <Card title={t('api.errors')} id="errors">
              <p>{t('api.errorsWhy')}</p>
            </Card>
            {actions.map(each => (
              <Operation action={each} server={server} />
            ))}
          </Stack>
        </Page>
      ),
    }
  },
)

const Operation = ({ action, server }: { action: Action; server: string }) => {
  const { info } = action
  return (
    <Card title={<code>{info.name}</code>} id={info.name} detail={<span lang="en">{info.says}</span>}>
      <Stack>
        <Row>
          <Badge tone={info.reads ? 'talk' : 'inside'}>{info.reads ? 'GET' : 'POST'}</Badge>
          <code>{pathOf(action)}</code>
          <Quiet>{info.who}</Quiet>
        </Row>
        <CodeBlock label={t('api.example')} code={curlOf(action, server, 'tf_…')} />
        <details class="folded">
          <summary>{t('api.schema')}</summary>
          <CodeBlock label={t('api.takes')} code={JSON.stringify(jsonSchema(info.takes, 'input'), null, 2)} />
          <CodeBlock label={t('api.gives')} code={JSON.stringify(jsonSchema(info.gives, 'output'), null, 2)} />
        </details>
        <details class="folded">
          <summary>{t('api.try')}</summary>
          <Form action="/api/reference/try" hidden={{ action: info.name }}>
            <TextArea
              id={`body-${info.name}`}
              name="body"
              label={t('api.body')}
              value={JSON.stringify(exampleOf(jsonSchema(info.takes, 'input')), null, 2)}
              code
              maxlength={100_000}
            />
            <Button>{t('api.try')}</Button>
          </Form>
        </details>
      </Stack>
    </Card>
  )
}

/** Runs it as the person who looks, with their own rights, and shows what a program would get. */
export const tryIt = raw('POST', '/api/reference/try', 'nobody', async c => {
  const caller = await api.callerOf(c as Context<Env>)
  const fields = await c.req.raw.formData()
  const asked = api.actionNamed(String(fields.get('action') ?? ''))
  const text = await api.run(asked, caller, bodyFrom(String(fields.get('body') ?? '{}')))
  return showPublic(c as Context<Env>, result(asked.info.name, text))
})

function bodyFrom(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'api.brokenJson', {}, { fields: [{ field: 'body', key: 'api.brokenJson' }] })
  }
}

const result = (name: string, text: string): Screen => ({
  title: name,
  body: (
    <Stack>
      <CodeBlock label={t('api.gives')} code={JSON.stringify(JSON.parse(text), null, 2)} />
      <LinkButton href={`/api/reference#${name}`}>{t('api.back')}</LinkButton>
    </Stack>
  ),
})

/** A first call that works as it is pasted: the key is in it, and it asks for what the key may see. */
export const sample = offer(keySample, async (see, { key, scopes }) => {
  const allowed = (who: string) => may(see.ctx.actor, who) && (scopes.length === 0 || scopes.includes(who))
  const asked = firstToTry(api.published(), allowed)
  return asked ? <CodeBlock label={t('api.tryKey')} code={curlOf(asked, houseOrigin(), key)} /> : null
})
