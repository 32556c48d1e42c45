-- What colleagues noted of a person.
create table person_note (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  text text not null check (length(text) between 1 and 5000),
  by uuid,
  at timestamptz not null,
  edited_at timestamptz,
  removed_at timestamptz,
  primary key (org, id)
);
create index person_note_person on person_note (org, person, id desc);
call protect('person_note');
