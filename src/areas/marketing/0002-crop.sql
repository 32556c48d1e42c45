alter table post_picture
  -- The section that goes out instead of the whole; the picture itself stays as it was added.
  add column crop_file uuid,
  add column crop_size bigint,
  -- In pixels of the whole picture.
  add column crop_left integer,
  add column crop_top integer,
  add column crop_width integer,
  add column crop_height integer,
  -- Taken off the post; it can be put back.
  add column removed_at timestamptz,
  add constraint post_picture_crop check (num_nulls(crop_file, crop_size, crop_left, crop_top, crop_width, crop_height) in (0, 6));
create index post_picture_crop_file on post_picture (org, crop_file) where crop_file is not null;
