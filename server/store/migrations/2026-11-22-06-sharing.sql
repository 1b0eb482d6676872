-- phase: expand
-- breaking: no
-- Requests, grants, keys and what was called under them (Order 809 art. 20-22, 25, 27, 29).
create schema sharing;

-- Running numbers of requests and grants, by kind and year: GX-2026, SQ-2026.
create table sharing.serial (
  class text primary key,
  last integer not null
);

create table sharing.request (
  id uuid primary key,
  number text not null unique,
  state text not null,
  consumer_org_id uuid not null references security.org,
  provider_org_id uuid not null references security.org,
  entry_id uuid not null,
  -- Name, code and sharing type as they were when it was asked: the entry may change later.
  entry_name text not null,
  entry_code text not null,
  sharing_type text not null,
  content jsonb not null,
  decision jsonb,
  opinions jsonb not null default '[]',
  author_id uuid not null references security.person,
  author_name text not null,
  -- Everyone who wrote or submitted it: none of them may pass or approve it, for whichever organisation (no self-approval).
  contributor_ids text[] not null,
  -- Who passed it for the consumer: the same person may not decide it for the provider.
  reviewer_id text,
  grant_id uuid,
  edit integer not null default 1,
  created_at timestamptz not null,
  submitted_at timestamptz,
  -- When it reached the provider, which sees it from then on and whose clock runs from then on.
  received_at timestamptz,
  decided_at timestamptz
);
create index request_consumer on sharing.request (consumer_org_id, id desc);
create index request_provider on sharing.request (provider_org_id, id desc);
create index request_state on sharing.request (state, id desc);
create index request_submitted on sharing.request (id desc) where submitted_at is not null;
create index request_entry on sharing.request (entry_id);

-- The right itself. A decided grant waits as `pending` until its resource can be read, then is in effect.
create table sharing.data_grant (
  id uuid primary key,
  number text not null unique,
  state text not null,
  state_reason text not null default '',
  request_id uuid not null unique references sharing.request,
  consumer_org_id uuid not null references security.org,
  provider_org_id uuid not null references security.org,
  entry_id uuid not null,
  entry_name text not null,
  entry_code text not null,
  -- Version of the entry that the items below were last compared with. An item that a later version drops or redefines is
  -- taken out of the grant for good, so that no old right attaches to a new item of the same name.
  entry_version integer not null,
  purpose text not null,
  -- Item code, name, type, sensitive kind and level as decided on, and the mask under which it is shown.
  items jsonb not null,
  conditions jsonb not null,
  valid_from date not null,
  valid_to date not null,
  calls_per_day integer not null,
  max_rows_per_call integer not null,
  -- Maintained by the calls themselves, in the transaction of their audit.
  calls_total bigint not null default 0,
  rows_total bigint not null default 0,
  created_at timestamptz not null
);
create index data_grant_consumer on sharing.data_grant (consumer_org_id, id desc);
create index data_grant_provider on sharing.data_grant (provider_org_id, id desc);
create index data_grant_entry on sharing.data_grant (entry_id, state);
create index data_grant_end on sharing.data_grant (valid_to) where state in ('pending', 'active', 'suspended');

create table sharing.access_key (
  id uuid primary key,
  access_key text not null unique,
  -- Sealed with the node's master key: an HMAC needs the secret itself, a hash would not do.
  sealed_secret text not null,
  name text not null,
  org_id uuid not null references security.org,
  state text not null check (state in ('active', 'revoked')),
  allowed_addresses text[] not null default '{}',
  created_at timestamptz not null,
  expires_on date not null,
  last_used_at timestamptz
);
create index access_key_org on sharing.access_key (org_id, id desc);

-- Calls and rows by grant and local day: the quota and the metering.
create table sharing.meter (
  grant_id uuid not null references sharing.data_grant,
  day date not null,
  calls bigint not null default 0,
  rows bigint not null default 0,
  refused bigint not null default 0,
  primary key (grant_id, day)
);

-- Nonces of accepted calls, kept longer than any signature's window: a replay is refused after a restart and by every process.
create table sharing.nonce (
  access_key text not null,
  nonce text not null,
  seen_at timestamptz not null,
  primary key (access_key, nonce)
);
-- Only for throwing away what is older than any window; a range is enough for that.
create index nonce_seen on sharing.nonce using brin (seen_at);

-- Records calls that are all as expected, in one statement whatever their number: nonces fresh, quotas kept, the audit chain
-- where the caller saw it. Otherwise it raises DT001 and nothing is written. Returns what the meters stand at.
create function sharing.record_calls(
  nonces jsonb, sums jsonb, entries jsonb, from_seq bigint, from_hash text, to_seq bigint, to_hash text
) returns table (grant_id uuid, day date, calls bigint) language plpgsql as $$
#variable_conflict use_column
declare
  fresh integer;
begin
  insert into sharing.nonce select * from jsonb_populate_recordset(null::sharing.nonce, nonces) on conflict do nothing;
  get diagnostics fresh = row_count;
  if fresh <> jsonb_array_length(nonces) then raise exception 'a nonce was used before' using errcode = 'DT001'; end if;
  insert into sharing.meter as m (grant_id, day, calls, rows)
    select s.grant_id, s.day, s.calls, s.rows from jsonb_populate_recordset(null::sharing.meter, sums) s
    on conflict (grant_id, day) do update set calls = m.calls + excluded.calls, rows = m.rows + excluded.rows;
  return query select m.grant_id, m.day, m.calls from sharing.meter m
    join jsonb_to_recordset(sums) as s (grant_id uuid, day date, quota bigint) on m.grant_id = s.grant_id and m.day = s.day
    where m.calls <= s.quota;
  get diagnostics fresh = row_count;
  if fresh <> jsonb_array_length(sums) then raise exception 'a quota is used up' using errcode = 'DT001'; end if;
  update sharing.data_grant g set calls_total = g.calls_total + s.calls, rows_total = g.rows_total + s.rows
    from jsonb_populate_recordset(null::sharing.meter, sums) s where g.id = s.grant_id;
  if not platform.append_events(entries, from_seq, from_hash, to_seq, to_hash) then
    raise exception 'the chain has gone on' using errcode = 'DT001';
  end if;
end $$;
