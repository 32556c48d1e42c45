-- One record per human or organisation. A merge only points: `merged_into` names the record that stands for both, so that it can be taken back whole.
create table person (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null default 'human' check (kind in ('human', 'organisation')),
  name text not null check (length(name) between 1 and 300),
  -- The name as one looks for it: without accents and capitals. Compared byte by byte, so that the index answers beginnings everywhere.
  key text collate "C" not null check (length(key) <= 100),
  -- `address`: nobody told a name yet; the first that is told takes its place.
  name_because text not null default 'given' check (name_because in ('given', 'heard', 'address')),
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
create index person_key on person (org, key, id) where merged_into is null;
create index person_key_alike on person using gin (key gin_trgm_ops);
create index person_merged on person (org, merged_into) where merged_into is not null;
create index person_company on person (org, company) where company is not null;
call protect('person');

-- An address on a network that belongs to a person, and why we think so. What was unlinked keeps its row and its end.
create table handle (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  network text not null check (length(network) <= 60),
  address text not null check (length(address) between 1 and 500),
  -- As the network's addresses are made equal; and what never changes there, if it has such a thing.
  normal text collate "C" not null check (length(normal) between 1 and 500),
  remote_id text check (length(remote_id) <= 500),
  url text check (length(url) <= 2000),
  because text not null check (length(because) <= 60),
  evidence jsonb not null default '{}',
  linked_by uuid,
  linked_at timestamptz not null,
  verified_at timestamptz,
  until timestamptz,
  until_because text check (length(until_because) <= 1000),
  primary key (org, id)
);
create unique index handle_normal on handle (org, network, normal) where until is null;
create unique index handle_remote on handle (org, network, remote_id) where until is null and remote_id is not null;
create index handle_address on handle (org, normal) where until is null;
create index handle_person on handle (org, person);
call protect('handle');

-- What other floors read: any id of a person, the record that stands for it now, and how to show it.
create view person_card with (security_invoker = true) as
  select p.org, p.id, coalesce(k.id, p.id) as stands, coalesce(k.name, p.name) as name, coalesce(k.kind, p.kind) as kind,
         coalesce(k.language, p.language) as language, coalesce(k.picture, p.picture) as picture
  from person p left join person k on k.org = p.org and k.id = p.merged_into;
grant select on person_card to trefoil_app;

-- Addresses, and what a person is beyond a card.
create view handle_card with (security_invoker = true) as
  select org, id, person, network, address, normal, url, because, evidence, linked_by, linked_at, verified_at, until from handle;
create view person_detail with (security_invoker = true) as
  select org, id, key, kind, about, company, created_at, created_because from person where merged_into is null;
-- What somebody was called before standing behind another.
create view own_name with (security_invoker = true) as
  select org, id, name from person;
grant select on handle_card, person_detail, own_name to trefoil_app;

-- Row-level security lets an index answer only by functions that cannot leak; this one returns what is in the index and nothing else.
-- Only a superuser may say so; without it looking for names is right but slow.
do $$ begin
  alter function word_similarity_commutator_op(text, text) leakproof;
exception when insufficient_privilege then raise notice 'looking for names is slower: the owner is no superuser';
end $$;
