-- Whatever is said: one table for the shared nouns. Each belongs to a thread; its audience says who may see it.
create table content (
  org uuid not null default current_org(),
  id uuid not null,
  noun text not null,
  thread uuid not null,
  author uuid,
  audience text not null default 'staff' check (audience in ('public', 'thread', 'staff', 'members')),
  side text not null default 'inside' check (side in ('inside', 'outside')),
  at timestamptz not null,
  subject text check (length(subject) <= 1000),
  text text not null default '' check (length(text) <= 2000000),
  -- As it came; it is cleaned each time that it is shown.
  html text check (length(html) <= 8000000),
  quoted text,
  language text,
  channel text,
  -- What its noun adds: addresses, flaws, whether a machine wrote it.
  detail jsonb not null default '{}',
  edited_at timestamptz,
  deleted_at timestamptz,
  primary key (org, id)
);
create index content_thread on content (org, thread, id);
create index content_author on content (org, author, id) where author is not null;
call protect('content');

-- Earlier texts of what was edited.
create table revision (
  org uuid not null default current_org(),
  content uuid not null,
  at timestamptz not null,
  by uuid,
  subject text,
  text text not null,
  html text,
  primary key (org, content, at)
);
call protect('revision');

create table attachment (
  org uuid not null default current_org(),
  content uuid not null,
  position integer not null,
  file uuid not null,
  name text not null,
  type text not null,
  size bigint not null,
  cid text,
  inline boolean not null default false,
  primary key (org, content, position)
);
create index attachment_file on attachment (org, file);
call protect('attachment');

create table reaction (
  org uuid not null default current_org(),
  object uuid not null,
  person uuid not null,
  kind text not null check (length(kind) between 1 and 40),
  at timestamptz not null,
  primary key (org, object, person, kind)
);
call protect('reaction');

create table mention (
  org uuid not null default current_org(),
  content uuid not null,
  person uuid not null,
  at timestamptz not null,
  primary key (org, content, person)
);
create index mention_person on mention (org, person, at);
call protect('mention');

create table tag (
  org uuid not null default current_org(),
  object uuid not null,
  name text not null check (length(name) between 1 and 60),
  by uuid,
  at timestamptz not null,
  primary key (org, object, name)
);
create index tag_name on tag (org, name, object);
call protect('tag');

-- Dictionaries of the four languages over text without accents.
create text search configuration trefoil_en (copy = english);
create text search configuration trefoil_de (copy = german);
create text search configuration trefoil_nl (copy = dutch);
create text search configuration trefoil_sv (copy = swedish);
create text search configuration trefoil_any (copy = simple);
alter text search configuration trefoil_en alter mapping for hword, hword_part, word with unaccent, english_stem;
alter text search configuration trefoil_de alter mapping for hword, hword_part, word with unaccent, german_stem;
alter text search configuration trefoil_nl alter mapping for hword, hword_part, word with unaccent, dutch_stem;
alter text search configuration trefoil_sv alter mapping for hword, hword_part, word with unaccent, swedish_stem;
alter text search configuration trefoil_any alter mapping for hword, hword_part, word with unaccent, simple;

-- One row for everything that can be found: messages, people, files, pages to come.
create table search_document (
  org uuid not null default current_org(),
  id uuid not null,
  noun text not null,
  thread uuid,
  author uuid,
  audience text not null,
  at timestamptz not null,
  title text not null default '',
  -- The start of the text, to be shown; the whole is in `words`.
  snippet text not null default '',
  has text[] not null default '{}',
  words tsvector not null,
  primary key (org, id)
);
create index search_words on search_document using gin (words) with (fastupdate = on);
create index search_title_alike on search_document using gin (title gin_trgm_ops) where noun in ('Person', 'Space');
create index search_author on search_document (org, author, id desc);
call protect('search_document');

-- Row-level security lets an index answer only by functions that cannot leak. These return what is in the index and nothing else;
-- only a superuser may say so, and without it search is right but slow (`trefoil doctor` tells).
do $$ begin
  alter function ts_match_vq(tsvector, tsquery) leakproof;
  alter function similarity_op(text, text) leakproof;
  alter function word_similarity_op(text, text) leakproof;
  alter function word_similarity_commutator_op(text, text) leakproof;
exception when insufficient_privilege then raise notice 'full-text search is slower: the owner is no superuser';
end $$;

create view content_card with (security_invoker = true) as
  select org, id, noun, thread, author, audience, side, at, subject, left(text, 300) as snippet, channel from content where deleted_at is null;
grant select on content_card to trefoil_app;
