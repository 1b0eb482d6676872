// Made by `npm run schema` from the migrations; not edited by hand.
import type { ColumnType, Generated as Made } from 'kysely'

// A column with a default: optional on insert, and a ColumnType inside keeps its own insert type.
type Generated<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : Made<T>

export interface Tables {
  'catalog.entry': {
    id: string
    code: string | null
    provider_org_id: string
    state: string
    name: string
    abstract: string
    system_id: string | null
    category: string
    sharing_type: string
    open_type: string
    update_cycle: string
    level: string
    item_count: number
    version: Generated<number>
    published_on: string | null
    published_revision_id: string | null
    open_revision_id: string | null
    reached_bureau: Generated<boolean>
    withdrawal_reason: string | null
    announced_on: string | null
    effective_on: string | null
    rows: number | null
    loaded_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    past_cycle_on: string | null
    user_count: Generated<number>
    row_version: Generated<number>
  }
  'catalog.opinion': {
    revision_id: string
    edit: number
    at: ColumnType<Date, Date | string, Date | string>
    person_name: string
    org_name: string
    event: string
    opinion: string
  }
  'catalog.resource': {
    id: string
    entry_id: string
    kind: string
    name: string
    lake_table: string
    rows: number
    loaded_at: ColumnType<Date, Date | string, Date | string>
    past_cycle_on: string | null
  }
  'catalog.revision': {
    id: string
    entry_id: string
    number: number
    state: string
    content: ColumnType<unknown, string, string>
    change_reason: string
    author_name: string
    contributor_ids: string[]
    department_reviewer_id: string | null
    reached_bureau: Generated<boolean>
    edit: Generated<number>
    created_at: ColumnType<Date, Date | string, Date | string>
    updated_at: ColumnType<Date, Date | string, Date | string>
  }
  'catalog.serial': {
    class: string
    last: number
  }
  'catalog.system': {
    id: string
    code: string
    org_id: string
    name: string
    short_name: string
    description: string
    state: string
    network: string
    protection_level: number | null
    duty: string
    go_live_on: string | null
    builder: string
    no_data_reason: string
    version: Generated<number>
  }
  'duty.calendar_day': {
    day: string
    year: number
    kind: string
  }
  'duty.calendar_year': {
    year: number
    source: string
    imported_at: ColumnType<Date, Date | string, Date | string>
  }
  'duty.clock': {
    id: string
    rule: string
    object_type: string
    object_id: string
    object_name: string
    owner_org_id: string
    citation: string
    history: ColumnType<unknown, string, string>
    started_on: string
    due_on: string
    soon_on: string
    stopped_on: string | null
    provisional: boolean
    state: string
    extended_days: number
    due_soon_told: Generated<boolean>
    overdue_told: Generated<boolean>
    edit: Generated<number>
  }
  'ingestion.agent': {
    id: string
    org_id: string
    name: string
    state: string
    code_hash: string | null
    code_expires_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    public_key: string | null
    host: string | null
    version: string | null
    last_seen_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    created_at: ColumnType<Date, Date | string, Date | string>
    program_sha256: string | null
  }
  'ingestion.agent_connection': {
    agent_id: string
    name: string
    kind: string
    ok: boolean
    detail: string
    structure: Generated<ColumnType<unknown, string, string>>
    reported_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.agent_nonce': {
    agent_id: string
    nonce: string
    seen_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.agent_upgrade': {
    id: string
    agent_id: string
    version: string
    sha256: string
    bytes: number
    state: string
    error: ColumnType<unknown | null, string | null, string | null>
    ordered_at: ColumnType<Date, Date | string, Date | string>
    changed_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.cold_table': {
    lake_table: string
    codec: string
    bytes_before: number
    bytes_after: number
    cooled_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.delivery': {
    id: string
    agent_id: string
    load_id: string
    state: string
    content: ColumnType<unknown, string, string>
    manifest: ColumnType<unknown | null, string | null, string | null>
    evidence: ColumnType<unknown | null, string | null, string | null>
    error: ColumnType<unknown | null, string | null, string | null>
    ordered_at: ColumnType<Date, Date | string, Date | string>
    finished_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  }
  'ingestion.delivery_slice': {
    delivery_id: string
    number: number
    bytes: number
    sha256: string
    received_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.destruction': {
    id: string
    number: Generated<number>
    entry_id: string
    org_id: string
    kind: string
    state: string
    reason: string
    citation: string
    cutoff: string | null
    proposed_by_id: string
    proposed_by: string
    proposed_at: ColumnType<Date, Date | string, Date | string>
    decided_by: string | null
    decided_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    opinion: string | null
    evidence: ColumnType<unknown | null, string | null, string | null>
    destroyed_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  }
  'ingestion.drift': {
    id: string
    plan_id: string
    entry_id: string
    org_id: string
    entry_version: number
    load_id: string | null
    policy: string
    state: string
    found_at: ColumnType<Date, Date | string, Date | string>
    before: ColumnType<unknown, string, string>
    after: ColumnType<unknown, string, string>
    changes: ColumnType<unknown, string, string>
    revision_id: string | null
    decided_by: string | null
    decided_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    reason: Generated<string>
  }
  'ingestion.history': {
    entry_id: string
    plan_id: string
    lake_table: string
    previous_table: string | null
    since: ColumnType<Date, Date | string, Date | string>
    as_of: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.load': {
    id: string
    plan_id: string
    entry_id: string
    org_id: string
    kind: string
    state: string
    attempt: Generated<number>
    touched_at: ColumnType<Date, Date | string, Date | string>
    progress: number | null
    read_rows: number | null
    sent_rows: number | null
    written_rows: number | null
    quarantined_rows: number | null
    agrees: boolean | null
    reasons: Generated<ColumnType<unknown, string, string>>
    differing: Generated<ColumnType<unknown, string, string>>
    error_code: string | null
    error_detail: string | null
    lake_table: string | null
    quarantine_table: string | null
    started_by: string
    queued_at: ColumnType<Date, Date | string, Date | string>
    started_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    finished_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    superseded_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    inserted_rows: number | null
    changed_rows: number | null
    deleted_rows: number | null
    unchanged_rows: number | null
    source_rows: number | null
    watermark: string | null
    afresh: Generated<boolean>
    estimated_end: ColumnType<Date | null, Date | string | null, Date | string | null>
    waits_for: string | null
    waits_params: ColumnType<unknown | null, string | null, string | null>
    waits_until: ColumnType<Date | null, Date | string | null, Date | string | null>
    error_params: ColumnType<unknown | null, string | null, string | null>
  }
  'ingestion.loaded_file': {
    plan_id: string
    path: string
    size_bytes: number
    modified_at: ColumnType<Date, Date | string, Date | string>
    sha256: string | null
    state: string
    detail: string | null
    load_id: string
    read_rows: number | null
    written_rows: number | null
    quarantined_rows: number | null
    origin: string | null
  }
  'ingestion.logical': {
    entry_id: string
    org_id: string
    source_id: string
    object: string
    mapping: ColumnType<unknown, string, string>
    cache_seconds: number
    answer_when_away: boolean
    lake_table: string
    bound_by: string
    bound_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.plan': {
    id: string
    org_id: string
    entry_id: string
    source_id: string
    object: string
    dialect: ColumnType<unknown | null, string | null, string | null>
    mapping: ColumnType<unknown, string, string>
    verify: string
    quarantine_limit: number
    open_quarantine: Generated<number>
    quarantine_load_id: string | null
    version: Generated<number>
    created_at: ColumnType<Date, Date | string, Date | string>
    mode: Generated<ColumnType<unknown, string, string>>
    deletion_limit: Generated<number>
    ground: ColumnType<unknown | null, string | null, string | null>
    drift_policy: Generated<string>
    structure: ColumnType<unknown | null, string | null, string | null>
    quarantine_row_limit: number | null
    quarantine_since: ColumnType<Date | null, Date | string | null, Date | string | null>
  }
  'ingestion.quarantine_act': {
    load_id: string
    row_number: number
    state: string
    corrected: ColumnType<unknown | null, string | null, string | null>
    reason: string | null
    acted_by: string
    acted_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.retention': {
    entry_id: string
    date_item: string | null
    months: number
    basis: string
    version: number
    set_by: string
    set_at: ColumnType<Date, Date | string, Date | string>
  }
  'ingestion.run_event': {
    id: string
    run_id: string
    event_type: string
    event_time: ColumnType<Date, Date | string, Date | string>
    plan_id: string
    entry_id: string
    org_id: string
    body: ColumnType<unknown, string, string>
  }
  'ingestion.schedule': {
    plan_id: string
    org_id: string
    rule: ColumnType<unknown, string, string>
    turned_until: ColumnType<Date, Date | string, Date | string>
    paused_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    responsible: string
    version: Generated<number>
  }
  'ingestion.slice': {
    load_id: string
    number: number
    fingerprint: string
    bounds: ColumnType<unknown, string, string>
    state: string
    expected_rows: number
    read_rows: number | null
    written_rows: number | null
    quarantined_rows: number | null
    checksum: string | null
    lake_table: string | null
    quarantine_table: string | null
    finished_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    taken_from: string | null
  }
  'ingestion.source': {
    id: string
    org_id: string
    name: string
    settings: ColumnType<unknown, string, string>
    secret: string | null
    system_id: string | null
    last_check: ColumnType<unknown | null, string | null, string | null>
    version: Generated<number>
    created_at: ColumnType<Date, Date | string, Date | string>
    care: Generated<ColumnType<unknown, string, string>>
    stopped_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    stopped_by: string | null
    stop_reason: string | null
  }
  'ingestion.source_statement': {
    id: string
    source_id: string
    load_id: string | null
    statement: string
    started_at: ColumnType<Date, Date | string, Date | string>
    milliseconds: number
    rows: number | null
    error: string | null
    run_by: string
  }
  'ingestion.stream': {
    id: string
    plan_id: string
    entry_id: string
    org_id: string
    state: string
    attempt: Generated<number>
    touched_at: ColumnType<Date, Date | string, Date | string>
    copy: Generated<number>
    copied_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    live_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    hold: string | null
    origin: ColumnType<unknown | null, string | null, string | null>
    position: Generated<number>
    applied: Generated<number>
    position_text: string | null
    lag_seconds: Generated<number>
    lag_rows: Generated<number>
    retained_bytes: number | null
    source_limit: string | null
    rate: Generated<number>
    changes: Generated<number>
    rows: number | null
    quarantined: Generated<number>
    reasons: Generated<ColumnType<unknown, string, string>>
    error_code: string | null
    error_detail: string | null
    started_by: string
    started_at: ColumnType<Date, Date | string, Date | string>
    changed_at: ColumnType<Date, Date | string, Date | string>
    proof_asked_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    proof: ColumnType<unknown | null, string | null, string | null>
    error_params: ColumnType<unknown | null, string | null, string | null>
  }
  'ingestion.survey': {
    id: string
    source_id: string
    org_id: string
    state: string
    total: Generated<number>
    done: Generated<number>
    started_by: string
    queued_at: ColumnType<Date, Date | string, Date | string>
    finished_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    error_code: string | null
  }
  'ingestion.survey_table': {
    survey_id: string
    object: string
    kind: string
    comment: string
    news: string
    state: string
    estimated_rows: number | null
    sampled_rows: number | null
    columns: Generated<ColumnType<unknown, string, string>>
    items: Generated<ColumnType<unknown, string, string>>
    entry_id: string | null
    revision_id: string | null
    mapping: Generated<ColumnType<unknown, string, string>>
    plan_id: string | null
    error_code: string | null
  }
  'ingestion.turn': {
    id: string
    plan_id: string
    org_id: string
    due_at: ColumnType<Date, Date | string, Date | string>
    night: string
    origin: string
    overtaken: Generated<number>
    rank: number
    begin_until: ColumnType<Date, Date | string, Date | string>
    late_at: ColumnType<Date, Date | string, Date | string>
    state: string
    wait_reason: string | null
    not_before: ColumnType<Date | null, Date | string | null, Date | string | null>
    tries: Generated<number>
    load_id: string | null
    error_code: string | null
    error_detail: string | null
    started_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    error_params: ColumnType<unknown | null, string | null, string | null>
  }
  'ingestion.upload': {
    id: string
    source_id: string
    object: string
    size_bytes: number
    sha256: string
    uploaded_by: string
    uploaded_at: ColumnType<Date, Date | string, Date | string>
  }
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
  'security.login_attempt': {
    subject: string
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
    entry_version: number
    purpose: string
    items: ColumnType<unknown, string, string>
    conditions: ColumnType<unknown, string, string>
    valid_from: string
    valid_to: string
    calls_per_day: number
    max_rows_per_call: number
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
    contributor_ids: string[]
    reviewer_id: string | null
    grant_id: string | null
    edit: Generated<number>
    created_at: ColumnType<Date, Date | string, Date | string>
    submitted_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    received_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    decided_at: ColumnType<Date | null, Date | string | null, Date | string | null>
  }
  'sharing.serial': {
    class: string
    last: number
  }
  'store.migration': {
    name: string
    checksum: string
    applied_at: Generated<ColumnType<Date, Date | string, Date | string>>
  }
}
