import { EntryContent, type Item } from '#contract/catalog.ts'
import { FileDialect } from '#contract/ingestion.ts'

/**
 * What the demo city's departments catalog and load: real public datasets of `../shared/data` where that folder exists,
 * invented persons and enterprises always. Items are written `code|名称|type|length|flags`, with `*` for a key and `=column`
 * for the column of the file, when it is not the code; `~word` is a word of the source that means "no value".
 */
export interface DemoDataset {
  key: string
  org: string
  system: string
  content: EntryContent
  columns: { item: string; column: string; missing: string[] }[]
  dialect: FileDialect
  /** Path under shared/data, or the generator that makes it. */
  file: string | 'persons' | 'enterprises'
}

interface Sketch {
  key: string
  org: string
  system: string
  name: string
  abstract: string
  topic: string
  cycle: EntryContent['updateCycle']
  sharing?: Partial<EntryContent>
  items: string[]
  dialect: Partial<FileDialect> & { format: FileDialect['format'] }
  file: string
}

function toItem(line: string): { item: Item; column: string; missing: string[] } {
  const [head, ...marks] = line.split(' ')
  const [code, name, type, length = '', sensitive = 'none', level = 'L1'] = head!.split('|')
  const item = {
    code: code!.replace('*', ''),
    name: name!,
    dataType: type as Item['dataType'],
    length: length ? Number(length.split('.')[0]) : null,
    scale: length.includes('.') ? Number(length.split('.')[1]) : null,
    isKey: code!.endsWith('*'),
    isRequired: code!.endsWith('*'),
    level: level as Item['level'],
    sensitiveKind: sensitive as Item['sensitiveKind'],
    dictionary: '',
    unit: '',
    description: '',
  }
  return {
    item,
    column: marks.find((mark) => mark.startsWith('='))?.slice(1) ?? item.code,
    missing: marks.filter((mark) => mark.startsWith('~')).map((mark) => mark.slice(1)),
  }
}

function toDataset(sketch: Sketch): DemoDataset {
  const items = sketch.items.map(toItem)
  const content = EntryContent.parse({
    name: sketch.name,
    abstract: sketch.abstract,
    category: '3',
    subject: '01',
    topic: sketch.topic,
    formatCategory: '3',
    formatType: '数据库',
    items: items.map(({ item }) => item),
    updateCycle: sketch.cycle,
    region: '厦门市',
    secrecyReview: '经保密审查，不涉及国家秘密和工作秘密。',
    privacyReview: '经评估，不含个人信息。',
    openType: 'open',
    ...sketch.sharing,
  })
  return {
    key: sketch.key,
    org: sketch.org,
    system: sketch.system,
    content,
    columns: items.map(({ item, column, missing }) => ({ item: item.code, column, missing })),
    dialect: FileDialect.parse(sketch.dialect),
    file: sketch.file,
  }
}

const personal: Partial<EntryContent> = {
  sharingType: 'conditional',
  sharingCondition: '限于履行法定职责，经提供部门审批后按最小必要范围使用。',
  sharingScope: '本市各政府部门',
  sharingPurpose: '身份核验与政务服务',
  openType: 'not_open',
  level: 'L3',
  privacyReview: '已完成个人信息保护影响评估，按最小必要原则脱敏共享。',
}

const sketches: Sketch[] = [
  {
    key: 'streets',
    org: '厦门市民政局',
    system: '区划地名管理系统',
    name: '乡级行政区划代码',
    abstract: '全国乡级行政区划（街道、镇、乡）的代码、名称及所属县区。',
    topic: '001',
    cycle: 'yearly',
    items: [
      'code*|区划代码|C|9',
      'name|区划名称|C|100',
      'area_code|县级代码|C|6 =areaCode',
      'province_code|省级代码|C|2 =provinceCode',
      'city_code|地级代码|C|4 =cityCode',
    ],
    dialect: { format: 'csv' },
    file: 'civil-affairs/streets.csv',
  },
  {
    key: 'divisions',
    org: '厦门市民政局',
    system: '区划地名管理系统',
    name: '思明区行政区划信息',
    abstract: '思明区行政区划到村居的代码、名称、级别和中心坐标。',
    topic: '002',
    cycle: 'yearly',
    items: [
      'code*|区划代码|C|12 =列1',
      'parent|上级代码|C|12 =列2',
      'name|区划名称|C|100 =列3',
      'level|级别|C|20 =列4',
      'rank|层级序号|I|2 =列5',
      'longitude|中心经度|B =列13',
      'latitude|中心纬度|B =列14',
    ],
    dialect: { format: 'csv', hasHeader: false },
    file: 'civil-affairs/adcode/350203.csv',
  },
  {
    key: 'air-stations',
    org: '厦门市生态环境局',
    system: '空气质量监测系统',
    name: '空气质量监测站点',
    abstract: '空气质量自动监测站点的编号、名称、位置和所属城市。',
    topic: '003',
    cycle: 'yearly',
    items: [
      'poi_id*|站点编号|C|20 =POI_ID',
      'name|站点名称|C|100 =POI_Name',
      'longitude|经度|B =POI_Longitude',
      'latitude|纬度|B =POI_Latitude',
      'city|所属城市|C|50 =Adm2_ZH',
      'province|所属省份|C|50 =Adm1_ZH',
    ],
    dialect: { format: 'csv', skipLines: 1 },
    file: 'ecology/air-monitoring-stations.csv',
  },
  {
    key: 'air-quality',
    org: '厦门市生态环境局',
    system: '空气质量监测系统',
    name: '空气质量实时数据',
    abstract: '各监测站点的空气质量指数和主要污染物浓度。',
    topic: '004',
    cycle: 'daily',
    items: [
      'stationcode*|站点代码|C|20 =properties.stationcode',
      'positionname|站点名称|C|100 =properties.positionname',
      'area|城市|C|50 =properties.area',
      'aqi|空气质量指数|I|4 =properties.aqi ~-; ~—',
      'pm2_5|细颗粒物浓度|I|5 =properties.pm2_5 ~-; ~—',
      'pm10|可吸入颗粒物浓度|I|5 =properties.pm10 ~-; ~—',
      'quality|空气质量类别|C|20 =properties.quality',
      'timepoint|监测时间|C|40 =properties.timepoint',
    ],
    dialect: { format: 'geojson' },
    file: 'ecology/airnow.json',
  },
  {
    key: 'tide-stations',
    org: '厦门市气象局',
    system: '气象服务系统',
    name: '潮汐站点信息',
    abstract: '沿海潮汐观测站点的编号、名称和位置。',
    topic: '005',
    cycle: 'yearly',
    items: [
      'poi_id*|站点编号|C|20 =POI_ID',
      'name|站点名称|C|100 =POI_Name_ZH',
      'latitude|纬度|B =POI_Latitude',
      'longitude|经度|B =POI_Longitude',
    ],
    dialect: { format: 'csv', skipLines: 1 },
    file: 'meteorology/tide-stations.csv',
  },
  {
    key: 'weather-cities',
    org: '厦门市气象局',
    system: '气象服务系统',
    name: '天气预报城市列表',
    abstract: '提供天气预报的城市和区县的编号、名称、坐标和行政区划代码。',
    topic: '006',
    cycle: 'yearly',
    items: [
      'location_id*|地点编号|C|20 =Location_ID',
      'name|地点名称|C|100 =Location_Name_ZH',
      'province|所属省份|C|50 =Adm1_Name_ZH',
      'city|所属城市|C|50 =Adm2_Name_ZH',
      'latitude|纬度|B =Latitude',
      'longitude|经度|B =Longitude',
      'ad_code|行政区划代码|C|6 =AD_code',
    ],
    dialect: { format: 'csv', skipLines: 1 },
    file: 'meteorology/china-city-list.csv',
  },
  {
    key: 'scenic',
    org: '厦门市文化和旅游局',
    system: '旅游资源管理系统',
    name: '旅游景区名录',
    abstract: '旅游景区的编号、中英文名称、位置和所在行政区。',
    topic: '007',
    cycle: 'half_yearly',
    items: [
      'poi_id*|景区编号|C|30 =POI_ID',
      'name|景区名称|C|200 =景区名称',
      'name_en|英文名称|C|200 =POI_Name_EN',
      'latitude|纬度|B =POI_Latitude',
      'longitude|经度|B =POI_Longitude',
      'province|所属省份|C|50 =一级行政区划(Adm1)',
      'city|所属城市|C|50 =二级行政区划(Adm2)',
    ],
    dialect: { format: 'csv', skipLines: 1 },
    file: 'tourism/scenic-list.csv',
  },
  {
    key: 'trains',
    org: '厦门市交通运输局',
    system: '铁路客运信息系统',
    name: '动车组列车车站信息',
    abstract: '动车组停靠车站的电报码、名称、拼音和位置。',
    topic: '008',
    cycle: 'quarterly',
    items: [
      'telecode*|电报码|C|5 =电报码',
      'name|站名|C|50 =站名',
      'pinyin|拼音|C|60 =拼音',
      'longitude|经度|B =经度',
      'latitude|纬度|B =纬度',
    ],
    dialect: { format: 'xlsx', sheet: '车站' },
    file: 'transport/high-speed-rail-timetable-20160310.xlsx',
  },
  {
    key: 'epidemic',
    org: '厦门市卫生健康委员会',
    system: '疾病监测信息系统',
    name: '传染病监测日报',
    abstract: '分国家、省、市的传染病监测日报数据。',
    topic: '009',
    cycle: 'daily',
    items: [
      'date|日期|D',
      'country|国家|C|60',
      'province|省份|C|60',
      'city|城市|C|60',
      'confirmed|确诊数|I|9',
      'suspected|疑似数|I|9',
      'cured|治愈数|I|9',
      'dead|死亡数|I|9',
    ],
    dialect: { format: 'json' },
    file: 'health/2020-03-01.json',
  },
  {
    key: 'persons',
    org: '厦门市公安局',
    system: '常住人口管理系统',
    name: '户籍人口基本信息',
    abstract: '户籍人口的身份、出生、户籍地址和联系方式等基本信息（演示数据，均为虚构）。',
    topic: '010',
    cycle: 'monthly',
    sharing: personal,
    items: [
      'citizen_id*|公民身份号码|C|18|citizen_id|L3',
      'name|姓名|C|50|name|L3',
      'sex|性别代码|C|1',
      'ethnic|民族代码|C|2',
      'birth_date|出生日期|D||birth_date|L2',
      'region_code|户籍行政区划代码|C|6',
      'address|户籍地址|C|200|address|L3',
      'marital|婚姻状况代码|C|2',
      'education|文化程度代码|C|2',
      'phone|联系电话|C|11|phone|L3',
      'registered_on|登记日期|D',
    ],
    dialect: { format: 'csv' },
    file: 'persons',
  },
  {
    key: 'enterprises',
    org: '厦门市市场监督管理局',
    system: '市场主体登记系统',
    name: '市场主体登记信息',
    abstract: '企业的统一社会信用代码、名称、登记状态、成立日期等登记信息（演示数据，均为虚构）。',
    topic: '011',
    cycle: 'weekly',
    sharing: { privacyReview: '法定代表人姓名按公示要求管理。', level: 'L2' },
    items: [
      'uscc*|统一社会信用代码|C|18',
      'name|企业名称|C|200',
      'legal_representative|法定代表人|C|50|name|L2',
      'status|登记状态|C|20',
      'founded_on|成立日期|D',
      'approved_on|核准日期|D',
      'industry|行业门类代码|C|4',
    ],
    dialect: { format: 'csv' },
    file: 'enterprises',
  },
]

export const demoDatasets: DemoDataset[] = sketches.map(toDataset)
