-- Which kinds of things other systems keep for us: an order, an invoice, a contract; and what is known of each.
create table record_kind (
  org uuid not null default current_org(),
  id uuid not null,
  -- As programs call it; it stays.
  name text not null check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  one text not null check (length(one) between 1 and 60),
  many text not null check (length(many) between 1 and 60),
  -- key, label, kind, choices, required, card, role, archived
  fields jsonb not null,
  -- What names the person: a network, `id`, `company`, or `field:<id>` for one of the organisation's own fields of people.
  person_by text check (length(person_by) <= 80),
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (org, id)
);
create unique index record_kind_name on record_kind (org, name);
call protect('record_kind');

create table record (
  org uuid not null default current_org(),
  id uuid not null,
  kind uuid not null,
  -- What the other system calls it.
  key text not null check (length(key) between 1 and 200),
  title text not null check (length(title) between 1 and 300),
  state text check (length(state) <= 200),
  -- Values as text, by the keys of their fields; those of archived fields stay.
  fields jsonb not null default '{}',
  person uuid,
  -- What was said of the person, as it is compared; empty when nothing was.
  person_by text,
  person_says text check (length(person_says) <= 500),
  -- Where colleagues talk about it.
  discussion uuid not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (org, id)
);
create unique index record_key on record (org, kind, key);
create index record_kind_changed on record (org, kind, changed_at desc, id desc);
create index record_kind_state on record (org, kind, state, changed_at desc, id desc);
create index record_kind_nobody on record (org, kind, changed_at desc, id desc) where person is null;
create index record_person on record (org, person, changed_at desc, id desc) where person is not null;
create index record_unmatched on record (org, person_by, person_says) where person is null;
create index record_discussion on record (org, discussion);
call protect('record');

-- Rows that could not go in, as they came, so that nothing is lost: once the cause is mended they are tried again.
create table record_refused (
  org uuid not null default current_org(),
  id uuid not null,
  kind uuid not null,
  source uuid,
  key text check (length(key) <= 200),
  says text not null,
  told jsonb not null default '{}',
  -- Empty where it was too large to be kept.
  body text check (length(body) <= 70000),
  at timestamptz not null,
  primary key (org, id)
);
create index record_refused_kind on record_refused (org, kind, id desc);
create index record_refused_at on record_refused (org, at);
call protect('record_refused');

-- Where records come from by themselves: a signed door that is called (`door`), or an address that is asked (`address`).
create table record_source (
  org uuid not null default current_org(),
  id uuid not null,
  kind uuid not null,
  way text not null check (way in ('door', 'address')),
  name text not null check (length(name) between 1 and 100),
  -- Sealed.
  secret text,
  url text check (length(url) <= 2000),
  format text not null check (format in ('json', 'csv')),
  minutes integer check (minutes between 15 and 10080),
  -- Where the list stands, and by field where its value does: JSON pointers, or heads of columns.
  list_at text not null default '' check (length(list_at) <= 300),
  places jsonb not null default '{}',
  -- For conditional requests.
  etag text,
  modified text,
  due_at timestamptz,
  asked_at timestamptz,
  arrived_at timestamptz,
  failing_since timestamptz,
  says text,
  -- The beginning of what came last, to choose by it where what stands.
  sample text check (length(sample) <= 20000),
  paused_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null,
  primary key (org, id)
);
create index record_source_kind on record_source (org, kind, id);
create index record_source_due on record_source (org, due_at) where due_at is not null;
call protect('record_source');

-- How many there are by kind and state, as a list of what was added and taken, which is summed up from time to time: nobody waits for anybody else's count.
create table record_count (
  org uuid not null default current_org(),
  id uuid not null default gen_random_uuid(),
  kind uuid not null,
  state text not null,
  matched boolean not null,
  n bigint not null,
  primary key (org, id)
);
call protect('record_count');

create function record_counted() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into record_count (org, kind, state, matched, n)
    select org, kind, coalesce(state, ''), person is not null, count(*) from fresh where true group by 1, 2, 3, 4;
  elsif tg_op = 'DELETE' then
    insert into record_count (org, kind, state, matched, n)
    select org, kind, coalesce(state, ''), person is not null, -count(*) from gone where true group by 1, 2, 3, 4;
  else
    insert into record_count (org, kind, state, matched, n)
    select org, kind, state, matched, sum(n) from (
      select org, kind, coalesce(state, '') as state, person is not null as matched, 1 as n from fresh
      union all
      select org, kind, coalesce(state, ''), person is not null, -1 from gone
    ) moved where true group by 1, 2, 3, 4 having sum(n) <> 0;
  end if;
  return null;
end $$;

create trigger record_added after insert on record referencing new table as fresh for each statement execute function record_counted();
create trigger record_changed after update on record referencing old table as gone new table as fresh for each statement execute function record_counted();
create trigger record_removed after delete on record referencing old table as gone for each statement execute function record_counted();

-- What other floors read, such as measures.
create view record_card with (security_invoker = true) as
  select org, id, kind, key, title, state, person, discussion, created_at, changed_at from record;
grant select on record_card to trefoil_app;
