-- How a person is to be treated (tier), and as what they matter to us (player, the first ring of the Social Compass), over time.
create table trait (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  kind text not null check (kind in ('tier', 'player')),
  value text not null check (length(value) <= 40),
  since timestamptz not null,
  until timestamptz,
  by uuid,
  primary key (org, id),
  check (until is null or until >= since)
);
create unique index trait_now on trait (org, person, kind) where until is null;
create index trait_person on trait (org, person);
create index trait_value on trait (org, kind, value, person) where until is null;
call protect('trait');

-- What other floors read: who has which trait now, or had it.
create view trait_of with (security_invoker = true) as
  select org, id, person, kind, value, since, until from trait;
grant select on trait_of to trefoil_app;
