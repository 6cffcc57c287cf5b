-- Operators: several tokens each, a scope, a password for the console.

CREATE TABLE operator_token (
  id         text PRIMARY KEY,
  operator   text NOT NULL REFERENCES operator (id),
  hash       bytea NOT NULL UNIQUE,          -- SHA-256; the token itself is nowhere
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,                    -- null: good until it is revoked
  revoked_at timestamptz
);
CREATE INDEX ON operator_token (operator);

INSERT INTO operator_token (id, operator, hash, created_at, expires_at)
  SELECT 'token-' || substr(md5(id), 1, 12), id, token_hash, created_at, expires_at
    FROM operator WHERE token_hash IS NOT NULL;

ALTER TABLE operator DROP COLUMN token_hash, DROP COLUMN expires_at, ADD COLUMN password text;
ALTER TABLE operator ADD CONSTRAINT operator_role_check
  CHECK (role IN ('admin', 'operator', 'recovery-operator', 'self-service', 'viewer'));

-- What an operator is limited to; several add up. An operator without any sees everything, a
-- self-service user without any sees what has them as its owner.
CREATE TABLE operator_scope (
  operator text NOT NULL REFERENCES operator (id),
  kind     text NOT NULL CHECK (kind IN ('group', 'source', 'host', 'owner', 'tenant')),
  value    text NOT NULL,                    -- an id; of owner and tenant: the word itself
  PRIMARY KEY (operator, kind, value)
);

CREATE INDEX ON data_source (owner) WHERE owner <> '';
CREATE INDEX ON data_source (tenant) WHERE tenant <> '';
