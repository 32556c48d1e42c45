-- Who has put the first steps away does not see them again on the start page.
alter table membership add column steps_away_at timestamptz;
