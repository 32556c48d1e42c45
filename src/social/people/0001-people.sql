-- One record per human or organisation. A merge only points: `merged_into` names the record that stands for both, so that it can be taken back whole.
create table person (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null default 'human' check (kind in ('human', 'organisation')),
  name text not null check (length(name) between 1 and 300),
  language text,
  zone text,
  company uuid,
  about text check (length(about) <= 5000),
  picture uuid,
  merged_into uuid,
  created_at timestamptz not null,
  created_because text not null default 'heard',
  primary key (org, id)
);
create index person_name on person (org, lower(name) text_pattern_ops, id);
create index person_name_alike on person using gin (name gin_trgm_ops);
create index person_merged on person (org, merged_into) where merged_into is not null;
call protect('person');

-- An address on a network that belongs to a person, and why we think so.
create table handle (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  network text not null,
  address text not null check (length(address) <= 500),
  -- As the channel makes addresses equal; what never changes on the network, if it has such a thing.
  normal text not null check (length(normal) <= 500),
  remote_id text,
  url text,
  because text not null,
  evidence jsonb not null default '{}',
  linked_by uuid,
  linked_at timestamptz not null,
  verified_at timestamptz,
  primary key (org, id),
  unique (org, network, normal)
);
create index handle_person on handle (org, person);
call protect('handle');

-- On which side of the house a person stands, over time.
create table side (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  side text not null check (side in ('colleague', 'customer', 'supplier', 'partner', 'prospect')),
  since timestamptz not null,
  until timestamptz,
  because text not null,
  primary key (org, id)
);
create index side_person on side (org, person);
create unique index side_now on side (org, person, side) where until is null;
call protect('side');

create table merge (
  org uuid not null default current_org(),
  id uuid not null,
  kept uuid not null,
  gone uuid not null,
  reason text not null check (length(reason) between 1 and 1000),
  evidence jsonb not null default '{}',
  -- What moved from one to the other, to be put back exactly.
  moved jsonb not null default '{}',
  by uuid,
  at timestamptz not null,
  undone_at timestamptz,
  undone_by uuid,
  primary key (org, id)
);
create index merge_kept on merge (org, kept);
create index merge_gone on merge (org, gone);
call protect('merge');

-- What other floors read: any id of a person, the record that stands for it now, and how to show it.
create view person_card with (security_invoker = true) as
  select p.org, p.id, coalesce(k.id, p.id) as stands, coalesce(k.name, p.name) as name, coalesce(k.kind, p.kind) as kind,
         coalesce(k.language, p.language) as language, coalesce(k.picture, p.picture) as picture
  from person p left join person k on k.org = p.org and k.id = p.merged_into;
grant select on person_card to trefoil_app;
