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
  add column estimated_end timestamptz;
