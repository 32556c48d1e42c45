-- How the account shows itself where its own settings say nothing: name, website, logo and colour of its brand.
alter table channel_account add column look jsonb;
