-- Who is told of alerts: people by mail, programs by a signed request.
CREATE TABLE subscriber (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('mail', 'webhook')),
  address text NOT NULL,
  secret text, -- signs what a webhook gets
  severities text[] NOT NULL,
  digest boolean NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  added_by text NOT NULL,
  UNIQUE (kind, address)
);

-- What is to be told to whom. It comes with what it tells of, in the same transaction; `key` names
-- that, so that nobody is told the same twice. Without a subscriber: an address that a request named.
CREATE TABLE notice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subscriber text REFERENCES subscriber (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('mail', 'webhook')),
  address text NOT NULL,
  key text NOT NULL,
  content jsonb NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT now(),
  not_before timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  failure text,
  ended_at timestamptz, -- told, or given up
  UNIQUE (kind, address, key)
);
CREATE INDEX notice_waiting ON notice (not_before) WHERE ended_at IS NULL;
CREATE INDEX notice_ended ON notice (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX notice_subscriber ON notice (subscriber) WHERE subscriber IS NOT NULL;
