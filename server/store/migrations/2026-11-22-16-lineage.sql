-- phase: expand
-- breaking: no
-- OpenLineage run events of loads, as they were when they happened: never worked out again, never changed.
create table ingestion.run_event (
  -- Ordered by time; the cursor of lists and exports.
  id uuid primary key,
  run_id uuid not null,
  event_type text not null check (event_type in ('START', 'COMPLETE', 'FAIL', 'ABORT')),
  event_time timestamptz not null,
  plan_id uuid not null,
  entry_id uuid not null,
  org_id uuid not null references security.org,
  -- The event by https://openlineage.io/spec/2-0-2/OpenLineage.json
  body jsonb not null,
  -- A run begins once and ends once.
  unique (run_id, event_type)
);
create index run_event_entry on ingestion.run_event (entry_id, id);
create index run_event_plan on ingestion.run_event (plan_id, id);
create index run_event_org on ingestion.run_event (org_id, id);
