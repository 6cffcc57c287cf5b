-- How many points that are not deleted each data source has, and how large they are as copies: lists
-- and overviews would count millions of rows. What changes is added as a row, so that nobody waits for
-- anybody's lock, and the rows of a data source are folded into one every hour.
CREATE TABLE point_tally (
  data_source text NOT NULL,
  points int4 NOT NULL,
  size_bytes int8 NOT NULL
);
CREATE INDEX ON point_tally (data_source);

CREATE FUNCTION tally_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO point_tally
    SELECT p.data_source, -count(*), -coalesce(sum(v.size_bytes), 0)
      FROM removed p LEFT JOIN version v ON v.id = p.version
     WHERE p.state <> 'deleted' GROUP BY p.data_source;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO point_tally
    SELECT p.data_source, count(*), coalesce(sum(v.size_bytes), 0)
      FROM added p LEFT JOIN version v ON v.id = p.version
     WHERE p.state <> 'deleted' GROUP BY p.data_source;
  END IF;
  RETURN NULL;
END $$;

-- Most updates leave it as it was.
CREATE FUNCTION tally_changed_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO point_tally
  SELECT changed.data_source, sum(points), sum(points * coalesce(v.size_bytes, 0))
    FROM (SELECT o.data_source, o.version, -1 AS points
            FROM removed o JOIN added n USING (id)
           WHERE o.state <> 'deleted' AND n.state = 'deleted'
           UNION ALL
          SELECT n.data_source, n.version, 1
            FROM removed o JOIN added n USING (id)
           WHERE o.state = 'deleted' AND n.state <> 'deleted') AS changed
    LEFT JOIN version v ON v.id = changed.version
   GROUP BY changed.data_source;
  RETURN NULL;
END $$;

CREATE TRIGGER tally_added AFTER INSERT ON recovery_point
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_points();
CREATE TRIGGER tally_removed AFTER DELETE ON recovery_point
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tally_points();
CREATE TRIGGER tally_changed AFTER UPDATE ON recovery_point
  REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION tally_changed_points();

INSERT INTO point_tally
SELECT p.data_source, count(*), coalesce(sum(v.size_bytes), 0)
  FROM recovery_point p LEFT JOIN version v ON v.id = p.version
 WHERE p.state <> 'deleted' GROUP BY p.data_source;
