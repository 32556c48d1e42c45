/** What the page says back, people, and many of a kind. */
import {
  Avatar,
  AvatarStack,
  Badge,
  Banner,
  Board,
  BoardCard,
  BoardColumn,
  Breadcrumb,
  BulkBar,
  Button,
  Card,
  DefinitionList,
  Dialog,
  EmptyState,
  Grid,
  Icon,
  IconButton,
  Item,
  ItemList,
  Meter,
  Pager,
  Panel,
  PersonChip,
  Progress,
  RelativeTime,
  Row,
  RowList,
  SelectableRow,
  Skeleton,
  Stack,
  StatusDot,
  Table,
  Tag,
  Toast,
  type Tone,
  Toolbar,
  Waiting,
} from '#kernel/html/kit.tsx'
import { anna, holt, jonas, minutesAgo, mira, now, Sample } from './kit-samples.tsx'

const tones: Tone[] = ['neutral', 'inside', 'outside', 'talk', 'customer', 'good', 'warning', 'bad']

export const Feedback = () => (
  <Grid columns="wide">
    <Card title="Badge, Tag, StatusDot">
      <Stack>
        <Row>
          {tones.map(tone => (
            <Badge tone={tone}>{tone}</Badge>
          ))}
        </Row>
        <Row>
          {['invoice', 'delivery', 'praise', 'return', 'question', 'press'].map(tag => (
            <Tag href="#feedback">{tag}</Tag>
          ))}
          <Tag removeAction="/kit">removable</Tag>
        </Row>
        <Row gap="large">
          <StatusDot tone="good" pulse>
            Connected
          </StatusDot>
          <StatusDot tone="warning">Waits until 14:00</StatusDot>
          <StatusDot tone="bad">Refused</StatusDot>
          <StatusDot>Unknown</StatusDot>
        </Row>
      </Stack>
    </Card>
    <Card title="Progress, Meter, Waiting, Skeleton">
      <Stack>
        <Progress label="Importing" value={0.42} detail="5,040 of 12,000" />
        <Progress label="Looking for the servers" />
        <Meter label="Coverage" value={0.67} detail="8 of 12 claims" tone="customer" />
        <Waiting label="One moment" />
        <Skeleton avatar />
      </Stack>
    </Card>
    <Card title="Banner and Toast">
      <Stack>
        <Banner
          tone="inside"
          title="Anna is writing an answer"
          actions={
            <Button type="button" size="small">
              Send all the same
            </Button>
          }
        >
          Two answers to one question confuse the customer.
        </Banner>
        <Banner tone="bad" title="The mailbox refused the password">
          Connect it again and everything that waited will go out.
        </Banner>
        <Toast text="Marked as done." undo={{ path: '/kit' }} />
        <Toast text="That did not get through." tone="bad" />
      </Stack>
    </Card>
    <Card title="EmptyState" flush>
      <EmptyState
        icon="inbox"
        title="Mail from your customers will be here"
        why="Connect the mailbox that customers already write to. It takes an address and a password."
        action={{ label: 'Connect a mailbox', href: '#feedback', icon: 'plug' }}
      />
    </Card>
    <Dialog
      id="kit-dialog"
      title="Snooze until"
      actions={
        <Button type="button" look="strong">
          Snooze
        </Button>
      }
    >
      <p>It comes back to the top of your list by itself, or at once when the customer writes again.</p>
    </Dialog>
    <Dialog id="kit-side" title="Definition" look="side">
      <DefinitionList
        items={[
          { term: 'Unit', value: 'share' },
          { term: 'Version', value: '1' },
        ]}
      />
    </Dialog>
  </Grid>
)

export const People = () => (
  <Grid columns="wide">
    <Card title="Avatar, PersonChip, AvatarStack">
      <Stack>
        <Row gap="medium">
          <Avatar {...anna} size="huge" here />
          <Avatar {...mira} size="large" />
          <Avatar {...holt} organisation />
          <Avatar {...jonas} size="small" />
          <Avatar name="x" size="tiny" />
        </Row>
        <PersonChip {...mira} detail="mira@devries.example · Amsterdam" href="#people" size="medium" />
        <AvatarStack label="Anna, Jonas, Mira and 3 more" most={3} people={[anna, jonas, mira, holt, { name: 'E F' }, { name: 'G H' }]} />
      </Stack>
    </Card>
    <Card title="Panel, DefinitionList" flush>
      <Panel title="Person" actions={<IconButton type="button" icon="edit" label="Edit" size="small" />}>
        <DefinitionList
          items={[
            { term: 'Company', value: 'De Vries Bloemen' },
            { term: 'Customer since', value: 'March 2024' },
            { term: 'Language', value: 'Nederlands' },
          ]}
        />
      </Panel>
      <Panel title="Orders" count={3} folds>
        <DefinitionList items={[{ term: '2041', value: '€ 182.00' }]} />
      </Panel>
      <Panel title="Past talks" count={7} folds closed>
        <p>…</p>
      </Panel>
    </Card>
  </Grid>
)

const rows = [
  {
    id: 'a',
    who: mira,
    subject: 'Delivery to two addresses?',
    excerpt: 'Hello, we ordered 40 boxes on Monday and would like half of them to go to',
    minutes: 4,
    unread: true,
    tag: 'delivery',
  },
  {
    id: 'b',
    who: holt,
    subject: 'Rechnung 2026-1183',
    excerpt: 'Guten Tag, auf der Rechnung fehlt leider unsere Bestellnummer. Könnten Sie',
    minutes: 95,
    current: true,
    tag: 'invoice',
  },
  {
    id: 'c',
    who: jonas,
    subject: 'Spring catalogue',
    excerpt: 'I put the first draft on the thread, please have a look at page 4',
    minutes: 1500,
    tag: 'praise',
  },
]

export const Lists = () => (
  <Stack>
    <Grid columns="wide">
      <Card title="RowList, SelectableRow, BulkBar" flush>
        <RowList label="Threads" bulkForm="kit-bulk">
          {rows.map(row => (
            <SelectableRow
              id={row.id}
              href="#lists"
              name={row.subject}
              title={row.who.name}
              face={<Avatar {...row.who} />}
              subject={row.subject}
              excerpt={row.excerpt}
              time={<RelativeTime at={minutesAgo(row.minutes)} now={now} />}
              unread={row.unread}
              current={row.current}
              selectName="threads[]"
              marks={<Tag>{row.tag}</Tag>}
              actions={<IconButton type="button" icon="check" label="Done" size="small" />}
            />
          ))}
        </RowList>
        <BulkBar id="kit-bulk" action="/kit">
          <Button size="small" icon="check">
            Done
          </Button>
          <Button size="small" icon="assign">
            Assign
          </Button>
        </BulkBar>
      </Card>
      <Card title="Board, BoardColumn, BoardCard">
        <Board label="Threads" hint="Drag a card to another column, or press Alt and an arrow on it.">
          <BoardColumn title="Open" count={12} place="open" more={{ href: '#lists', label: 'All of them' }}>
            {rows.slice(0, 2).map(row => (
              <BoardCard
                id={`board-${row.id}`}
                href="#lists"
                title={row.subject}
                moves="/kit"
                head={<RelativeTime at={minutesAgo(row.minutes)} now={now} />}
                detail={row.who.name}
                marks={<Tag>{row.tag}</Tag>}
              />
            ))}
          </BoardColumn>
          <BoardColumn title="Done" count={null} />
        </Board>
      </Card>
      <Card title="ItemList" flush foot="Breadcrumb, Toolbar and Pager below">
        <ItemList>
          <Item
            face={<Icon name="mail" size={20} />}
            title="care@nordlicht.example"
            detail="IMAP, two folders"
            end={<StatusDot tone="good">Connected</StatusDot>}
          />
          <Item
            face={<Icon name="key" size={20} />}
            title="Laptop"
            detail="Last used yesterday"
            end={
              <Button type="button" size="small">
                End
              </Button>
            }
            href="#lists"
          />
        </ItemList>
      </Card>
    </Grid>
    <Sample name="Breadcrumb, Toolbar, Table, Pager">
      <Breadcrumb crumbs={[{ label: 'Measures', href: '#lists' }, { label: 'Response', href: '#lists' }, { label: 'First response' }]} />
    </Sample>
    <Toolbar
      label="Filters"
      end={
        <Button type="button" icon="download" size="small">
          CSV
        </Button>
      }
    >
      <Button type="button" icon="filter" size="small">
        Channel
      </Button>
      <Button type="button" icon="calendar" size="small">
        Last 30 days
      </Button>
    </Toolbar>
    <Card flush>
      <Table
        caption="People"
        captionHidden
        rows={[
          { who: mira, threads: 14, hours: '2.1 h' },
          { who: holt, threads: 9, hours: '3.4 h' },
          { who: jonas, threads: 3, hours: '0.6 h' },
        ]}
        href={() => '#lists'}
        columns={[
          {
            head: 'Person',
            heading: true,
            cell: row => <PersonChip {...row.who} href="#lists" />,
            sort: { href: '#lists', now: 'ascending' },
          },
          { head: 'Side', cell: row => <Badge tone={row.who.side}>{row.who.side}</Badge>, wideOnly: true },
          { head: 'Threads', numeric: true, cell: row => row.threads },
          { head: 'First answer', numeric: true, cell: row => row.hours },
        ]}
      />
    </Card>
    <Pager older="#lists" newer="#lists" summary="26–50" />
  </Stack>
)
