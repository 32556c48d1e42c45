/** What pages of things that are kept consist of: the list, the form, the deed. */
import { ActionButton, Badge, CardList, FormCard, Grid, Input, Item, ShelfCard, Stack } from '#kernel/html/kit.tsx'

const brands = [
  { name: 'Nordlicht', detail: 'nordlicht.example · 3 accounts' },
  { name: 'Nordlicht Outlet', detail: 'outlet.nordlicht.example · 1 account' },
]

const nothing = { title: 'No brand yet', why: 'Whoever speaks under several names keeps them apart here.', icon: 'tag' } as const

export const Kept = () => (
  <Grid columns="wide">
    <Stack>
      <CardList
        label="Brands"
        items={brands}
        empty={nothing}
        line={(each, at) => (
          <Item title={each.name} detail={each.detail} href="#kept" end={at === 0 && <Badge icon="lock">Only yours</Badge>} />
        )}
      />
      <ActionButton action="/kit" icon="archive">
        Put into the archive
      </ActionButton>
    </Stack>
    <CardList label="No brands" items={[]} empty={nothing} line={() => null} />
    <ShelfCard
      title="Types of cases"
      why="What is asked of a case."
      path="/kit"
      manages
      make={{ label: 'New type', href: '#kept' }}
      items={[
        { id: 'repair', name: 'Repair', detail: '3 fields', archivedAt: null },
        { id: 'recall', name: 'Recall', archivedAt: new Date() },
      ]}
      words={{ none: 'None yet', archived: 'Archived', back: 'Bring back' }}
    />
    <FormCard title="A brand" action="/kit" does="Save" leave={{ label: 'Cancel', href: '#kept' }}>
      <Input name="brand-name" label="Name" value="Nordlicht" required />
    </FormCard>
  </Grid>
)
