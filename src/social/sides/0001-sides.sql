-- On which side of the house a person stands, over time.
create table side (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  side text not null check (side in ('colleague', 'customer', 'supplier', 'partner', 'prospect')),
  since timestamptz not null,
  until timestamptz,
  because text not null check (length(because) <= 1000),
  until_because text check (length(until_because) <= 1000),
  primary key (org, id),
  check (until is null or until >= since)
);
create index side_person on side (org, person);
create unique index side_now on side (org, person, side) where until is null;
create index side_members on side (org, side, person) where until is null;
call protect('side');

-- What other floors read: who stands where, and stood.
create view stands_on with (security_invoker = true) as
  select org, id, person, side, since, until, because from side;
grant select on stands_on to trefoil_app;
