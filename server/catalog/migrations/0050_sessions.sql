-- People who signed in to the console. Only digests are kept: a copy of the catalog signs nobody in.

CREATE TABLE session (
  hash          bytea PRIMARY KEY,
  operator      text NOT NULL REFERENCES operator,
  csrf          text NOT NULL,
  peer          text NOT NULL,               -- address that signed in
  created_at    timestamptz NOT NULL DEFAULT now(),
  last_used_at  timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL         -- whatever is done until then
);
CREATE INDEX ON session (operator);
CREATE INDEX ON session (expires_at);

-- A link that signs its operator in, once.
CREATE TABLE sign_in_link (
  hash        bytea PRIMARY KEY,
  operator    text NOT NULL REFERENCES operator,
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz
);
