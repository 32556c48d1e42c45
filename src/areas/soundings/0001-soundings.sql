-- Days of monitors (UTC) on which something was heard, corrected, set aside or removed since they were read: their terms and voices are counted again.
create table sounding_due (
  org uuid not null default current_org(),
  monitor uuid not null,
  day date not null,
  marked_at timestamptz not null default now(),
  primary key (org, monitor, day)
);
create index sounding_due_first on sounding_due (org, marked_at);
call protect('sounding_due');

create function sounding_marked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into sounding_due (org, monitor, day) select distinct org, monitor, day from gone order by 1, 2, 3 on conflict do nothing;
  else
    insert into sounding_due (org, monitor, day) select distinct org, monitor, day from fresh order by 1, 2, 3 on conflict do nothing;
  end if;
  return null;
end $$;
create trigger sounding_heard after insert on mention_day referencing new table as fresh for each statement execute function sounding_marked();
create trigger sounding_changed after update on mention_day referencing new table as fresh for each statement execute function sounding_marked();
create trigger sounding_gone after delete on mention_day referencing old table as gone for each statement execute function sounding_marked();

-- Somebody mended what they wrote: nothing else of it changed, and its words did.
create function sounding_mended() returns trigger language plpgsql as $$
begin
  insert into sounding_due (org, monitor, day)
  select distinct f.org, f.monitor, (f.at at time zone 'UTC')::date
  from fresh n join gone o on o.org = n.org and o.id = n.id join mention_fit_card f on f.org = n.org and f.mention = n.id
  where (n.text, n.author, n.author_name, n.person, n.followers) is distinct from (o.text, o.author, o.author_name, o.person, o.followers)
  order by 1, 2, 3 on conflict do nothing;
  return null;
end $$;
create trigger sounding_mended after update on monitor_mention
  referencing old table as gone new table as fresh for each statement execute function sounding_mended();

-- What was read of a day: of how many mentions the terms were taken (a day with very many is sampled), near-duplicates, programs and our own staff
-- included (`n`) and left out (`plain`).
create table sounding_counted (
  org uuid not null default current_org(),
  monitor uuid not null,
  day date not null,
  n integer not null,
  plain integer not null,
  counted_at timestamptz not null,
  primary key (org, monitor, day)
);
create index sounding_counted_day on sounding_counted (org, day);
call protect('sounding_counted');

-- How many mentions of a day say a word, or two words side by side; only the commonest of each day.
create table sounding_term (
  org uuid not null default current_org(),
  monitor uuid not null,
  day date not null,
  term text not null check (length(term) between 1 and 100),
  n integer not null,
  plain integer not null,
  -- Of the plain ones.
  positive integer not null,
  negative integer not null,
  primary key (org, monitor, day, term)
);
create index sounding_term_said on sounding_term (org, monitor, term, day) include (n, plain, positive, negative);
create index sounding_term_day on sounding_term (org, day);
call protect('sounding_term');

-- Who spoke most on a day, and whom most people could hear; only the foremost of each day.
create table sounding_voice (
  org uuid not null default current_org(),
  monitor uuid not null,
  day date not null,
  source text not null check (length(source) <= 60),
  author text not null check (length(author) between 1 and 500),
  name text check (length(name) <= 500),
  person uuid,
  n integer not null,
  plain integer not null,
  positive integer not null,
  negative integer not null,
  followers bigint,
  primary key (org, monitor, day, source, author)
);
create index sounding_voice_person on sounding_voice (org, person) where person is not null;
create index sounding_voice_author on sounding_voice (org, author);
create index sounding_voice_day on sounding_voice (org, day);
call protect('sounding_voice');

-- How many mentions of a topic are mentions of another monitor of the same market as well: the share of conversation.
create table sounding_meeting (
  org uuid not null default current_org(),
  topic uuid not null,
  day date not null,
  monitor uuid not null,
  n integer not null,
  plain integer not null,
  primary key (org, topic, day, monitor)
);
call protect('sounding_meeting');

-- What somebody looks at again and again: some monitors, a period, and how it is counted.
create table sounding_selection (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  monitors uuid[] not null check (cardinality(monitors) between 1 and 8),
  days integer not null check (days between 1 and 366),
  everything boolean not null,
  by uuid,
  made_at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
create index sounding_selection_name on sounding_selection (org, name, id) where removed_at is null;
call protect('sounding_selection');
