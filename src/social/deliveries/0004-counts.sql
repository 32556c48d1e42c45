-- How what we said to everybody fares there: likes, shares, answers and quotes, as its network counted them last.
alter table delivery add column counts jsonb;
alter table delivery add column counted_at timestamptz;
create index delivery_counted on delivery (org, sent_at) where state = 'sent' and open;
