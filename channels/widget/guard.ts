/** Before each door: which account, from which site, in which language; after it: what a page of another origin may read. */
import { Refusal, refuse, statusOf } from '#kernel/errors.ts'
import { inLanguage, isLanguage, languages, t } from '#kernel/messages.ts'
import type { Call, Called, Door } from '#social/channels/words.ts'
import { paced } from './pace.ts'
import type { Settings } from './settings.ts'

/** A call at the door of an account. */
export interface At {
  call: Call<Settings>
  called: Called<Settings>
  query: URLSearchParams
}

type Answer = (at: At) => Promise<Response>

const below = '/widget/:account'

/** What a site's page asks for: anybody may, the sites decide which pages may read it. */
export const asking = (path: string, answer: Answer): Door<Settings> => ({
  method: 'GET',
  path: `${below}${path}`,
  answer: atAccount(answer),
})

/** What a visitor says: only from a page of one of the sites, or from our own. */
export const telling = (path: string, answer: Answer): Door<Settings> => ({
  method: 'POST',
  path: `${below}${path}`,
  answer: atAccount(async at => {
    const origin = at.call.request.headers.get('origin')
    if (!origin || !isAllowed(at, origin)) refuse('forbidden', 'widget.foreignSite')
    return answer(at)
  }),
})

const isAllowed = ({ call, called }: At, origin: string): boolean =>
  called.account.settings.sites.includes(origin) || origin === call.origin

function atAccount(answer: Answer): Door<Settings>['answer'] {
  return async call => {
    const query = new URL(call.request.url).searchParams
    const wanted = query.get('language') ?? call.request.headers.get('accept-language')?.slice(0, 2)
    const called = await theAccount(call)
    return inLanguage(isLanguage(wanted) ? wanted : languages[0], async () => {
      const at = called && { call, called, query }
      const answered = await answerOf(at, answer, call)
      return readable(answered, at)
    })
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const theAccount = async (call: Call<Settings>): Promise<Called<Settings> | null> =>
  uuid.test(call.params.account ?? '') ? call.account({ id: call.params.account! }) : null

async function answerOf(at: At | null, answer: Answer, call: Call<Settings>): Promise<Response> {
  try {
    await paced('looks', call.from)
    return await answer(at ?? refuse('notFound', 'widget.noAccount'))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const headers = error.retryAfter ? { 'retry-after': String(error.retryAfter) } : undefined
    return Response.json({ says: t(error.key, error.values) }, { status: statusOf[error.code], headers })
  }
}

function readable(answer: Response, at: At | null): Response {
  const origin = at?.call.request.headers.get('origin')
  answer.headers.append('vary', 'origin')
  answer.headers.set('cross-origin-resource-policy', 'cross-origin')
  if (at && origin && isAllowed(at, origin)) answer.headers.set('access-control-allow-origin', origin)
  return answer
}

/** The browser asks first what it may send; it may send what pages may send anyway. */
export const preflight: Door<Settings> = {
  method: 'OPTIONS',
  path: `${below}/:what`,
  answer: atAccount(async () => {
    const headers = {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '7200',
    }
    return new Response(null, { status: 204, headers })
  }),
}
