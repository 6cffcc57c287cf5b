-- How full the store was on each day, by UTC: the last look of the day stays.
CREATE TABLE storage_day (
  day date PRIMARY KEY,
  noted_at timestamptz NOT NULL,
  stored_bytes bigint NOT NULL,
  logical_bytes bigint NOT NULL,
  -- What is stored, uncompressed; null where disks have chunks of different sizes.
  plain_bytes bigint,
  reclaimable_bytes bigint NOT NULL,
  -- Stored bytes that were read and compared within the 30 days before.
  verified_bytes bigint NOT NULL,
  points integer NOT NULL,
  total_bytes bigint NOT NULL,
  free_bytes bigint NOT NULL
);
