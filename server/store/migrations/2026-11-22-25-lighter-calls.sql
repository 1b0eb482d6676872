-- phase: contract
-- breaking: yes
-- Less to write for each shared call. A process of an earlier version can answer no more calls beside this one.

-- A nonce is nearly always new: the index finds that out from the first of its two columns.
alter table sharing.nonce drop constraint nonce_pkey, add primary key (nonce, access_key);

-- What was called altogether is the sum of the days.
alter table sharing.data_grant drop column calls_total, drop column rows_total;

-- Data are read far more often than anything is changed: the order of the log itself finds these entries.
drop index platform.event_data;

-- Records calls that are all as expected, in one statement whatever their number: nonces fresh, quotas kept, the audit chain
-- where the caller saw it. Otherwise it raises DT001, or 23505 for a nonce that was used before, and nothing is written. Returns
-- what the meters stand at.
create or replace function sharing.record_calls(
  nonces jsonb, sums jsonb, entries jsonb, from_seq bigint, from_hash text, to_seq bigint, to_hash text
) returns table (grant_id uuid, day date, calls bigint) language plpgsql as $$
#variable_conflict use_column
declare
  kept integer;
begin
  insert into sharing.nonce select * from jsonb_populate_recordset(null::sharing.nonce, nonces);
  return query
    with asked as (
      select * from jsonb_to_recordset(sums) as s (grant_id uuid, day date, calls bigint, rows bigint, quota bigint)
    ), metered as (
      insert into sharing.meter as m (grant_id, day, calls, rows) select grant_id, day, calls, rows from asked
      on conflict (grant_id, day) do update set calls = m.calls + excluded.calls, rows = m.rows + excluded.rows
      returning grant_id, day, calls
    )
    select m.grant_id, m.day, m.calls from metered m join asked using (grant_id, day) where m.calls <= quota;
  get diagnostics kept = row_count;
  if kept <> jsonb_array_length(sums) then raise exception 'a quota is used up' using errcode = 'DT001'; end if;
  if not platform.append_events(entries, from_seq, from_hash, to_seq, to_hash) then
    raise exception 'the chain has gone on' using errcode = 'DT001';
  end if;
end $$;
