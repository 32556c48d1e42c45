-- Who follows, belongs to or blocks what; a tie that ended is kept with its end.
create table tie (
  org uuid not null default current_org(),
  subject uuid not null,
  verb text not null check (verb in ('follow', 'member', 'block')),
  object uuid not null,
  -- For members: what they may do there.
  role text not null default 'member',
  since timestamptz not null,
  by uuid,
  primary key (org, subject, verb, object)
);
create index tie_object on tie (org, object, verb, subject);
call protect('tie');

-- A place for people and threads: inside, outside, or both.
create table space (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  slug text not null,
  about text not null default '' check (length(about) <= 5000),
  audience text not null default 'members' check (audience in ('public', 'members', 'staff')),
  created_by uuid,
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (org, id),
  unique (org, slug)
);
call protect('space');

create view space_card with (security_invoker = true) as
  select org, id, name, slug, audience, archived_at from space;
create view member_of with (security_invoker = true) as
  select org, subject as person, object as space, role, since from tie where verb = 'member';
grant select on space_card, member_of to trefoil_app;
