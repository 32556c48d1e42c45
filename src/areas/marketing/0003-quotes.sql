alter table post
  -- A post of ours that is quoted where both go, or what stands under an address on the web.
  add column quotes_post uuid,
  add column quotes_link text not null default '' check (length(quotes_link) <= 2000);
