-- phase: expand
-- breaking: no
-- Storage life: how long records are kept, who decided to destroy what, and what was there before.
create table ingestion.retention (
  entry_id uuid primary key,
  -- The item of the entry that tells a record's age; null: the age of the load.
  date_item text,
  months integer not null check (months > 0),
  -- Law, regulation or schedule of retention, with the article.
  basis text not null,
  version integer not null,
  set_by text not null,
  set_at timestamptz not null
);

-- Kept for ever: the proof that something was destroyed outlives it.
create table ingestion.destruction (
  id uuid primary key,
  -- The number on the certificate.
  number integer generated always as identity unique,
  entry_id uuid not null,
  org_id uuid not null references security.org,
  kind text not null check (kind in ('entry', 'rows', 'quarantine')),
  state text not null check (state in ('proposed', 'approved', 'destroyed', 'refused', 'withdrawn')),
  reason text not null,
  citation text not null,
  -- Records dated before this day.
  cutoff date,
  proposed_by_id text not null,
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  opinion text,
  -- Tables and files with rows, bytes and digests, measured before anything was touched.
  evidence jsonb,
  destroyed_at timestamptz
);
create unique index destruction_open on ingestion.destruction (entry_id) where state in ('proposed', 'approved');
create index destruction_org on ingestion.destruction (org_id, id);

-- Live tables that were written anew with the codec of cold data.
create table ingestion.cold_table (
  lake_table text primary key,
  codec text not null,
  bytes_before bigint not null,
  bytes_after bigint not null,
  cooled_at timestamptz not null
);
