import type { Child } from 'hono/jsx'
import { Avatar, Badge, Button, Icon, Quiet, Row, Stack } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import type { Stage } from './actions-writing.ts'
import { faultsOf, goingOf, lengthOf, picturesBy, picturesFor, quotedOn, saidThere, splitToFit } from './rules.ts'
import type { Picture, Poll, Quoting, Variant } from './words.ts'

/** What the preview is drawn from: what is written, or what went out. */
export interface Shown {
  text: string
  pictures: Picture[]
  poll: Poll | null
}

type Own = Pick<Variant, 'text' | 'warning' | 'repliesFrom'>

export interface Judged {
  stage: Stage
  own: Own
  parts: string[]
  pictures: Picture[]
  /** What is quoted there: its words, or its address. `false`: it is to be quoted and cannot be there. */
  quote: string | false | null
  /** `false`: something is to be asked and cannot be there. */
  poll: Poll | false | null
  /** Of the longest part, as the network counts. */
  length: number
  faults: string[]
}

/** A post as one network takes it. */
export function judged({ text, pictures, poll }: Shown, own: Own, stage: Stage, quoting: Quoting | null): Judged {
  const { limits } = stage
  const said = own.text ?? text
  const parts = saidThere(said, limits)
  const its = picturesBy(stage.id, pictures)
  const faults = faultsOf({ text: said, warning: own.warning, pictures: its, poll }, limits)
  return {
    stage,
    own,
    parts,
    pictures: picturesFor(its, limits, poll),
    poll: poll && (limits.poll ? poll : false),
    quote: quoting && (quotedOn(quoting, stage) ? quoting.shows : false),
    length: Math.max(0, ...parts.map(part => lengthOf(part, limits))),
    faults: faults.map(fault => t(fault.key, fault.values)),
  }
}

/** Links, names and tags look as they do there. */
const Marked = ({ text }: { text: string }) => (
  <>{text.split(/(\s)/).map(word => (/^(https?:\/\/|@\w|#\p{L})/u.test(word) ? <span class="preview-link">{word}</span> : word))}</>
)

/** What can be done with a picture where it is shown. */
type Crops = (picture: Picture) => Child

const Pictures = ({ pictures, crops }: { pictures: Picture[]; crops: Crops | undefined }) => (
  <div class="preview-pictures" data-count={Math.min(4, pictures.length)}>
    {pictures.map(picture => (
      <span class="preview-picture">
        <img src={`/files/${goingOf(picture).file}`} alt={picture.alt} loading="lazy" />
        {crops?.(picture)}
      </span>
    ))}
  </div>
)

const Part = ({ part, at, of, crops }: { part: string; at: number; of: Judged; crops: Crops | undefined }) => (
  <div class="preview-post">
    <Avatar name={of.stage.name} organisation size={at ? 'small' : 'medium'} />
    <div class="preview-words">
      <p class="preview-who">
        <bdi>{of.stage.name}</bdi> <bdi class="quiet">{of.stage.address}</bdi>
      </p>
      {at === 0 && of.stage.limits.warning && of.own.warning && (
        <p class="preview-warning">
          <Icon name="eye" size={14} /> {of.own.warning}
        </p>
      )}
      <p class="preview-text" dir="auto">
        <Marked text={part} />
      </p>
      {at === 0 && of.pictures.length > 0 && <Pictures pictures={of.pictures} crops={crops} />}
      {at === 0 && of.poll && (
        <ul class="preview-poll">
          {of.poll.choices.map(each => (
            <li dir="auto">{each}</li>
          ))}
        </ul>
      )}
      {at === 0 && of.quote && (
        <blockquote class="preview-quote" dir="auto">
          {of.quote.slice(0, 300)}
        </blockquote>
      )}
    </div>
  </div>
)

export const Counter = ({ of }: { of: Judged }) => {
  const over = of.length > of.stage.limits.text
  return <Badge tone={over ? 'bad' : 'neutral'}>{`${number(of.length)} / ${number(of.stage.limits.text)}`}</Badge>
}

/** As it will stand there: face, words, pictures, one below the other where it comes in parts. */
export const Preview = ({ of, shared, end, crops }: { of: Judged; shared: Shown; end?: unknown; crops?: Crops }) => (
  <article class="preview" data-wrong={of.faults.length ? '' : undefined} aria-label={`${of.stage.name}, ${t(of.stage.title)}`}>
    <header class="preview-head">
      <strong>{t(of.stage.title)}</strong>
      {end ?? <Counter of={of} />}
    </header>
    <div class="preview-thread">
      {(of.parts.length ? of.parts : ['']).map((part, at) => (
        <Part part={part} at={at} of={of} crops={crops} />
      ))}
    </div>
    <Notes of={of} shared={shared} />
  </article>
)

const Notes = ({ of, shared }: { of: Judged; shared: Shown }) => {
  const dropped = shared.pictures.length - of.pictures.length
  const tooLong = of.length > of.stage.limits.text
  if (!of.faults.length && !dropped && !of.own.repliesFrom && of.quote !== false && of.poll !== false) return null
  return (
    <footer class="preview-notes">
      <Stack gap="small">
        {of.faults.map(fault => (
          <p class="preview-fault">
            <Icon name="warning" size={14} /> {fault}
          </p>
        ))}
        {tooLong && (of.stage.limits.parts ?? 1) > 1 && <Splits of={of} text={of.own.text ?? shared.text} />}
        {dropped > 0 && (
          <Quiet small>
            {of.poll && of.stage.limits.poll?.alone
              ? t('marketing.pollAlone')
              : t('marketing.droppedPictures', { count: of.pictures.length })}
          </Quiet>
        )}
        {of.quote === false && <Quiet small>{t('marketing.notQuotedHere')}</Quiet>}
        {of.poll === false && <Quiet small>{t('marketing.notAskedHere')}</Quiet>}
        {of.own.repliesFrom && of.stage.limits.repliesFrom?.includes(of.own.repliesFrom) && (
          <Quiet small>{t(`marketing.replies.${of.own.repliesFrom}`)}</Quiet>
        )}
      </Stack>
    </footer>
  )
}

/** The text in parts that fit; a press puts it where it is written. */
const Splits = ({ of, text }: { of: Judged; text: string }) => {
  const split = splitToFit(text, of.stage.limits)
  const count = saidThere(split, of.stage.limits).length
  return count > (of.stage.limits.parts ?? 1) ? null : (
    <Row>
      <span data-post-split={of.stage.id}>
        <Button type="button" size="small">
          {t('marketing.split', { count })}
        </Button>
        <template>{split}</template>
      </span>
    </Row>
  )
}
