-- What somebody said and what others did because of it, topic by topic; made anew each night from what everybody can read, so nothing here is the truth.
create table influence_topic (
  org uuid not null default current_org(),
  -- `tag:` and its name, or `monitor:` and its id.
  topic text not null check (length(topic) between 5 and 100),
  -- How many posts were looked at, of how many of them nobody knows the writer, and how many a program is likely to have written.
  posts integer not null,
  unknown integer not null,
  bots integer not null,
  people integer not null,
  acts integer not null,
  -- The oldest and the newest of them.
  since timestamptz,
  until timestamptz,
  reckoned_at timestamptz not null,
  primary key (org, topic)
);
call protect('influence_topic');

-- Whoever moved somebody: their share in all influence of the topic, how many they moved, and by how many acts of theirs.
create table influence_voice (
  org uuid not null default current_org(),
  topic text not null,
  person uuid not null,
  share double precision not null check (share between 0 and 1),
  moved integer not null,
  acts integer not null,
  -- Of our own house.
  staff boolean not null,
  primary key (org, topic, person)
);
create index influence_voice_top on influence_voice (org, topic, staff, share desc, person);
call protect('influence_voice');

-- The evidence: `moved` did something because `mover` had said `spoke`.
create table influence_act (
  org uuid not null default current_org(),
  topic text not null,
  mover uuid not null,
  at timestamptz not null,
  id uuid not null,
  moved uuid not null,
  kind text not null check (kind in ('reply', 'reaction')),
  spoke uuid not null,
  -- The reply; null for a reaction.
  answer uuid,
  thread uuid not null,
  primary key (org, topic, mover, at, id)
);
create index influence_act_moved on influence_act (org, topic, moved);
call protect('influence_act');
