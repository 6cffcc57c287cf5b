-- Lists of years stay quick: what is rare has an index of its own.
CREATE INDEX recovery_point_by_state ON recovery_point (state, created_at) WHERE state <> 'ready';
CREATE INDEX recovery_point_by_label ON recovery_point (label, created_at) WHERE label IS NOT NULL;
CREATE INDEX due_latest ON due (data_source, due_at);
CREATE INDEX job_by_group ON job (protection_group, queued_at) WHERE protection_group IS NOT NULL;
CREATE INDEX job_by_kind ON job (kind, queued_at);
CREATE INDEX job_by_state ON job (state, queued_at);
