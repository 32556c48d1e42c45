-- Accounts wear their brand from now on.
update channel_account a
set look = jsonb_strip_nulls(jsonb_build_object(
  'name', b.name,
  'website', nullif(b.website, ''),
  'logo', '/brands/' || b.org || '/' || b.logo,
  'colour', nullif(b.colour, '')))
from brand_account p join brand b on b.org = p.org and b.id = p.brand and b.removed_at is null
where a.org = p.org and a.id = p.account;
