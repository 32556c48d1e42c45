-- What a picture shows, for those who cannot see it.
alter table attachment add column alt text check (length(alt) <= 10000);
