import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { fileOf, keepSection } from '#kernel/files.ts'
import { stages, theDraft } from './actions-writing.ts'
import * as rules from './rules.ts'
import * as store from './store-pictures.ts'
import * as words from './words.ts'

const files = z.array(
  z.strictObject({ file: id, name: line(300), type: line(200), size: z.number().int().min(0), cid: z.null(), inline: z.literal(false) }),
)

const mostPictures = 20

export const addPictures = action({
  says: 'Hang pictures on a draft',
  who: 'posts.write',
  published: false,
  takes: z.strictObject({ post: id, files: files.min(1).max(mostPictures), alt: text(5000).default('') }),
  gives: z.object({}),
  run: async (ctx, { post: it, files: added, alt }) => {
    await theDraft(ctx, it)
    if (added.some(each => !each.type.startsWith('image/'))) refuse('invalid', 'marketing.onlyPictures')
    await store.add(
      ctx,
      it,
      added.map(({ file, name, type, size }) => ({ file, name, type, size, alt })),
    )
    await areFew(ctx, it)
    return {}
  },
})

async function areFew(ctx: Ctx, post: string): Promise<void> {
  if ((await store.picturesOf(ctx, [post])).length > mostPictures) refuse('tooMany', 'marketing.manyPictures', { most: mostPictures })
}

export const removePicture = action({
  says: 'Take a picture off a draft; it can be put back',
  who: 'posts.write',
  published: false,
  takes: z.strictObject({ post: id, file: id }),
  gives: z.object({}),
  run: async (ctx, { post: it, file }) => setRemoved(ctx, it, file, ctx.now),
})

async function setRemoved(ctx: Ctx, post: string, file: string, since: Date | null): Promise<Record<string, never>> {
  await theDraft(ctx, post)
  if (!(await store.setRemoved(ctx, post, file, since))) refuse('notFound', 'kernel.notFound')
  return {}
}

export const restorePicture = action({
  says: 'Put a picture back that was taken off a draft',
  who: 'posts.write',
  published: false,
  takes: z.strictObject({ post: id, file: id }),
  gives: z.object({}),
  run: async (ctx, { post: it, file }) => {
    await setRemoved(ctx, it, file, null)
    await areFew(ctx, it)
    return {}
  },
})

/** As it is for all accounts. */
const common = z.literal('common')
const cut = words.section.nullable().or(common)
type Cut = z.output<typeof cut>

export const cropPicture = action({
  says: 'Let a section of a picture go out, in pixels of the whole picture, or with `section` null all of it again; with `account` by that one alone, and there with `common` again as by all. The picture itself stays',
  who: 'posts.write',
  published: false,
  takes: z.strictObject({ post: id, file: id, account: id.optional(), section: cut, shape: z.enum(words.shapes).default('free') }),
  gives: z.object({ was: cut }),
  run: async (ctx, { post: it, file, account, section, shape }) => {
    await theDraft(ctx, it)
    const picture = (await store.picturesOf(ctx, [it])).find(each => each.file === file) ?? refuse('notFound', 'kernel.notFound')
    const to = section === 'common' ? undefined : section && (await cropped(ctx, file, section, shape))
    if (!account) {
      await store.crop(ctx, it, file, to ?? null)
      return { was: picture.crop && only(picture.crop) }
    }
    if (!(await stages(ctx)).some(each => each.id === account)) refuse('notFound', 'kernel.notFound')
    await store.cropFor(ctx, account, it, file, to)
    return { was: ownIn(picture, account) }
  },
})

function ownIn({ own }: words.Picture, account: string): Cut {
  const before = own.find(each => each.account === account)
  return before ? before.crop && only(before.crop) : 'common'
}

const only = ({ left, top, width, height }: words.Section): words.Section => ({ left, top, width, height })

/** Cut from the picture as it was added, however often it was cropped before; nothing where the section is all of it. */
async function cropped(ctx: Ctx, file: string, marked: words.Section, shape: words.Shape) {
  const card = (await fileOf(ctx, file)) ?? refuse('notFound', 'kernel.notFound')
  const { width, height } = card
  if (!width || !height) return refuse('invalid', 'marketing.cannotCrop')
  rules.liesWithin(marked, { width, height })
  const section = rules.shaped(marked, shape)
  rules.liesWithin(section, { width, height })
  if (section.width === width && section.height === height) return null
  return { ...section, ...(await keepSection(ctx, card, section)) }
}
