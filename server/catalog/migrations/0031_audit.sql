-- Who did what to what, from where, and what came of it. Rows are added, nothing else: each carries
-- the hash of the one before it, and the head is sealed into the store (server/flows/verify-audit.ts).

CREATE TABLE audit (
  id       bigint PRIMARY KEY,               -- without gaps
  at       timestamptz NOT NULL,
  actor    text NOT NULL,                    -- '': nobody who was known
  peer     text NOT NULL,
  method   text NOT NULL,
  object   text NOT NULL,
  outcome  text NOT NULL CHECK (outcome IN ('done', 'failed', 'refused')),
  code     text,
  notes    text NOT NULL,                    -- JSON, as it was hashed
  previous bytea NOT NULL,
  hash     bytea NOT NULL
);
CREATE INDEX ON audit (at);
CREATE INDEX ON audit (actor, id);

CREATE TABLE audit_head (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  id   bigint NOT NULL,
  hash bytea NOT NULL
);
INSERT INTO audit_head (id, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Entries that were in a catalog that was lost: the chain goes on from the sealed head.
CREATE TABLE audit_gap (
  first bigint PRIMARY KEY,
  last  bigint NOT NULL,
  hash  bytea NOT NULL,                      -- of the last
  at    timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are added, never changed or removed', TG_TABLE_NAME;
END $$;

CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
