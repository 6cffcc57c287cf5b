-- A damaged chunk whose content came again: every page names the other one instead. Manifests, which
-- never change, still name the first: a rebuild reads them through this table.
CREATE TABLE healed_chunk (
  chunk      int8 PRIMARY KEY,
  healed_by  int8 NOT NULL,                     -- id of an equal chunk
  healed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON healed_chunk (healed_by);
