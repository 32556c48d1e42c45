-- Who is here now. Not logged: after a crash everybody tells it again within seconds.
create unlogged table presence (
  org uuid not null default current_org(),
  thread uuid not null,
  person uuid not null,
  writing boolean not null,
  at timestamptz not null,
  primary key (org, thread, person)
);
call protect('presence');
