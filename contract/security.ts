import { z } from 'zod'
import { defineRoutes } from './route.ts'
import { type Scope, scopeNames } from './scopes.ts'
import { Id, Instant, LocalDate, OrgRef, PageQuery, page, ShortText, Uscc } from './values.ts'

/** Kinds of organisation. Order 809 binds government departments; local rules add public-service organisations. */
export const orgKinds = {
  department: '政府部门',
  district: '区级机构',
  public_service: '公共服务组织',
  bureau: '数据主管部门',
  operating_center: '运营中心',
  developer: '开发主体',
} as const
export const OrgKind = z.enum(Object.keys(orgKinds) as [keyof typeof orgKinds])
export type OrgKind = z.infer<typeof OrgKind>

/** Roles are bundles of scopes. The three administrators 三员 are separated: no person holds two (GB/T 22239 8.1.5, DJ-08). */
export const roles = {
  steward: {
    zh: '数据专员',
    en: 'Data steward',
    exclusive: false,
    scopes: ['catalog:read', 'catalog:write', 'ingestion:read', 'ingestion:write', 'sharing:read', 'sharing:apply', 'assessment:read'],
  },
  data_officer: {
    zh: '首席数据官',
    en: 'Chief data officer',
    exclusive: false,
    scopes: [
      'catalog:read',
      'catalog:review',
      'ingestion:read',
      'ingestion:destroy',
      'sharing:read',
      'sharing:review',
      'sharing:decide',
      'assessment:read',
    ],
  },
  bureau_officer: {
    zh: '数据主管部门专员',
    en: 'Data bureau officer',
    exclusive: false,
    scopes: ['catalog:read', 'catalog:publish', 'ingestion:read', 'sharing:read', 'sharing:supervise', 'assessment:read'],
  },
  operator: {
    zh: '平台运营员',
    en: 'Platform operator',
    exclusive: false,
    scopes: ['catalog:read', 'ingestion:read', 'sharing:read', 'assessment:read'],
  },
  system_admin: {
    zh: '系统管理员',
    en: 'System administrator',
    exclusive: true,
    scopes: ['security:organisations', 'duty:calendar'],
  },
  security_admin: {
    zh: '安全管理员',
    en: 'Security administrator',
    exclusive: true,
    scopes: ['security:authorise'],
  },
  audit_admin: {
    zh: '审计管理员',
    en: 'Audit administrator',
    exclusive: true,
    scopes: ['audit:read'],
  },
} as const satisfies Record<string, { zh: string; en: string; exclusive: boolean; scopes: readonly Scope[] }>
export type Role = keyof typeof roles
export const Role = z.enum(Object.keys(roles) as [Role])
/** Where a role may be held; a role that is not named, anywhere. */
export const roleOrgKinds: Partial<Record<Role, readonly OrgKind[]>> = {
  bureau_officer: ['bureau'],
  operator: ['operating_center', 'bureau'],
}

export const Org = z
  .object({
    id: Id,
    name: z.string(),
    shortName: z.string(),
    kind: OrgKind,
    uscc: z.string().nullable(),
    regionCode: z.string(),
    parentId: Id.nullable(),
    active: z.boolean(),
  })
  .meta({ id: 'Org' })
export type Org = z.infer<typeof Org>
export const OrgInput = z.strictObject({
  name: ShortText,
  shortName: ShortText.max(20),
  kind: OrgKind,
  uscc: Uscc.nullable(),
  regionCode: z.string().regex(/^\d{6}$/),
  parentId: Id.nullable(),
})
export type OrgInput = z.infer<typeof OrgInput>
/** What is left out stays as it is. */
export const OrgChange = OrgInput.partial().extend({ active: z.boolean().optional() }).strict()
export type OrgChange = z.infer<typeof OrgChange>

const Password = z.string().min(12).max(128)
/** NFKC-folded, lower case: full-width or case variants are the same login (DJ-01). */
const LoginName = z
  .string()
  .trim()
  .min(3)
  .max(40)
  .regex(/^[\p{L}\p{N}._-]+$/u)

const Membership = z.object({ org: OrgRef, roles: z.array(Role) }).meta({ id: 'Membership' })
export const Person = z
  .object({
    id: Id,
    loginName: z.string(),
    displayName: z.string(),
    active: z.boolean(),
    lockedUntil: Instant.nullable(),
    mustChangePassword: z.boolean(),
    memberships: z.array(Membership),
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof Person>

/** The one organisation that the person acts for now is always part of the session and always shown. */
export const Session = z
  .object({
    person: z.object({ id: Id, loginName: z.string(), displayName: z.string() }),
    org: z.object({ id: Id, name: z.string(), kind: OrgKind }),
    roles: z.array(Role),
    scopes: z.array(z.enum(scopeNames)),
    memberships: z.array(Membership),
    mustChangePassword: z.boolean(),
    /** Sent back as header `x-csrf-token` with every change. */
    csrfToken: z.string(),
    expiresAt: Instant,
    profile: z.object({ id: z.string(), city: z.string() }),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

/** One audit entry: who, for which organisation, for what purpose, did what to what, under which decision, with what result. */
export const AuditEntry = z
  .object({
    seq: z.int(),
    at: Instant,
    actor: z.object({ kind: z.enum(['person', 'key', 'system']), id: z.string(), name: z.string() }),
    org: OrgRef.nullable(),
    action: z.string(),
    object: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }).nullable(),
    purpose: z.string().nullable(),
    /** Id of the decision (grant) under which data was seen. */
    decisionId: z.string().nullable(),
    result: z.enum(['ok', 'denied', 'failed']),
    address: z.string().nullable(),
    requestId: z.string(),
    detail: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

const AuditQuery = PageQuery.extend({
  from: LocalDate.optional(),
  to: LocalDate.optional(),
  actorId: z.string().max(80).optional(),
  orgId: Id.optional(),
  action: z.string().max(80).optional(),
  objectType: z.string().max(40).optional(),
  objectId: z.string().max(80).optional(),
  decisionId: z.string().max(80).optional(),
  result: z.enum(['ok', 'denied', 'failed']).optional(),
  /** Only entries that show somebody data from the lake. */
  dataOnly: z.stringbool().optional(),
})

const sessions = '/api/v1/security/sessions'
const people = '/api/v1/security/people'

export const securityRoutes = defineRoutes({
  create_session: {
    method: 'POST',
    path: sessions,
    needs: 'public',
    summary: '登录',
    body: z.strictObject({ loginName: z.string().max(80), password: z.string().max(256), orgId: Id.optional() }),
    output: Session,
  },
  get_session: { method: 'GET', path: `${sessions}/current`, needs: 'session', summary: '当前登录', output: Session },
  remove_session: { method: 'DELETE', path: `${sessions}/current`, needs: 'session', summary: '退出登录', output: 'none' },
  switch_organisation: {
    method: 'POST',
    path: `${sessions}/current/organisation`,
    needs: 'session',
    summary: '切换代表机构',
    body: z.strictObject({ orgId: Id }),
    output: Session,
  },
  change_password: {
    method: 'POST',
    path: `${sessions}/current/password`,
    needs: 'session',
    summary: '修改口令',
    body: z.strictObject({ oldPassword: z.string().max(256), newPassword: Password }),
    output: Session,
  },

  list_organisations: {
    method: 'GET',
    path: '/api/v1/security/organisations',
    needs: 'session',
    summary: '机构列表',
    query: PageQuery.extend({ kind: OrgKind.optional(), q: z.string().max(100).optional() }),
    output: page(Org),
  },
  create_organisation: {
    method: 'POST',
    path: '/api/v1/security/organisations',
    needs: 'security:organisations',
    summary: '新增机构',
    body: OrgInput,
    output: Org,
  },
  update_organisation: {
    method: 'PATCH',
    path: '/api/v1/security/organisations/:orgId',
    needs: 'security:organisations',
    summary: '修改或停用机构',
    params: z.strictObject({ orgId: Id }),
    body: OrgChange,
    output: Org,
  },

  list_people: {
    method: 'GET',
    path: people,
    needs: 'security:organisations',
    summary: '人员列表',
    query: PageQuery.extend({ orgId: Id.optional(), q: z.string().max(100).optional() }),
    output: page(Person),
  },
  list_people_for_authorisation: {
    method: 'GET',
    path: '/api/v1/security/authorisations',
    needs: 'security:authorise',
    summary: '人员与角色',
    query: PageQuery.extend({ orgId: Id.optional(), q: z.string().max(100).optional() }),
    output: page(Person),
  },
  create_person: {
    method: 'POST',
    path: people,
    needs: 'security:organisations',
    summary: '新增人员（一次性口令只显示一次）',
    body: z.strictObject({ loginName: LoginName, displayName: ShortText.max(50), orgId: Id }),
    output: z.object({ person: Person, oneTimePassword: z.string() }),
  },
  update_person: {
    method: 'PATCH',
    path: `${people}/:personId`,
    needs: 'security:organisations',
    summary: '修改或停用人员',
    params: z.strictObject({ personId: Id }),
    body: z.strictObject({ displayName: ShortText.max(50).optional(), active: z.boolean().optional() }),
    output: Person,
  },
  reset_password: {
    method: 'POST',
    path: `${people}/:personId/reset-password`,
    needs: 'security:authorise',
    summary: '重置口令',
    params: z.strictObject({ personId: Id }),
    output: z.object({ oneTimePassword: z.string() }),
  },
  unlock_person: {
    method: 'POST',
    path: `${people}/:personId/unlock`,
    needs: 'security:authorise',
    summary: '解锁人员',
    params: z.strictObject({ personId: Id }),
    output: Person,
  },
  assign_roles: {
    method: 'PUT',
    path: `${people}/:personId/roles`,
    needs: 'security:authorise',
    summary: '分配角色（三员互斥）',
    params: z.strictObject({ personId: Id }),
    body: z.strictObject({ orgId: Id, roles: z.array(Role).max(10) }),
    output: Person,
  },

  list_audit: {
    method: 'GET',
    path: '/api/v1/security/audit',
    needs: 'audit:read',
    summary: '审计查询：谁在何时依据什么看了什么',
    query: AuditQuery,
    output: page(AuditEntry),
  },
  export_audit: {
    method: 'GET',
    path: '/api/v1/security/audit/export',
    needs: 'audit:read',
    summary: '导出审计记录',
    effect: 'data',
    query: AuditQuery.omit({ cursor: true, limit: true }),
    output: 'file',
  },
  verify_audit: {
    method: 'POST',
    path: '/api/v1/security/audit/verify',
    needs: 'audit:read',
    summary: '校验审计链',
    output: z.object({ entries: z.int(), intact: z.boolean(), firstBadSeq: z.int().nullable(), head: z.string(), checkedAt: Instant }),
  },
})
