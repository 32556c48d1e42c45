/** How people get their answer who have no account: by mail to the address that they proved, and a copy by a link that ends. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { sign, signedBy } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { type FileCard, fileOf } from '#kernel/files.ts'
import { type Letter, letterHtml, letterText } from '#kernel/html/letter.tsx'
import { outsideJob } from '#kernel/jobs.ts'
import { log } from '#kernel/log.ts'
import { sendMail } from '#kernel/mail.ts'
import { date, inLanguage, isLanguage, language, t } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { organisationOf } from '#social/members/actions.ts'
import * as store from './store.ts'
import { yourData } from './words.ts'

/** What a mailed link says, and that we said it. */
export interface Link {
  about: string
  sign: string
}

// —— the copy ——

const signedFor = 'copy for its person'

/** Where the person fetches their copy; null when there is none, or its time is over. */
export function copyLink(org: string, row: Pick<store.RequestRow, 'id' | 'file' | 'language' | 'link_until'>): string | null {
  if (!row.file || !row.link_until || row.link_until <= now()) return null
  const about = `${org}.${row.id}.${row.link_until.getTime()}`
  const spoken = row.language ? { in: row.language } : undefined
  return `${houseOrigin()}${yourData}/copy?${new URLSearchParams({ about, sign: sign(signedFor, about), ...spoken })}`
}

export interface CopyBehind {
  org: string
  request: string
  organisation: string
  file: FileCard
  until: Date
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The copy behind a link of ours, checked before anything is read; null for every other link, and for one that has ended. */
export async function copyBehind({ about, sign: given }: Link): Promise<CopyBehind | null> {
  const [org = '', request = '', until = '', ...more] = about.split('.')
  if (more.length || !uuid.test(org) || !uuid.test(request) || !signedBy(signedFor, about, given)) return null
  return asSystem(org, async ctx => {
    const row = await store.find(ctx, request)
    const isOpen = row?.file && row.link_until && row.link_until > ctx.now && String(row.link_until.getTime()) === until
    const file = isOpen ? await fileOf(ctx, row.file!) : undefined
    return file ? { org, request, organisation: (await organisationOf(ctx)).name, file, until: row!.link_until! } : null
  })
}

// —— letters ——

/** Sends what is written in this language, and says in the end why it came. */
export async function mailTo(to: string, spoken: string | null, zone: string, write: () => Omit<Letter, 'foot'> & { why: string }) {
  await inLanguage(
    isLanguage(spoken) ? spoken : language(),
    async () => {
      const { why, ...told } = write()
      const letter = { ...told, foot: [{ text: why }] }
      await sendMail({ to, subject: letter.title, text: letterText(letter), html: await letterHtml(letter) })
    },
    zone,
  )
}

/** As the request stands when it is sent: what was taken back in the meantime is not told. */
export const mailAnswer = outsideJob(
  'Whoever asked by their address is told there how it ended',
  z.object({ request: z.uuid() }),
  async (org, { request }) => {
    const found = await asSystem(org, async ctx => {
      const row = await store.find(ctx, request)
      return row?.address ? { row, address: row.address, zone: ctx.zone, organisation: (await organisationOf(ctx)).name } : null
    })
    if (!found) return
    const { row, address, zone, organisation } = found
    const href = row.state === 'done' ? copyLink(org, row) : null
    const why = () => t('rights.mail.why', { organisation })
    if (href)
      await mailTo(address, row.language, zone, () => ({
        title: t('rights.mail.copy', { organisation }),
        lines: [{ text: t('rights.mail.copyOpen'), href }, { text: t('rights.mail.copyUntil', { date: date(row.link_until!) }) }],
        why: why(),
      }))
    if (row.state === 'refused')
      await mailTo(address, row.language, zone, () => ({
        title: t(`rights.mail.refused.${row.kind}`, { organisation }),
        lines: [{ text: row.says ?? '' }, { text: t('rights.mail.complain') }],
        why: why(),
      }))
  },
)

/** The last that goes there. Sent at once, because by then the address is known nowhere else any more; so there is no second try. */
export async function mailErased(it: { address: string; language: string | null; zone: string; organisation: string }): Promise<void> {
  const { organisation } = it
  await mailTo(it.address, it.language, it.zone, () => ({
    title: t('rights.mail.erased', { organisation }),
    lines: [{ text: t('rights.mail.erasedWhat') }],
    why: t('rights.mail.why', { organisation }),
  })).catch(error => log.error({ err: error }, 'the mail that tells of an erasure was not sent'))
}
