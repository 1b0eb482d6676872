/**
 * Scopes are what a route needs; roles are named bundles of scopes (contract/security.ts). `area:action`.
 * A scope says what kind of act; whether this object of this organisation may be acted on is decided per object.
 */
export const scopes = {
  'catalog:read': '查阅目录',
  'catalog:write': '编制目录',
  'catalog:review': '部门审核目录',
  'catalog:publish': '主管部门审核发布目录',
  'ingestion:read': '查看汇聚任务',
  'ingestion:write': '配置和执行汇聚',
  'ingestion:destroy': '审批数据销毁',
  'sharing:read': '查看共享申请',
  'sharing:apply': '提出共享申请',
  'sharing:review': '审批本部门提出的申请',
  'sharing:decide': '答复对本部门数据的申请',
  'sharing:supervise': '统筹协调、暂停与终止授权',
  'assessment:read': '查看台账与统计',
  'duty:calendar': '维护工作日历',
  'security:organisations': '维护机构与人员',
  'security:authorise': '分配角色、锁定与解锁、安全策略',
  'audit:read': '查阅审计',
} as const

export type Scope = keyof typeof scopes
export const scopeNames = Object.keys(scopes) as [Scope, ...Scope[]]
