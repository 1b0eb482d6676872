/** Messages of the platform itself. Each says what to do. {name} is filled from the error's params. */
export const platformMessages = {
  'http.invalid_input': {
    zh: '提交的内容有 {count} 处不符合要求，请按下面的提示逐处修改后再提交。',
    en: 'The input has {count} problem(s). Correct each as listed below and send it again.',
  },
  'http.unreadable_body': {
    zh: '提交的内容不是合法的 JSON，请检查括号、引号和逗号是否配对。',
    en: 'The body is not valid JSON. Check brackets, quotes and commas.',
  },
  'http.wrong_content_type': {
    zh: '请求的内容类型不受支持，请使用 application/json；上传文件请使用 application/octet-stream。',
    en: 'Unsupported content type. Use application/json, or application/octet-stream for files.',
  },
  'http.too_large': { zh: '提交的内容超过 {limit}，请拆分后再提交。', en: 'The body is larger than {limit}. Split it and send again.' },
  'http.not_found': { zh: '没有这个地址，请检查链接是否完整。', en: 'There is nothing at this address. Check the link.' },
  'http.internal': {
    zh: '系统出现内部错误，您的操作没有生效。请稍后重试；若仍失败，请把编号 {requestId} 告诉平台运营员。',
    en: 'Internal error; nothing was changed. Try again later, or give the operator the number {requestId}.',
  },
  'http.unavailable': { zh: '服务暂时不可用，请在 {seconds} 秒后重试。', en: 'Temporarily unavailable. Try again in {seconds} seconds.' },
  'platform.lake_away': {
    zh: '数据湖的第 {nodes} 个节点（共 {count} 个）没有应答，现有数据未受影响，也不会返回残缺的数据。请运维人员恢复该节点；正在汇聚的任务会在恢复后自动继续。',
    en: 'Node {nodes} of {count} of the lake does not answer. The data are unharmed, and no partial answers are given. Bring the node back: loads go on by themselves.',
  },
  'platform.data_damaged': {
    zh: '这些数据在磁盘上的文件已损坏，与写入时不一致，平台不再提供。请平台运营员用 verify 命令查明范围、检查磁盘，然后重新执行该目录的汇聚任务。',
    en: 'The files of these data are damaged on the disk, and are not served. Have the operator run `verify`, check the disk, and run the load of the entry again.',
  },
  'http.disk_full': {
    zh: '平台的磁盘空间不足，您的操作没有生效。请告诉平台运营员扩容，扩容后无需重启即可继续。',
    en: 'The disk of the platform is full; nothing was changed. Ask the operator for room; no restart is needed then.',
  },
  'http.folder_refused': {
    zh: '平台的运行账号没有读写某个文件或文件夹的权限，您的操作没有生效。请把编号 {requestId} 告诉平台运营员：日志里有它的路径，改好权限后无需重启即可继续。',
    en: 'The account that runs the platform may not read or write one of its files or folders; nothing was changed. Give the operator the number {requestId}: the log names the path. No restart is needed then.',
  },
  'http.too_many_files': {
    zh: '平台同时打开的文件已达上限，您的操作没有生效。请在 {seconds} 秒后重试；若仍失败，请平台运营员调高打开文件数上限（ulimit -n、LimitNOFILE）。',
    en: 'The platform has as many files open as it may; nothing was changed. Try again in {seconds} seconds; if it still fails, have the operator raise the limit (ulimit -n, LimitNOFILE).',
  },
  'http.database_away': {
    zh: '平台的控制库暂时没有应答。请在 {seconds} 秒后刷新页面，核对刚才的操作是否已经生效，再决定是否重做；平台运营员请检查控制库服务器，恢复后无需重启平台。',
    en: 'The control plane’s database does not answer. Reload in {seconds} seconds and see whether your change was made before you make it again. Operators: look after the database server; no restart is needed then.',
  },
  'http.csrf': { zh: '页面已过期，请刷新页面后再操作。', en: 'The page has expired. Reload it and try again.' },
  'value.invalid': { zh: '此项的取值不符合要求：{reason}', en: 'This value is not acceptable: {reason}' },
  'value.too_long': { zh: '此项不能超过 {limit} 个字符，请精简。', en: 'At most {limit} characters. Shorten it.' },
  'value.too_short': { zh: '此项至少需要 {limit} 个字符，请补充。', en: 'At least {limit} characters. Write more.' },
  'value.too_many': { zh: '此项最多 {limit} 个，请减少。', en: 'At most {limit}. Remove some.' },
  'value.too_few': { zh: '此项至少 {limit} 个，请补充。', en: 'At least {limit}. Add some.' },
  'value.too_large': { zh: '此项不能大于 {limit}，请核对。', en: 'At most {limit}. Check the number.' },
  'value.too_small': { zh: '此项不能小于 {limit}，请核对。', en: 'At least {limit}. Check the number.' },
  'value.choice': { zh: '请从可选值中选择：{choices}。', en: 'Choose one of: {choices}.' },
  'value.format': { zh: '此项的格式不正确，请按填写说明修改。', en: 'The format is not right. Correct it as the instructions say.' },
  'value.unstorable': {
    zh: '内容中含有无法保存的字符（空字符或残缺的字符），请删除后重新输入。',
    en: 'The text holds characters that cannot be stored (NUL, half a surrogate pair). Remove them.',
  },
  'value.required': { zh: '此项为必填项，请填写。', en: 'This value is required.' },
  'value.unknown_field': {
    zh: '不认识的字段“{field}”，请删除或检查拼写。',
    en: 'Unknown field “{field}”. Remove it or check its spelling.',
  },
  'value.uscc': {
    zh: '统一社会信用代码应为 18 位，不含字母 I、O、S、V、Z，请核对证照。',
    en: 'A USCC has 18 characters and no I, O, S, V or Z. Check the certificate.',
  },
  'value.not_found': {
    zh: '没有找到所指的对象，或它不在您可见的范围内。请刷新列表后重新选择。',
    en: 'Not found, or not visible to you. Reload the list and choose again.',
  },
  'value.cursor': { zh: '翻页参数不正确，请从第一页重新查询。', en: 'Wrong page position. Start again from the first page.' },
  'value.stale': {
    zh: '这条记录刚被别人修改过，您的修改没有保存。请刷新后在最新内容上重新修改。',
    en: 'Somebody changed this record in the meantime; your change was not saved. Reload and edit again.',
  },
  'value.time': { zh: '时间应写作 HH:MM，如 02:30。', en: 'Write the time as HH:MM, like 02:30.' },
  'value.date': {
    zh: '日期“{value}”不存在或格式不对，请按 2026-01-31 的格式填写。',
    en: '“{value}” is not a date. Write it like 2026-01-31.',
  },
  'state.refused': {
    zh: '当前状态为“{state}”，不能进行此操作。请刷新页面查看最新状态。',
    en: 'This cannot be done in state “{state}”. Reload to see the current state.',
  },
  'state.wrong_side': {
    zh: '此操作应由{side}办理，您所在的机构不能进行。',
    en: 'This is done by another organisation ({side}).',
  },
} as const
