-- What is to be solved, apart from what is said about it. (`case` alone is a word of SQL, so the table bears the plural.)
create table cases (
  org uuid not null default current_org(),
  id uuid not null,
  number bigint not null,
  title text not null check (length(title) between 1 and 300),
  about text not null default '' check (length(about) <= 20000),
  type uuid,
  priority text not null check (priority in ('urgent', 'high', 'normal', 'low')),
  -- How much the customer means to us, as it was known when the case was opened, or as somebody chose.
  tier text not null check (tier in ('vip', 'key', 'standard')),
  state text not null check (state in ('new', 'open', 'waiting', 'closed')),
  owner uuid,
  team uuid,
  person uuid,
  -- By which channel the customer came, for the service level.
  channel text,
  parent uuid,
  duplicate_of uuid,
  -- Where colleagues talk about it.
  discussion uuid not null,
  fields jsonb not null default '{}',
  -- All that was spent on it.
  minutes integer not null default 0,
  opened_at timestamptz not null,
  opened_by uuid,
  changed_at timestamptz not null,
  closed_at timestamptz,
  closed_by uuid,
  cause text check (length(cause) <= 200),
  -- The secret part of the customer's link; a new one ends the old link.
  door uuid not null,
  -- The service level that holds, and what is due by it; nothing while it waits for the customer.
  policy uuid,
  first_due timestamptz,
  solve_due timestamptz,
  -- The first answer to the customer.
  answered_at timestamptz,
  answer uuid,
  -- What has been told of what was due.
  told text[] not null default '{}',
  alarm text check (alarm in ('warned', 'breached')),
  primary key (org, id)
);
create unique index cases_number on cases (org, number);
create index cases_all on cases (org, changed_at desc, id desc);
create index cases_state on cases (org, state, changed_at desc, id desc);
create index cases_active on cases (org, changed_at desc, id desc) where closed_at is null;
create index cases_owner on cases (org, owner, changed_at desc, id desc) where closed_at is null;
create index cases_team on cases (org, team, changed_at desc, id desc) where closed_at is null;
create index cases_alarm on cases (org, changed_at desc, id desc) where closed_at is null and alarm is not null;
create index cases_solve on cases (org, solve_due, id) where closed_at is null and solve_due is not null;
create index cases_person on cases (org, person, changed_at desc, id desc);
create index cases_parent on cases (org, parent) where parent is not null;
create index cases_duplicate on cases (org, duplicate_of) where duplicate_of is not null;
create index cases_discussion on cases (org, discussion);
create index cases_cause on cases (org, cause) where cause is not null;
call protect('cases');

-- The last number that was given; whoever opens a case waits for whoever is opening one.
create table case_number (
  org uuid not null default current_org(),
  last bigint not null,
  primary key (org)
);
call protect('case_number');

-- Several threads in one case, and several cases in one thread.
create table case_thread (
  org uuid not null default current_org(),
  case_id uuid not null,
  thread uuid not null,
  since timestamptz not null,
  by_person uuid,
  -- The customer wrote again long after the end: a new case is suggested since then.
  suggested_at timestamptz,
  -- Linked because this thread went into it, for as long as it stays there.
  merged_from uuid,
  primary key (org, case_id, thread)
);
create index case_thread_thread on case_thread (org, thread);
call protect('case_thread');
call protect_closed('case_thread', 'thread');

create table case_check (
  org uuid not null default current_org(),
  id uuid not null,
  case_id uuid not null,
  text text not null check (length(text) between 1 and 500),
  done_at timestamptz,
  done_by uuid,
  removed_at timestamptz,
  primary key (org, id)
);
create index case_check_case on case_check (org, case_id, id);
call protect('case_check');

create table case_time (
  org uuid not null default current_org(),
  id uuid not null,
  case_id uuid not null,
  person uuid,
  minutes integer not null check (minutes between 1 and 6000),
  note text not null default '' check (length(note) <= 500),
  at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
create index case_time_case on case_time (org, case_id, id);
call protect('case_time');

-- When its clock stood still: while it waited for the customer, or was closed.
create table case_pause (
  org uuid not null default current_org(),
  case_id uuid not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  primary key (org, case_id, began_at)
);
call protect('case_pause');

-- What is due next, for the one timer: it reads what is over and nothing else.
create table case_due (
  org uuid not null default current_org(),
  case_id uuid not null,
  what text not null check (what in ('first.warned', 'first.breached', 'solve.warned', 'solve.breached')),
  at timestamptz not null,
  primary key (org, case_id, what)
);
create index case_due_at on case_due (org, at);
call protect('case_due');

create table case_type (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  -- What is asked of a case of this type: key, label, kind, choices, whether it must be there.
  fields jsonb not null default '[]',
  -- What is to be done for each of them, line by line.
  checklist jsonb not null default '[]',
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (org, id)
);
call protect('case_type');

-- By when a case is answered and solved, in working minutes; null stands for any channel, tier or priority, and for no such target.
create table case_policy (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  channel text check (length(channel) <= 60),
  tier text,
  priority text,
  first_minutes integer check (first_minutes between 1 and 144000),
  solve_minutes integer check (solve_minutes between 1 and 144000),
  warn_percent integer not null check (warn_percent between 10 and 95),
  escalate_to uuid,
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (org, id)
);
call protect('case_policy');

create table case_rules (
  org uuid not null default current_org(),
  reopen_days integer not null check (reopen_days between 0 and 365),
  primary key (org)
);
call protect('case_rules');

-- How many there are (all zeros: nobody's, no team's), as a list of what was added and taken, which is summed up from time to time: nobody waits for
-- anybody else's count, and none is counted for a page.
create table case_count (
  org uuid not null default current_org(),
  id uuid not null default gen_random_uuid(),
  state text not null,
  owner uuid not null,
  team uuid not null,
  alarm text not null,
  n bigint not null,
  primary key (org, id)
);
call protect('case_count');

create function case_counted() returns trigger language plpgsql as $$
declare nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if tg_op = 'INSERT' then
    insert into case_count (org, state, owner, team, alarm, n)
    select org, state, coalesce(owner, nobody), coalesce(team, nobody), coalesce(alarm, ''), count(*) from fresh where true group by 1, 2, 3, 4, 5;
  elsif tg_op = 'DELETE' then
    insert into case_count (org, state, owner, team, alarm, n)
    select org, state, coalesce(owner, nobody), coalesce(team, nobody), coalesce(alarm, ''), -count(*) from gone where true group by 1, 2, 3, 4, 5;
  else
    insert into case_count (org, state, owner, team, alarm, n)
    select org, state, owner, team, alarm, sum(n) from (
      select org, state, coalesce(owner, nobody) as owner, coalesce(team, nobody) as team, coalesce(alarm, '') as alarm, 1 as n from fresh
      union all
      select org, state, coalesce(owner, nobody), coalesce(team, nobody), coalesce(alarm, ''), -1 from gone
    ) moved where true group by 1, 2, 3, 4, 5 having sum(n) <> 0;
  end if;
  return null;
end $$;

create trigger cases_added after insert on cases referencing new table as fresh for each statement execute function case_counted();
create trigger cases_changed after update on cases referencing old table as gone new table as fresh for each statement execute function case_counted();
create trigger cases_removed after delete on cases referencing old table as gone for each statement execute function case_counted();

-- What other floors read, such as measures of service.
create view case_card with (security_invoker = true) as
  select org, id, number, title, type, priority, tier, state, owner, team, person, channel, opened_at, answered_at, first_due, solve_due, closed_at, cause, minutes
  from cases;
grant select on case_card to trefoil_app;
