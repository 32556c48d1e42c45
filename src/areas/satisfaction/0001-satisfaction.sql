-- A question to people outside, asked when something with them has come to its end.
create table survey (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  kind text not null check (kind in ('csat', 'ces', 'nps')),
  -- What has to close, and by which way the question goes.
  closing text not null check (closing in ('conversation', 'case')),
  way text not null check (way in ('thread', 'mail')),
  anonymous boolean not null,
  -- Words of our own by language; where there are none, those of the house.
  questions jsonb not null default '{}',
  -- How many of a hundred are asked, and how long after the end.
  share integer not null check (share between 1 and 100),
  delay_minutes integer not null check (delay_minutes between 0 and 43200),
  -- Empty: any.
  channels text[] not null default '{}',
  teams uuid[] not null default '{}',
  types uuid[] not null default '{}',
  -- Only those are asked who allowed this.
  purpose uuid,
  -- Up to this an answer opens a task; null: none does.
  bad integer,
  created_at timestamptz not null,
  paused_at timestamptz,
  archived_at timestamptz,
  primary key (org, id),
  check (not anonymous or (way = 'mail' and bad is null))
);
call protect('survey');

-- Whom a closing chose, and whether they were asked. Of an anonymous survey it tells that somebody was asked, never whether they answered.
create table survey_ask (
  org uuid not null default current_org(),
  id uuid not null,
  survey uuid not null,
  person uuid not null,
  -- Why not; null where they were asked.
  refused text,
  anonymous boolean not null,
  thread uuid,
  case_id uuid,
  channel text,
  team uuid,
  type uuid,
  language text not null,
  asked_at timestamptz not null,
  primary key (org, id),
  check (not anonymous or (thread is null and case_id is null and channel is null and team is null and type is null))
);
create index survey_ask_person on survey_ask (org, person, asked_at desc) where refused is null;
create index survey_ask_survey on survey_ask (org, survey, asked_at desc);
call protect('survey_ask');

-- What was answered. An anonymous answer can hold nothing that leads to its person: no question that was asked, no thread, no moment but the week.
create table survey_answer (
  org uuid not null default current_org(),
  id uuid not null,
  survey uuid not null,
  kind text not null,
  score integer not null check (score between 0 and 10),
  comment text not null default '' check (length(comment) <= 2000),
  -- In the organisation's time zone; of an anonymous answer the Monday of its week.
  day date not null,
  anonymous boolean not null,
  ask uuid,
  answered_at timestamptz,
  person uuid,
  thread uuid,
  case_id uuid,
  channel text,
  team uuid,
  type uuid,
  -- The task that it opened.
  task uuid,
  primary key (org, id),
  check (not anonymous or (ask is null and answered_at is null and person is null and thread is null and case_id is null
    and channel is null and team is null and type is null and task is null and extract(isodow from day) = 1))
);
create unique index survey_answer_ask on survey_answer (org, ask) where ask is not null;
create index survey_answer_list on survey_answer (org, survey, day desc, id desc);
create index survey_answer_thread on survey_answer (org, thread) where thread is not null;
create index survey_answer_day on survey_answer (org, day);
create index survey_answer_person on survey_answer (org, person) where person is not null;
call protect('survey_answer');
call protect_closed('survey_answer', 'thread');

-- Anonymous links that were used, as hashes of what only their mail holds; forgotten when the links end.
create table survey_ticket (
  org uuid not null default current_org(),
  hash text not null,
  until date not null,
  primary key (org, hash)
);
call protect('survey_ticket');

-- Who wants no more of our questions.
create table survey_no (
  org uuid not null default current_org(),
  person uuid not null,
  at timestamptz not null,
  primary key (org, person)
);
call protect('survey_no');

-- How many gave which answer on a day (score −1: were asked), so that no page counts answers.
create table survey_tally (
  org uuid not null default current_org(),
  survey uuid not null,
  day date not null,
  channel text not null,
  team uuid not null,
  type uuid not null,
  score integer not null check (score between -1 and 10),
  n integer not null,
  primary key (org, survey, day, channel, team, type, score)
);
call protect('survey_tally');

-- What other floors read.
create view survey_score with (security_invoker = true) as
  select org, id, survey, kind, score, day, answered_at, channel, team, type, thread, case_id, person from survey_answer;
grant select on survey_score to trefoil_app;
