-- phase: expand
-- breaking: no
-- How a load meets what is already there: full, incremental, by comparison, file by file, as a stream (contract: LoadMode).
alter table ingestion.plan
  add column mode jsonb not null default '{"kind": "full"}',
  -- By comparison: a larger share of the keys gone from the source stops the load.
  add column deletion_limit double precision not null default 0.2;

alter table ingestion.load
  drop constraint load_kind_check,
  add constraint load_kind_check check (kind in ('full', 'replay', 'incremental', 'compare', 'append')),
  -- What became of the keys; null where a load replaces everything.
  add column inserted_rows bigint,
  add column changed_rows bigint,
  add column deleted_rows bigint,
  add column unchanged_rows bigint;
