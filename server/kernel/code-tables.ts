/** National code tables as data (domain facts §6.2, §6.3): code → official name, in the order of the standard. */

export interface CodeTable {
  /** Number of the standard. */
  standard: string
  zh: string
  values: Readonly<Record<string, string>>
}

/** '01汉 02蒙古 …' as a table. */
const tableOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .trim()
      .split(/\s+/)
      .map((entry) => /^([0-9A-Z]+)(.+)$/.exec(entry)!.slice(1) as [string, string]),
  )

export const codeTables = {
  sex: { standard: 'GB/T 2261.1-2003', zh: '性别', values: { 0: '未知', 1: '男', 2: '女', 9: '未说明' } },
  marital: {
    standard: 'GB/T 2261.2-2003',
    zh: '婚姻状况',
    values: { 10: '未婚', 20: '已婚', 21: '初婚', 22: '再婚', 23: '复婚', 30: '丧偶', 40: '离婚', 90: '未说明' },
  },
  ethnic: {
    standard: 'GB/T 3304-1991',
    zh: '民族',
    values:
      tableOf(`01汉 02蒙古 03回 04藏 05维吾尔 06苗 07彝 08壮 09布依 10朝鲜 11满 12侗 13瑶 14白 15土家 16哈尼 17哈萨克 18傣 19黎 20傈僳 21佤
      22畲 23高山 24拉祜 25水 26东乡 27纳西 28景颇 29柯尔克孜 30土 31达斡尔 32仫佬 33羌 34布朗 35撒拉 36毛南 37仡佬 38锡伯 39阿昌 40普米 41塔吉克
      42怒 43乌孜别克 44俄罗斯 45鄂温克 46德昂 47保安 48裕固 49京 50塔塔尔 51独龙 52鄂伦春 53赫哲 54门巴 55珞巴 56基诺 97其他 98外国血统中国籍`),
  },
  industry: {
    standard: 'GB/T 4754-2017',
    zh: '行业门类',
    values:
      tableOf(`A农、林、牧、渔业 B采矿业 C制造业 D电力、热力、燃气及水生产和供应业 E建筑业 F批发和零售业 G交通运输、仓储和邮政业 H住宿和餐饮业
      I信息传输、软件和信息技术服务业 J金融业 K房地产业 L租赁和商务服务业 M科学研究和技术服务业 N水利、环境和公共设施管理业 O居民服务、修理和其他服务业
      P教育 Q卫生和社会工作 R文化、体育和娱乐业 S公共管理、社会保障和社会组织 T国际组织`),
  },
  education: {
    standard: 'GB/T 4658-2006',
    zh: '学历',
    values: tableOf('10研究生教育 11博士研究生 14硕士研究生 20大学本科 30大学专科 40中等职业教育 60普通高级中学 70初级中学 80小学 90其他'),
  },
  /** 04–11 are the eight democratic parties, 12 persons without party. */
  political: {
    standard: 'GB/T 4762-1984',
    zh: '政治面貌',
    values: tableOf(
      '01中共党员 02中共预备党员 03共青团员 04民革党员 05民盟盟员 06民建会员 07民进会员 08农工党党员 09致公党党员 10九三学社社员 11台盟盟员 12无党派人士 13群众',
    ),
  },
  country: { standard: 'GB/T 2659', zh: '国家和地区（摘）', values: { 156: '中国', 344: '中国香港', 446: '中国澳门', 158: '中国台湾' } },
  currency: { standard: 'GB/T 12406', zh: '货币（摘）', values: { 156: '人民币' } },
  licenceHolderId: {
    standard: 'GB/T 36903-2018',
    zh: '持证主体代码类型（摘）',
    values: { '001': '统一社会信用代码', 111: '公民身份号码' },
  },
  counterparty: { standard: '双公示数据标准', zh: '行政相对人类别', values: tableOf('01自然人 02法人 03非法人组织 04个体工商户') },
  counterpartyId: {
    standard: '双公示数据标准',
    zh: '自然人证件类型',
    values: tableOf('01身份证 02护照 03港澳居民来往内地通行证 04台湾居民来往大陆通行证 05外国人永久居留身份证'),
  },
  /** First two characters of a USCC; later amendments add more: an unknown one is a warning. */
  usccKind: {
    standard: 'GB 32100-2015',
    zh: '统一社会信用代码登记管理部门和机构类别',
    values: tableOf(
      '11机关 12事业单位 13编办直接管理的群众团体 19其他机构编制 51社会团体 52民办非企业单位 53基金会 59其他民政 91企业 92个体工商户 93农民专业合作社 Y1其他',
    ),
  },
} as const satisfies Record<string, CodeTable>

/** GB/T 2260 codes of the demo's places that are in use today. Never a reason to refuse an id: abolished codes live on in it. */
export const regions: Readonly<Record<string, string>> =
  tableOf(`350000福建省 350100福州市 350200厦门市 350300莆田市 350400三明市 350500泉州市 350600漳州市
  350700南平市 350800龙岩市 350900宁德市 350128平潭县 350203思明区 350205海沧区 350206湖里区 350211集美区 350212同安区 350213翔安区
  630000青海省 630100西宁市 630200海东市 632200海北藏族自治州 632300黄南藏族自治州 632500海南藏族自治州 632600果洛藏族自治州 632700玉树藏族自治州
  632800海西蒙古族藏族自治州 630102城东区 630103城中区 630104城西区 630105城北区 630106湟中区 630121大通回族土族自治县 630123湟源县`)
