// Made by `npm run schema` from the migrations; not edited by hand.
import type { ColumnType, Generated as Made } from 'kysely'

// A column with a default: optional on insert, and a ColumnType inside keeps its own insert type.
type Generated<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : Made<T>

export interface Tables {
  'platform.chain_head': {
    node: string
    seq: number
    hash: string
  }
  'platform.event': {
    seq: number
    at: ColumnType<Date, Date | string, Date | string>
    actor_kind: string
    actor_id: string
    actor_name: string
    org_id: string | null
    org_name: string | null
    action: string
    object_type: string | null
    object_id: string | null
    object_name: string | null
    purpose: string | null
    decision_id: string | null
    result: string
    is_data: boolean
    address: string | null
    request_id: string
    detail: string
    hash: string
  }
  'platform.setting': {
    key: string
    value: ColumnType<unknown, string, string>
  }
  'security.login_failure': {
    address: string
    failures: number
    locked_until: ColumnType<Date | null, Date | string | null, Date | string | null>
    updated_at: ColumnType<Date, Date | string, Date | string>
  }
  'security.membership': {
    person_id: string
    org_id: string
    roles: string[]
  }
  'security.org': {
    id: string
    name: string
    short_name: string
    kind: string
    uscc: string | null
    region_code: string
    parent_id: string | null
    active: Generated<boolean>
  }
  'security.person': {
    id: string
    login_key: string
    login_name: string
    display_name: string
    password_hash: string
    password_changed_at: ColumnType<Date, Date | string, Date | string>
    must_change_password: Generated<boolean>
    password_history: Generated<string[]>
    failed_logins: Generated<number>
    locked_until: ColumnType<Date | null, Date | string | null, Date | string | null>
    active: Generated<boolean>
  }
  'security.session': {
    token_hash: string
    person_id: string
    org_id: string
    csrf_token: string
    created_at: ColumnType<Date, Date | string, Date | string>
    last_seen_at: ColumnType<Date, Date | string, Date | string>
    expires_at: ColumnType<Date, Date | string, Date | string>
    address: string | null
  }
  'sharing.access_key': {
    id: string
    access_key: string
    sealed_secret: string
    name: string
    org_id: string
    state: string
    allowed_addresses: Generated<string[]>
    created_at: ColumnType<Date, Date | string, Date | string>
    expires_on: string
    last_used_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  }
  'sharing.data_grant': {
    id: string
    number: string
    state: string
    state_reason: Generated<string>
    request_id: string
    consumer_org_id: string
    provider_org_id: string
    entry_id: string
    entry_name: string
    entry_code: string
    purpose: string
    items: ColumnType<unknown, string, string>
    conditions: ColumnType<unknown, string, string>
    valid_from: string
    valid_to: string
    calls_per_day: number
    max_rows_per_call: number
    calls_total: Generated<number>
    rows_total: Generated<number>
    created_at: ColumnType<Date, Date | string, Date | string>
  }
  'sharing.meter': {
    grant_id: string
    day: string
    calls: Generated<number>
    rows: Generated<number>
    refused: Generated<number>
  }
  'sharing.nonce': {
    access_key: string
    nonce: string
    seen_at: ColumnType<Date, Date | string, Date | string>
  }
  'sharing.request': {
    id: string
    number: string
    state: string
    consumer_org_id: string
    provider_org_id: string
    entry_id: string
    entry_name: string
    entry_code: string
    sharing_type: string
    content: ColumnType<unknown, string, string>
    decision: ColumnType<unknown | null, string | null, string | null>
    opinions: Generated<ColumnType<unknown, string, string>>
    author_id: string
    author_name: string
    grant_id: string | null
    edit: Generated<number>
    created_at: ColumnType<Date, Date | string, Date | string>
    submitted_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    decided_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  }
  'store.migration': {
    name: string
    checksum: string
    applied_at: Generated<ColumnType<Date, Date | string, Date | string>>
  }
}
