-- phase: expand
-- breaking: no
-- How a load meets what is already there: full, incremental, by comparison, file by file, as a stream (contract: LoadMode).
alter table ingestion.plan
  add column mode jsonb not null default '{"kind": "full"}',
  -- By comparison: a larger share of the keys gone from the source stops the load.
  add column deletion_limit double precision not null default 0.2,
  -- What the plan's last load made (table, kind, watermark): where its table is still live, the next load builds on it.
  add column ground jsonb;

alter table ingestion.load
  drop constraint load_kind_check,
  add constraint load_kind_check check (kind in ('full', 'replay', 'incremental', 'compare', 'append')),
  -- What became of the keys; null where a load replaces everything.
  add column inserted_rows bigint,
  add column changed_rows bigint,
  add column deleted_rows bigint,
  add column unchanged_rows bigint,
  -- Incremental: rows of the whole object at the source when it was read, and the newest value of the watermark's column.
  add column source_rows bigint,
  add column watermark text,
  -- Begins with an empty table whatever is there.
  add column afresh boolean not null default false;

-- Every version of the rows of an entry, with the time of its validity: a table of the lake that is replaced as the entry's own is.
create table ingestion.history (
  entry_id uuid primary key,
  plan_id uuid not null references ingestion.plan,
  lake_table text not null,
  -- Dropped after a time of grace.
  previous_table text,
  -- The first and the last instant that it knows.
  since timestamptz not null,
  as_of timestamptz not null
);

-- Files of a watched folder that a plan has met. A file is loaded once: by its name, and by its content under whatever name.
create table ingestion.loaded_file (
  plan_id uuid not null references ingestion.plan,
  path text not null,
  size_bytes bigint not null,
  modified_at timestamptz not null,
  -- Of the content that was loaded; null while it is not.
  sha256 text,
  -- loaded; copy: its content is loaded under another name; changed: it is no longer what was loaded; broken; waiting: still being written.
  state text not null check (state in ('loaded', 'copy', 'changed', 'broken', 'waiting')),
  -- Why it is not loaded, in words that may be shown.
  detail text,
  -- The load that met it last, and the numbers of the one that loaded it.
  load_id uuid not null references ingestion.load,
  read_rows bigint,
  written_rows bigint,
  quarantined_rows bigint,
  primary key (plan_id, path)
);
