-- Words are those of docs/glossary.md. Times are the server's. Ids of versions, chunks, segments
-- and packs only ever rise and are never used again.

CREATE TABLE catalog_identity (
  one             boolean PRIMARY KEY DEFAULT true CHECK (one),  -- the table has one row
  catalog_id      text NOT NULL,
  store_id        text,                       -- null until a store was bound
  generation      int8 NOT NULL DEFAULT 0,    -- highest one reserved; the store's marker may not be above it
  created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE operator (
  id          text PRIMARY KEY,
  name        text NOT NULL UNIQUE,
  role        text NOT NULL,
  token_hash  bytea UNIQUE,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz,
  removed_at  timestamptz
);

CREATE TABLE host (
  id                      text PRIMARY KEY,
  name                    text NOT NULL UNIQUE,
  tenant                  text NOT NULL DEFAULT '',
  enrolled_at             timestamptz NOT NULL DEFAULT now(),
  revoked_at              timestamptz,
  last_seen_at            timestamptz,
  version                 text,
  protocol                int,
  features                text[] NOT NULL DEFAULT '{}',
  incompatible_reason     text,
  session                 text,               -- of the one agent process that is connected
  certificate_serial      text,
  previous_serial         text,               -- good until the new one was seen: a renewal's reply may get lost
  certificate_expires_at  timestamptz,
  bytes_per_second        int8 NOT NULL DEFAULT 0,
  restore_roots           text[] NOT NULL DEFAULT '{}',
  warnings                text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE join_token (
  hash        bytea PRIMARY KEY,
  host_name   text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz,
  used_by     text
);

CREATE TABLE volume (
  id        int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid       text NOT NULL UNIQUE,
  path      text NOT NULL UNIQUE,
  state     text NOT NULL DEFAULT 'writable', -- writable | read-only | offline
  added_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE data_source (
  id               text PRIMARY KEY,
  host             text NOT NULL REFERENCES host,   -- the owner
  key              text NOT NULL,                   -- the owner's own key for it
  name             text NOT NULL,
  kind             text NOT NULL,                   -- image | block-device | vm
  uuid             text NOT NULL DEFAULT '',
  tenant           text NOT NULL DEFAULT '',
  owner            text NOT NULL DEFAULT '',
  present          boolean NOT NULL DEFAULT true,
  allow_unsettled  boolean NOT NULL DEFAULT false,
  replica_state    text NOT NULL DEFAULT 'none',
  replica_reason   text,
  branch_of        text,                            -- uid of the version it was last restored from
  last_sequence    int8 NOT NULL DEFAULT 0,
  added_at         timestamptz NOT NULL DEFAULT now(),
  UNIQUE (host, name)
);
CREATE INDEX ON data_source (host, key);
CREATE INDEX ON data_source (uuid) WHERE uuid <> '';

CREATE TABLE disk (
  id           int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  data_source  text NOT NULL REFERENCES data_source,
  name         text NOT NULL,
  chunk_bytes  int NOT NULL,
  path         text NOT NULL DEFAULT '',
  format       text NOT NULL DEFAULT 'raw',
  size_bytes   int8 NOT NULL DEFAULT 0,
  present      boolean NOT NULL DEFAULT true,
  protectable  boolean NOT NULL DEFAULT true,
  reason       text,
  UNIQUE (data_source, name)
);

-- A replica version: immutable once committed. `reserved` ones are invisible: an interrupted commit.
CREATE TABLE version (
  id                 int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid                text NOT NULL UNIQUE,
  data_source        text NOT NULL REFERENCES data_source,
  sequence           int8 NOT NULL,
  generation         int8 NOT NULL,
  state              text NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'committed')),
  parent_version     text,
  captured_at        timestamptz,
  committed_at       timestamptz,
  consistency        text,
  has_memory         boolean NOT NULL DEFAULT false,
  power_state        text NOT NULL DEFAULT 'none',
  configuration      jsonb,
  size_bytes         int8 NOT NULL DEFAULT 0,
  changed_bytes      int8 NOT NULL DEFAULT 0,
  sent_bytes         int8 NOT NULL DEFAULT 0,
  stored_bytes       int8 NOT NULL DEFAULT 0,
  manifest           text,                      -- its name in the store
  manifest_digest    bytea,
  previous_manifest  bytea,                     -- digest of the manifest before it, same data source
  manifest_signature bytea,
  UNIQUE (data_source, sequence)
);
CREATE INDEX ON version (data_source, id);

CREATE TABLE version_disk (
  version          int8 NOT NULL REFERENCES version ON DELETE CASCADE,
  disk             int NOT NULL REFERENCES disk,
  ordinal          int NOT NULL,
  size_bytes       int8 NOT NULL,
  format           text NOT NULL,
  transfer_mode    text NOT NULL,               -- initial | tracked | compared | derived
  transfer_reason  text,
  digest_root      bytea NOT NULL,              -- SHA-256 over the digests of its pages in order
  read_checksum    bytea,
  stored_checksum  bytea,
  unreadable       int8[] NOT NULL DEFAULT '{}',-- offset, length, offset, length, …
  read_bytes       int8 NOT NULL DEFAULT 0,
  sent_bytes       int8 NOT NULL DEFAULT 0,
  changed_bytes    int8 NOT NULL DEFAULT 0,
  stored_bytes     int8 NOT NULL DEFAULT 0,
  PRIMARY KEY (version, disk)
);
CREATE INDEX ON version_disk (disk, version);

-- A kept version. Deleted ones stay as rows: until the undo time is over with their version, then as tombstones.
CREATE TABLE recovery_point (
  id               text PRIMARY KEY,
  version          int8 UNIQUE REFERENCES version, -- null: removed, or no longer kept by this point
  data_source      text NOT NULL REFERENCES data_source,
  state            text NOT NULL,               -- ready | partial | suspect | damaged | deleted
  state_before     text,                        -- what an undelete brings back
  label            text,
  comment          text,
  protected        boolean NOT NULL DEFAULT false,
  expires_at       timestamptz,
  locked_until     timestamptz,
  verified_at      timestamptz,
  proven_at        timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  deleted_at       timestamptz,
  deleted_by       text,
  deletion_reason  text,
  summary          jsonb                        -- the point's last shape, kept when its version is gone
);
CREATE INDEX ON recovery_point (data_source, created_at);
CREATE INDEX ON recovery_point (created_at);
CREATE INDEX ON recovery_point (deleted_at) WHERE deleted_at IS NOT NULL;

-- The map. A version reads, of each page, the row with the greatest `version` not above its own id.
CREATE TABLE page (
  disk      int NOT NULL,
  page      int NOT NULL,
  version   int8 NOT NULL,                      -- birth version
  entries   smallint NOT NULL,                  -- chunks covered, 1..1024
  runs      int8[] NOT NULL,                    -- chunk id << 11 | length (1..1024); id 0 = zeros; none crosses a segment
  segments  int8[] NOT NULL,                    -- every segment that the runs name, once, rising
  digest    bytea NOT NULL,                     -- SHA-256 over the chunks' digests, zero chunks as 32 zero bytes
  PRIMARY KEY (disk, page, version)
) PARTITION BY HASH (disk);
DO $$ BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format('CREATE TABLE page_%s PARTITION OF page FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
  END LOOP;
END $$;
CREATE INDEX page_by_version ON page (disk, version, page);
CREATE INDEX page_segments ON page USING gin (segments);

CREATE TABLE pack (
  id                int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name              text NOT NULL UNIQUE,
  volume            int NOT NULL REFERENCES volume,
  state             text NOT NULL,              -- writing | sealed | damaged | condemned | trash | gone
  first_segment     int8 NOT NULL,              -- ids reserved for it: first_segment .. first_segment + 63
  job               text,
  epoch             int8,
  bytes             int8 NOT NULL DEFAULT 0,
  generation        int8 NOT NULL DEFAULT 0,
  created_at        timestamptz NOT NULL DEFAULT now(),
  verified_at       timestamptz,
  condemned_at      timestamptz,
  trashed_at        timestamptz,
  live_bytes        int8,                       -- as of compaction's last look; null = not looked at
  look              boolean NOT NULL DEFAULT false -- something in it may have died since
);
CREATE INDEX pack_to_compact ON pack (id) WHERE state = 'sealed' AND (look OR live_bytes * 2 < bytes);
CREATE INDEX ON pack (state, verified_at);
CREATE SEQUENCE segment_id INCREMENT 64 START 64;  -- 0 stays the zero chunk's

CREATE TABLE segment (
  id           int8 PRIMARY KEY,
  pack         int8 NOT NULL REFERENCES pack,
  base_offset  int NOT NULL,
  count        smallint NOT NULL,
  algorithm    smallint NOT NULL DEFAULT 1,
  digests      bytea NOT NULL,                  -- 32 bytes a position
  lengths      bytea NOT NULL,                  -- u32 little-endian a position: stored length << 8 | codec; 0 = dropped by compaction
  holes        varbit                           -- positions that compaction dropped; null = none
);
ALTER TABLE segment ALTER COLUMN digests SET STORAGE EXTERNAL, ALTER COLUMN lengths SET STORAGE EXTERNAL;
CREATE INDEX ON segment (pack);

-- A hint where equal chunks may lie: one digest in four. Never proof.
CREATE TABLE digest_hook (prefix int8 NOT NULL, id int8 NOT NULL);
CREATE INDEX ON digest_hook (prefix);

CREATE TABLE job (
  id              text PRIMARY KEY,
  kind            text NOT NULL,
  state           text NOT NULL DEFAULT 'queued',
  data_source     text REFERENCES data_source,
  host            text REFERENCES host,         -- the agent that does it, null = the server
  epoch           int8 NOT NULL DEFAULT 0,
  holder          text,                         -- server process that has the lease
  expires_at      timestamptz,                  -- of the lease
  priority        int NOT NULL DEFAULT 0,
  attempt         int NOT NULL DEFAULT 0,
  not_before      timestamptz,
  request         jsonb NOT NULL DEFAULT '{}',
  result          jsonb,
  error           jsonb,
  warnings        text[] NOT NULL DEFAULT '{}',
  done_bytes      int8 NOT NULL DEFAULT 0,
  total_bytes     int8 NOT NULL DEFAULT 0,
  bytes_per_second int8 NOT NULL DEFAULT 0,
  cancel_reason   text,                         -- set = somebody wants it to stop
  requested_by    text,
  queued_at       timestamptz NOT NULL DEFAULT now(),
  started_at      timestamptz,
  finished_at     timestamptz
);
CREATE INDEX ON job (state, priority, queued_at);
CREATE INDEX ON job (data_source, queued_at);
CREATE INDEX ON job (queued_at);
-- One transfer at a time for a data source.
CREATE UNIQUE INDEX job_one_transfer ON job (data_source)
  WHERE state IN ('queued', 'running') AND kind IN ('initial-replication', 'synchronization', 'recovery-point', 'consistency-check');

-- What came of a data source and is not a version yet. Outlives its job, so that the next one takes it up.
CREATE TABLE transfer (
  id           text PRIMARY KEY,
  data_source  text NOT NULL REFERENCES data_source,
  state        text NOT NULL DEFAULT 'open',    -- open | committed | abandoned
  version_uid  text NOT NULL UNIQUE,
  base         int8,                            -- version it builds on; held
  job          text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  touched_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX transfer_one_open ON transfer (data_source) WHERE state = 'open';

CREATE TABLE transfer_disk (
  transfer         text NOT NULL REFERENCES transfer ON DELETE CASCADE,
  ordinal          int NOT NULL,
  disk             int NOT NULL REFERENCES disk,
  size_bytes       int8 NOT NULL,
  format           text NOT NULL,
  transfer_mode    text NOT NULL,
  transfer_reason  text,
  PRIMARY KEY (transfer, ordinal)
);

-- What of a transfer is stored already, in batches as it was stored. Parallel arrays.
CREATE TABLE staged (
  id        int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transfer  text NOT NULL REFERENCES transfer ON DELETE CASCADE,
  first     int8 NOT NULL,                      -- lowest and highest of `places`
  last      int8 NOT NULL,
  places    int8[] NOT NULL,                    -- ordinal << 44 | chunk index
  chunks    int8[] NOT NULL                     -- chunk ids, all pinned
);
CREATE INDEX ON staged (transfer, first);

-- A running transfer may name the chunks of these segments.
CREATE TABLE pin (
  segment   int8 NOT NULL REFERENCES segment,
  transfer  text NOT NULL REFERENCES transfer,
  PRIMARY KEY (segment, transfer)
);
CREATE INDEX ON pin (transfer);

-- Somebody reads this version: base of a transfer, restore, export, verification.
CREATE TABLE hold (
  version  int8 NOT NULL REFERENCES version,
  holder   text NOT NULL,                       -- id of a job or a transfer
  PRIMARY KEY (version, holder)
);
CREATE INDEX ON hold (holder);

CREATE TABLE suspect (n int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, segment int8 NOT NULL);

-- What was removed and why. A manifest named here is still to be removed from the store.
CREATE TABLE deletion (
  id          int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL DEFAULT now(),
  segment     int8,
  pack        int8,
  version     text,                             -- uid
  manifest    text,                             -- null once it is gone
  reason      text NOT NULL
);
CREATE INDEX deletion_manifest ON deletion (id) WHERE manifest IS NOT NULL;

-- Chunks found unlike their digest, set aside: the next scan of the source heals them.
CREATE TABLE damage (
  chunk      int8 PRIMARY KEY,
  found_at   timestamptz NOT NULL DEFAULT now(),
  found_by   text NOT NULL,
  cause      text NOT NULL
);

CREATE TABLE event (
  id       int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT now(),
  kind     text NOT NULL,
  about    text NOT NULL,
  message  text NOT NULL,
  actor    text
);
CREATE INDEX ON event (about, id);
CREATE INDEX ON event (at);

CREATE TABLE alert (
  id             text PRIMARY KEY,
  type           text NOT NULL,
  severity       text NOT NULL,
  state          text NOT NULL DEFAULT 'active',
  object         text NOT NULL,
  count          int NOT NULL DEFAULT 1,
  first_seen_at  timestamptz NOT NULL DEFAULT now(),
  last_seen_at   timestamptz NOT NULL DEFAULT now(),
  cause          text NOT NULL,
  action         text NOT NULL
);
CREATE UNIQUE INDEX alert_one_active ON alert (type, object) WHERE state = 'active';
