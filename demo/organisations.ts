import type { OrgKind, Role } from '#contract/security.ts'
import { orgCodeCheck, usccCheck } from '../server/kernel/check-digits.ts'
import type { z } from 'zod'

type Kind = z.infer<typeof OrgKind>

/**
 * The organisations of the demo city: names of public bodies, invented credit codes with valid check digits. `area` is the
 * subject of the catalog entries that `--city full` makes for them.
 */
export interface DemoOrg {
  name: string
  shortName: string
  kind: Kind
  regionCode: string
  area: string
  uscc: string
}

const bodies: [name: string, kind: Kind, area: string, regionCode?: string][] = [
  ['厦门市数据管理局', 'bureau', '数据管理'],
  ['厦门市信息中心', 'operating_center', '信息化'],
  ['厦门市民政局', 'department', '民政'],
  ['厦门市生态环境局', 'department', '生态环境'],
  ['厦门市气象局', 'department', '气象'],
  ['厦门市文化和旅游局', 'department', '文化旅游'],
  ['厦门市卫生健康委员会', 'department', '卫生健康'],
  ['厦门市交通运输局', 'department', '交通运输'],
  ['厦门市自然资源和规划局', 'department', '自然资源'],
  ['厦门市公安局', 'department', '公安'],
  ['厦门市市场监督管理局', 'department', '市场监管'],
  ['厦门市人力资源和社会保障局', 'department', '人社'],
  ['厦门市教育局', 'department', '教育'],
  ['厦门市医疗保障局', 'department', '医保'],
  ['厦门市住房和建设局', 'department', '住建'],
  ['厦门市海洋发展局', 'department', '海洋'],
  ['厦门市农业农村局', 'department', '农业'],
  ['厦门市商务局', 'department', '商务'],
  ['厦门市应急管理局', 'department', '应急'],
  ['厦门市统计局', 'department', '统计'],
  ['厦门市财政局', 'department', '财政'],
  ['厦门市司法局', 'department', '司法'],
  ['厦门市发展和改革委员会', 'department', '发展改革'],
  ['厦门市科学技术局', 'department', '科技'],
  ['厦门市工业和信息化局', 'department', '工信'],
  ['厦门市水利局', 'department', '水利'],
  ['厦门市退役军人事务局', 'department', '退役军人'],
  ['厦门市市政园林局', 'department', '市政'],
  ['厦门市体育局', 'department', '体育'],
  ['厦门市行政审批管理局', 'department', '行政审批'],
  ['厦门市思明区', 'district', '区级政务', '350203'],
  ['厦门市海沧区', 'district', '区级政务', '350205'],
  ['厦门市湖里区', 'district', '区级政务', '350206'],
  ['厦门市集美区', 'district', '区级政务', '350211'],
  ['厦门市同安区', 'district', '区级政务', '350212'],
  ['厦门市翔安区', 'district', '区级政务', '350213'],
  ['厦门市公共供水服务单位', 'public_service', '供水'],
  ['厦门市公共供电服务单位', 'public_service', '供电'],
  ['厦门市公共交通服务单位', 'public_service', '公交'],
]

/** A valid code of nobody: organisation codes that begin with `YA` are not issued. */
function inventedUscc(index: number): string {
  const body = `YA${String(index).padStart(6, '0')}`
  const code = `11350200${body}${orgCodeCheck(body)}`
  return code + usccCheck(code)
}

export const demoOrgs: DemoOrg[] = bodies.map(([name, kind, area, regionCode = '350200'], index) => ({
  name,
  kind,
  area,
  regionCode,
  shortName: name.replace(/^厦门市/, '').slice(0, 20),
  uscc: inventedUscc(index + 1),
}))

export interface DemoPerson {
  loginName: string
  displayName: string
  org: string
  roles: Role[]
}

const staff = (login: string, org: string, short: string): DemoPerson[] => [
  { loginName: `${login}.zhuanyuan`, displayName: `${short}数据专员`, org, roles: ['steward'] },
  { loginName: `${login}.cdo`, displayName: `${short}首席数据官`, org, roles: ['data_officer'] },
]

/** Accounts by post, not by person: the demo city names nobody. */
export const demoPeople: DemoPerson[] = [
  { loginName: 'xitong', displayName: '系统管理员', org: '厦门市信息中心', roles: ['system_admin'] },
  { loginName: 'anquan', displayName: '安全管理员', org: '厦门市信息中心', roles: ['security_admin'] },
  { loginName: 'shenji', displayName: '审计管理员', org: '厦门市信息中心', roles: ['audit_admin'] },
  { loginName: 'yunying', displayName: '平台运营员', org: '厦门市信息中心', roles: ['operator'] },
  { loginName: 'shuju', displayName: '数据管理局专员', org: '厦门市数据管理局', roles: ['bureau_officer'] },
  ...staff('minzheng', '厦门市民政局', '民政局'),
  ...staff('huanjing', '厦门市生态环境局', '生态环境局'),
  ...staff('qixiang', '厦门市气象局', '气象局'),
  ...staff('wenlv', '厦门市文化和旅游局', '文旅局'),
  ...staff('weijian', '厦门市卫生健康委员会', '卫健委'),
  ...staff('jiaotong', '厦门市交通运输局', '交通局'),
  ...staff('gongan', '厦门市公安局', '公安局'),
  ...staff('shichang', '厦门市市场监督管理局', '市场监管局'),
]
