/** For people without an account: ask for one's data, confirm it, fetch the copy. Plain pages without a script; looking changes nothing. */

import { Readable } from 'node:stream'
import type { Context } from 'hono'
import { contentOf } from '#kernel/files.ts'
import { readForm } from '#kernel/form-data.ts'
import { ActionForm, Button, Form, FormActions, Input, Prose, Quiet, RadioGroup, Stack } from '#kernel/html/kit.tsx'
import { addressOf, showPublic } from '#kernel/http.tsx'
import { count, limits } from '#kernel/limits.ts'
import { canMail } from '#kernel/mail.ts'
import { bytes, date, dateTime, t } from '#kernel/messages.ts'
import { raw, type Screen } from '#kernel/page.tsx'
import * as rights from './actions.ts'
import { asDownload } from './pages-request.tsx'
import { dataOf, requestKinds, yourData } from './words.ts'

const plain = (title: string, ...lines: string[]): Screen => ({
  title,
  body: (
    <Stack>
      {lines.map(line => (
        <Prose>{line}</Prose>
      ))}
    </Stack>
  ),
})
const gone = (): Screen => ({
  title: t('rights.public.gone'),
  status: 404,
  body: (
    <Stack>
      <Prose>{t('rights.public.goneWhy')}</Prose>
      <a href={yourData}>{t('rights.public.askAgain')}</a>
    </Stack>
  ),
})

const linkIn = (c: Context) => ({ about: c.req.query('about') ?? '', sign: c.req.query('sign') ?? '' })
/** The same address once more, for what is posted there. */
const again = (c: Context): string =>
  `${c.req.path}?${new URLSearchParams({ ...linkIn(c), ...(c.req.query('in') && { in: c.req.query('in')! }) })}`

// —— asking ——

export const askPage = raw('GET', yourData, 'nobody', async c => {
  const organisation = await rights.whoIsAsked(c.req.query('of'))
  if (!organisation) return showPublic(c, gone())
  return showPublic(c, canMail() ? ask(organisation) : noMail(organisation))
})

const noMail = ({ name }: { name: string }) => plain(t('rights.public.title'), t('rights.public.noMail', { organisation: name }))

const ask = ({ name, slug }: { name: string; slug: string }): Screen => ({
  title: t('rights.public.title'),
  body: (
    <Stack>
      <Prose>{t('rights.public.why', { organisation: name })}</Prose>
      <Form action={dataOf(slug)} label={t('rights.public.title')}>
        <RadioGroup
          name="kind"
          label={t('rights.public.what')}
          required
          choices={requestKinds.map(value => ({ value, label: t(`rights.public.${value}`), hint: t(`rights.public.${value}Why`) }))}
        />
        <Input
          name="address"
          type="email"
          label={t('rights.public.address')}
          hint={t('rights.public.addressWhy', { organisation: name })}
          autocomplete="email"
          maxlength={254}
          required
        />
        <FormActions>
          <Button look="strong" icon="mail">
            {t('rights.public.send')}
          </Button>
        </FormActions>
      </Form>
    </Stack>
  ),
})

export const doAsk = raw('POST', yourData, 'nobody', async c => {
  const organisation = await rights.whoIsAsked(c.req.query('of'))
  if (!organisation) return showPublic(c, gone())
  if (!canMail()) return showPublic(c, noMail(organisation))
  const { plain: typed } = await readForm(c.req.raw)
  await rights.askByAddress(organisation.id, { kind: typed.kind, address: typed.address }, addressOf(c))
  return showPublic(c, plain(t('rights.public.sent'), t('rights.public.sentWhy')))
})

// —— confirming ——

export const confirmPage = raw('GET', `${yourData}/confirm`, 'nobody', async c => {
  const found = await rights.behindProof(linkIn(c))
  if (!found) return showPublic(c, gone())
  return showPublic(c, {
    title: t(`rights.public.${found.kind}`),
    body: (
      <Stack>
        <Prose>{t(`rights.public.confirm.${found.kind}`, found)}</Prose>
        <ActionForm action={again(c)}>
          <Button look="strong">{t('rights.public.doConfirm')}</Button>
        </ActionForm>
      </Stack>
    ),
  })
})

export const doConfirm = raw('POST', `${yourData}/confirm`, 'nobody', async c => {
  const done = await rights.confirm(linkIn(c))
  if (!done) return showPublic(c, gone())
  const { organisation, kind, dueOn } = done
  if (!dueOn) return showPublic(c, plain(t('rights.public.nobody'), t('rights.public.nobodyWhy', { organisation })))
  const due = date(new Date(`${dueOn}T12:00:00Z`))
  return showPublic(c, plain(t('rights.public.noted'), t(`rights.public.noted.${kind}`, { organisation, date: due })))
})

// —— the copy ——

export const copyPage = raw('GET', `${yourData}/copy`, 'nobody', async c => {
  const found = await rights.copyBehind(linkIn(c))
  if (!found) return showPublic(c, gone())
  return showPublic(c, {
    title: t('rights.public.yourCopy'),
    body: (
      <Stack>
        <Prose>{t('rights.public.yourCopyWhy', { organisation: found.organisation })}</Prose>
        {/* A file is no page that could be put in the place of this one. */}
        <form method="post" action={again(c)} data-turbo="false">
          <Button look="strong" icon="download">
            {t('rights.public.fetch', { size: bytes(found.file.size) })}
          </Button>
        </form>
        <Quiet>{t('rights.public.copyUntil', { at: dateTime(found.until) })}</Quiet>
      </Stack>
    ),
  })
})

export const doFetch = raw('POST', `${yourData}/copy`, 'nobody', async c => {
  const found = await rights.copyBehind(linkIn(c))
  if (!found) return showPublic(c, gone())
  await count(limits.writingByLink, found.request)
  return c.body(Readable.toWeb(contentOf(found.org, found.file)) as ReadableStream, 200, asDownload(found.request, found.file))
})
