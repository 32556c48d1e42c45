-- Which monitors are watched, for what, and how little it takes.
create table alert_watch (
  org uuid not null default current_org(),
  monitor uuid not null,
  kinds text[] not null check (cardinality(kinds) between 1 and 5),
  sensitivity text not null check (sensitivity in ('calm', 'normal', 'keen')),
  followers bigint not null check (followers between 1 and 1000000000),
  team uuid,
  made_at timestamptz not null,
  paused_at timestamptz,
  -- Mentions that were heard up to here were looked through for voices; which hour was looked at as a whole; when what is usual was learned.
  heard_to timestamptz not null,
  hour_done timestamptz,
  learned_at timestamptz,
  primary key (org, monitor)
);
call protect('alert_watch');

-- Who is told, besides the team.
create table alert_watcher (
  org uuid not null default current_org(),
  monitor uuid not null,
  person uuid not null,
  primary key (org, monitor, person)
);
create index alert_watcher_person on alert_watcher (org, person);
call protect('alert_watcher');

-- When nobody wants to be told: of the whole organisation (no person), or of one colleague instead.
create table alert_quiet (
  org uuid not null default current_org(),
  person uuid not null,
  from_minute integer not null check (from_minute between 0 and 1439),
  until_minute integer not null check (until_minute between 0 and 1439),
  weekends boolean not null,
  gravest boolean not null,
  primary key (org, person)
);
call protect('alert_quiet');

-- What is usual at a monitor, hour by hour of a week from Monday midnight; learned anew each day.
create table alert_base (
  org uuid not null default current_org(),
  monitor uuid not null,
  weeks integer not null,
  -- Both 168 long, or null while too little was heard.
  means real[] check (cardinality(means) = 168),
  overs real[] check (cardinality(overs) = 168),
  mood_share real,
  mood_over real,
  mood_known integer,
  primary key (org, monitor)
);
call protect('alert_base');

-- Something unusual: open and growing, then over. There is one of a kind at a time.
create table alert (
  org uuid not null default current_org(),
  id uuid not null,
  monitor uuid not null,
  kind text not null check (kind in ('spike', 'mood', 'vip', 'topic', 'silence')),
  level smallint not null check (level between 1 and 3),
  began_at timestamptz not null,
  last_at timestamptz not null,
  raised_at timestamptz not null,
  over_at timestamptz,
  peak double precision not null,
  peak_at timestamptz not null,
  usual double precision not null,
  mentions bigint not null,
  about jsonb not null default '{}' check (length(about::text) <= 5000),
  seen_at timestamptz,
  seen_by uuid,
  dismissed_at timestamptz,
  dismissed_by uuid,
  useful boolean,
  judged_by uuid,
  judged_at timestamptz,
  room uuid,
  primary key (org, id)
);
create unique index alert_open on alert (org, monitor, kind) where over_at is null;
create index alert_monitor on alert (org, monitor, kind, over_at desc);
create index alert_lately on alert (org, over_at desc, id desc) where over_at is not null and dismissed_at is null;
create index alert_dismissed on alert (org, id desc) where dismissed_at is not null;
create index alert_room on alert (org, room) where room is not null;
call protect('alert');

-- Up to which level each was told of it.
create table alert_told (
  org uuid not null default current_org(),
  alert uuid not null,
  person uuid not null,
  level smallint not null,
  at timestamptz not null,
  primary key (org, alert, person)
);
create index alert_told_person on alert_told (org, person);
call protect('alert_told');

-- A room in which colleagues see a crisis through.
create table crisis_room (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  -- Where they talk; tasks hang on it.
  thread uuid not null,
  monitor uuid,
  stage text not null check (stage in ('watch', 'serious', 'crisis')),
  owner uuid,
  statement text not null default '' check (length(statement) <= 20000),
  statement_state text not null default 'draft' check (statement_state in ('draft', 'approved', 'out')),
  statement_version integer not null default 0,
  statement_by uuid,
  approved_by uuid,
  approved_at timestamptz,
  out_at timestamptz,
  out_url text not null default '' check (length(out_url) <= 2000),
  opened_at timestamptz not null,
  opened_by uuid,
  closed_at timestamptz,
  closed_by uuid,
  happened text not null default '' check (length(happened) <= 20000),
  learned text not null default '' check (length(learned) <= 20000),
  reviewed_at timestamptz,
  primary key (org, id)
);
create index crisis_room_open on crisis_room (org, id desc) where closed_at is null;
create index crisis_room_thread on crisis_room (org, thread);
call protect('crisis_room');

-- What happened in it, by itself and by hand, in the order in which it happened.
create table crisis_entry (
  org uuid not null default current_org(),
  id uuid not null,
  room uuid not null,
  at timestamptz not null,
  by uuid,
  kind text not null check (length(kind) <= 20),
  text text not null default '' check (length(text) <= 5000),
  detail jsonb not null default '{}' check (length(detail::text) <= 3000),
  removed_at timestamptz,
  primary key (org, id)
);
create index crisis_entry_room on crisis_entry (org, room, at desc, id desc);
call protect('crisis_entry');

create table crisis_case (
  org uuid not null default current_org(),
  room uuid not null,
  case_id uuid not null,
  at timestamptz not null,
  primary key (org, room, case_id)
);
create index crisis_case_case on crisis_case (org, case_id);
call protect('crisis_case');

-- What other floors read.
create view alert_card with (security_invoker = true) as
  select org, id, monitor, kind, level, began_at, last_at, raised_at, over_at, peak, usual, mentions, dismissed_at, useful, room from alert;
create view crisis_card with (security_invoker = true) as
  select org, id, name, monitor, stage, owner, opened_at, closed_at, reviewed_at, thread from crisis_room;
grant select on alert_card, crisis_card to trefoil_app;
