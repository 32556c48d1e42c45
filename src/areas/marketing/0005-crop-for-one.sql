-- Where a picture goes out otherwise by one account than by the others: another section of it, or all of it (without a section).
create table post_crop (
  org uuid not null default current_org(),
  post uuid not null,
  file uuid not null,
  account uuid not null,
  crop_file uuid,
  crop_size bigint,
  -- In pixels of the whole picture.
  crop_left integer,
  crop_top integer,
  crop_width integer,
  crop_height integer,
  primary key (org, post, file, account),
  check (num_nulls(crop_file, crop_size, crop_left, crop_top, crop_width, crop_height) in (0, 6))
);
create index post_crop_file on post_crop (org, crop_file) where crop_file is not null;
call protect('post_crop');
