-- phase: expand
-- breaking: no
-- A stream's contents are compared with its source, when somebody asks and, of plans that verify contents, once a day.
alter table ingestion.stream
  -- Somebody wants it compared; null once it is.
  add column proof_asked_at timestamptz,
  -- What the last comparison found: counts, and keys of rows that differ.
  add column proof jsonb;
