-- phase: expand
-- breaking: no
-- Change streams: a table of the lake (`m_<stream>_<copy>`) that follows a table of a source. Where the stream stands is in that
-- table; what is here is for the page, for the checks at the next start, and for the order of those who want to run it.
create table ingestion.stream (
  id uuid primary key,
  plan_id uuid not null unique references ingestion.plan,
  entry_id uuid not null,
  org_id uuid not null references security.org,
  state text not null,
  -- Counts those who took it up; only the last one may write here (one that was believed dead is fenced off).
  attempt integer not null default 0,
  touched_at timestamptz not null,
  -- Number of the copy: part of the table's name, and of the slot's.
  copy integer not null default 1,
  -- The copy is complete and counted.
  copied_at timestamptz,
  -- The table is the entry's data.
  live_at timestamptz,
  -- What the source holds for the stream and must let go of: a replication slot. Null where there is nothing to release.
  hold text,
  -- Which log the positions are of (system identifier and timeline, server id), and where the stream of this copy began.
  origin jsonb,
  -- Everything up to here is in the lake; the source is told so only after it stands here.
  position bigint not null default 0,
  -- The newest position that the table itself carries: a table that carries less has been set back.
  applied bigint not null default 0,
  -- As the source writes the position.
  position_text text,
  lag_seconds double precision not null default 0,
  lag_rows bigint not null default 0,
  retained_bytes bigint,
  source_limit text,
  rate double precision not null default 0,
  changes bigint not null default 0,
  rows bigint,
  quarantined bigint not null default 0,
  reasons jsonb not null default '[]',
  error_code text,
  error_detail text,
  started_by text not null,
  started_at timestamptz not null,
  changed_at timestamptz not null
);
create index stream_org on ingestion.stream (org_id, id);
