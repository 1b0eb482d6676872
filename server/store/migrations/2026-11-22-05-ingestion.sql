-- phase: expand
-- breaking: no
-- Sources, plans, loads and what became of quarantined rows. Record content is in the lake: `r_<load>_<attempt>` holds the rows of a
-- load, `q_<load>_<attempt>` its quarantine. Credentials are sealed (security/seal.ts) and leave this schema only to connect.
create schema ingestion;

create table ingestion.source (
  id uuid primary key,
  org_id uuid not null references security.org,
  name text not null,
  settings jsonb not null,
  -- Sealed password; null where the source needs none.
  secret text,
  system_id uuid,
  -- Result of the last connection check, as it is shown.
  last_check jsonb,
  version integer not null default 1,
  created_at timestamptz not null,
  unique (org_id, name)
);

-- An uploaded file: its bytes are in the file store under `upload/<id>`.
create table ingestion.upload (
  id uuid primary key,
  source_id uuid not null references ingestion.source,
  object text not null,
  size_bytes bigint not null,
  sha256 text not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  unique (source_id, object)
);

create table ingestion.plan (
  id uuid primary key,
  org_id uuid not null references security.org,
  entry_id uuid not null,
  source_id uuid not null references ingestion.source,
  object text not null,
  dialect jsonb,
  mapping jsonb not null,
  verify text not null check (verify in ('count', 'content')),
  quarantine_limit double precision not null,
  -- Rows in quarantine that nobody has replayed or discarded yet.
  open_quarantine bigint not null default 0,
  -- The load whose quarantine is worked on: the last full load that succeeded.
  quarantine_load_id uuid,
  version integer not null default 1,
  created_at timestamptz not null
);
create index plan_org on ingestion.plan (org_id, id);
create index plan_entry on ingestion.plan (entry_id);

create table ingestion.load (
  id uuid primary key,
  plan_id uuid not null references ingestion.plan,
  entry_id uuid not null,
  org_id uuid not null references security.org,
  -- full: the whole source again; replay: the live rows and the corrected ones.
  kind text not null check (kind in ('full', 'replay')),
  state text not null,
  -- Counts the runs of this load; only the last one may end it (a worker that was believed dead is fenced off).
  attempt integer not null default 0,
  -- Last sign of life of the worker.
  touched_at timestamptz not null,
  progress double precision,
  -- The five numbers. agrees: null where contents were not to be compared.
  read_rows bigint,
  sent_rows bigint,
  written_rows bigint,
  quarantined_rows bigint,
  agrees boolean,
  reasons jsonb not null default '[]',
  differing jsonb not null default '[]',
  error_code text,
  error_detail text,
  -- Names of the tables in the lake, once the load has succeeded.
  lake_table text,
  quarantine_table text,
  started_by text not null,
  queued_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- When a later load took its place; its tables are dropped after a time of grace.
  superseded_at timestamptz
);
create index load_plan on ingestion.load (plan_id, id);
create index load_entry on ingestion.load (entry_id, id);
create index load_org on ingestion.load (org_id, id);
create index load_unfinished on ingestion.load (touched_at) where finished_at is null;

-- What people did about quarantined rows. A row that nobody touched has no line here and is open.
create table ingestion.quarantine_act (
  load_id uuid not null references ingestion.load,
  row_number bigint not null,
  state text not null check (state in ('open', 'corrected', 'replayed', 'discarded')),
  -- The corrected texts by item; they are record content and are shown only with an audit entry.
  corrected jsonb,
  -- Why it is still here after a replay, or why it was discarded.
  reason text,
  acted_by text not null,
  acted_at timestamptz not null,
  primary key (load_id, row_number)
);
