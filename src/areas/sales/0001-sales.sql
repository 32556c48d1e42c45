-- What somebody may buy: a lead when it is only a wish, an opportunity from its first stage on, and in the end won, lost or set aside. One row all the way.
create table opportunity (
  org uuid not null default current_org(),
  id uuid not null,
  number bigint not null,
  title text not null check (length(title) between 1 and 300),
  about text not null default '' check (length(about) <= 20000),
  state text not null check (state in ('lead', 'open', 'won', 'lost', 'aside')),
  stage uuid,
  person uuid,
  company uuid,
  owner uuid,
  team uuid,
  -- ISO 4217; the value is in its smallest unit, and null as long as nobody knows it.
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  value bigint check (value between 0 and 1000000000000),
  -- In percent: that of the stage, unless somebody gave one of their own.
  chance integer not null check (chance between 0 and 100),
  own_chance boolean not null default false,
  -- By when it is decided, as we think; for the forecast.
  expected_on date,
  next_text text check (length(next_text) between 1 and 300),
  next_on date,
  next_owner uuid,
  -- Its owner was told that the step is due.
  next_told_at timestamptz,
  -- How it came (conversation, care, colleague, program), by which channel, for which campaign, and from which case.
  came text not null,
  channel text check (length(channel) <= 60),
  campaign text check (length(campaign) <= 100),
  case_id uuid,
  -- Where colleagues talk about it.
  discussion uuid not null,
  reason uuid,
  reason_note text not null default '' check (length(reason_note) <= 500),
  opened_at timestamptz not null,
  opened_by uuid,
  changed_at timestamptz not null,
  changed_by uuid,
  closed_at timestamptz,
  -- The day of its end on the calendar of the organisation.
  closed_on date,
  -- One more with each change, so that nobody decides on what they did not see.
  version integer not null default 1,
  -- What follows from the rest: the first of the month in which it counts, and its value by its probability.
  month date,
  weighted bigint not null default 0,
  primary key (org, id)
);
create unique index opportunity_number on opportunity (org, number);
create index opportunity_all on opportunity (org, changed_at desc, id desc);
create index opportunity_active on opportunity (org, changed_at desc, id desc) where closed_at is null;
create index opportunity_owner on opportunity (org, owner, changed_at desc, id desc) where closed_at is null;
create index opportunity_state on opportunity (org, state, changed_at desc, id desc);
create index opportunity_stage on opportunity (org, stage, changed_at desc, id desc) where state = 'open';
create index opportunity_month on opportunity (org, state, month);
create index opportunity_reason on opportunity (org, reason, changed_at desc, id desc) where reason is not null;
create index opportunity_next on opportunity (org, next_on, id) where closed_at is null and next_on is not null;
create index opportunity_late on opportunity (org, owner, next_on) where closed_at is null and next_on is not null;
create index opportunity_person on opportunity (org, person, changed_at desc, id desc) where person is not null;
create index opportunity_company on opportunity (org, company, changed_at desc, id desc) where company is not null;
create index opportunity_case on opportunity (org, case_id) where case_id is not null;
create index opportunity_discussion on opportunity (org, discussion);
call protect('opportunity');

create function opportunity_follows() returns trigger language plpgsql as $$
declare day date := coalesce(new.closed_on, new.expected_on);
begin
  new.month := day - (extract(day from day)::integer - 1);
  new.weighted := case new.state when 'open' then coalesce(round(new.value * new.chance / 100.0), 0) when 'won' then coalesce(new.value, 0) else 0 end;
  return new;
end $$;
create trigger opportunity_follows before insert or update on opportunity for each row execute function opportunity_follows();

-- The last number that was given; whoever makes one waits for whoever is making one.
create table opportunity_last (
  org uuid not null default current_org(),
  number bigint not null,
  primary key (org)
);
call protect('opportunity_last');

-- What is to be sold: so many thousandths of something, its price in the smallest unit, and a discount in hundredths of a percent.
create table opportunity_line (
  org uuid not null default current_org(),
  id uuid not null,
  opportunity uuid not null,
  name text not null check (length(name) between 1 and 200),
  thousandths bigint not null check (thousandths between 1 and 1000000000),
  unit bigint not null check (unit between 0 and 1000000000000),
  discount integer not null check (discount between 0 and 10000),
  removed_at timestamptz,
  primary key (org, id)
);
create index opportunity_line_of on opportunity_line (org, opportunity, id);
call protect('opportunity_line');

create table opportunity_thread (
  org uuid not null default current_org(),
  opportunity uuid not null,
  thread uuid not null,
  since timestamptz not null,
  by_person uuid,
  -- Linked because this thread went into it, for as long as it stays there.
  merged_from uuid,
  primary key (org, opportunity, thread)
);
create index opportunity_thread_thread on opportunity_thread (org, thread);
call protect('opportunity_thread');
call protect_closed('opportunity_thread', 'thread');

-- What an organisation changed of the usual stages and reasons, and those of its own.
create table sales_stage (
  org uuid not null default current_org(),
  id uuid not null,
  -- Null: as the usual one is called, in the reader's language.
  name text check (length(name) between 1 and 100),
  chance integer not null check (chance between 0 and 100),
  place integer not null check (place between 1 and 99),
  archived_at timestamptz,
  primary key (org, id)
);
call protect('sales_stage');

create table sales_reason (
  org uuid not null default current_org(),
  id uuid not null,
  ends text not null check (ends in ('lost', 'aside')),
  name text check (length(name) between 1 and 100),
  place integer not null check (place between 1 and 99),
  archived_at timestamptz,
  primary key (org, id)
);
call protect('sales_reason');

create table sales_rules (
  org uuid not null default current_org(),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  primary key (org)
);
call protect('sales_rules');

-- How many there are and what they are worth, as a list of what was added and taken, which is summed up from time to time: nobody waits for anybody else's
-- count, and nothing is counted for a page.
create table opportunity_count (
  org uuid not null default current_org(),
  id uuid not null default gen_random_uuid(),
  state text not null,
  stage uuid,
  owner uuid,
  team uuid,
  currency text not null,
  month date,
  reason uuid,
  n bigint not null,
  valued bigint not null,
  value bigint not null,
  weighted bigint not null,
  primary key (org, id)
);
call protect('opportunity_count');

create function opportunity_counted() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into opportunity_count (org, state, stage, owner, team, currency, month, reason, n, valued, value, weighted)
    select org, state, stage, owner, team, currency, month, reason, count(*), count(value), coalesce(sum(value), 0), sum(weighted)
    from fresh where true group by 1, 2, 3, 4, 5, 6, 7, 8;
  elsif tg_op = 'DELETE' then
    insert into opportunity_count (org, state, stage, owner, team, currency, month, reason, n, valued, value, weighted)
    select org, state, stage, owner, team, currency, month, reason, -count(*), -count(value), -coalesce(sum(value), 0), -sum(weighted)
    from gone where true group by 1, 2, 3, 4, 5, 6, 7, 8;
  else
    insert into opportunity_count (org, state, stage, owner, team, currency, month, reason, n, valued, value, weighted)
    select org, state, stage, owner, team, currency, month, reason, sum(n), sum(valued), sum(value), sum(weighted) from (
      select org, state, stage, owner, team, currency, month, reason, 1 as n, (value is not null)::integer as valued, coalesce(value, 0) as value, weighted
      from fresh
      union all
      select org, state, stage, owner, team, currency, month, reason, -1, -(value is not null)::integer, -coalesce(value, 0), -weighted from gone
    ) moved where true group by 1, 2, 3, 4, 5, 6, 7, 8
    having sum(n) <> 0 or sum(valued) <> 0 or sum(value) <> 0 or sum(weighted) <> 0;
  end if;
  return null;
end $$;

create trigger opportunity_added after insert on opportunity
  referencing new table as fresh for each statement execute function opportunity_counted();
create trigger opportunity_changed after update on opportunity
  referencing old table as gone new table as fresh for each statement execute function opportunity_counted();
create trigger opportunity_removed after delete on opportunity
  referencing old table as gone for each statement execute function opportunity_counted();

-- What other floors read, such as measures.
create view opportunity_card with (security_invoker = true) as
  select org, id, number, title, state, stage, person, company, owner, team, currency, value, chance, weighted, expected_on, came, channel, campaign, reason,
    opened_at, closed_at, month
  from opportunity;
grant select on opportunity_card to trefoil_app;
