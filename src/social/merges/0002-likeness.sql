-- What a person can be compared by beside name and addresses: telephone numbers in one form, web pages, mail addresses that were only typed somewhere.
create table trace (
  org uuid not null default current_org(),
  person uuid not null,
  kind text not null check (kind in ('mail', 'phone', 'page')),
  value text collate "C" not null check (length(value) between 1 and 500),
  -- Where it stands: `handle`, `about`, `claim`, or what another module called it, such as an order.
  source text not null check (length(source) <= 60),
  primary key (org, person, kind, value, source)
);
create index trace_value on trace (org, kind, value, person);
call protect('trace');

-- Two records that may be one person, and what speaks for it; found when something is told of either. `one` is the smaller id.
create table likeness (
  org uuid not null default current_org(),
  id uuid not null,
  one uuid not null,
  other uuid not null,
  -- Each reason once, with what is equal.
  evidence jsonb not null,
  strength smallint not null,
  found_at timestamptz not null,
  -- A colleague said that they are two.
  parted_at timestamptz,
  parted_by uuid,
  -- They are one record by now.
  joined_at timestamptz,
  primary key (org, id),
  check (one < other)
);
create unique index likeness_pair on likeness (org, one, other);
create index likeness_other on likeness (org, other);
create index likeness_open on likeness (org, strength desc, id desc) where parted_at is null and joined_at is null;
create index likeness_parted on likeness (org, id desc) where parted_at is not null;
call protect('likeness');
