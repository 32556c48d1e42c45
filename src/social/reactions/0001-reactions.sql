-- What people do to anything that they find: an emoji or a word, once of a kind.
create table reaction (
  org uuid not null default current_org(),
  object uuid not null,
  person uuid not null,
  kind text not null check (length(kind) between 1 and 40),
  at timestamptz not null,
  primary key (org, object, person, kind)
);
call protect('reaction');

-- Words by which things are found together; on anything, or on a whole thread.
create table tag (
  org uuid not null default current_org(),
  object uuid not null,
  name text not null check (length(name) between 1 and 60),
  by uuid,
  at timestamptz not null,
  primary key (org, object, name)
);
create index tag_name on tag (org, name, object);
call protect('tag');

create view tag_on with (security_invoker = true) as
  select org, object, name, by, at from tag;
create view reaction_to with (security_invoker = true) as
  select org, object, person, kind, at from reaction;
grant select on tag_on, reaction_to to trefoil_app;
