-- Words of titles and names, so that one that was mistyped finds its neighbour, and one half typed its end.
create table search_word (
  org uuid not null default current_org(),
  word text not null collate "C" check (length(word) between 2 and 40),
  primary key (org, word)
);
create index search_word_alike on search_word using gin (word gin_trgm_ops);
call protect('search_word');
