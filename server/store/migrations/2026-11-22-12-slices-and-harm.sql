-- phase: expand
-- breaking: no
-- Slices of big loads, from the last of which a load goes on after an interruption; and what keeps a source from harm.
create table ingestion.slice (
  load_id uuid not null references ingestion.load,
  number integer not null,
  -- What was to be loaded, and how; a slice of anything else is of no use.
  fingerprint text not null,
  bounds jsonb not null,
  state text not null check (state in ('planned', 'done')),
  expected_rows bigint not null,
  read_rows bigint,
  written_rows bigint,
  quarantined_rows bigint,
  -- Sum of the marks of the rows, by the source and in the lake alike.
  checksum text,
  -- Its tables in the lake, until the load has succeeded or they are given up.
  lake_table text,
  quarantine_table text,
  finished_at timestamptz,
  -- The load that read it, where that was not this one.
  taken_from uuid,
  primary key (load_id, number)
);
create index slice_tables on ingestion.slice (load_id) where lake_table is not null;

alter table ingestion.load
  -- When it will have ended, as far as can be told from its pace.
  add column estimated_end timestamptz,
  -- Why a queued load does not run yet, and until when; null: nothing holds it.
  add column waits_for text,
  add column waits_params jsonb,
  add column waits_until timestamptz;

alter table ingestion.source
  -- Hours, connections, rate, time of a statement (contract: SourceCare).
  add column care jsonb not null default '{"window": null, "parallelReads": 2, "bytesPerSecond": null, "statementSeconds": 3600}',
  -- Somebody stopped all reading from it.
  add column stopped_at timestamptz,
  add column stopped_by text,
  add column stop_reason text;

-- What was run on the servers of departments, for them to see; kept ninety days.
create table ingestion.source_statement (
  id uuid primary key,
  source_id uuid not null references ingestion.source,
  load_id uuid,
  -- Without the values that stood in it.
  statement text not null,
  started_at timestamptz not null,
  milliseconds integer not null,
  rows bigint,
  error text,
  run_by text not null
);
create index source_statement_source on ingestion.source_statement (source_id, id);
