-- Everything that leaves the organisation: whether it is held, since when and by whom, and after how long what was due asks before it goes.
create table outgoing (
  org uuid not null default current_org(),
  held_at timestamptz,
  held_by uuid,
  stale_minutes integer not null default 120 check (stale_minutes between 1 and 10080),
  primary key (org)
);
call protect('outgoing');
