-- When a disk was last read whole and compared with its replica: the version that came of it, and whether a
-- sample has shown since then that its change record missed something.
ALTER TABLE disk ADD COLUMN audited_at timestamptz;
ALTER TABLE disk ADD COLUMN audited_sequence int8 NOT NULL DEFAULT 0;
ALTER TABLE disk ADD COLUMN is_distrusted boolean NOT NULL DEFAULT false;
