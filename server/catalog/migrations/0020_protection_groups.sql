-- Protection groups, their members, and what is due.

CREATE TABLE protection_group (
  id          text PRIMARY KEY,
  tenant      text NOT NULL DEFAULT '',
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  settings    jsonb NOT NULL,                 -- core/model/group/settings.ts
  created_at  timestamptz NOT NULL,
  changed_at  timestamptz NOT NULL,
  UNIQUE (tenant, name)
);

-- A data source is in at most one group.
CREATE TABLE group_member (
  data_source       text PRIMARY KEY REFERENCES data_source,
  protection_group  text NOT NULL REFERENCES protection_group,
  by_rule           boolean NOT NULL DEFAULT false,
  added_at          timestamptz NOT NULL,
  added_by          text NOT NULL,
  initial_at        timestamptz,              -- not before; null: replicated already, or by hand
  points_until      timestamptz NOT NULL,     -- due times up to here were looked at
  syncs_until       timestamptz NOT NULL,
  checks_until      timestamptz NOT NULL
);
CREATE INDEX ON group_member (protection_group);

-- Protection that was stopped: who, when, why; points that were kept age by these rules.
CREATE TABLE stopped_protection (
  data_source  text PRIMARY KEY REFERENCES data_source,
  group_name   text NOT NULL,
  stopped_at   timestamptz NOT NULL,
  stopped_by   text NOT NULL,
  points       text NOT NULL CHECK (points IN ('kept', 'deleted')),
  reason       text,
  settings     jsonb NOT NULL
);

-- What a group's schedule asks for. The key lets several servers do each exactly once.
CREATE TABLE due (
  data_source       text NOT NULL REFERENCES data_source,
  kind              text NOT NULL,            -- initial | point | synchronize | check
  due_at            timestamptz NOT NULL,
  protection_group  text NOT NULL REFERENCES protection_group ON DELETE CASCADE,
  state             text NOT NULL DEFAULT 'waiting', -- waiting | started | completed | failed | skipped
  not_before        timestamptz NOT NULL,
  attempt           int NOT NULL DEFAULT 0,   -- runs that have ended in a failure
  job               text,
  reason            text,
  PRIMARY KEY (data_source, kind, due_at)
);
CREATE INDEX due_open ON due (not_before) WHERE state IN ('waiting', 'started');
CREATE INDEX ON due (protection_group);

-- Times in which a replica was not consistent, with the cause. Their days do not count to retention.
CREATE TABLE inconsistency (
  id           int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  data_source  text NOT NULL REFERENCES data_source,
  from_at      timestamptz NOT NULL,
  until_at     timestamptz,
  cause        text NOT NULL,
  checks       int NOT NULL DEFAULT 0,        -- automatic ones that were tried
  next_check   timestamptz
);
CREATE INDEX ON inconsistency (data_source, from_at);
CREATE UNIQUE INDEX inconsistency_open ON inconsistency (data_source) WHERE until_at IS NULL;

-- The clock as the schedule last saw it.
CREATE TABLE schedule_clock (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  seen_at       timestamptz NOT NULL,
  jumped_from   timestamptz,                  -- set: nothing expires until somebody confirms the time
  jumped_to     timestamptz
);

ALTER TABLE job ADD protection_group text;    -- id; of what the schedule or a group's command asked for
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
ALTER TABLE data_source ADD tags text[] NOT NULL DEFAULT '{}';
CREATE INDEX recovery_point_expiring ON recovery_point (expires_at)
  WHERE expires_at IS NOT NULL AND state <> 'deleted';

-- What the servers do by themselves each night: the last time that was taken, per kind.
CREATE TABLE server_due (
  kind    text PRIMARY KEY,
  due_at  timestamptz NOT NULL
);
