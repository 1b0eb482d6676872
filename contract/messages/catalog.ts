/** Messages of the catalog. Each says what to do. {name} is filled from the error's params. */
export const catalogMessages = {
  'catalog.system_name_taken': {
    zh: '本单位已登记名为“{name}”的业务系统，请直接修改原有记录或换一个名称。',
    en: 'Your organisation already has a system named “{name}”. Edit that one or choose another name.',
  },
  'catalog.not_your_system': {
    zh: '这个业务系统由{org}登记，只能由该单位修改。',
    en: 'This system was registered by {org}; only that organisation changes it.',
  },
  'catalog.name_taken': {
    zh: '本单位已有名为“{name}”的目录，请在原目录上变更，或换一个名称。',
    en: 'Your organisation already has an entry named “{name}”. Change that one or choose another name.',
  },
  'catalog.revision_open': {
    zh: '这条目录已有一个未办结的版本（第{number}版），请先办结或作废它。',
    en: 'Version {number} of this entry is still open. Finish or discard it first.',
  },
  'catalog.self_review': {
    zh: '您参与了这一版本的编制或前一道审核，须由其他人员审核。',
    en: 'You compiled or already reviewed this version. Somebody else has to review it.',
  },
  'catalog.no_clock': {
    zh: '这一版本没有正在计时的更新时限，无需延期。',
    en: 'No deadline is running on this version; there is nothing to extend.',
  },
  'catalog.incomplete': {
    zh: '目录内容有 {count} 处不完整或不合规，请按提示逐处修改后再提交。',
    en: 'The entry has {count} problem(s). Correct each as listed below and submit again.',
  },
  'catalog.withdrawal_too_early': {
    zh: '下架告知期未满，最早可于 {date} 确认下架。',
    en: 'The notice period still runs. Withdrawal can be confirmed on {date} at the earliest.',
  },
  'catalog.no_such_version': {
    zh: '没有第{number}版，或您无权查阅。请从版本列表中选择。',
    en: 'There is no version {number} that you may see. Choose one of the list.',
  },
  'catalog.item_code': {
    zh: '信息项代码须以字母或下划线开头，只含字母、数字、下划线，不超过 63 个字符。',
    en: 'An item code starts with a letter or underscore and holds only letters, digits and underscores, at most 63.',
  },
  'catalog.related_code': {
    zh: '关联资源代码中不能有空格和分隔符，请每个代码单独填写。',
    en: 'A related code holds no spaces or separators. Enter each code by itself.',
  },
  'catalog.search_not_ready': {
    zh: '检索正在准备，请在 {seconds} 秒后重试，也可以先在目录清单中查找。',
    en: 'The search is being prepared. Try again in {seconds} seconds, or use the list of entries.',
  },

  'catalog.abstract_missing': { zh: '请填写信息资源摘要，说明内容和用途。', en: 'Write an abstract: what it holds and what for.' },
  'catalog.provider_code_missing': {
    zh: '本单位尚未登记统一社会信用代码（提供方代码），请联系系统管理员在机构管理中补录。',
    en: 'The provider has no USCC yet. Ask the system administrator to register it.',
  },
  'catalog.class_zero': { zh: '信息资源分类的项、目从 01、001 编起，请选择正确的分类。', en: 'Subject and topic start at 01 and 001.' },
  'catalog.class_ambiguous': {
    zh: '分类码拼接后无法还原，请修改项、目或细目。',
    en: 'The parts of the class cannot be told apart in the code. Change subject, topic or detail.',
  },
  'catalog.class_fixed': {
    zh: '分类已编入资源代码 {code}，发布后不能修改。确需调整的，请下架后新编目录。',
    en: 'The class is part of the resource code {code} and cannot change. Withdraw the entry and compile a new one.',
  },
  'catalog.format_missing': { zh: '请填写信息资源格式类型，如：{types}。', en: 'Name the format, e.g. {types}.' },
  'catalog.items_missing': { zh: '请至少编制一个信息项。', en: 'Add at least one item.' },
  'catalog.item_twice': {
    zh: '信息项代码“{code}”与第 {row} 项重复，请修改其一。',
    en: 'Item code “{code}” repeats item {row}. Change one.',
  },
  'catalog.item_name_twice': {
    zh: '信息项名称“{name}”与第 {row} 项重复，请修改其一。',
    en: 'Item name “{name}” repeats item {row}. Change one.',
  },
  'catalog.item_length_missing': {
    zh: '“{type}”的信息项须填写数据长度。',
    en: 'An item of this type ({type}) needs its length.',
  },
  'catalog.item_scale': { zh: '小数位数不能大于数据长度，请核对。', en: 'The scale cannot be larger than the length.' },
  'catalog.item_level': {
    zh: '“{kind}”的信息项不低于“{level}”，请提高信息项级别。',
    en: 'An item of kind {kind} is at least {level}. Raise its level.',
  },
  'catalog.level': {
    zh: '目录级别不低于其信息项的最高级别“{level}”（就高从严），请提高目录级别。',
    en: 'The entry is at least as strict as its strictest item: {level}. Raise its level.',
  },
  'catalog.level_sharing': {
    zh: '“{level}”的数据最宽为“{widest}”，请调整共享类型。',
    en: 'Data of level {level} can be shared at widest as {widest}. Change the sharing class.',
  },
  'catalog.level_opening': {
    zh: '“{level}”的数据最宽为“{widest}”，请调整开放类型。',
    en: 'Data of level {level} can be opened at widest as {widest}. Change the opening class.',
  },
  'catalog.sharing_condition_missing': {
    zh: '有条件共享的目录须列明共享条件（条例第十四条、第十五条）。',
    en: 'Conditional sharing states its conditions (Order 809 art. 14, 15).',
  },
  'catalog.sharing_scope_missing': {
    zh: '有条件共享的目录须列明共享范围，如可使用的部门（条例第十五条）。',
    en: 'Conditional sharing states its scope, e.g. the departments (Order 809 art. 15).',
  },
  'catalog.sharing_purpose_missing': {
    zh: '有条件共享的目录须列明使用用途（条例第十五条）。',
    en: 'Conditional sharing states the purposes (Order 809 art. 15).',
  },
  'catalog.sharing_basis_missing': {
    zh: '不予共享须列明理由和法律、行政法规或国务院决定的具体依据（条例第十四条、第十五条）。',
    en: 'Not sharing needs its ground in law, administrative regulation or State Council decision (Order 809 art. 14, 15).',
  },
  'catalog.sharing_basis_inexact': {
    zh: '不予共享的依据须写明《文件名称》和具体条款（第几条）或文号。',
    en: 'Name the instrument in 《》 and its article (第…条) or document number.',
  },
  'catalog.open_but_not_shared': {
    zh: '不予共享的目录不能向社会开放，请核对共享类型和开放类型。',
    en: 'What is not shared cannot be open. Check both classes.',
  },
  'catalog.open_condition_missing': { zh: '依申请开放的目录须填写开放条件。', en: 'Opening on application states its conditions.' },
  'catalog.secrecy_review_missing': {
    zh: '发布前须完成保密风险评估，请填写评估结论（条例第十三条、第十六条）。',
    en: 'Enter the conclusion of the secrecy review (Order 809 art. 13, 16).',
  },
  'catalog.privacy_review_missing': {
    zh: '发布前须完成个人信息保护影响评估，请填写评估结论；不含个人信息的写明“不涉及个人信息”。',
    en: 'Enter the conclusion of the privacy impact assessment, or that no personal information is involved.',
  },
  'catalog.system_unknown': {
    zh: '没有找到所选的业务系统，或它不属于本单位，请重新选择。',
    en: 'The system does not exist or belongs to another organisation. Choose again.',
  },
  'catalog.lead_unknown': { zh: '没有找到所选的数源部门，请重新选择。', en: 'The source department does not exist. Choose again.' },
  'catalog.related_unknown': {
    zh: '目录中没有资源代码“{code}”，请核对或删除。',
    en: 'There is no entry with code “{code}”. Check or remove it.',
  },

  'catalog.import_sheet_missing': {
    zh: '文件中没有“{sheet}”工作表，请使用导入模板，不要改工作表名称。',
    en: 'There is no sheet “{sheet}”. Use the template and keep the names of its sheets.',
  },
  'catalog.import_column_missing': {
    zh: '缺少“{column}”列，请使用导入模板，不要删除必填列。',
    en: 'Column “{column}” is missing. Use the template and keep its required columns.',
  },
  'catalog.import_column_unknown': {
    zh: '不认识“{column}”列，请删除该列或按模板改正列名。',
    en: 'Column “{column}” is unknown. Remove it or correct its name.',
  },
  'catalog.import_column_twice': { zh: '“{column}”列重复，请只保留一列。', en: 'Column “{column}” stands twice. Keep one.' },
  'catalog.import_empty': { zh: '“目录”工作表中没有数据，请从第 2 行起填写。', en: 'The sheet of entries is empty. Fill it from row 2.' },
  'catalog.import_too_large': {
    zh: '一次最多导入 {limit} 行，请拆分成多个文件。',
    en: 'At most {limit} rows at a time. Split the file.',
  },
  'catalog.import_whole_number': { zh: '此列应填整数，请核对。', en: 'A whole number is expected here.' },
  'catalog.import_twice': { zh: '与第 {row} 行是同一条目录，请只保留一行。', en: 'The same entry as in row {row}. Keep one.' },
  'catalog.import_other_provider': {
    zh: '提供方“{provider}”不是您所在的单位。只能导入{org}的目录，请删除此行或由该单位导入。',
    en: 'Provider “{provider}” is not your organisation. Only entries of {org} can be imported.',
  },
  'catalog.import_code_unknown': {
    zh: '本单位没有代码为“{code}”的目录。新编目录请把代码留空，发布时由平台赋码。',
    en: 'Your organisation has no entry with code “{code}”. Leave the code of a new entry empty.',
  },
  'catalog.import_item_orphan': {
    zh: '“目录”工作表中没有“{name}”，请核对所属目录的名称或代码。',
    en: 'There is no “{name}” on the sheet of entries. Check the name or code.',
  },
  'catalog.import_in_review': {
    zh: '“{name}”正在审核中，不能修改。请先撤回，或等审核办结。',
    en: '“{name}” is under review. Recall it first, or wait.',
  },
  'catalog.import_withdrawing': {
    zh: '“{name}”已发起下架，不能修改。如需保留请先撤回下架。',
    en: 'The withdrawal of “{name}” was announced. Cancel that first.',
  },
  'catalog.import_system_unknown': {
    zh: '本单位没有登记业务系统“{name}”，请先登记或改正名称。',
    en: 'Your organisation has no system “{name}”. Register it or correct the name.',
  },
  'catalog.import_lead_unknown': {
    zh: '没有名为“{name}”的机构，请填写机构全称。',
    en: 'There is no organisation “{name}”. Write its full name.',
  },
  'catalog.cell_precision_lost': {
    zh: '这个数字超过 15 位，Excel 已改变其末位。请把单元格设为文本后重新填写。',
    en: 'Excel has changed the last digits of this number. Make the cell text and type it again.',
  },
  'catalog.cell_invalid_date': { zh: '这个日期不存在，请改正。', en: 'There is no such date. Correct it.' },
  'catalog.cell_error_value': { zh: '单元格是错误值，请改正公式或直接填写。', en: 'The cell holds an error value. Correct it.' },
  'catalog.cell_formula_without_value': {
    zh: '公式没有计算结果。请用 Excel 或 WPS 打开并保存，或粘贴为数值。',
    en: 'The formula has no stored value. Open and save the file in Excel, or paste the value.',
  },
  'catalog.cell_unreadable': { zh: '单元格内容无法读取，请重新填写。', en: 'The cell cannot be read. Type it again.' },
} as const
