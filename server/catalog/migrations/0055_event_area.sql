-- Events by what they are about, the first word of their kind.
CREATE INDEX event_area_id_idx ON event (split_part(kind, '-', 1), id);
