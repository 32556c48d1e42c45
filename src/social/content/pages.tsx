import { Readable } from 'node:stream'
import type { Context } from 'hono'
import { contentOf as bytesFrom, type FileCard, fileFor, isPicture, smallOf } from '#kernel/files.ts'
import { pictureAt } from '#kernel/image-proxy.ts'
import { form, raw, type See } from '#kernel/page.tsx'
import * as content from './actions.ts'

// —— files ——

/** Kinds that are sent as what they are; everything else is bytes to be saved. None but pictures opens inside our own pages. */
const told =
  /^(application\/(pdf|zip|json|vnd\.openxmlformats-[\w.-]{1,80}|vnd\.oasis\.[\w.-]{1,80})|text\/(plain|csv|calendar|vcard)|audio\/[\w.+-]{1,40}|video\/[\w.+-]{1,40})$/

function headersFor(file: FileCard, picture: boolean): Record<string, string> {
  const name = encodeURIComponent(file.name).replace(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return {
    'content-type': picture ? file.type : told.test(file.type) ? file.type : 'application/octet-stream',
    'content-disposition': `${picture ? 'inline' : 'attachment'}; filename="${file.name.replace(/[^\w .-]/g, '_')}"; filename*=UTF-8''${name}`,
    'content-security-policy': "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    // What hangs on a message never changes under its id; who may see it may.
    'cache-control': 'private, max-age=3600',
  }
}

export const file = raw('GET', '/files/:file', 'self.manage', async (c, see) => {
  const found = await fileFor(see!.ctx, idIn(see!))
  const picture = isPicture(found.type)
  if (picture && see!.query.get('size') === 'small') return small(c, see!.ctx.org, found)
  const body = Readable.toWeb(bytesFrom(see!.ctx.org, found)) as ReadableStream
  return c.body(body, 200, { ...headersFor(found, picture), 'content-length': String(found.size) })
})

const idIn = ({ params }: See): string =>
  /^[0-9a-f-]{36}$/.test(params.file ?? '') ? params.file! : '00000000-0000-0000-0000-000000000000'

async function small(c: Context, org: string, found: FileCard): Promise<Response> {
  const bytes = await smallOf(org, found)
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, headersFor({ ...found, type: 'image/webp' }, true))
}

/** A picture of another server, fetched by us. The signed address is the right to ask, so no session is needed and none is looked at. */
export const proxiedImage = raw('GET', '/proxy/image', 'nobody', async c => {
  const picture = await pictureAt(c.req.query('u') ?? '', c.req.query('s') ?? '')
  return c.body(picture.bytes as Uint8Array<ArrayBuffer>, 200, {
    'content-type': picture.type,
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'cache-control': 'private, max-age=86400, immutable',
  })
})

// —— deeds ——

export const doEdit = form('/content/:content/edit', content.edit, {
  done: (_see, _out, { content: id }) => ({ stay: true, say: 'content.editedSay', undo: { path: `/content/${id}/undo-edit`, fields: {} } }),
})
export const doUndoEdit = form('/content/:content/undo-edit', content.undoEdit, { done: () => ({ stay: true, say: 'content.editedSay' }) })

export const doRemove = form('/content/:content/remove', content.remove, {
  done: (_see, _out, { content: id }) => ({ stay: true, say: 'content.removedSay', undo: { path: `/content/${id}/restore`, fields: {} } }),
})
export const doRestore = form('/content/:content/restore', content.restore, { done: () => ({ stay: true, say: 'content.restoredSay' }) })
