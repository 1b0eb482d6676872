// A seeded catalog of plausible entries, of any size: departments × places × subjects × kinds of record, with their items.
// The same seed and number give the same entries; the first n of a larger corpus are those of a smaller one.
import { pinyin } from 'pinyin-pro'

export interface CorpusEntry {
  id: string
  version: number
  name: string
  code: string
  abstract: string
  provider: string
  system: string
  items: { name: string; code: string }[]
  facets: Record<'provider' | 'sharingType' | 'openingType' | 'updateCycle' | 'classification' | 'level' | 'state' | 'hasData', string>
}

const words = (text: string) => text.trim().split(/\s+/)

const SUBJECTS_BY_DEPARTMENT: Record<string, string[]> = {
  公安局: words('户籍人口 居住证 机动车 驾驶人 出入境证件 旅馆业 保安服务 道路交通违法 危险化学品 犬只登记 重点场所 校车'),
  民政局: words('婚姻登记 最低生活保障 养老机构 社会组织 殡葬服务 特困人员 残疾人两项补贴 孤儿 地名 高龄津贴 慈善项目 流浪救助'),
  市场监督管理局: words('企业登记 个体工商户 食品经营 药品零售 特种设备 计量器具 产品质量 商标 广告 消费投诉 经营异常名录 行政处罚'),
  人力资源和社会保障局: words(
    '社会保险参保 失业登记 职业技能 劳动合同 人才引进 工伤认定 退休人员 劳务派遣 就业困难人员 劳动仲裁 职称评审 社保缴费',
  ),
  卫生健康委员会: words('医疗机构 执业医师 预防接种 出生医学证明 传染病 妇幼保健 献血 放射诊疗 公共场所卫生 家庭医生 电子病历 疫苗库存'),
  自然资源和规划局: words('不动产登记 建设用地 规划许可 土地出让 矿业权 地质灾害 海域使用 测绘成果 国土空间 宅基地 林权 地理坐标'),
  住房和建设局: words('施工许可 商品房预售 物业服务 公租房 建筑业企业 房屋安全 住房租赁 燃气经营 工程质量 装配式建筑 房产中介 维修资金'),
  住房公积金中心: words('公积金缴存 公积金贷款 公积金提取 缴存单位'),
  交通运输局: words('道路运输 公交线路 出租汽车 港口经营 桥梁隧道 轨道交通 停车场 公路养护 客运站点 网约车 货运车辆 船舶'),
  生态环境局: words('排污许可 空气质量 水环境监测 危险废物 环境影响评价 噪声监测 重点排污单位 入海排口 辐射安全 自动监控'),
  教育局: words('中小学学籍 教师资格 民办学校 校外培训 幼儿园 学生资助 考试成绩 校园安全 毕业生 学区划分'),
  水利局: words('取水许可 水库 河长制 防洪 水土保持 供水管网 节水 水文监测 堤防'),
  农业农村局: words('农药经营 种子生产 畜禽养殖 农产品质量 渔业捕捞 土地承包 农机 动物检疫 高标准农田'),
  文化和旅游局: words('景区 旅行社 文物保护 图书馆 非物质文化遗产 导游 演出活动 网吧 星级饭店'),
  应急管理局: words('安全生产许可 应急预案 避难场所 自然灾害 救援队伍 烟花爆竹 隐患排查 物资储备'),
  税务局: words('纳税信用 发票 税务登记 欠税公告 减免税'),
  司法局: words('律师 公证 法律援助 人民调解 行政复议 司法鉴定'),
  商务局: words('外商投资 进出口 成品油 家政服务 会展 农贸市场 电子商务'),
  医疗保障局: words('医保参保 医保结算 定点医药机构 药品目录 生育保险 长期护理 医疗救助'),
  残疾人联合会: words('残疾人证 辅助器具 康复救助 无障碍改造'),
  气象局: words('气象观测 天气预警 雷电防护 台风路径'),
  统计局: words('人口普查 经济普查 规模以上工业 居民收入 价格指数'),
}
const PLACES =
  words(`厦门市 思明区 湖里区 集美区 海沧区 同安区 翔安区 鼓浪屿 中山路 厦港 筼筜 滨海 莲前 嘉莲 开元 鹭江 梧村 殿前 禾山 江头 金山 杏林 侨英 杏滨
  灌口 后溪 新阳 嵩屿 东孚 祥平 洪塘 大同 西柯 新民 莲花 五显 汀溪 马巷 新店 大嶝 内厝 新圩 香山 凤翔 金海 民安`)
const KINDS =
  words(`信息 登记信息 备案信息 许可信息 处罚信息 监督检查信息 名录 统计信息 监测数据 证照信息 变更信息 注销信息 年度报告 投诉举报信息 信用评价信息
  补贴发放信息 基本信息 从业人员信息 设施信息 地理坐标数据 历史存量数据 预警信息 审批过程信息 公示信息 抽查结果 缴费记录 服务网点 台账 电子证照 分析报告`)
const QUALIFIERS = words('重点 新增 专项 年度 月度 在册 试点 涉企 涉农 跨部门 实时 历史 规范化 数字化')
const PERSONAL_ITEMS =
  words(`姓名 性别 出生日期 民族 公民身份号码 联系电话 户籍地址 居住地址 文化程度 婚姻状况 政治面貌 工作单位 职务 统一社会信用代码 法定代表人 单位名称
  注册地址 注册资本 成立日期 经营范围 经营状态 登记机关 行业代码 经度 纬度 行政区划代码 数据来源 更新时间 创建时间 数据状态 备注 主键标识`)
const ITEM_NOUNS = words(
  '证书 许可证 申请 审批 检查 处罚 项目 合同 设备 车辆 人员 机构 企业 场所 样品 报告 账户 补贴 费用 任务 事件 线路 站点 房屋 地块 工程 药品 产品 课程 案件 保险 档案 附件 标准 批次',
)
const ITEM_ATTRIBUTES =
  words(`编号 名称 类型 状态 日期 结果 金额 数量 单位 地址 负责人 联系方式 有效期起 有效期止 机关名称 机关代码 等级 类别代码 说明 依据 次数 比例 面积 时长 起始时间
  结束时间 经办人 审核意见 来源 序号 版本 电话 邮政编码 标识码`)
const LOCALITIES = words('社区 村 工业园 街道 片区 港区 新城 产业园')
const SYSTEM_KINDS = words('业务管理系统 综合监管平台 审批系统 信息系统 数据中心 服务平台 指挥平台 公共服务平台')
const PURPOSES = words(
  '支撑跨部门业务协同 服务行政审批与事中事后监管 用于城市运行监测分析 供一网通办调用核验 支持惠民惠企政策兑现 用于统计分析与辅助决策 服务基层治理减负',
)
// The long tail of a real vocabulary (village, product and code names): pairs of the 3,755 common characters of GB 2312.
const COMMON_CHARACTERS = listCommonCharacters()
const RARE_WORDS = 20_000
const CODES = {
  sharingType: words('无条件共享 有条件共享 有条件共享 有条件共享 不予共享'),
  openingType: words('不予开放 不予开放 有条件开放 无条件开放'),
  updateCycle: words('实时 每日 每日 每周 每月 每月 每月 每季度 每半年 每年 不定期'),
  state: words('published published published published published published published draft inReview withdrawn'),
  hasData: words('yes yes no'),
}

/** Entries 0 to `entries` − 1, each with `items` items on average (± half). */
export function buildCorpus(entries: number, { seed = 1, items = 20 } = {}): CorpusEntry[] {
  const itemPool = listItems()
  return Array.from({ length: entries }, (_, i) => buildEntry(i, createRandom(seed * 1_000_003 + i), { items, itemPool }))
}

function buildEntry(i: number, random: Random, { items, itemPool }: { items: number; itemPool: CorpusEntry['items'] }): CorpusEntry {
  const departments = Object.entries(SUBJECTS_BY_DEPARTMENT)
  const [department, subjects] = random.pick(departments)
  const subject = random.pick(subjects)
  const kind = random.pick(KINDS)
  const rare = pickRareWord(random)
  const place = random.pick(PLACES) + (random.chance(0.3) ? `${rare}${random.pick(LOCALITIES)}` : '')
  const provider = `${random.pick(PLACES.slice(0, 7))}${department}`
  const name = `${place}${random.chance(0.4) ? random.pick(QUALIFIERS) : ''}${subject}${kind}`
  const own = ['编号', '名称', '日期'].map((attribute) => toItem(subject + attribute))
  const others = Array.from({ length: Math.round(items * (0.5 + random.next())) - own.length }, () => {
    if (random.chance(0.15)) return toItem(pickRareWord(random) + random.pick(ITEM_ATTRIBUTES))
    return random.chance(0.4) ? toItem(random.pick(PERSONAL_ITEMS)) : random.pick(itemPool)
  })
  const listed = [...own, ...others]
  const facets = { provider, classification: department, level: 'L1', ...pickCodes(random) }
  const contents = Array.from({ length: 5 }, () => random.pick(listed).name).join('、')
  return {
    id: `entry-${pad(i, 7)}`,
    version: 1,
    name,
    // Classification code and serial number, as the compilation guide of 2017 forms it.
    code: `3${pad(
      departments.findIndex(([name]) => name === department),
      2,
    )}${pad(PLACES.indexOf(provider.slice(0, 3)), 2)}${pad(subjects.indexOf(subject), 3)}/${pad(i, 6)}`,
    abstract: `${provider}在${subject}管理过程中形成的${place}${kind}，涉及${pickRareWord(random)}，主要包括${contents}等内容，${random.pick(PURPOSES)}，${facets.updateCycle}更新。`,
    provider,
    system: `${provider.slice(0, 3)}${random.chance(0.3) ? rare : ''}${subject}${random.pick(SYSTEM_KINDS)}`,
    items: listed,
    facets,
  }
}

function pad(number: number, length: number): string {
  return number.toString().padStart(length, '0')
}

/** The n-th word of the tail is about n times rarer than the first. */
function pickRareWord(random: Random): string {
  const rank = Math.floor(RARE_WORDS ** random.next())
  const word = createRandom(rank)
  return word.pick(COMMON_CHARACTERS) + word.pick(COMMON_CHARACTERS)
}

function listCommonCharacters(): string[] {
  const bytes: number[] = []
  for (let row = 0xb0; row <= 0xd7; row++) for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++) bytes.push(row, cell)
  return [...new TextDecoder('gb18030').decode(Uint8Array.from(bytes))]
}

function pickCodes(random: Random): Record<keyof typeof CODES, string> {
  return Object.fromEntries(Object.entries(CODES).map(([facet, values]) => [facet, random.pick(values)])) as Record<
    keyof typeof CODES,
    string
  >
}

function listItems(): CorpusEntry['items'] {
  return ITEM_NOUNS.flatMap((noun) => ITEM_ATTRIBUTES.map((attribute) => toItem(noun + attribute)))
}

const itemsByName = new Map<string, CorpusEntry['items'][number]>()
function toItem(name: string): CorpusEntry['items'][number] {
  const known = itemsByName.get(name)
  if (known !== undefined) return known
  const code = pinyin(name, { pattern: 'first', toneType: 'none', type: 'array' }).join('').toUpperCase()
  const item = { name, code }
  itemsByName.set(name, item)
  return item
}

interface Random {
  next(): number
  pick<T>(list: readonly T[]): T
  chance(probability: number): boolean
}

/** mulberry32: small, seeded, good enough to vary test data; never for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    chance: (probability) => next() < probability,
  }
}
