-- Brands and competitors that are compared: whose share of what is said is whose.
create table market (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  made_at timestamptz not null,
  archived_at timestamptz,
  primary key (org, id)
);
call protect('market');

-- A stored query: what is listened for.
create table monitor (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  query text not null check (length(query) between 1 and 20000),
  kind text not null check (kind in ('brand', 'product', 'person', 'competitor', 'campaign', 'crisis', 'topic')),
  market uuid,
  -- It is about us, and not about others.
  ours boolean not null,
  -- Empty: any.
  sources text[] not null default '{}' check (cardinality(sources) <= 50),
  languages text[] not null default '{}' check (cardinality(languages) <= 50),
  made_at timestamptz not null,
  changed_at timestamptz not null,
  paused_at timestamptz,
  archived_at timestamptz,
  -- One more with each change of what it looks for: who looks back knows what was looked for.
  version integer not null default 1,
  primary key (org, id)
);
create index monitor_market on monitor (org, market) where market is not null;
call protect('monitor');

-- What was heard and fits at least one monitor: a post of somebody else's network, or something that was said to us. Its writer is no person of ours.
create table monitor_mention (
  org uuid not null default current_org(),
  id uuid not null,
  -- By what it is known, so that it is kept once: the source and the id there, or the id of the content.
  once text not null check (length(once) between 1 and 1000),
  at timestamptz not null,
  heard_at timestamptz not null,
  source text not null check (length(source) between 1 and 60),
  account uuid,
  remote_id text check (length(remote_id) <= 1000),
  content uuid,
  thread uuid,
  person uuid,
  -- As the source calls them, and how they call themselves.
  author text check (length(author) <= 500),
  author_name text check (length(author_name) <= 500),
  followers bigint check (followers >= 0),
  url text check (length(url) <= 2000),
  kind text not null check (length(kind) between 1 and 40),
  text text not null check (length(text) <= 20000),
  language text check (length(language) <= 20),
  country text check (length(country) <= 10),
  place text check (length(place) <= 300),
  -- What holds now, how sure the machine was (0 to 1), what the machine itself had said, and who corrected it.
  mood text check (mood in ('negative', 'neutral', 'positive')),
  mood_sure real check (mood_sure between 0 and 1),
  mood_said text check (mood_said in ('negative', 'neutral', 'positive')),
  mood_by uuid,
  mood_at timestamptz,
  -- How likely a program wrote it, and that it is spam (0 to 1).
  bot real check (bot between 0 and 1),
  spam real check (spam between 0 and 1),
  -- The first mention of its group of near-duplicates and reposts; null when it stands alone or is the first.
  alike uuid,
  -- By one of our own accounts or colleagues.
  staff boolean not null default false,
  primary key (org, id)
);
create unique index monitor_mention_once on monitor_mention (org, once);
create index monitor_mention_content on monitor_mention (org, content) where content is not null;
create index monitor_mention_thread on monitor_mention (org, thread) where thread is not null;
create index monitor_mention_account on monitor_mention (org, account) where account is not null;
create index monitor_mention_person on monitor_mention (org, person) where person is not null;
create index monitor_mention_author on monitor_mention (org, author, id) where author is not null;
create index monitor_mention_alike on monitor_mention (org, alike, id) where alike is not null;
create index monitor_mention_checked on monitor_mention (org, mood_at desc, id) where mood_by is not null;
create index monitor_mention_heard on monitor_mention (org, heard_at desc, id);
call protect('monitor_mention');
-- What is closed to a colleague is no mention for them either.
call protect_closed('monitor_mention', 'thread');

-- Which monitors a mention fits. `mood` is the mention's, '' for unknown, and follows it by itself.
create table mention_fit (
  org uuid not null default current_org(),
  monitor uuid not null,
  at timestamptz not null,
  mention uuid not null,
  mood text not null default '',
  -- Not what this monitor is about.
  aside_at timestamptz,
  primary key (org, monitor, at, mention)
);
create index mention_fit_mention on mention_fit (org, mention);
create index mention_fit_mood on mention_fit (org, monitor, mood, at desc, mention desc) where aside_at is null;
create index mention_fit_aside on mention_fit (org, monitor, aside_at desc, mention) where aside_at is not null;
call protect('mention_fit');

-- How much was heard, hour by hour; what was set aside is not counted. '' stands for unknown. `firsts` leaves near-duplicates out; `bots` are those that
-- were more likely than not written by a program; `plain` are none of these: no near-duplicate, no program, no spam, not our own staff; `reach` is the sum of the followers that are known, of `known` mentions, bots and staff left out.
create table mention_tally (
  org uuid not null default current_org(),
  monitor uuid not null,
  hour timestamptz not null,
  source text not null,
  language text not null,
  mood text not null,
  n bigint not null,
  firsts bigint not null,
  bots bigint not null,
  staff bigint not null,
  plain bigint not null,
  known bigint not null,
  reach bigint not null,
  -- When something was counted here, so that who sums up looks at these again only.
  changed_at timestamptz not null,
  primary key (org, monitor, hour, source, language, mood)
);
create index mention_tally_changed on mention_tally (org, changed_at);
call protect('mention_tally');
-- The same day by day (UTC) and by country: for long stretches, and for maps.
create table mention_day (
  org uuid not null default current_org(),
  monitor uuid not null,
  day date not null,
  source text not null,
  language text not null,
  mood text not null,
  country text not null,
  n bigint not null,
  firsts bigint not null,
  bots bigint not null,
  staff bigint not null,
  plain bigint not null,
  known bigint not null,
  reach bigint not null,
  -- When something was counted here, so that who sums up looks at these again only.
  changed_at timestamptz not null,
  primary key (org, monitor, day, source, language, mood, country)
);
create index mention_day_changed on mention_day (org, changed_at);
call protect('mention_day');

create type mention_change as (
  monitor uuid, at timestamptz, source text, language text, mood text, country text,
  n integer, firsts integer, bots integer, staff integer, plain integer, known integer, reach bigint
);

create function mention_change(
  monitor uuid, n integer, id uuid, at timestamptz, source text, language text, mood text, country text, alike uuid, bot real, spam real, staff boolean,
  followers bigint
) returns mention_change language sql immutable as $$
  select row(
    monitor, at, source, coalesce(language, ''), coalesce(mood, ''), coalesce(country, ''),
    n, case when coalesce(alike, id) = id then n else 0 end, case when bot >= 0.5 then n else 0 end, case when staff then n else 0 end,
    case when coalesce(alike, id) = id and coalesce(bot < 0.5, true) and coalesce(spam < 0.5, true) and not staff then n else 0 end,
    case when followers is not null and not staff and coalesce(bot < 0.5, true) then n else 0 end,
    case when not staff and coalesce(bot < 0.5, true) then n * coalesce(followers, 0) else 0 end)::mention_change
$$;

-- Whoever counts the same waits in one order.
create function count_mentions(changes mention_change[]) returns void language plpgsql as $$
begin
  insert into mention_tally as t (monitor, hour, source, language, mood, n, firsts, bots, staff, plain, known, reach, changed_at)
  select c.monitor, date_trunc('hour', c.at, 'UTC'), c.source, c.language, c.mood, sum(c.n), sum(c.firsts), sum(c.bots), sum(c.staff), sum(c.plain), sum(c.known), sum(c.reach), now()
  from unnest(changes) c group by 1, 2, 3, 4, 5
  having (sum(c.n), sum(c.firsts), sum(c.bots), sum(c.staff), sum(c.plain), sum(c.known), sum(c.reach)) <> (0, 0, 0, 0, 0, 0, 0) order by 1, 2, 3, 4, 5
  on conflict (org, monitor, hour, source, language, mood) do update set
    n = t.n + excluded.n, firsts = t.firsts + excluded.firsts, bots = t.bots + excluded.bots, staff = t.staff + excluded.staff, plain = t.plain + excluded.plain,
    known = t.known + excluded.known, reach = t.reach + excluded.reach, changed_at = excluded.changed_at;
  insert into mention_day as t (monitor, day, source, language, mood, country, n, firsts, bots, staff, plain, known, reach, changed_at)
  select c.monitor, (c.at at time zone 'UTC')::date, c.source, c.language, c.mood, c.country,
    sum(c.n), sum(c.firsts), sum(c.bots), sum(c.staff), sum(c.plain), sum(c.known), sum(c.reach), now()
  from unnest(changes) c group by 1, 2, 3, 4, 5, 6
  having (sum(c.n), sum(c.firsts), sum(c.bots), sum(c.staff), sum(c.plain), sum(c.known), sum(c.reach)) <> (0, 0, 0, 0, 0, 0, 0) order by 1, 2, 3, 4, 5, 6
  on conflict (org, monitor, day, source, language, mood, country) do update set
    n = t.n + excluded.n, firsts = t.firsts + excluded.firsts, bots = t.bots + excluded.bots, staff = t.staff + excluded.staff, plain = t.plain + excluded.plain,
    known = t.known + excluded.known, reach = t.reach + excluded.reach, changed_at = excluded.changed_at;
end $$;

-- Planned anew each time (`one` makes it so): a plan that was made while there was next to nothing here would read everything later on.
create function mention_fits() returns trigger language plpgsql
set plan_cache_mode = force_custom_plan as $$
declare one constant integer := 1;
begin
  if tg_op = 'INSERT' then
    perform count_mentions(array(
      select mention_change(f.monitor, one, m.id, m.at, m.source, m.language, m.mood, m.country, m.alike, m.bot, m.spam, m.staff, m.followers)
      from fresh f join monitor_mention m on m.org = f.org and m.id = f.mention where f.aside_at is null));
  elsif tg_op = 'DELETE' then
    perform count_mentions(array(
      select mention_change(f.monitor, -one, m.id, m.at, m.source, m.language, m.mood, m.country, m.alike, m.bot, m.spam, m.staff, m.followers)
      from gone f join monitor_mention m on m.org = f.org and m.id = f.mention where f.aside_at is null));
  else
    perform count_mentions(array(
      select mention_change(f.monitor, f.n, m.id, m.at, m.source, m.language, m.mood, m.country, m.alike, m.bot, m.spam, m.staff, m.followers)
      from (
        select org, monitor, mention, aside_at, one as n from fresh union all select org, monitor, mention, aside_at, -one from gone
      ) f join monitor_mention m on m.org = f.org and m.id = f.mention where f.aside_at is null));
  end if;
  return null;
end $$;
create trigger mention_fits_added after insert on mention_fit referencing new table as fresh for each statement execute function mention_fits();
create trigger mention_fits_changed after update on mention_fit referencing old table as gone new table as fresh for each statement execute function mention_fits();
create trigger mention_fits_removed after delete on mention_fit referencing old table as gone for each statement execute function mention_fits();

create function mention_changes() returns trigger language plpgsql
set plan_cache_mode = force_custom_plan as $$
declare one constant integer := 1;
begin
  if tg_op = 'DELETE' then
    perform count_mentions(array(
      select mention_change(f.monitor, -one, m.id, m.at, m.source, m.language, m.mood, m.country, m.alike, m.bot, m.spam, m.staff, m.followers)
      from gone m join mention_fit f on f.org = m.org and f.mention = m.id where f.aside_at is null));
    delete from mention_fit f using gone m where f.org = m.org and f.mention = m.id and one = 1;
  else
    perform count_mentions(array(
      select mention_change(f.monitor, m.n, m.id, m.at, m.source, m.language, m.mood, m.country, m.alike, m.bot, m.spam, m.staff, m.followers)
      from (
        select org, id, at, source, language, mood, country, alike, bot, spam, staff, followers, one as n from fresh
        union all
        select org, id, at, source, language, mood, country, alike, bot, spam, staff, followers, -one from gone
      ) m join mention_fit f on f.org = m.org and f.mention = m.id where f.aside_at is null));
    update mention_fit f set mood = coalesce(m.mood, '') from fresh m
    where f.org = m.org and f.mention = m.id and f.mood <> coalesce(m.mood, '') and one = 1;
  end if;
  return null;
end $$;
create trigger mentions_changed after update on monitor_mention referencing old table as gone new table as fresh for each statement execute function mention_changes();
create trigger mentions_removed after delete on monitor_mention referencing old table as gone for each statement execute function mention_changes();

-- What somebody made of a mention: a thread, a case, an opportunity.
create table mention_became (
  org uuid not null default current_org(),
  mention uuid not null,
  is_a text not null check (is_a in ('thread', 'case', 'opportunity', 'task')),
  object uuid not null,
  at timestamptz not null,
  by uuid,
  primary key (org, mention, is_a, object)
);
create index mention_became_object on mention_became (org, object);
call protect('mention_became');

-- A look back through what is stored: what fits now is found, what no longer fits goes. From the newest on; where it stands is kept with each step.
create table monitor_look (
  org uuid not null default current_org(),
  id uuid not null,
  monitor uuid not null,
  version integer not null,
  -- Which of what is stored is looked through now: mentions of this monitor, mentions of others, contents.
  part text not null check (part in ('own', 'others', 'contents')),
  -- Before this id; null at the beginning of a part.
  place uuid,
  -- Not further back than this.
  since timestamptz not null,
  seen bigint not null default 0,
  found bigint not null default 0,
  lost bigint not null default 0,
  -- How far it is, for whoever watches.
  task uuid not null,
  began_at timestamptz not null,
  stepped_at timestamptz not null,
  ended_at timestamptz,
  -- Why it ended: done, cancelled, or another one took its place.
  ended_by text check (ended_by in ('done', 'cancelled', 'replaced')),
  primary key (org, id)
);
create index monitor_look_monitor on monitor_look (org, monitor, id desc);
create index monitor_look_open on monitor_look (org, stepped_at) where ended_at is null;
call protect('monitor_look');

-- For modules to the right, and for measures.
create view market_card with (security_invoker = true) as select org, id, name, archived_at from market;
create view monitor_card with (security_invoker = true) as
  select org, id, name, query, kind, market, ours, sources, languages, made_at, changed_at, paused_at, archived_at, version from monitor;
create view mention_card with (security_invoker = true) as
  select org, id, once, at, heard_at, source, account, remote_id, content, thread, person, author, author_name, followers, url, kind, text, language, country, place,
    mood, mood_sure, mood_said, mood_by, mood_at, bot, spam, alike, staff from monitor_mention;
create view mention_fit_card with (security_invoker = true) as select org, monitor, at, mention, mood, aside_at from mention_fit;
create view mention_tally_card with (security_invoker = true) as
  select org, monitor, hour, source, language, mood, n, firsts, bots, staff, plain, known, reach, changed_at from mention_tally;
create view mention_day_card with (security_invoker = true) as
  select org, monitor, day, source, language, mood, country, n, firsts, bots, staff, plain, known, reach, changed_at from mention_day;
-- What the machine said, and what colleagues who looked at it said: how often it is right.
create view mention_mood_checked with (security_invoker = true) as
  select org, id, at, coalesce(language, '') as language, coalesce(mood_said, '') as said, mood as checked, mood_at from monitor_mention where mood_by is not null;
grant select on market_card, monitor_card, mention_card, mention_fit_card, mention_tally_card, mention_day_card, mention_mood_checked to trefoil_app;
