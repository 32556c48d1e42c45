import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { Picture, Section } from './words.ts'

interface PictureTable {
  post: string
  file: string
  position: number
  name: string
  type: string
  size: number
  alt: string
  crop_file: string | null
  crop_size: number | null
  crop_left: number | null
  crop_top: number | null
  crop_width: number | null
  crop_height: number | null
  removed_at: Date | null
}

type CropTable = Pick<PictureTable, 'post' | 'file' | (`crop_${string}` & keyof PictureTable)> & { account: string }

const of = tables<{ post_picture: PictureTable; post_crop: CropTable }>()

const columns = [
  'post',
  'file',
  'name',
  'type',
  'size',
  'alt',
  'crop_file',
  'crop_size',
  'crop_left',
  'crop_top',
  'crop_width',
  'crop_height',
] as const

type Cut = Pick<PictureTable, 'crop_file' | 'crop_size' | 'crop_left' | 'crop_top' | 'crop_width' | 'crop_height'>
type Row = Omit<PictureTable, 'position' | 'removed_at'> & { own: (Cut & { account: string })[] }

const cropIn = ({ crop_file, crop_size, crop_left, crop_top, crop_width, crop_height }: Cut): Picture['crop'] =>
  crop_file ? { file: crop_file, size: crop_size!, left: crop_left!, top: crop_top!, width: crop_width!, height: crop_height! } : null

const asPicture = ({ post, file, name, type, size, alt, own, ...cut }: Row): Picture & { post: string } => ({
  ...{ post, file, name, type, size, alt },
  crop: cropIn(cut),
  own: own.map(each => ({ account: each.account, crop: cropIn(each) })),
})

const own = sql<Row['own']>`(
  select coalesce(jsonb_agg(to_jsonb(c) order by c.account), '[]') from post_crop c where c.post = post_picture.post and c.file = post_picture.file)`

export async function picturesOf(ctx: Ctx, posts: string[]): Promise<(Picture & { post: string })[]> {
  const query = of(ctx)
    .selectFrom('post_picture')
    .select([...columns, own.as('own')])
    .where('post', '=', among(posts))
    .where('removed_at', 'is', null)
  return (await query.orderBy('position').execute()).map(asPicture)
}

export async function add(ctx: Ctx, post: string, pictures: Omit<Picture, 'crop' | 'own'>[]): Promise<void> {
  await sql`
    insert into post_picture (post, file, position, name, type, size, alt)
    select ${post}, p.file, coalesce((select max(position) from post_picture where post = ${post}), 0) + p.n, p.name, p.type, p.size, p.alt
    from jsonb_to_recordset(${JSON.stringify(pictures.map((each, n) => ({ ...each, n: n + 1 })))}::jsonb)
      as p(file uuid, n integer, name text, type text, size bigint, alt text)
    on conflict (org, post, file) do nothing`.execute(ctx.db)
}

export const describe = (ctx: Ctx, post: string, alts: Record<string, string>): Promise<unknown> =>
  sql`
    update post_picture p set alt = a.value from jsonb_each_text(${JSON.stringify(alts)}::jsonb) a
    where p.post = ${post} and p.file = a.key::uuid and p.alt <> a.value`.execute(ctx.db)

type Going = (Section & { file: string; size: number }) | null

const cutOf = (to: Going): Cut => ({
  crop_file: to?.file ?? null,
  crop_size: to?.size ?? null,
  crop_left: to?.left ?? null,
  crop_top: to?.top ?? null,
  crop_width: to?.width ?? null,
  crop_height: to?.height ?? null,
})

/** A section of it goes out from now on, or all of it. */
export const crop = (ctx: Ctx, post: string, file: string, to: Going): Promise<unknown> =>
  of(ctx).updateTable('post_picture').set(cutOf(to)).where('post', '=', post).where('file', '=', file).execute()

/** The same by one account alone; undefined: there too what goes out by all. */
export const cropFor = (ctx: Ctx, account: string, post: string, file: string, to: Going | undefined): Promise<unknown> =>
  to === undefined
    ? of(ctx).deleteFrom('post_crop').where('post', '=', post).where('file', '=', file).where('account', '=', account).execute()
    : of(ctx)
        .insertInto('post_crop')
        .values({ post, file, account, ...cutOf(to) })
        .onConflict(conflict => conflict.columns(['org', 'post', 'file', 'account'] as never).doUpdateSet(cutOf(to)))
        .execute()

/** Off the post since then, or on it again; false when it is so already. */
export async function setRemoved(ctx: Ctx, post: string, file: string, since: Date | null): Promise<boolean> {
  const one = of(ctx).updateTable('post_picture').set({ removed_at: since }).where('post', '=', post).where('file', '=', file)
  const { numUpdatedRows } = await one.where('removed_at', since ? 'is' : 'is not', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Of these files those that hang on a post, or are a section of one that does. */
export async function pictured(ctx: Ctx, files: string[]): Promise<string[]> {
  const rows = await of(ctx)
    .selectFrom('post_picture')
    .select(['file', 'crop_file'])
    .where(({ eb, or }) => or([eb('file', '=', among(files)), eb('crop_file', '=', among(files))]))
    .unionAll(of(ctx).selectFrom('post_crop').select(['file', 'crop_file']).where('crop_file', '=', among(files)))
    .execute()
  const known = new Set(rows.flatMap(row => [row.file, row.crop_file]))
  return files.filter(file => known.has(file))
}

export const hasPicture = sql<SqlBool>`exists (select from post_picture p where p.post = post.id and p.removed_at is null)`
