-- One alert per type and object that is not over, acknowledged or not.
DROP INDEX alert_one_active;
UPDATE alert SET state = 'resolved' WHERE id IN (
  SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY type, object
                                  ORDER BY state = 'active' DESC, last_seen_at DESC, id) AS n
      FROM alert WHERE state <> 'resolved') AS open WHERE n > 1);
CREATE UNIQUE INDEX alert_one_open ON alert (type, object) WHERE state <> 'resolved';

-- What runs it again; {object} stands for the object's name. What happened: the same again is not counted.
ALTER TABLE alert ADD COLUMN command text NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN occurrence text NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN resolved_at timestamptz;
UPDATE alert SET resolved_at = last_seen_at WHERE state = 'resolved';
CREATE INDEX alert_over ON alert (resolved_at) WHERE state = 'resolved';

-- By how much the agent's clock is ahead, when it last said so.
ALTER TABLE host ADD COLUMN clock_ahead_seconds double precision;

-- What each volume held at the end of each day: forecasts come from it.
CREATE TABLE volume_usage (
  volume text NOT NULL,
  day date NOT NULL,
  used_bytes bigint NOT NULL,
  PRIMARY KEY (volume, day)
);
