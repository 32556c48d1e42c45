-- Who follows, belongs to or blocks what. A tie that ended is gone from here; that it was, the activities tell.
create table tie (
  org uuid not null default current_org(),
  subject uuid not null,
  verb text not null check (verb in ('follow', 'member', 'block')),
  object uuid not null,
  -- For members: a keeper leads the space.
  role text not null default 'member' check (role in ('member', 'keeper')),
  since timestamptz not null,
  by uuid,
  primary key (org, subject, verb, object)
);
create index tie_object on tie (org, object, verb, subject);
call protect('tie');

create view member_of with (security_invoker = true) as
  select org, subject as person, object as space, role, since from tie where verb = 'member';
create view follows with (security_invoker = true) as
  select org, subject as person, object, since from tie where verb = 'follow';
grant select on member_of, follows to trefoil_app;
