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

-- One row for everything that can be found: messages, people, spaces, pages to come.
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
  path text not null,
  -- en, de, nl, sv, or any.
  dictionary text not null default 'any',
  -- Words of the text, and marks such as `=n:Note` for everything that one can filter by: who may read it, who wrote it, in which week.
  -- So one index answers the whole question; no word of a text begins with `=`.
  words tsvector not null,
  primary key (org, id)
);
-- What was said just now waits in a list that every search reads through as well, so the list stays short.
create index search_words on search_document using gin (words) with (gin_pending_list_limit = 1024);
create index search_thread on search_document (org, thread) where thread is not null;
create index search_title_alike on search_document using gin (title gin_trgm_ops) where noun in ('Person', 'Space');
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
