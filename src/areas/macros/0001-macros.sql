-- Several steps that are done at once with a conversation; its owner's alone, or everybody's when nobody owns it.
create table macro (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  -- By the schema of the module's words.
  steps jsonb not null,
  owner uuid,
  uses integer not null default 0,
  changed_at timestamptz not null,
  archived_at timestamptz,
  primary key (org, id)
);
create index macro_list on macro (org, name, id);
call protect('macro');
