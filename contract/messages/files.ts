/** Messages about uploaded and exported files. Each says what to do. {name} is filled from the error's params. */
export const fileMessages = {
  'file.legacy_xls': {
    zh: '这是旧版 Excel 97-2003（.xls）文件，无法安全读取。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。',
    en: 'This is an Excel 97-2003 (.xls) file. Open it in Excel or WPS, save it as .xlsx and upload again.',
  },
  'file.password_protected': {
    zh: '文件设有打开密码。请在 Excel 或 WPS 中取消密码，另存后重新上传。',
    en: 'The file is protected by a password. Remove the password, save and upload again.',
  },
  'file.xlsx_damaged': {
    zh: '文件已损坏或不是 Excel 工作簿（出错部分：{part}）。请用 Excel 或 WPS 打开并另存为 .xlsx 后重新上传。',
    en: 'The file is damaged or is no Excel workbook (part {part}). Open it, save it as .xlsx and upload again.',
  },
  'file.xlsx_dtd': {
    zh: '文件中含有外部实体声明（DTD），可能是攻击文件，已拒绝读取。请用 Excel 或 WPS 新建工作簿，粘贴数据后重新上传。',
    en: 'The file declares a document type (DTD), which no Excel file does, and was refused. Paste the data into a new workbook and upload that.',
  },
  'file.xlsx_external_part': {
    zh: '文件引用了外部地址的内容，已拒绝读取。请在 Excel 中断开外部链接，另存后重新上传。',
    en: 'The workbook keeps a part at an outside address and was refused. Break its links in Excel, save and upload again.',
  },
  'file.xlsx_too_many_strings': {
    zh: '工作簿中的文字内容超过 {limitMiB} MiB。请把工作表另存为 CSV 后上传，或拆分成多个文件。',
    en: 'The workbook holds more than {limitMiB} MiB of text. Save the sheet as CSV, or split the file.',
  },
  'file.xlsx_too_many_merges': {
    zh: '工作表的合并单元格过多（上限 {limit} 处）或范围过大，请取消合并后重新上传。',
    en: 'The sheet has too many or too large merged areas (at most {limit}). Unmerge the cells and upload again.',
  },
  'file.zip_bomb': {
    zh: '文件解压后过大（{what}：{found}，上限 {limit}），已拒绝读取。请删除多余的空白行列和格式，或另存为 CSV 后重新上传。',
    en: 'The file would unpack to too much ({what}: {found}, limit {limit}) and was refused. Remove empty formatted cells, or save it as CSV.',
  },
  'file.zip_bad_name': {
    zh: '压缩包内有不合规的文件名“{name}”，已拒绝读取。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。',
    en: 'The container holds an unacceptable or repeated name “{name}”. Save it again as .xlsx and upload that.',
  },
  'file.sheet_unknown': {
    zh: '工作簿中没有名为“{sheet}”的工作表。现有工作表：{sheets}。请重新选择。',
    en: 'There is no sheet “{sheet}”. The sheets are: {sheets}. Choose one.',
  },
  'file.sheet_hidden': {
    zh: '工作表“{sheet}”是隐藏的。如确需读取，请在 Excel 中取消隐藏，或在导入设置中勾选“读取隐藏工作表”。',
    en: 'Sheet “{sheet}” is hidden. Unhide it, or choose “read hidden sheets” in the import settings.',
  },
  'file.sheet_name_invalid': {
    zh: '工作表名称“{sheet}”不可用：应为 1 至 31 个字符，不重名，不含 [ ] / \\ : * ?。请改名。',
    en: 'Sheet name “{sheet}” is not acceptable: 1 to 31 characters, unique, none of [ ] / \\ : * ?. Rename it.',
  },
  'file.cell_too_long': {
    zh: '单元格 {ref} 的文字超过 Excel 上限 {limit} 个字符。请改用 CSV 导出。',
    en: 'Cell {ref} holds more than the {limit} characters that Excel allows. Export as CSV instead.',
  },
  'file.too_many_rows': {
    zh: '行数超过 Excel 上限 {limit}。请缩小范围，或改用 CSV 导出。',
    en: 'More than the {limit} rows that Excel allows. Narrow the selection or export as CSV.',
  },
  'file.too_many_columns': {
    zh: '列数 {found} 超过上限 {limit}。请检查分隔符是否选对，或删除多余的列。',
    en: '{found} columns, more than the limit of {limit}. Check the delimiter or remove columns.',
  },
  'file.export_too_large': {
    zh: '导出内容超过 4 GB，Excel 无法打开。请缩小范围，或改用 CSV 导出。',
    en: 'The export is larger than 4 GB. Narrow the selection or export as CSV.',
  },
  'file.not_encodable': {
    zh: '字符“{character}”（{code}）无法用 GB18030 编码而不改变。请选择 UTF-8 导出。',
    en: 'Character “{character}” ({code}) cannot be written in GB18030 unchanged. Export as UTF-8.',
  },
} as const
