-- Threads that turned out to be one, and a thread that turned out to be two: what moved, so that it can go back.
create table thread_move (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null check (kind in ('merge', 'split')),
  source uuid not null,
  destination uuid not null,
  at timestamptz not null,
  by uuid,
  -- Who took part in the destination only because of it, what it was open for before, and names on networks without anything of ours behind them.
  was jsonb not null,
  undone_at timestamptz,
  primary key (org, id)
);
create index thread_move_source on thread_move (org, source, id);
create index thread_move_destination on thread_move (org, destination, id);
call protect('thread_move');
create table thread_moved (
  org uuid not null default current_org(),
  move uuid not null,
  content uuid not null,
  primary key (org, move, content)
);
call protect('thread_moved');
