-- What the assistant may help with, and who answers for it. Off until somebody turns it on; its keys are sealed.
create table assistant_setting (
  org uuid not null default current_org(),
  base_url text not null default '' check (length(base_url) <= 500),
  model text not null default '' check (length(model) <= 200),
  key text,
  helps text[] not null default '{}',
  -- Addresses and numbers stay in the house.
  masks boolean not null default true,
  -- In seconds: how long an answer may take.
  patience integer not null default 60 check (patience between 1 and 300),
  -- How often a day.
  daily integer not null default 200 check (daily between 1 and 100000),
  translator text not null default 'assistant' check (translator in ('assistant', 'libretranslate')),
  translator_url text not null default '' check (length(translator_url) <= 500),
  translator_key text,
  on_at timestamptz,
  -- Until then the endpoint wants to be left alone.
  rests_until timestamptz,
  primary key (org)
);
call protect('assistant_setting');

-- One use: what was asked by whom, and what came of it.
create table assistant_use (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null check (kind in ('summary', 'draft', 'message', 'words', 'tone', 'trial')),
  person uuid not null,
  thread uuid,
  -- The message that is translated.
  content uuid,
  -- Into which language, or in which.
  language text,
  -- Which tone, or what is tried.
  how text,
  state text not null default 'asked' check (state in ('asked', 'done', 'failed', 'stopped')),
  asked_at timestamptz not null,
  -- Whoever has not answered by then never will.
  due_at timestamptz not null,
  ended_at timestamptz,
  text text not null default '' check (length(text) <= 40000),
  sources jsonb not null default '[]',
  -- Why there is no text: a message key and its values.
  says text,
  told jsonb not null default '{}',
  -- As the endpoint tells them; null where it does not.
  tokens_in integer,
  tokens_out integer,
  taken_at timestamptz,
  dropped_at timestamptz,
  primary key (org, id)
);
create index assistant_use_thread on assistant_use (org, thread, id desc);
create index assistant_use_content on assistant_use (org, content, language) where kind = 'message';
create index assistant_use_trial on assistant_use (org, id desc) where kind = 'trial';
create index assistant_use_waiting on assistant_use (org, person) where state = 'asked';
call protect('assistant_use');

-- How much of it there was on a day.
create table assistant_day (
  org uuid not null default current_org(),
  day date not null,
  uses integer not null default 0,
  tokens_in bigint not null default 0,
  tokens_out bigint not null default 0,
  primary key (org, day)
);
call protect('assistant_day');
