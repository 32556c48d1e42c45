-- What each person is told; the list in the app, and what mails are made from.
create table notification (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  kind text not null,
  activity uuid,
  thread uuid,
  object uuid,
  actor uuid,
  -- Message key and values of its sentence, so that each reads it in the own language.
  says text not null check (length(says) <= 200),
  told jsonb not null default '{}',
  path text not null check (length(path) <= 2000),
  -- By which doors, as the person had chosen when it happened.
  in_app boolean not null,
  by_mail boolean not null,
  at timestamptz not null,
  seen_at timestamptz,
  mailed_at timestamptz,
  primary key (org, id)
);
create index notification_person on notification (org, person, id desc) where in_app;
create index notification_unseen on notification (org, person) where seen_at is null and in_app;
create index notification_unmailed on notification (org, person) where seen_at is null and mailed_at is null and by_mail;
create index notification_thread on notification (org, person, thread) where seen_at is null and thread is not null;
create unique index notification_once on notification (org, person, kind, activity) where activity is not null;
call protect('notification');

-- What × where, per person; what is not here has the default of its kind.
create table notification_choice (
  org uuid not null default current_org(),
  person uuid not null,
  kind text not null,
  door text not null check (door in ('app', 'mail')),
  wanted boolean not null,
  at timestamptz not null,
  primary key (org, person, kind, door)
);
call protect('notification_choice');
