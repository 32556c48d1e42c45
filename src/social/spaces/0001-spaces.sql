-- A place for people and threads: inside, outside, or both.
create table space (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  slug text not null check (length(slug) between 1 and 80),
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
grant select on space_card to trefoil_app;
