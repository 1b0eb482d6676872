-- phase: expand
-- breaking: no
-- When plans are loaded by themselves, and what became of each due time. The next due time is not kept: it follows from the
-- rule, the catalog's cycle and the working calendar, all of which may change.
create table ingestion.schedule (
  plan_id uuid primary key references ingestion.plan,
  org_id uuid not null references security.org,
  -- ScheduleInput of contract/schedule/schedule.ts.
  rule jsonb not null,
  -- Due times up to here have their turns.
  turned_until timestamptz not null,
  paused_at timestamptz,
  -- Who set it last: the person who is asked when a load fails.
  responsible text not null,
  version integer not null default 1
);

create table ingestion.turn (
  id uuid primary key,
  plan_id uuid not null references ingestion.plan,
  org_id uuid not null references security.org,
  due_at timestamptz not null,
  -- Date of the morning on whose page it stands.
  night date not null,
  origin text not null check (origin in ('cycle', 'catch_up', 'backfill')),
  -- Due times before this one that passed while the node was down.
  overtaken integer not null default 0,
  -- Smaller goes first.
  rank smallint not null,
  -- It does not begin afterwards.
  begin_until timestamptz not null,
  -- It should have ended by then.
  late_at timestamptz not null,
  state text not null,
  wait_reason text,
  not_before timestamptz,
  tries integer not null default 0,
  load_id uuid references ingestion.load,
  error_code text,
  error_detail text,
  started_at timestamptz,
  ended_at timestamptz,
  -- One plan at one due time has one effect at most.
  unique (plan_id, due_at)
);
create index turn_night on ingestion.turn (night, org_id, state);
create index turn_open on ingestion.turn (rank, due_at) where ended_at is null;
create index turn_load on ingestion.turn (load_id);
