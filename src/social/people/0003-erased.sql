-- Whoever was erased is a card in what they took part in, and in no list of people.
create or replace view person_detail with (security_invoker = true) as
  select org, id, key, kind, about, company, created_at, created_because, language, zone from person
  where merged_into is null and created_because <> 'erased';
