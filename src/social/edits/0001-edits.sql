-- One change to many people, how far it is, and of each what stood there before.
create table people_edit (
  org uuid not null default current_org(),
  id uuid not null,
  deed jsonb not null,
  by uuid not null,
  task uuid not null,
  total integer not null,
  done integer not null default 0,
  changed integer not null default 0,
  state text not null check (state in ('running', 'done', 'cancelled', 'undoing', 'undone')),
  -- The key of what stopped it, if a rule did.
  says text check (length(says) <= 200),
  at timestamptz not null,
  primary key (org, id)
);
create index people_edit_old on people_edit (org, at);
create index people_edit_by on people_edit (org, by, id desc);
call protect('people_edit');

create table people_edit_entry (
  org uuid not null default current_org(),
  edit uuid not null,
  place integer not null,
  person uuid not null,
  -- What stood there; null while nothing was changed, or once it was taken back.
  was jsonb,
  primary key (org, edit, place),
  foreign key (org, edit) references people_edit (org, id) on delete cascade
);
create index people_edit_entry_person on people_edit_entry (org, person);
call protect('people_edit_entry');
