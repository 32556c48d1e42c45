/** Mail that the house itself sends: invitations, resets, notifications. Without a mail server it is kept in the log of the day for the administrator. */
import type { Transporter } from 'nodemailer'
import { log } from './log.ts'

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
  headers?: Record<string, string>
}

export type Post = (mail: Mail) => Promise<void>

let post: Post | undefined

/** `smtps://user:password@host` and the sender; without them nothing is sent. */
export function useMailServer(url: string | undefined, from: string | undefined): void {
  if (!url || !from) return void (post = undefined)
  let transport: Transporter | undefined
  post = async mail => {
    transport ??= (await import('nodemailer')).createTransport({
      url,
      connectionTimeout: 10_000,
      socketTimeout: 30_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    } as never)
    await transport.sendMail({ from, ...mail, headers: { 'Auto-Submitted': 'auto-generated', ...mail.headers } })
  }
}

/** For tests: where mails go instead. */
export const usePost = (given: Post | undefined): void => void (post = given)

export const canMail = (): boolean => post !== undefined

/** Sends one mail, now. Call it from a job, never inside a decision's transaction. Returns false when there is no mail server. */
export async function sendMail(mail: Mail): Promise<boolean> {
  if (!post) {
    log.info({ to: mail.to, subject: mail.subject }, 'no mail server is set: this mail was not sent')
    return false
  }
  await post(mail)
  return true
}

/** Does this mail server let us in? Undefined when it does, else its own words. */
export async function mailServerAnswers(url: string): Promise<string | undefined> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({ url, connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 5000 } as never)
  try {
    await transport.verify()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    transport.close()
  }
}
