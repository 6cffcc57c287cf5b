-- People whom an OpenID provider vouches for. Issuer and subject are theirs for good; what the
-- provider calls them may change, and may be somebody else's one day.

CREATE TABLE operator_identity (
  issuer   text NOT NULL,
  subject  text NOT NULL,
  operator text NOT NULL UNIQUE REFERENCES operator (id),
  PRIMARY KEY (issuer, subject)
);

-- Sign-ins that went to the provider and have not come back. Each comes back once.
CREATE TABLE openid_attempt (
  hash       bytea PRIMARY KEY,              -- SHA-256 of what the browser holds
  expires_at timestamptz NOT NULL
);
