/** Messages and where one writes; numbers, charts, code and steps. */
import {
  Badge,
  Card,
  ChartFrame,
  CodeBlock,
  Composer,
  Conversation,
  DayDivider,
  EventLine,
  FileChip,
  Folded,
  Grid,
  Icon,
  IconButton,
  Message,
  PlainText,
  Reaction,
  Stack,
  Stat,
  Stepper,
} from '#kernel/html/kit.tsx'
import { anna, answered, before, jonas, minutesAgo, mira, months } from './kit-samples.tsx'

export const Talk = () => (
  <Card flush>
    <Conversation label="Sample thread">
      <DayDivider>Thursday</DayDivider>
      <Message
        id="kit-1"
        kind="in"
        author={mira}
        at={minutesAgo(190)}
        via={
          <>
            <Icon name="mail" size={14} /> E-mail
          </>
        }
        attachments={
          <>
            <FileChip name="order-2041.pdf" size="182 kB" href="#talk" />
            <FileChip name="photo.zip" warning="Not opened: it would unpack to 4 TB" />
          </>
        }
      >
        <PlainText text={'Hello,\n\nwe ordered 40 boxes on Monday. Could half of them go to our second shop?\n\nMira'} />
        <Folded>
          <PlainText text="On Monday you wrote: thank you for your order." />
        </Folded>
      </Message>
      <EventLine icon="assign" at={minutesAgo(80)}>
        <strong>Jonas</strong> gave this to <strong>Anna</strong>
      </EventLine>
      <Message
        id="kit-2"
        kind="note"
        author={jonas}
        at={minutesAgo(78)}
        foot={<Reaction emoji="👍" count={2} mine action="/kit" label="Thumbs up: 2" />}
      >
        <PlainText text="@Anna the second shop is in their record since May. Splitting costs us nothing before 15:00." />
      </Message>
      <Message
        id="kit-3"
        kind="out"
        author={anna}
        at={minutesAgo(42)}
        state={
          <Badge tone="good" icon="check">
            Delivered
          </Badge>
        }
        actions={<IconButton type="button" icon="more" label="More" size="small" />}
        unread
      >
        <PlainText text="Hello Mira, of course. 20 boxes go to Prinsengracht, 20 to the Haarlem shop; both arrive on Friday." />
      </Message>
      <Composer
        id="kit-composer"
        action="/kit"
        kind="out"
        kinds={{ out: { label: 'Reply', action: '/kit' }, note: { label: 'Note', action: '/kit' } }}
        label="Your answer"
        placeholder="Write to Mira…"
        sendLabel="Send"
        second={{ label: 'Send and done', name: 'then', value: 'done' }}
        head={<span class="composer-out">to mira@devries.example</span>}
        tools={<IconButton type="button" icon="smile" label="Emoji" />}
        files
      />
    </Conversation>
  </Card>
)

const percent = { style: 'percent', maximumFractionDigits: 0 } as const
const shares = (values: number[]) => values.map(value => value / 100)

export const Data = () => (
  <Stack>
    <Grid columns="narrow">
      <Stat
        label="Answered"
        value="86"
        unit="%"
        href="#data"
        change={{ text: '+5 points', direction: 'up', tone: 'good' }}
        trend={answered}
        tone="talk"
      />
      <Stat
        label="First answer, median"
        value="1.4"
        unit="h"
        href="#data"
        change={{ text: '12 % slower', direction: 'up', tone: 'bad' }}
        trend={before}
        tone="outside"
      />
      <Stat
        label="Notes per thread"
        value="2.3"
        href="#data"
        change={{ text: 'as before', direction: 'same' }}
        detail="n = 1,204"
        tone="inside"
      />
      <Stat label="Customer mood" value="Unknown" unknown detail="Too few rated answers yet" tone="customer" />
    </Grid>
    <Card>
      <ChartFrame
        id="kit-chart"
        title="Share of answered threads"
        detail="by month"
        kind="area"
        labels={months}
        labelHead="Month"
        format={percent}
        show={value => `${Math.round(value * 100)} %`}
        series={[
          { name: 'This year', values: shares(answered), tone: 'talk' },
          { name: 'Before', values: shares(before), tone: 'neutral', dashed: true },
        ]}
      />
    </Card>
    <Grid columns="wide">
      <Card title="CodeBlock">
        <CodeBlock label="curl" code={'curl -H "Authorization: Bearer $KEY" \\\n  https://trefoil.example/api/v1/crm/threads'} />
      </Card>
      <Card title="Stepper">
        <Stack gap="large">
          <Stepper
            label="Import"
            steps={[
              { label: 'File', state: 'done', href: '#data' },
              { label: 'Fields', state: 'now' },
              { label: 'Dry run', state: 'later' },
              { label: 'Import', state: 'later' },
            ]}
          />
          <Stepper
            label="Test"
            look="down"
            steps={[
              { label: 'Server found', state: 'done', detail: 'imap.nordlicht.example:993, TLS' },
              { label: 'Signing in', state: 'failed', detail: 'The server refused the password.' },
              { label: 'Folders', state: 'later' },
            ]}
          />
        </Stack>
      </Card>
    </Grid>
  </Stack>
)
