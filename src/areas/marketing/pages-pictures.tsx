/** The pictures of a post where it is written: what they show, and which section of them goes out. */
import type { Ctx } from '#kernel/context.ts'
import { filesOf } from '#kernel/files.ts'
import {
  Breadcrumb,
  Button,
  Dialog,
  Form,
  FormActions,
  Icon,
  IconButton,
  Input,
  Page,
  PageHead,
  Quiet,
  RadioGroup,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { Html } from '#kernel/page.tsx'
import type { Stage } from './actions-writing.ts'
import { wordsOf } from './pages-calendar.tsx'
import { goingOf, picturesBy } from './rules.ts'
import { type Picture, type Post, type Section, shapes } from './words.ts'

/** A picture with its own width and height; only such ones can be cropped. */
export interface Sized extends Picture {
  whole: { width: number; height: number } | null
}

export async function sized(ctx: Ctx, pictures: Picture[]): Promise<Sized[]> {
  const cards = await filesOf(
    ctx,
    pictures.map(each => each.file),
  )
  return pictures.map(picture => {
    const { width, height } = cards.get(picture.file) ?? {}
    return { ...picture, whole: width && height ? { width, height } : null }
  })
}

export const Pictures = ({ post, pictures }: { post: string; pictures: Sized[] }) => (
  <section class="post-pictures" aria-label={t('marketing.pictures')}>
    {pictures.map(picture => (
      <One post={post} picture={picture} />
    ))}
    <label class="button button-plain button-small post-add-picture">
      <Icon name="image" />
      <span class="button-label">{t('marketing.addPictures')}</span>
      <input class="unseen" type="file" name="files" form="picture-add" accept="image/*" multiple data-sends="" />
    </label>
  </section>
)

const One = ({ post, picture }: { post: string; picture: Sized }) => {
  const { file, name, alt, whole } = picture
  return (
    <div class="post-picture">
      <img src={`/files/${goingOf(picture).file}?size=small`} alt="" />
      <textarea
        class="input textarea"
        name={`alt-${file}`}
        rows={2}
        maxlength={5000}
        aria-label={t('marketing.altOf', { name })}
        placeholder={t('marketing.altHint')}
      >
        {alt}
      </textarea>
      <span class="post-picture-deeds">
        {whole && (
          <IconButton
            icon="crop"
            label={t('marketing.cropOf', { name })}
            href={`/publish/posts/${post}/pictures/${file}`}
            opens={`crop-${file}`}
            size="small"
          />
        )}
        <IconButton
          icon="trash"
          label={t('marketing.removePicture', { name })}
          form="picture-remove"
          name="file"
          value={file}
          size="small"
        />
      </span>
    </div>
  )
}

/** By whom alone a picture goes out so; null for all. */
type By = Pick<Stage, 'id' | 'name' | 'title'> | null

/** On two networks an organisation is often called the same. */
const nameOf = ({ name, title }: NonNullable<By>): string => `${name} (${t(title)})`
const titleFor = (by: By): string => (by ? t('marketing.cropFor', { name: nameOf(by) }) : t('marketing.crop'))
const keyOf = (file: string, by: By): string => (by ? `${file}-${by.id}` : file)

/** Stand beside the form of the post, because each is a form of its own: for all accounts, and for each that the post goes to. */
export const CropDialogs = ({ post, pictures, stages }: { post: Post; pictures: Sized[]; stages: Stage[] }) => {
  const by: By[] = [null, ...stages.filter(({ id }) => post.variants.some(each => each.account === id))]
  return (
    <>
      {pictures.flatMap(picture =>
        by.map(
          each =>
            picture.whole && (
              <Dialog id={`crop-${keyOf(picture.file, each)}`} title={titleFor(each)} wide>
                <Cropping post={post.id} picture={picture} whole={picture.whole} by={each} />
              </Dialog>
            ),
        ),
      )}
    </>
  )
}

/** On what an account shows of a picture: a press crops it for that account alone. */
export const CropHere = ({ post, picture: { file, name }, by }: { post: string; picture: Picture; by: NonNullable<By> }) => (
  <IconButton
    icon="crop"
    label={t('marketing.cropOn', { name, account: nameOf(by) })}
    href={`/publish/posts/${post}/pictures/${file}?account=${by.id}`}
    opens={`crop-${keyOf(file, by)}`}
    size="small"
  />
)

/** The same as a page, for whoever has no script. */
export function cropScreen(post: Post, picture: Sized, by: By): Html {
  const here = `/publish/posts/${post.id}`
  return (
    <Page width="reading">
      <PageHead
        title={titleFor(by)}
        above={
          <Breadcrumb
            crumbs={[
              { label: t('marketing.publish'), href: '/publish' },
              { label: wordsOf(post).slice(0, 40), href: here },
              { label: picture.name },
            ]}
          />
        }
      />
      {picture.whole ? (
        <Cropping post={post.id} picture={picture} whole={picture.whole} by={by} />
      ) : (
        <Quiet>{t('marketing.cannotCrop')}</Quiet>
      )}
    </Page>
  )
}

const sides = ['left', 'top', 'width', 'height'] as const

interface CroppingProps {
  post: string
  picture: Picture
  whole: { width: number; height: number }
  by: By
}

const Cropping = ({ post, picture, whole, by }: CroppingProps) => {
  const { file } = picture
  const [{ crop }] = by ? (picturesBy(by.id, [picture]) as [Picture]) : [picture]
  const section: Section = crop ?? { left: 0, top: 0, ...whole }
  const key = keyOf(file, by)
  return (
    <trefoil-crop>
      <Form action={`/publish/posts/${post}/pictures/${file}/crop`} id={`crop-form-${key}`}>
        {by && <input type="hidden" name="account" value={by.id} />}
        {by && <Quiet small>{t('marketing.cropForWhy', { name: nameOf(by) })}</Quiet>}
        <RadioGroup
          name="shape"
          label={t('marketing.shape')}
          look="segments"
          value="free"
          choices={shapes.map(value => ({ value, label: value === 'free' ? t('marketing.freeShape') : value }))}
        />
        <Marking file={file} whole={whole} id={key} />
        <div class="crop-numbers">
          {sides.map(side => (
            <Input
              type="number"
              name={side}
              id={`crop-${side}-${key}`}
              label={t(`marketing.section.${side}`)}
              value={section[side]}
              min={0}
              max={side === 'left' || side === 'width' ? whole.width : whole.height}
              required
            />
          ))}
        </div>
        <FormActions>
          <Button look="strong" icon="crop" main>
            {t('marketing.cropIt')}
          </Button>
          <Button type="reset">{t('marketing.asItWas')}</Button>
          {crop && (
            <Button look="bare" name="whole" value="on">
              {t('marketing.useAll')}
            </Button>
          )}
          {by && picture.own.some(each => each.account === by.id) && (
            <Button look="bare" name="common" value="on">
              {t('marketing.asForAll')}
            </Button>
          )}
        </FormActions>
      </Form>
    </trefoil-crop>
  )
}

const handles = ['nw', 'n', 'ne', 'w', 'e', 'sw', 's', 'se']

const Marking = ({ file, whole, id }: { file: string; whole: CroppingProps['whole']; id: string }) => (
  <div class="crop-stage">
    <img src={`/files/${file}`} alt="" width={whole.width} height={whole.height} loading="lazy" draggable={false} />
    {/* biome-ignore lint/a11y/useSemanticElements: what is marked is moved as a whole; its numbers stand below as fields */}
    <div class="crop-frame" role="group" tabindex={0} aria-label={t('marketing.sectionOf')} aria-describedby={`crop-keys-${id}`}>
      {handles.map(handle => (
        <span data-handle={handle} />
      ))}
      <output class="crop-size">{''}</output>
    </div>
    <p class="unseen" id={`crop-keys-${id}`}>
      {t('marketing.sectionKeys')}
    </p>
  </div>
)
