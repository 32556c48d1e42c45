-- A thread with somebody outside, as work: whose it is, how it stands. Subject and person are kept here too, so that a page of the inbox reads one index.
create table conversation (
  org uuid not null default current_org(),
  thread uuid not null,
  state text not null default 'open' check (state in ('open', 'waiting', 'snoozed', 'done')),
  assignee uuid,
  person uuid,
  subject text not null default '',
  snippet text not null default '',
  channel text,
  account uuid,
  last_at timestamptz not null,
  last_in_at timestamptz,
  last_out_at timestamptz,
  -- Since when somebody outside waits for an answer; null when nobody does.
  asked_at timestamptz,
  snoozed_until timestamptz,
  closed_at timestamptz,
  closed_by uuid,
  primary key (org, thread)
);
create index conversation_all on conversation (org, last_at desc, thread desc);
create index conversation_state on conversation (org, state, last_at desc, thread desc);
create index conversation_mine on conversation (org, assignee, state, last_at desc, thread desc);
create index conversation_person on conversation (org, person, last_at desc);
create index conversation_wakes on conversation (org, snoozed_until) where state = 'snoozed';
call protect('conversation');

create table conversation_label (
  org uuid not null default current_org(),
  label text not null check (length(label) between 1 and 60),
  thread uuid not null,
  last_at timestamptz not null,
  primary key (org, thread, label)
);
create index conversation_label_list on conversation_label (org, label, last_at desc, thread desc);
call protect('conversation_label');

-- How many there are, by state and assignee (all zeros: nobody's): kept by the statement that changes them, never counted for a page.
create table conversation_count (
  org uuid not null default current_org(),
  state text not null,
  assignee uuid not null,
  n bigint not null,
  primary key (org, state, assignee)
);
call protect('conversation_count');

create function conversation_counted() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into conversation_count as c (org, state, assignee, n)
    select org, state, coalesce(assignee, '00000000-0000-0000-0000-000000000000'), count(*) from fresh group by 1, 2, 3 order by 1, 2, 3
    on conflict (org, state, assignee) do update set n = c.n + excluded.n;
  elsif tg_op = 'DELETE' then
    insert into conversation_count as c (org, state, assignee, n)
    select org, state, coalesce(assignee, '00000000-0000-0000-0000-000000000000'), -count(*) from gone group by 1, 2, 3 order by 1, 2, 3
    on conflict (org, state, assignee) do update set n = c.n + excluded.n;
  else
    insert into conversation_count as c (org, state, assignee, n)
    select org, state, assignee, sum(n) from (
      select org, state, coalesce(assignee, '00000000-0000-0000-0000-000000000000') as assignee, 1 as n from fresh
      union all
      select org, state, coalesce(assignee, '00000000-0000-0000-0000-000000000000'), -1 from gone
    ) moved group by 1, 2, 3 having sum(n) <> 0 order by 1, 2, 3
    on conflict (org, state, assignee) do update set n = c.n + excluded.n;
  end if;
  return null;
end $$;

create trigger conversation_added after insert on conversation referencing new table as fresh for each statement execute function conversation_counted();
create trigger conversation_changed after update on conversation referencing old table as gone new table as fresh for each statement execute function conversation_counted();
create trigger conversation_removed after delete on conversation referencing old table as gone for each statement execute function conversation_counted();

create view conversation_card with (security_invoker = true) as
  select org, thread, state, assignee, person, asked_at, last_in_at, last_out_at, closed_at from conversation;
grant select on conversation_card to trefoil_app;
