-- phase: expand
-- breaking: no
-- The event log: one row for every state change and every data read, hash-chained per node (see store/events.ts).
create schema platform;

create table platform.event (
  seq bigint primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('person', 'key', 'system')),
  actor_id text not null,
  actor_name text not null,
  org_id uuid,
  org_name text,
  action text not null,
  object_type text,
  object_id text,
  object_name text,
  purpose text,
  decision_id text,
  result text not null check (result in ('ok', 'denied', 'failed')),
  is_data boolean not null,
  address text,
  request_id text not null,
  detail text not null,
  hash text not null
);
create index event_at on platform.event (at);
create index event_object on platform.event (object_type, object_id, seq);
create index event_actor on platform.event (actor_id, seq);
create index event_org on platform.event (org_id, seq);
create index event_data on platform.event (seq) where is_data;
-- What the event feed reads on from: a day of shared calls may lie between two changes.
create index event_change on platform.event (seq) where not is_data;

-- The head of the chain; locking this one row orders the writers.
create table platform.chain_head (
  node text primary key,
  seq bigint not null,
  hash text not null
);
insert into platform.chain_head values ('local', 0, '');

-- Appends entries whose links were made for a known end of the chain, if that still is its end; says whether it was.
create function platform.append_events(entries jsonb, from_seq bigint, from_hash text, to_seq bigint, to_hash text)
returns boolean language plpgsql as $$
begin
  update platform.chain_head set seq = to_seq, hash = to_hash where node = 'local' and seq = from_seq and hash = from_hash;
  if not found then return false; end if;
  insert into platform.event select * from jsonb_populate_recordset(null::platform.event, entries);
  return true;
end $$;

-- Facts about this city's store: demo seed, profile, made once.
create table platform.setting (
  key text primary key,
  value jsonb not null
);
