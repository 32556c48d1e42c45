/** The page behind the link by which somebody withdraws; mail programs post to it by themselves. */
import { ActionForm, Button, Prose, Stack } from '#kernel/html/kit.tsx'
import { showPublic } from '#kernel/http.tsx'
import { t } from '#kernel/messages.ts'
import { raw, type Screen } from '#kernel/page.tsx'
import * as consent from './actions.ts'

const linkIn = (url: string) => {
  const query = new URL(url).searchParams
  return { about: query.get('about') ?? '', sign: query.get('sign') ?? '' }
}

const gone = (): Screen => ({ title: t('consent.leaveGone'), status: 404, body: <Prose>{t('consent.leaveGoneWhy')}</Prose> })

/** Looking withdraws nothing: scanners of mails open every link. */
export const leavePage = raw('GET', '/leave', 'nobody', async c => {
  const link = linkIn(c.req.url)
  const found = await consent.behindLeave(link)
  if (!found) return showPublic(c, gone())
  return showPublic(c, {
    title: t('consent.leaveTitle', found),
    body: (
      <Stack>
        <Prose>{t('consent.leaveAsk', found)}</Prose>
        <ActionForm action={`/leave?${new URLSearchParams(link)}`}>
          <Button look="strong">{t('consent.leaveDo')}</Button>
        </ActionForm>
      </Stack>
    ),
  })
})

export const leave = raw('POST', '/leave', 'nobody', async c => {
  const link = linkIn(c.req.url)
  const found = await consent.behindLeave(link)
  if (!found || !(await consent.leaveBehind(link))) return showPublic(c, gone())
  return showPublic(c, {
    title: t('consent.leftTitle'),
    body: (
      <Stack>
        <Prose>{t('consent.left', found)}</Prose>
        <a href={`/your-data?of=${found.org}`}>{t('consent.yourData')}</a>
      </Stack>
    ),
  })
})
