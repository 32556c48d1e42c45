-- One thing to say to everybody, in one or several accounts.
create table post (
  org uuid not null default current_org(),
  id uuid not null,
  -- For all accounts that have no words of their own.
  text text not null default '' check (length(text) <= 50000),
  begun_by uuid,
  begun_at timestamptz not null,
  -- Counts the changes: who has not seen the latest one changes nothing.
  version integer not null default 0,
  -- When it goes out, or went; null while it is a draft.
  due_at timestamptz,
  planned_by uuid,
  planned_at timestamptz,
  -- When it was to go out before it became a draft again.
  wanted_at timestamptz,
  -- Its place in lists: when it goes out, else when it was changed.
  at timestamptz not null,
  deleted_at timestamptz,
  primary key (org, id)
);
create index post_list on post (org, at desc, id desc) where deleted_at is null;
create index post_draft on post (org, at desc, id desc) where deleted_at is null and due_at is null;
create index post_due on post (org, due_at) where deleted_at is null and due_at is not null;
call protect('post');

-- The post as it goes to one account.
create table post_variant (
  org uuid not null default current_org(),
  post uuid not null,
  account uuid not null,
  -- Its own words; null where it says what all say.
  text text check (length(text) <= 50000),
  warning text not null default '' check (length(warning) <= 500),
  replies_from text check (replies_from in ('followed', 'mentioned', 'nobody')),
  -- Since it was planned: what leaves the house, and when.
  due_at timestamptz,
  content uuid,
  delivery uuid,
  -- Since when it is to be gone there.
  back_at timestamptz,
  primary key (org, post, account)
);
create index post_variant_account on post_variant (org, account, due_at) where due_at is not null;
create index post_variant_delivery on post_variant (org, delivery) where delivery is not null;
create index post_variant_content on post_variant (org, content) where content is not null;
call protect('post_variant');

create table post_picture (
  org uuid not null default current_org(),
  post uuid not null,
  file uuid not null,
  position integer not null,
  name text not null check (length(name) between 1 and 300),
  type text not null check (length(type) <= 200),
  size bigint not null,
  -- What it shows, for those who cannot see it.
  alt text not null default '' check (length(alt) <= 5000),
  primary key (org, post, file)
);
create index post_picture_file on post_picture (org, file);
call protect('post_picture');

-- When an account likes to post: by the week, in its own time zone.
create table post_slot (
  org uuid not null default current_org(),
  account uuid not null,
  -- From Monday, 1, to Sunday, 7.
  weekday smallint not null check (weekday between 1 and 7),
  -- Since midnight.
  minute smallint not null check (minute between 0 and 1439),
  primary key (org, account, weekday, minute)
);
call protect('post_slot');

create table post_zone (
  org uuid not null default current_org(),
  account uuid not null,
  zone text not null check (length(zone) between 1 and 60),
  primary key (org, account)
);
call protect('post_zone');

create view post_card with (security_invoker = true) as
  select org, id, begun_by, due_at, planned_by, planned_at from post where deleted_at is null;
create view post_variant_card with (security_invoker = true) as
  select org, post, account, content, due_at from post_variant;
grant select on post_card, post_variant_card to trefoil_app;
