-- Colleagues who work together: in which zone, at which hours, and on which days not.
create table team (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  about text not null default '' check (length(about) <= 2000),
  zone text not null check (length(zone) between 1 and 60),
  -- Seven days from Monday, each a list of spans in minutes of the day.
  week jsonb not null,
  -- Days on which nobody works: `2026-12-25`.
  holidays jsonb not null default '[]',
  created_at timestamptz not null,
  -- It can come back; what it worked on keeps it meanwhile.
  archived_at timestamptz,
  primary key (org, id)
);
call protect('team');

create table team_member (
  org uuid not null default current_org(),
  team uuid not null,
  person uuid not null,
  since timestamptz not null,
  primary key (org, team, person)
);
create index team_member_person on team_member (org, person);
call protect('team_member');

-- What somebody is good at, whatever the team.
create table skill (
  org uuid not null default current_org(),
  person uuid not null,
  skill text not null check (length(skill) between 1 and 60),
  since timestamptz not null,
  primary key (org, person, skill)
);
call protect('skill');

-- Out of office: from one moment to another.
create table absence (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  note text not null default '' check (length(note) <= 500),
  removed_at timestamptz,
  primary key (org, id)
);
create index absence_person on absence (org, person, ends_at);
create index absence_end on absence (org, ends_at);
call protect('absence');

create view team_card with (security_invoker = true) as select org, id, name, archived_at from team;
create view team_part with (security_invoker = true) as select org, team, person from team_member;
grant select on team_card, team_part to trefoil_app;
