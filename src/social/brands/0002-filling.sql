-- How far what was said before messages were marked with their account has been marked: so that `brand:` finds it too. Once for each organisation.
create table brand_filling (
  org uuid not null default current_org(),
  -- The last message that was looked at.
  upto uuid,
  -- When the first of them was made, and from when on messages mark themselves.
  since timestamptz,
  until timestamptz not null,
  ended_at timestamptz,
  primary key (org)
);
call protect('brand_filling');
