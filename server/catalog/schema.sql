CREATE SEQUENCE segment_id INCREMENT 64 START 64;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'rows of % are added, never changed or removed', TG_TABLE_NAME;
END $function$
;

CREATE OR REPLACE FUNCTION public.tally_changed_points()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$
;

CREATE OR REPLACE FUNCTION public.tally_points()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$
;

CREATE TABLE alert (
  id text NOT NULL,
  type text NOT NULL,
  severity text NOT NULL,
  state text NOT NULL DEFAULT 'active'::text,
  object text NOT NULL,
  count integer NOT NULL DEFAULT 1,
  first_seen_at timestamp with time zone NOT NULL DEFAULT now(),
  last_seen_at timestamp with time zone NOT NULL DEFAULT now(),
  cause text NOT NULL,
  action text NOT NULL,
  command text NOT NULL DEFAULT ''::text,
  occurrence text NOT NULL DEFAULT ''::text,
  resolved_at timestamp with time zone,
  CONSTRAINT alert_pkey PRIMARY KEY (id)
);
CREATE INDEX alert_over ON public.alert USING btree (resolved_at) WHERE (state = 'resolved'::text);
CREATE UNIQUE INDEX alert_one_open ON public.alert USING btree (type, object) WHERE (state <> 'resolved'::text);

CREATE TABLE audit (
  id bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  peer text NOT NULL,
  method text NOT NULL,
  object text NOT NULL,
  outcome text NOT NULL,
  code text,
  notes text NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_pkey PRIMARY KEY (id),
  CONSTRAINT audit_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'failed'::text, 'refused'::text])))
);
CREATE INDEX audit_actor_id_idx ON public.audit USING btree (actor, id);
CREATE INDEX audit_at_idx ON public.audit USING btree (at);
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_only_grows BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_gap (
  first bigint NOT NULL,
  last bigint NOT NULL,
  hash bytea NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT audit_gap_pkey PRIMARY KEY (first)
);

CREATE TABLE audit_head (
  one boolean NOT NULL DEFAULT true,
  id bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_head_pkey PRIMARY KEY (one),
  CONSTRAINT audit_head_one_check CHECK (one)
);

CREATE TABLE catalog_identity (
  one boolean NOT NULL DEFAULT true,
  catalog_id text NOT NULL,
  store_id text,
  generation bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT catalog_identity_pkey PRIMARY KEY (one),
  CONSTRAINT catalog_identity_one_check CHECK (one)
);

CREATE TABLE damage (
  chunk bigint NOT NULL,
  found_at timestamp with time zone NOT NULL DEFAULT now(),
  found_by text NOT NULL,
  cause text NOT NULL,
  CONSTRAINT damage_pkey PRIMARY KEY (chunk)
);

CREATE TABLE data_source (
  id text NOT NULL,
  host text NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  uuid text NOT NULL DEFAULT ''::text,
  tenant text NOT NULL DEFAULT ''::text,
  owner text NOT NULL DEFAULT ''::text,
  present boolean NOT NULL DEFAULT true,
  allow_unsettled boolean NOT NULL DEFAULT false,
  replica_state text NOT NULL DEFAULT 'none'::text,
  replica_reason text,
  branch_of text,
  last_sequence bigint NOT NULL DEFAULT 0,
  added_at timestamp with time zone NOT NULL DEFAULT now(),
  power_state text NOT NULL DEFAULT ''::text,
  firmware text NOT NULL DEFAULT ''::text,
  rival_host text,
  tags text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT data_source_host_name_key UNIQUE (host, name),
  CONSTRAINT data_source_pkey PRIMARY KEY (id),
  CONSTRAINT data_source_host_fkey FOREIGN KEY (host) REFERENCES host(id),
  CONSTRAINT data_source_rival_host_fkey FOREIGN KEY (rival_host) REFERENCES host(id)
);
CREATE INDEX data_source_host_key_idx ON public.data_source USING btree (host, key);
CREATE INDEX data_source_owner_idx ON public.data_source USING btree (owner) WHERE (owner <> ''::text);
CREATE INDEX data_source_tenant_idx ON public.data_source USING btree (tenant) WHERE (tenant <> ''::text);
CREATE INDEX data_source_uuid_idx ON public.data_source USING btree (uuid) WHERE (uuid <> ''::text);

CREATE TABLE deletion (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL DEFAULT now(),
  segment bigint,
  pack bigint,
  version text,
  manifest text,
  reason text NOT NULL,
  CONSTRAINT deletion_pkey PRIMARY KEY (id)
);
CREATE INDEX deletion_manifest ON public.deletion USING btree (id) WHERE (manifest IS NOT NULL);

CREATE TABLE digest_hook (
  prefix bigint NOT NULL,
  id bigint NOT NULL
);
CREATE INDEX digest_hook_prefix_idx ON public.digest_hook USING btree (prefix);

CREATE TABLE disk (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  data_source text NOT NULL,
  name text NOT NULL,
  chunk_bytes integer NOT NULL,
  path text NOT NULL DEFAULT ''::text,
  format text NOT NULL DEFAULT 'raw'::text,
  size_bytes bigint NOT NULL DEFAULT 0,
  present boolean NOT NULL DEFAULT true,
  protectable boolean NOT NULL DEFAULT true,
  reason text,
  audited_at timestamp with time zone,
  audited_sequence bigint NOT NULL DEFAULT 0,
  is_distrusted boolean NOT NULL DEFAULT false,
  CONSTRAINT disk_data_source_name_key UNIQUE (data_source, name),
  CONSTRAINT disk_pkey PRIMARY KEY (id),
  CONSTRAINT disk_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id)
);

CREATE TABLE due (
  data_source text NOT NULL,
  kind text NOT NULL,
  due_at timestamp with time zone NOT NULL,
  protection_group text NOT NULL,
  state text NOT NULL DEFAULT 'waiting'::text,
  not_before timestamp with time zone NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  job text,
  reason text,
  CONSTRAINT due_pkey PRIMARY KEY (data_source, kind, due_at),
  CONSTRAINT due_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id),
  CONSTRAINT due_protection_group_fkey FOREIGN KEY (protection_group) REFERENCES protection_group(id) ON DELETE CASCADE
);
CREATE INDEX due_latest ON public.due USING btree (data_source, due_at);
CREATE INDEX due_open ON public.due USING btree (not_before) WHERE (state = ANY (ARRAY['waiting'::text, 'started'::text]));
CREATE INDEX due_protection_group_idx ON public.due USING btree (protection_group);

CREATE TABLE event (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL DEFAULT now(),
  kind text NOT NULL,
  about text NOT NULL,
  message text NOT NULL,
  actor text,
  CONSTRAINT event_pkey PRIMARY KEY (id)
);
CREATE INDEX event_about_id_idx ON public.event USING btree (about, id);
CREATE INDEX event_area_id_idx ON public.event USING btree (split_part(kind, '-'::text, 1), id);
CREATE INDEX event_at_idx ON public.event USING btree (at);
CREATE INDEX event_down_actor ON public.event USING btree (COALESCE(actor, ''::text), id);
CREATE INDEX event_down_kind ON public.event USING btree (kind, id);
CREATE INDEX event_up_actor ON public.event USING btree (COALESCE(actor, ''::text), id DESC);
CREATE INDEX event_up_kind ON public.event USING btree (kind, id DESC);

CREATE TABLE group_member (
  data_source text NOT NULL,
  protection_group text NOT NULL,
  by_rule boolean NOT NULL DEFAULT false,
  added_at timestamp with time zone NOT NULL,
  added_by text NOT NULL,
  initial_at timestamp with time zone,
  points_until timestamp with time zone NOT NULL,
  syncs_until timestamp with time zone NOT NULL,
  checks_until timestamp with time zone NOT NULL,
  CONSTRAINT group_member_pkey PRIMARY KEY (data_source),
  CONSTRAINT group_member_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id),
  CONSTRAINT group_member_protection_group_fkey FOREIGN KEY (protection_group) REFERENCES protection_group(id)
);
CREATE INDEX group_member_protection_group_idx ON public.group_member USING btree (protection_group);

CREATE TABLE healed_chunk (
  chunk bigint NOT NULL,
  healed_by bigint NOT NULL,
  healed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT healed_chunk_pkey PRIMARY KEY (chunk)
);
CREATE INDEX healed_chunk_healed_by_idx ON public.healed_chunk USING btree (healed_by);

CREATE TABLE hold (
  version bigint NOT NULL,
  holder text NOT NULL,
  CONSTRAINT hold_pkey PRIMARY KEY (version, holder),
  CONSTRAINT hold_version_fkey FOREIGN KEY (version) REFERENCES version(id)
);
CREATE INDEX hold_holder_idx ON public.hold USING btree (holder);

CREATE TABLE host (
  id text NOT NULL,
  name text NOT NULL,
  tenant text NOT NULL DEFAULT ''::text,
  enrolled_at timestamp with time zone NOT NULL DEFAULT now(),
  revoked_at timestamp with time zone,
  last_seen_at timestamp with time zone,
  version text,
  protocol integer,
  features text[] NOT NULL DEFAULT '{}'::text[],
  incompatible_reason text,
  session text,
  certificate_serial text,
  previous_serial text,
  certificate_expires_at timestamp with time zone,
  bytes_per_second bigint NOT NULL DEFAULT 0,
  restore_roots text[] NOT NULL DEFAULT '{}'::text[],
  warnings text[] NOT NULL DEFAULT '{}'::text[],
  clock_ahead_seconds double precision,
  CONSTRAINT host_name_key UNIQUE (name),
  CONSTRAINT host_pkey PRIMARY KEY (id)
);

CREATE TABLE inconsistency (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  data_source text NOT NULL,
  from_at timestamp with time zone NOT NULL,
  until_at timestamp with time zone,
  cause text NOT NULL,
  checks integer NOT NULL DEFAULT 0,
  next_check timestamp with time zone,
  CONSTRAINT inconsistency_pkey PRIMARY KEY (id),
  CONSTRAINT inconsistency_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id)
);
CREATE INDEX inconsistency_data_source_from_at_idx ON public.inconsistency USING btree (data_source, from_at);
CREATE UNIQUE INDEX inconsistency_open ON public.inconsistency USING btree (data_source) WHERE (until_at IS NULL);

CREATE TABLE job (
  id text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL DEFAULT 'queued'::text,
  data_source text,
  host text,
  epoch bigint NOT NULL DEFAULT 0,
  holder text,
  expires_at timestamp with time zone,
  priority integer NOT NULL DEFAULT 0,
  attempt integer NOT NULL DEFAULT 0,
  not_before timestamp with time zone,
  request jsonb NOT NULL DEFAULT '{}'::jsonb,
  result jsonb,
  error jsonb,
  warnings text[] NOT NULL DEFAULT '{}'::text[],
  done_bytes bigint NOT NULL DEFAULT 0,
  total_bytes bigint NOT NULL DEFAULT 0,
  bytes_per_second bigint NOT NULL DEFAULT 0,
  cancel_reason text,
  requested_by text,
  queued_at timestamp with time zone NOT NULL DEFAULT now(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  protection_group text,
  CONSTRAINT job_pkey PRIMARY KEY (id),
  CONSTRAINT job_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id),
  CONSTRAINT job_host_fkey FOREIGN KEY (host) REFERENCES host(id)
);
CREATE INDEX job_by_group ON public.job USING btree (protection_group, queued_at) WHERE (protection_group IS NOT NULL);
CREATE INDEX job_by_kind ON public.job USING btree (kind, queued_at);
CREATE INDEX job_by_state ON public.job USING btree (state, queued_at);
CREATE INDEX job_data_source_queued_at_idx ON public.job USING btree (data_source, queued_at);
CREATE INDEX job_finished ON public.job USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX job_queued_at_idx ON public.job USING btree (queued_at);
CREATE INDEX job_state_priority_queued_at_idx ON public.job USING btree (state, priority, queued_at);
CREATE INDEX job_up_kind ON public.job USING btree (kind, queued_at DESC);
CREATE INDEX job_up_state ON public.job USING btree (state, queued_at DESC);
CREATE UNIQUE INDEX job_one_transfer ON public.job USING btree (data_source) WHERE ((state = ANY (ARRAY['queued'::text, 'running'::text])) AND (kind = ANY (ARRAY['initial-replication'::text, 'synchronization'::text, 'recovery-point'::text, 'consistency-check'::text])));

CREATE TABLE join_token (
  hash bytea NOT NULL,
  host_name text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  used_by text,
  CONSTRAINT join_token_pkey PRIMARY KEY (hash)
);

CREATE TABLE notice (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  subscriber text,
  kind text NOT NULL,
  address text NOT NULL,
  key text NOT NULL,
  content jsonb NOT NULL,
  queued_at timestamp with time zone NOT NULL DEFAULT now(),
  not_before timestamp with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  failure text,
  ended_at timestamp with time zone,
  CONSTRAINT notice_kind_address_key_key UNIQUE (kind, address, key),
  CONSTRAINT notice_pkey PRIMARY KEY (id),
  CONSTRAINT notice_subscriber_fkey FOREIGN KEY (subscriber) REFERENCES subscriber(id) ON DELETE CASCADE,
  CONSTRAINT notice_kind_check CHECK ((kind = ANY (ARRAY['mail'::text, 'webhook'::text])))
);
CREATE INDEX notice_ended ON public.notice USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX notice_subscriber ON public.notice USING btree (subscriber) WHERE (subscriber IS NOT NULL);
CREATE INDEX notice_waiting ON public.notice USING btree (not_before) WHERE (ended_at IS NULL);

CREATE TABLE openid_attempt (
  hash bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT openid_attempt_pkey PRIMARY KEY (hash)
);

CREATE TABLE operator (
  id text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  removed_at timestamp with time zone,
  password text,
  CONSTRAINT operator_name_key UNIQUE (name),
  CONSTRAINT operator_pkey PRIMARY KEY (id),
  CONSTRAINT operator_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'operator'::text, 'recovery-operator'::text, 'self-service'::text, 'viewer'::text])))
);

CREATE TABLE operator_identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  operator text NOT NULL,
  CONSTRAINT operator_identity_operator_key UNIQUE (operator),
  CONSTRAINT operator_identity_pkey PRIMARY KEY (issuer, subject),
  CONSTRAINT operator_identity_operator_fkey FOREIGN KEY (operator) REFERENCES operator(id)
);

CREATE TABLE operator_scope (
  operator text NOT NULL,
  kind text NOT NULL,
  value text NOT NULL,
  CONSTRAINT operator_scope_pkey PRIMARY KEY (operator, kind, value),
  CONSTRAINT operator_scope_operator_fkey FOREIGN KEY (operator) REFERENCES operator(id),
  CONSTRAINT operator_scope_kind_check CHECK ((kind = ANY (ARRAY['group'::text, 'source'::text, 'host'::text, 'owner'::text, 'tenant'::text])))
);

CREATE TABLE operator_token (
  id text NOT NULL,
  operator text NOT NULL,
  hash bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT operator_token_hash_key1 UNIQUE (hash),
  CONSTRAINT operator_token_pkey PRIMARY KEY (id),
  CONSTRAINT operator_token_operator_fkey FOREIGN KEY (operator) REFERENCES operator(id)
);
CREATE INDEX operator_token_operator_idx ON public.operator_token USING btree (operator);

CREATE TABLE pack (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  volume integer NOT NULL,
  state text NOT NULL,
  first_segment bigint NOT NULL,
  job text,
  epoch bigint,
  bytes bigint NOT NULL DEFAULT 0,
  generation bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  verified_at timestamp with time zone,
  condemned_at timestamp with time zone,
  trashed_at timestamp with time zone,
  live_bytes bigint,
  look boolean NOT NULL DEFAULT false,
  CONSTRAINT pack_name_key UNIQUE (name),
  CONSTRAINT pack_pkey PRIMARY KEY (id),
  CONSTRAINT pack_volume_fkey FOREIGN KEY (volume) REFERENCES volume(id)
);
CREATE INDEX pack_state_verified_at_idx ON public.pack USING btree (state, verified_at);
CREATE INDEX pack_to_compact ON public.pack USING btree (id) WHERE ((state = 'sealed'::text) AND (look OR ((live_bytes * 2) < bytes)));

CREATE TABLE page (
  disk integer NOT NULL,
  page integer NOT NULL,
  version bigint NOT NULL,
  entries smallint NOT NULL,
  runs bigint[] NOT NULL,
  segments bigint[] NOT NULL,
  digest bytea NOT NULL,
  CONSTRAINT page_pkey PRIMARY KEY (disk, page, version)
) PARTITION BY HASH (disk); -- 16 partitions
CREATE INDEX page_by_version ON ONLY public.page USING btree (disk, version, page);
CREATE INDEX page_segments ON ONLY public.page USING gin (segments);

CREATE TABLE pin (
  segment bigint NOT NULL,
  transfer text NOT NULL,
  CONSTRAINT pin_pkey PRIMARY KEY (segment, transfer),
  CONSTRAINT pin_segment_fkey FOREIGN KEY (segment) REFERENCES segment(id),
  CONSTRAINT pin_transfer_fkey FOREIGN KEY (transfer) REFERENCES transfer(id)
);
CREATE INDEX pin_transfer_idx ON public.pin USING btree (transfer);

CREATE TABLE point_tally (
  data_source text NOT NULL,
  points integer NOT NULL,
  size_bytes bigint NOT NULL
);
CREATE INDEX point_tally_data_source_idx ON public.point_tally USING btree (data_source);

CREATE TABLE protection_group (
  id text NOT NULL,
  tenant text NOT NULL DEFAULT ''::text,
  name text NOT NULL,
  settings jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT protection_group_tenant_name_key UNIQUE (tenant, name),
  CONSTRAINT protection_group_pkey PRIMARY KEY (id),
  CONSTRAINT protection_group_name_check CHECK (((length(name) >= 1) AND (length(name) <= 64)))
);

CREATE TABLE recovery_point (
  id text NOT NULL,
  version bigint,
  data_source text NOT NULL,
  state text NOT NULL,
  state_before text,
  label text,
  comment text,
  protected boolean NOT NULL DEFAULT false,
  expires_at timestamp with time zone,
  locked_until timestamp with time zone,
  verified_at timestamp with time zone,
  proven_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  deleted_by text,
  deletion_reason text,
  summary jsonb,
  CONSTRAINT recovery_point_version_key UNIQUE (version),
  CONSTRAINT recovery_point_pkey PRIMARY KEY (id),
  CONSTRAINT recovery_point_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id),
  CONSTRAINT recovery_point_version_fkey FOREIGN KEY (version) REFERENCES version(id)
);
CREATE INDEX recovery_point_by_label ON public.recovery_point USING btree (label, created_at) WHERE (label IS NOT NULL);
CREATE INDEX recovery_point_by_state ON public.recovery_point USING btree (state, created_at) WHERE (state <> 'ready'::text);
CREATE INDEX recovery_point_created_at_idx ON public.recovery_point USING btree (created_at);
CREATE INDEX recovery_point_data_source_created_at_idx ON public.recovery_point USING btree (data_source, created_at);
CREATE INDEX recovery_point_deleted_at_idx ON public.recovery_point USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX recovery_point_expiring ON public.recovery_point USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (state <> 'deleted'::text));
CREATE TRIGGER tally_added AFTER INSERT ON public.recovery_point REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_points();
CREATE TRIGGER tally_changed AFTER UPDATE ON public.recovery_point REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_changed_points();
CREATE TRIGGER tally_removed AFTER DELETE ON public.recovery_point REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tally_points();

CREATE TABLE schedule_clock (
  one boolean NOT NULL DEFAULT true,
  seen_at timestamp with time zone NOT NULL,
  jumped_from timestamp with time zone,
  jumped_to timestamp with time zone,
  CONSTRAINT schedule_clock_pkey PRIMARY KEY (one),
  CONSTRAINT schedule_clock_one_check CHECK (one)
);

CREATE TABLE schema_migration (
  number integer NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migration_pkey PRIMARY KEY (number)
);

CREATE TABLE segment (
  id bigint NOT NULL,
  pack bigint NOT NULL,
  base_offset integer NOT NULL,
  count smallint NOT NULL,
  algorithm smallint NOT NULL DEFAULT 1,
  digests bytea NOT NULL STORAGE EXTERNAL,
  lengths bytea NOT NULL STORAGE EXTERNAL,
  holes bit varying,
  CONSTRAINT segment_pkey PRIMARY KEY (id),
  CONSTRAINT segment_pack_fkey FOREIGN KEY (pack) REFERENCES pack(id)
);
CREATE INDEX segment_pack_idx ON public.segment USING btree (pack);

CREATE TABLE server_due (
  kind text NOT NULL,
  due_at timestamp with time zone NOT NULL,
  CONSTRAINT server_due_pkey PRIMARY KEY (kind)
);

CREATE TABLE session (
  hash bytea NOT NULL,
  operator text NOT NULL,
  csrf text NOT NULL,
  peer text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT session_pkey PRIMARY KEY (hash),
  CONSTRAINT session_operator_fkey FOREIGN KEY (operator) REFERENCES operator(id)
);
CREATE INDEX session_expires_at_idx ON public.session USING btree (expires_at);
CREATE INDEX session_operator_idx ON public.session USING btree (operator);

CREATE TABLE sign_in_link (
  hash bytea NOT NULL,
  operator text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT sign_in_link_pkey PRIMARY KEY (hash),
  CONSTRAINT sign_in_link_operator_fkey FOREIGN KEY (operator) REFERENCES operator(id)
);

CREATE TABLE staged (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  transfer text NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  places bigint[] NOT NULL,
  chunks bigint[] NOT NULL,
  CONSTRAINT staged_pkey PRIMARY KEY (id),
  CONSTRAINT staged_transfer_fkey FOREIGN KEY (transfer) REFERENCES transfer(id) ON DELETE CASCADE
);
CREATE INDEX staged_transfer_first_idx ON public.staged USING btree (transfer, first);

CREATE TABLE stopped_protection (
  data_source text NOT NULL,
  group_name text NOT NULL,
  stopped_at timestamp with time zone NOT NULL,
  stopped_by text NOT NULL,
  points text NOT NULL,
  reason text,
  settings jsonb NOT NULL,
  CONSTRAINT stopped_protection_pkey PRIMARY KEY (data_source),
  CONSTRAINT stopped_protection_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id),
  CONSTRAINT stopped_protection_points_check CHECK ((points = ANY (ARRAY['kept'::text, 'deleted'::text])))
);

CREATE TABLE storage_day (
  day date NOT NULL,
  noted_at timestamp with time zone NOT NULL,
  stored_bytes bigint NOT NULL,
  logical_bytes bigint NOT NULL,
  plain_bytes bigint,
  reclaimable_bytes bigint NOT NULL,
  verified_bytes bigint NOT NULL,
  points integer NOT NULL,
  total_bytes bigint NOT NULL,
  free_bytes bigint NOT NULL,
  CONSTRAINT storage_day_pkey PRIMARY KEY (day)
);

CREATE TABLE subscriber (
  id text NOT NULL,
  kind text NOT NULL,
  address text NOT NULL,
  secret text,
  severities text[] NOT NULL,
  digest boolean NOT NULL,
  added_at timestamp with time zone NOT NULL DEFAULT now(),
  added_by text NOT NULL,
  reports text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT subscriber_kind_address_key UNIQUE (kind, address),
  CONSTRAINT subscriber_pkey PRIMARY KEY (id),
  CONSTRAINT subscriber_kind_check CHECK ((kind = ANY (ARRAY['mail'::text, 'webhook'::text]))),
  CONSTRAINT subscriber_reports_check CHECK ((reports <@ ARRAY['day'::text, 'week'::text, 'month'::text]))
);

CREATE TABLE suspect (
  n bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  segment bigint NOT NULL,
  CONSTRAINT suspect_pkey PRIMARY KEY (n)
);

CREATE TABLE transfer (
  id text NOT NULL,
  data_source text NOT NULL,
  state text NOT NULL DEFAULT 'open'::text,
  version_uid text NOT NULL,
  base bigint,
  job text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  touched_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT transfer_version_uid_key UNIQUE (version_uid),
  CONSTRAINT transfer_pkey PRIMARY KEY (id),
  CONSTRAINT transfer_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id)
);
CREATE UNIQUE INDEX transfer_one_open ON public.transfer USING btree (data_source) WHERE (state = 'open'::text);

CREATE TABLE transfer_disk (
  transfer text NOT NULL,
  ordinal integer NOT NULL,
  disk integer NOT NULL,
  size_bytes bigint NOT NULL,
  format text NOT NULL,
  transfer_mode text NOT NULL,
  transfer_reason text,
  CONSTRAINT transfer_disk_pkey PRIMARY KEY (transfer, ordinal),
  CONSTRAINT transfer_disk_disk_fkey FOREIGN KEY (disk) REFERENCES disk(id),
  CONSTRAINT transfer_disk_transfer_fkey FOREIGN KEY (transfer) REFERENCES transfer(id) ON DELETE CASCADE
);

CREATE TABLE version (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  uid text NOT NULL,
  data_source text NOT NULL,
  sequence bigint NOT NULL,
  generation bigint NOT NULL,
  state text NOT NULL DEFAULT 'reserved'::text,
  parent_version text,
  captured_at timestamp with time zone,
  committed_at timestamp with time zone,
  consistency text,
  has_memory boolean NOT NULL DEFAULT false,
  power_state text NOT NULL DEFAULT 'none'::text,
  configuration jsonb,
  size_bytes bigint NOT NULL DEFAULT 0,
  changed_bytes bigint NOT NULL DEFAULT 0,
  sent_bytes bigint NOT NULL DEFAULT 0,
  stored_bytes bigint NOT NULL DEFAULT 0,
  manifest text,
  manifest_digest bytea,
  previous_manifest bytea,
  manifest_signature bytea,
  paused boolean NOT NULL DEFAULT false,
  CONSTRAINT version_data_source_sequence_key UNIQUE (data_source, sequence),
  CONSTRAINT version_uid_key UNIQUE (uid),
  CONSTRAINT version_pkey PRIMARY KEY (id),
  CONSTRAINT version_data_source_fkey FOREIGN KEY (data_source) REFERENCES data_source(id),
  CONSTRAINT version_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'committed'::text])))
);
CREATE INDEX version_data_source_id_idx ON public.version USING btree (data_source, id);

CREATE TABLE version_disk (
  version bigint NOT NULL,
  disk integer NOT NULL,
  ordinal integer NOT NULL,
  size_bytes bigint NOT NULL,
  format text NOT NULL,
  transfer_mode text NOT NULL,
  transfer_reason text,
  digest_root bytea NOT NULL,
  read_checksum bytea,
  stored_checksum bytea,
  unreadable bigint[] NOT NULL DEFAULT '{}'::bigint[],
  read_bytes bigint NOT NULL DEFAULT 0,
  sent_bytes bigint NOT NULL DEFAULT 0,
  changed_bytes bigint NOT NULL DEFAULT 0,
  stored_bytes bigint NOT NULL DEFAULT 0,
  CONSTRAINT version_disk_pkey PRIMARY KEY (version, disk),
  CONSTRAINT version_disk_disk_fkey FOREIGN KEY (disk) REFERENCES disk(id),
  CONSTRAINT version_disk_version_fkey FOREIGN KEY (version) REFERENCES version(id) ON DELETE CASCADE
);
CREATE INDEX version_disk_disk_version_idx ON public.version_disk USING btree (disk, version);

CREATE TABLE volume (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  uid text NOT NULL,
  path text NOT NULL,
  state text NOT NULL DEFAULT 'writable'::text,
  added_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT volume_path_key UNIQUE (path),
  CONSTRAINT volume_uid_key UNIQUE (uid),
  CONSTRAINT volume_pkey PRIMARY KEY (id)
);

CREATE TABLE volume_usage (
  volume text NOT NULL,
  day date NOT NULL,
  used_bytes bigint NOT NULL,
  CONSTRAINT volume_usage_pkey PRIMARY KEY (volume, day)
);
