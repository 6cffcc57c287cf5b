-- Reports that a subscriber is sent, beside alerts and the daily digest.
ALTER TABLE subscriber ADD COLUMN reports text[] NOT NULL DEFAULT '{}'
  CHECK (reports <@ ARRAY['day', 'week', 'month']);
