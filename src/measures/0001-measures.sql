-- What the measures remember of the log, so that no window is ever counted from the beginning again. All of it can be made anew from the log.

-- Each message from outside that needed an answer. Its id is the activity that asked.
create table measured_response (
  org uuid not null default current_org(),
  id uuid not null,
  thread uuid not null,
  message uuid,
  -- In the organisation's time zone.
  day date not null,
  asked_at timestamptz not null,
  asked_by uuid,
  channel text,
  answer uuid,
  answered_at timestamptz,
  answered_by uuid,
  calendar_minutes double precision,
  business_minutes double precision,
  primary key (org, id)
);
create index measured_response_day on measured_response (org, day);
create index measured_response_thread on measured_response (org, thread);
call protect('measured_response');

-- Each thread on which a person spoke with someone outside. Its id is the first activity.
create table measured_conversation (
  org uuid not null default current_org(),
  thread uuid not null,
  id uuid not null,
  message uuid,
  day date not null,
  started_at timestamptz not null,
  started_by text not null check (started_by in ('in', 'out')),
  person uuid,
  channel text,
  first_in_at timestamptz,
  turns_in integer not null,
  turns_out integer not null,
  notes integer not null,
  taken_at timestamptz,
  primary key (org, thread)
);
create index measured_conversation_day on measured_conversation (org, day);
create unique index measured_conversation_first on measured_conversation (org, id);
call protect('measured_conversation');

-- What one measure came to on one day.
create table measure_day (
  org uuid not null default current_org(),
  measure text not null,
  scope text not null,
  day date not null,
  numerator double precision not null,
  denominator double precision not null,
  n bigint not null,
  -- How many in each logarithmic bucket, for times.
  sketch jsonb not null default '{}',
  version text not null,
  computed_at timestamptz not null,
  primary key (org, measure, scope, day)
);
call protect('measure_day');

-- What has to be counted again.
create table measure_dirty_thread (
  org uuid not null default current_org(),
  thread uuid not null,
  primary key (org, thread)
);
call protect('measure_dirty_thread');
create table measure_dirty_day (
  org uuid not null default current_org(),
  day date not null,
  primary key (org, day)
);
call protect('measure_dirty_day');

-- When anything was last counted, and how far a count of the whole history has come.
create table measure_state (
  org uuid not null default current_org(),
  counted_at timestamptz,
  rebuild_total integer,
  rebuild_by uuid,
  rebuild_at timestamptz,
  primary key (org)
);
call protect('measure_state');

create view measured with (security_invoker = true) as
  select org, measure, scope, day, numerator, denominator, n, sketch, version, computed_at from measure_day;
grant select on measured to trefoil_app;
