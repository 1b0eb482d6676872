-- phase: expand
-- breaking: no
-- The working-day calendar and the legal clocks on other rooms' objects.
create schema duty;

-- One row for each year whose State Council notice is known; dates of other years are provisional.
create table duty.calendar_year (
  year integer primary key,
  source text not null,
  imported_at timestamptz not null
);

create table duty.calendar_day (
  day date primary key,
  -- The notice that names the day: that of 2019 also names a day of 2018.
  year integer not null references duty.calendar_year,
  kind text not null check (kind in ('off', 'make_up'))
);
create index calendar_day_year on duty.calendar_day (year);

create table duty.clock (
  id uuid primary key,
  rule text not null,
  object_type text not null,
  object_id uuid not null,
  object_name text not null,
  owner_org_id uuid not null references security.org,
  citation text not null,
  -- What happened: terms, start, pauses, extension, end. All that follows is computed from it and the calendar.
  history jsonb not null,
  started_on date not null,
  due_on date not null,
  -- First day on which it is due soon.
  soon_on date not null,
  -- The day on which it stopped counting: paused in time, or ended.
  stopped_on date,
  provisional boolean not null,
  state text not null check (state in ('running', 'paused', 'met', 'met_late', 'cancelled')),
  extended_days integer not null,
  -- Each is said once for a due date that somebody set.
  due_soon_told boolean not null default false,
  overdue_told boolean not null default false,
  edit integer not null default 1
);
-- One open clock for a rule and an object.
create unique index clock_open on duty.clock (rule, object_id) where state in ('running', 'paused');
create index clock_object on duty.clock (object_id);
create index clock_owner on duty.clock (owner_org_id, due_on, id);
create index clock_due on duty.clock (due_on, id);
create index clock_counting on duty.clock (due_on) where stopped_on is null;
