/** Every address at which the open network calls. */
import type { Door } from '#social/channels/words.ts'
import { ownInbox, sharedInbox } from './inbox.ts'
import { hostMeta, nodeInfo, nodeInfoAt, webfinger } from './known.ts'
import { actor, featured, file, followers, following, note, outbox } from './serve.ts'
import type { Settings } from './settings.ts'

const get = (path: string, answer: Door<Settings>['answer']): Door<Settings> => ({ method: 'GET', path, answer })
const post = (path: string, answer: Door<Settings>['answer']): Door<Settings> => ({ method: 'POST', path, answer })

const own = '/activitypub/actors/:name'

export const doors: Door<Settings>[] = [
  get('/.well-known/webfinger', webfinger),
  get('/.well-known/host-meta', hostMeta),
  get('/.well-known/nodeinfo', nodeInfoAt),
  get('/activitypub/nodeinfo/2.1', nodeInfo),
  post('/activitypub/inbox', sharedInbox),
  get(own, actor),
  post(`${own}/inbox`, ownInbox),
  get(`${own}/outbox`, outbox),
  get(`${own}/followers`, followers),
  get(`${own}/following`, following),
  get(`${own}/featured`, featured),
  get(`${own}/notes/:key`, note),
  get(`${own}/files/:file`, file),
]
