-- Spam is kept and shown apart; of threads that turned out to be one, the conversation of the other stays behind, for the way back.
alter table conversation drop constraint conversation_state_check;
alter table conversation add constraint conversation_state_check check (state in ('open', 'waiting', 'snoozed', 'done', 'spam', 'merged'));
alter table conversation add column merged_into uuid;
-- How both stood before they became one.
alter table conversation add column before_merge jsonb;
drop index conversation_all;
create index conversation_all on conversation (org, last_at desc, thread desc) where room is null and state not in ('spam', 'merged');

-- Whose messages are spam, until somebody says otherwise.
create table spam_sender (
  org uuid not null default current_org(),
  person uuid not null,
  since timestamptz not null,
  by uuid,
  primary key (org, person)
);
call protect('spam_sender');

-- How many there are by account, and by label, as well; kept as conversation_count is.
create table conversation_account_count (
  org uuid not null default current_org(),
  account uuid not null,
  room uuid not null,
  state text not null,
  assignee uuid not null,
  n bigint not null,
  primary key (org, account, room, state, assignee)
);
call protect('conversation_account_count');
create table conversation_label_count (
  org uuid not null default current_org(),
  label text not null,
  room uuid not null,
  state text not null,
  assignee uuid not null,
  n bigint not null,
  primary key (org, label, room, state, assignee)
);
call protect('conversation_label_count');

create function conversation_account_counted() returns trigger language plpgsql as $$
declare nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if tg_op = 'INSERT' then
    insert into conversation_account_count as c (org, account, room, state, assignee, n)
    select org, account, coalesce(room, nobody), state, coalesce(assignee, nobody), count(*) from fresh where account is not null
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (org, account, room, state, assignee) do update set n = c.n + excluded.n;
  elsif tg_op = 'DELETE' then
    insert into conversation_account_count as c (org, account, room, state, assignee, n)
    select org, account, coalesce(room, nobody), state, coalesce(assignee, nobody), -count(*) from gone where account is not null
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (org, account, room, state, assignee) do update set n = c.n + excluded.n;
  else
    insert into conversation_account_count as c (org, account, room, state, assignee, n)
    select org, account, room, state, assignee, sum(n) from (
      select org, account, coalesce(room, nobody) as room, state, coalesce(assignee, nobody) as assignee, 1 as n from fresh where account is not null
      union all
      select org, account, coalesce(room, nobody), state, coalesce(assignee, nobody), -1 from gone where account is not null
    ) moved where true group by 1, 2, 3, 4, 5 having sum(n) <> 0 order by 1, 2, 3, 4, 5
    on conflict (org, account, room, state, assignee) do update set n = c.n + excluded.n;
  end if;
  return null;
end $$;
create trigger conversation_account_added after insert on conversation referencing new table as fresh for each statement execute function conversation_account_counted();
create trigger conversation_account_changed after update on conversation referencing old table as gone new table as fresh for each statement execute function conversation_account_counted();
create trigger conversation_account_removed after delete on conversation referencing old table as gone for each statement execute function conversation_account_counted();

-- Counts as the house does: what is closed to whoever changes something is counted all the same. (A setting of the function itself only an administrator
-- of the database could give it.)
create function conversation_labelled() returns trigger language plpgsql as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  reader constant text := current_setting('trefoil.reader', true);
begin
  perform set_config('trefoil.reader', nobody::text, true);
  if tg_op = 'INSERT' then
    insert into conversation_label_count as c (org, label, room, state, assignee, n)
    select t.org, l.label, coalesce(t.room, nobody), t.state, coalesce(t.assignee, nobody), count(*)
    from fresh l join conversation t on t.org = l.org and t.thread = l.thread where true group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (org, label, room, state, assignee) do update set n = c.n + excluded.n;
  else
    insert into conversation_label_count as c (org, label, room, state, assignee, n)
    select t.org, l.label, coalesce(t.room, nobody), t.state, coalesce(t.assignee, nobody), -count(*)
    from gone l join conversation t on t.org = l.org and t.thread = l.thread where true group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (org, label, room, state, assignee) do update set n = c.n + excluded.n;
  end if;
  perform set_config('trefoil.reader', coalesce(reader, ''), true);
  return null;
end $$;
create trigger conversation_label_added after insert on conversation_label referencing new table as fresh for each statement execute function conversation_labelled();
create trigger conversation_label_removed after delete on conversation_label referencing old table as gone for each statement execute function conversation_labelled();

create function conversation_label_moved() returns trigger language plpgsql as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  reader constant text := current_setting('trefoil.reader', true);
begin
  perform set_config('trefoil.reader', nobody::text, true);
  insert into conversation_label_count as c (org, label, room, state, assignee, n)
  select moved.org, l.label, moved.room, moved.state, moved.assignee, sum(moved.n)
  from (
    select f.org, f.thread, coalesce(f.room, nobody) as room, f.state, coalesce(f.assignee, nobody) as assignee, 1 as n
    from fresh f join gone g on g.org = f.org and g.thread = f.thread where (f.room, f.state, f.assignee) is distinct from (g.room, g.state, g.assignee)
    union all
    select g.org, g.thread, coalesce(g.room, nobody), g.state, coalesce(g.assignee, nobody), -1
    from gone g join fresh f on f.org = g.org and f.thread = g.thread where (f.room, f.state, f.assignee) is distinct from (g.room, g.state, g.assignee)
  ) moved join conversation_label l on l.org = moved.org and l.thread = moved.thread
  where true group by 1, 2, 3, 4, 5 having sum(moved.n) <> 0 order by 1, 2, 3, 4, 5
  on conflict (org, label, room, state, assignee) do update set n = c.n + excluded.n;
  perform set_config('trefoil.reader', coalesce(reader, ''), true);
  return null;
end $$;
create trigger conversation_label_moved after update on conversation referencing old table as gone new table as fresh for each statement execute function conversation_label_moved();

-- What is there already, of every organisation: the owner of a table sees it whole while its wall is not forced.
alter table conversation no force row level security;
alter table conversation_label no force row level security;
alter table conversation_account_count no force row level security;
alter table conversation_label_count no force row level security;
insert into conversation_account_count (org, account, room, state, assignee, n)
select org, account, coalesce(room, '00000000-0000-0000-0000-000000000000'), state, coalesce(assignee, '00000000-0000-0000-0000-000000000000'), count(*)
from conversation where account is not null group by 1, 2, 3, 4, 5;
insert into conversation_label_count (org, label, room, state, assignee, n)
select t.org, l.label, coalesce(t.room, '00000000-0000-0000-0000-000000000000'), t.state, coalesce(t.assignee, '00000000-0000-0000-0000-000000000000'), count(*)
from conversation_label l join conversation t on t.org = l.org and t.thread = l.thread group by 1, 2, 3, 4, 5;
alter table conversation force row level security;
alter table conversation_label force row level security;
alter table conversation_account_count force row level security;
alter table conversation_label_count force row level security;

-- A filter in words under a name; its owner's alone, or everybody's when nobody owns it.
create table saved_view (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 60),
  words text not null check (length(words) between 1 and 300),
  owner uuid,
  position integer not null,
  removed_at timestamptz,
  primary key (org, id)
);
call protect('saved_view');
