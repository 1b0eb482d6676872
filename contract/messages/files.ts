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
  'file.empty': {
    zh: '文件是空的，没有可读的内容。请检查导出是否成功后重新上传。',
    en: 'The file is empty. Check the export and upload again.',
  },
  'file.not_text': {
    zh: '文件不是文本，也不是支持的格式。请上传 CSV、TSV、Excel（.xlsx）、JSON、XML、SQL 转储、Parquet、Avro、ORC 文件。',
    en: 'The file is no text and no supported format. Upload CSV, TSV, Excel (.xlsx), JSON, XML, SQL dumps, Parquet, Avro or ORC.',
  },
  'file.unsupported_format': {
    zh: '不支持这种文件格式。请上传 CSV、TSV、Excel（.xlsx）、JSON、XML、SQL 转储、Parquet、Avro、ORC 文件。',
    en: 'This format is not supported. Upload CSV, TSV, Excel (.xlsx), JSON, XML, SQL dumps, Parquet, Avro or ORC.',
  },
  'file.compressed': {
    zh: '文件是压缩包。请先解压，再上传里面的数据文件。',
    en: 'The file is compressed. Unpack it and upload the data file inside.',
  },
  'file.html_table': {
    zh: '这个文件其实是网页表格（扩展名可能是 .xls）。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。',
    en: 'This is an HTML page, whatever its name says. Open it in Excel, save it as .xlsx and upload again.',
  },
  'file.unknown_encoding': {
    zh: '无法识别文件的文字编码（第 {offset} 字节处为 {bytes}）。请用 UTF-8 或 GB18030 编码另存后重新上传。',
    en: 'The text encoding is not recognised (byte {offset}: {bytes}). Save the file as UTF-8 or GB18030 and upload again.',
  },
  'file.undecodable': {
    zh: '第 {offset} 字节处的内容（{bytes}）不是合法的 {encoding} 字符。请确认文件编码是否选对，或修正该处后重新上传。',
    en: 'The bytes {bytes} at offset {offset} are no {encoding} character. Check the encoding, or correct that place and upload again.',
  },
  'file.truncated_character': {
    zh: '文件末尾第 {offset} 字节处的字符不完整（{bytes}，{encoding}），文件可能没有传完。请重新导出或重新上传完整的文件。',
    en: 'The last character, at byte {offset}, is cut off ({bytes}, {encoding}); the file may be incomplete. Export or upload it again.',
  },
  'file.dialect_invalid': {
    zh: '分隔符、引号或行号的设置不可用（{field}）。请在导入设置中重新选择。',
    en: 'The setting {field} cannot be used. Choose delimiter, quote and lines again.',
  },
  'file.too_many_defects': {
    zh: '无法读取的记录已超过 {limit} 条（到第 {line} 行），多半是编码或分隔符选错了。请检查导入设置后重试。',
    en: 'More than {limit} records could not be read (up to line {line}): the encoding or the delimiter is probably wrong. Check the settings and try again.',
  },
  'file.no_rows': {
    zh: '工作簿中没有含数据的可见工作表。请检查文件，或取消隐藏工作表后重新上传。',
    en: 'No visible sheet holds any rows. Check the file, or unhide the sheet.',
  },
  'file.json_not_utf8': {
    zh: 'JSON 文件应为 UTF-8 编码，此文件是 {encoding}。请另存为 UTF-8 后重新上传。',
    en: 'JSON must be UTF-8; this file is {encoding}. Save it as UTF-8 and upload again.',
  },
  'file.json_damaged': {
    zh: 'JSON 内容不完整或有语法错误（第 {row} 条记录附近）。请检查括号、引号和逗号是否配对后重新上传。',
    en: 'The JSON is incomplete or wrong near record {row}. Check brackets, quotes and commas and upload again.',
  },
  'file.json_bad_key': {
    zh: 'JSON 中有空的键名或含空字符的键名，无法作为列名。请在来源系统中改正后重新导出。',
    en: 'The JSON holds an empty key or one with a NUL, which cannot name a column. Correct it at the source and export again.',
  },
  'file.json_no_records': {
    zh: 'JSON 文件中没有找到记录。请上传对象数组、每行一个对象的文件，或 GeoJSON 要素集合。',
    en: 'No records were found. Upload an array of objects, one object per line, or a GeoJSON feature collection.',
  },
  'file.typed_damaged': {
    zh: '{format} 文件不完整或已损坏。请重新导出后上传。',
    en: 'The {format} file is incomplete or damaged. Export it again and upload.',
  },
  'file.path_not_allowed': {
    zh: '在允许的目录中没有这个文件。请从列表中选择文件；如需使用其他目录，请联系系统管理员登记。',
    en: 'There is no such file in the allowed folders. Choose one from the list, or ask the system administrator to allow the folder.',
  },
  'file.xml_no_records': {
    zh: 'XML 文件中没有找到记录。请在“记录所在位置”填写记录元素的路径（从根元素写起，用“/”分隔），例如 数据/人员列表/人员。',
    en: 'No records were found. Give the path of the element that is a record, from the root on, e.g. data/rows/row.',
  },
  'file.xml_damaged': {
    zh: '第 {record} 条记录附近的 XML 有错误，且不在某一条记录之内，无法继续读取。请在来源系统中重新导出。',
    en: 'The XML near record {record} is broken outside of any record and cannot be read on. Export it again.',
  },
  'file.xml_truncated': {
    zh: 'XML 文件在第 {record} 条记录附近中断，没有结尾，后面的记录可能已经丢失。请重新传送或重新导出。',
    en: 'The XML ends in the middle, near record {record}: what follows may be lost. Transfer or export it again.',
  },
  'file.xml_dtd': {
    zh: 'XML 文件带有文档类型定义（DOCTYPE），可能引用外部内容，为安全起见不予读取。请去掉后重新导出。',
    en: 'The XML has a document type definition, which could fetch or multiply content. Export it without.',
  },
  'file.sql_no_rows': {
    zh: 'SQL 转储中没有找到这张表的数据。请用 mysqldump 或 pg_dump（纯文本格式）重新导出，并包含数据。',
    en: 'The dump holds no rows of this table. Export it again with mysqldump or pg_dump (plain format), data included.',
  },
  'file.sql_unknown': {
    zh: '转储中有无法识别的 INSERT 或 COPY 语句。目前能读 mysqldump、phpMyAdmin 和 pg_dump（纯文本格式）的转储，其他工具请改为导出 CSV。',
    en: 'The dump has an INSERT or COPY of a form that is not known. Those of mysqldump, phpMyAdmin and pg_dump (plain) can be read; export CSV otherwise.',
  },
  'file.sql_damaged': {
    zh: '转储中有一行或一条语句过长，多半是引号没有配对。请重新导出。',
    en: 'A row or a statement of the dump is too long: a quote is probably not closed. Export it again.',
  },
  'file.sql_truncated': {
    zh: 'SQL 转储在中途断开，后面的数据可能已经丢失。请重新传送或重新导出。',
    en: 'The dump ends in the middle: what follows may be lost. Transfer or export it again.',
  },
  'file.defect.sql_value': {
    zh: '这一行中有表达式，不是直接写出的值。请在来源系统中重新导出。',
    en: 'An expression stands in this row where a value should. Export it again.',
  },
  'file.defect.xml_broken': {
    zh: '这条记录的 XML 有错误：标签没有配对，或含有不允许的字符。请在来源系统中修正。',
    en: 'The XML of this record is broken: tags do not match, or a character is not allowed. Correct it at the source.',
  },
  'file.defect.bad_characters': {
    zh: '这条记录含有不是字符的字节。请确认编码，或在来源系统中修正该处文字。',
    en: 'This record holds bytes that are no characters. Check the encoding, or correct the text at the source.',
  },
  'file.defect.message_null': {
    zh: '分区 {partition} 偏移量 {offset} 的消息没有内容（墓碑消息：表示该键已被删除）。原文显示的是它的键。追加不删除已有的行，请核实后处理。',
    en: 'The message at offset {offset} of partition {partition} has no value (a tombstone: its key was deleted). Its key is shown. Appending deletes nothing.',
  },
  'file.defect.message_not_json': {
    zh: '分区 {partition} 偏移量 {offset} 的消息不是合法的 JSON。请源系统更正后补发，或在此更正。',
    en: 'The message at offset {offset} of partition {partition} is no JSON. Have it sent again, or correct it here.',
  },
  'file.defect.message_not_object': {
    zh: '分区 {partition} 偏移量 {offset} 的消息是 JSON，但不是一个对象。请源系统更正后补发，或在此更正。',
    en: 'The message at offset {offset} of partition {partition} is JSON but no object. Have it sent again, or correct it here.',
  },
  'file.defect.message_key_twice': {
    zh: '分区 {partition} 偏移量 {offset} 的消息中同一个字段出现了两次，无法判断以哪个为准。请源系统更正后补发，或在此更正。',
    en: 'The message at offset {offset} of partition {partition} has a field twice. Have it sent again, or correct it here.',
  },
  'file.defect.message_bytes': {
    zh: '分区 {partition} 偏移量 {offset} 的消息含有不是字符的字节（须为 UTF-8）。请源系统更正后补发，或在此更正。',
    en: 'The message at offset {offset} of partition {partition} holds bytes that are no UTF-8. Have it sent again, or correct it here.',
  },
  'file.defect.ragged': {
    zh: '应有 {expected} 列，实有 {found} 列。请检查该行是否多了或少了分隔符。',
    en: '{expected} fields are expected, {found} were found. Look for a missing or an extra delimiter.',
  },
  'file.defect.unbalanced_quote': {
    zh: '引号没有配对。请补上结束引号，或把内容中的引号写成两个。',
    en: 'A quote is never closed. Close it, or double the quotes inside the text.',
  },
  'file.defect.text_after_quote': {
    zh: '结束引号后面还有文字。请把内容中的引号写成两个，或删除多余的引号。',
    en: 'Text follows a closing quote. Double the quotes inside the text, or remove the stray one.',
  },
  'file.defect.suspected_merge': {
    zh: '一个引号把几行并成了一条记录。请检查这几行的引号是否配对。',
    en: 'A quote has joined several lines into one record. Check the quotes of these lines.',
  },
  'file.defect.stray_return': {
    zh: '行中有多余的回车符（CR），无法判断是换行还是内容。请在来源系统中删除后重新导出。',
    en: 'A carriage return stands in the middle of the line: it may be a line end or text. Remove it at the source and export again.',
  },
  'file.defect.bad_bytes': {
    zh: '含有不是字符的字节（{bytes}）。请确认编码，或在来源系统中修正该处文字。',
    en: 'It holds bytes that are no characters ({bytes}). Check the encoding, or correct the text at the source.',
  },
  'file.defect.nul': {
    zh: '含有空字符（NUL）。请在来源系统中删除后重新导出。',
    en: 'It holds a NUL character. Remove it at the source and export again.',
  },
  'file.defect.line_too_long': {
    zh: '一行过长，多半是缺少换行或引号没有配对。请检查该行。',
    en: 'The line is too long: a line end is missing or a quote is not closed. Check that line.',
  },
  'file.defect.cell_problem': {
    zh: '单元格 {cell} 的内容不可靠：{problem}。请在 Excel 中更正后重新上传。',
    en: 'Cell {cell} cannot be trusted: {problem}. Correct it in Excel and upload again.',
  },
  'file.cell.precision_lost': {
    zh: '单元格 {cell}：数字超过 15 位，Excel 已把后面的位数改成了 0。请在来源系统中以文本格式重新导出该列（如身份证号、统一社会信用代码）。',
    en: 'Cell {cell}: A number of more than 15 digits: Excel has replaced the last digits. Export this column from the source again, as text.',
  },
  'file.cell.invalid_date': {
    zh: '单元格 {cell}：日期不存在（如 1900-02-29）或超出范围。请改成正确的日期，或改为文本。',
    en: 'Cell {cell}: The date does not exist (like 1900-02-29) or is out of range. Correct it, or make it text.',
  },
  'file.cell.error_value': {
    zh: '单元格 {cell}：公式出错（如 #N/A、#REF!）。请修正公式，或粘贴为数值。',
    en: 'Cell {cell}: The formula failed (#N/A, #REF! …). Correct it, or paste values.',
  },
  'file.cell.formula_without_value': {
    zh: '单元格 {cell}：公式没有保存计算结果。请用 Excel 或 WPS 打开、保存一次，或粘贴为数值。',
    en: 'Cell {cell}: The formula has no saved result. Open and save the file in Excel, or paste values.',
  },
  'file.cell.unreadable': {
    zh: '单元格 {cell}：单元格内容已损坏。请重新录入该单元格。',
    en: 'Cell {cell}: The cell is damaged. Type its content again.',
  },
  'file.reason.ascii': {
    zh: '文件只含英文字母、数字和符号，各种编码读法相同。',
    en: 'The file is plain ASCII; every encoding reads it alike.',
  },
  'file.reason.byte_order_mark': {
    zh: '文件开头有 {encoding} 的字节顺序标记（BOM）。',
    en: 'The file begins with the byte order mark of {encoding}.',
  },
  'file.reason.zero_bytes': {
    zh: '零字节的分布符合 {encoding}，但没有字节顺序标记。',
    en: 'Its zero bytes are placed as in {encoding}; it has no byte order mark.',
  },
  'file.reason.also_gb18030': {
    zh: '内容是合法的 UTF-8，但文字很少，也可读作 GB18030，请核对预览。',
    en: 'It is valid UTF-8, but so short that it could be GB18030 too: check the preview.',
  },
  'file.reason.valid_utf8': { zh: '全部内容是合法的 UTF-8。', en: 'All of it is valid UTF-8.' },
  'file.reason.damaged_utf8': {
    zh: '内容基本是 UTF-8，但第 {offset} 字节处有损坏。',
    en: 'It is UTF-8 with damage, first at byte {offset}.',
  },
  'file.reason.valid_gb18030': { zh: '不是 UTF-8，全部内容是合法的 GB18030。', en: 'It is not UTF-8; all of it is valid GB18030.' },
  'file.reason.damaged_gb18030': {
    zh: '内容基本是 GB18030，但第 {offset} 字节处有损坏。',
    en: 'It is GB18030 with damage, first at byte {offset}.',
  },
  'file.reason.rare_characters': {
    zh: '按 GB18030 读出的多是生僻字，可能是其他编码（如繁体 Big5），请核对预览后确认。',
    en: 'Read as GB18030 it is mostly rare characters, so it may be another encoding (Big5 …): check the preview.',
  },
  'file.reason.chosen': { zh: '编码由您指定为 {encoding}。', en: 'You have chosen {encoding}.' },
  'file.reason.delimiter': {
    zh: '以“{delimiter}”分隔时各行列数最一致（{percent}%）。',
    en: 'With “{delimiter}” as delimiter the lines agree best ({percent} %).',
  },
  'file.reason.banner': { zh: '表头上方有 {count} 行说明文字，不作为数据。', en: '{count} line(s) above the header are no data.' },
  'file.reason.trailing_delimiter': {
    zh: '每行末尾多一个分隔符，已忽略。',
    en: 'Every line ends in one delimiter too many, which is ignored.',
  },
  'file.reason.header_in_comment': { zh: '表头写在第 {line} 行的 # 注释中。', en: 'The header stands in the # comment on line {line}.' },
  'file.reason.header_above_numbers': {
    zh: '首行是文字，“{name}”列下面都是数字或日期，因此首行是表头。',
    en: 'The first line is words and “{name}” has numbers or dates below it, so it is the header.',
  },
  'file.reason.header_distinct_names': {
    zh: '首行各列名称互不相同，也不在下面重复出现，因此判断为表头，请核对。',
    en: 'The names of the first line are distinct and do not recur below, so it is taken as the header: please check.',
  },
  'file.reason.header_alone': {
    zh: '文件只有一行，判断为表头，请核对。',
    en: 'The file has one line only, taken as the header: please check.',
  },
  'file.reason.no_header_data_cell': {
    zh: '首行含有数据“{value}”，因此没有表头。',
    en: 'The first line holds data (“{value}”), so there is no header.',
  },
  'file.reason.no_header_empty_cells': {
    zh: '首行有空单元格，因此没有表头。',
    en: 'The first line has empty cells, so there is no header.',
  },
  'file.reason.no_header_long_cell': {
    zh: '首行文字过长，不像列名，因此没有表头，请核对。',
    en: 'The texts of the first line are too long for names, so there is no header: please check.',
  },
  'file.reason.no_header_recurring': {
    zh: '首行的文字在下面的行中也出现，因此没有表头，请核对。',
    en: 'The texts of the first line recur below, so there is no header: please check.',
  },
  'file.reason.no_header_repeated_names': {
    zh: '首行有重复的文字，不像表头，请核对。',
    en: 'The first line repeats a text, so it is not taken as the header: please check.',
  },
  'file.reason.external_links': {
    zh: '工作簿链接了其他文件；只读取已保存的结果，不打开链接。',
    en: 'The workbook links to other files; saved results are read, links are not followed.',
  },
  'file.reason.formulas': {
    zh: '样本中有 {count} 个公式单元格，读取其保存的计算结果。',
    en: '{count} formula cell(s) in the sample; their saved results are read.',
  },
  'file.reason.cell_problems': {
    zh: '样本中有 {count} 个单元格不可靠，所在的行会转入隔离区。',
    en: '{count} cell(s) in the sample cannot be trusted; their rows go to quarantine.',
  },
  'file.reason.json_records': {
    zh: '文件由 JSON 对象组成，每个对象是一条记录。',
    en: 'The file is made of JSON objects; each is a record.',
  },
  'file.reason.json_records_at': { zh: '记录在 JSON 的“{key}”数组中。', en: 'The records stand in the array “{key}”.' },
  'file.reason.sql_table': { zh: '读取转储中的表“{table}”。', en: 'Table “{table}” of the dump is read.' },
  'file.reason.xml_records_at': { zh: '每个“{path}”元素是一条记录。', en: 'Each element “{path}” is a record.' },
  'file.reason.own_schema': {
    zh: '列名和类型取自 {format} 文件自带的结构。',
    en: 'Names and types come from the schema of the {format} file.',
  },
} as const
