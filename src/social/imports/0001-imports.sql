-- One file that somebody brings in: what it is, how its columns are read, how far it is, and what came of it.
create table import_run (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null check (length(kind) <= 60),
  file uuid not null,
  name text not null check (length(name) <= 200),
  size bigint not null,
  hash text not null,
  mapping jsonb not null default '{}',
  state text not null default 'uploaded'
    check (state in ('uploaded', 'checking', 'checked', 'importing', 'cancelled', 'done', 'failed', 'undoing', 'undone')),
  -- Lines read in this step, and of them what is new, known already, and faulty.
  done integer not null default 0,
  fresh integer not null default 0,
  known integer not null default 0,
  faulty integer not null default 0,
  -- How many lines there are, once they were counted; what an undo had to leave because it is in use.
  total integer,
  kept integer not null default 0,
  task uuid,
  -- Message key of why it failed, and its values.
  says text,
  told jsonb not null default '{}',
  started_by uuid,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (org, id)
);
create index import_run_hash on import_run (org, hash);
call protect('import_run');

-- Lines that could not be read, with their reason.
create table import_line (
  org uuid not null default current_org(),
  run uuid not null,
  line integer not null,
  says text not null,
  told jsonb not null default '{}',
  primary key (org, run, line)
);
call protect('import_line');

-- What was made, newest last, so that it can be taken back; `before` is what it took the place of.
create table import_made (
  org uuid not null default current_org(),
  run uuid not null,
  id uuid not null,
  kind text not null check (length(kind) <= 40),
  ref text not null check (length(ref) <= 600),
  before text,
  primary key (org, run, id)
);
call protect('import_made');
