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
  'store.migration': {
    name: string
    checksum: string
    applied_at: Generated<ColumnType<Date, Date | string, Date | string>>
  }
}
