-- A text that is ready to be sent, with blanks; its owner's alone, or everybody's when nobody owns it.
create table ready_answer (
  org uuid not null default current_org(),
  id uuid not null,
  title text not null check (length(title) between 1 and 120),
  folder text not null default '' check (length(folder) <= 60),
  text text not null check (length(text) between 1 and 20000),
  owner uuid,
  uses integer not null default 0,
  used_at timestamptz,
  changed_at timestamptz not null,
  archived_at timestamptz,
  primary key (org, id)
);
create index ready_answer_list on ready_answer (org, folder, title, id);
call protect('ready_answer');
