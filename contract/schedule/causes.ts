/** What to do next about a load that failed, and on which page. */
export const nextSteps = {
  password: {
    zh: '向源系统管理员核实账号和口令，在“数据源”中重新填写，点“检查连接”后重新装载。',
    en: 'Ask the source’s administrator for the account and password, enter them in the source, check it, load again.',
    page: 'source',
  },
  admit: {
    zh: '请源系统管理员放行本平台地址、授予只读权限，点“检查连接”后重新装载。',
    en: 'Ask the source’s administrator to admit this node and grant read access; check the source, load again.',
    page: 'source',
  },
  reach: {
    zh: '请源系统管理员确认数据库已启动、网络已通，点“检查连接”后重新装载。',
    en: 'Ask the source’s administrator whether the database runs and the network is open; check the source, load again.',
    page: 'source',
  },
  quieter: {
    zh: '与源系统管理员商定业务低峰时段，修改调度时间后重新装载。',
    en: 'Agree on quieter hours with the source’s administrator, change the schedule, load again.',
    page: 'plan',
  },
  release: {
    zh: '与停止读取的人员核实，问题排除后在“数据源”中恢复读取，装载会自动继续。',
    en: 'Ask who stopped it; release the source when it is well, and the load goes on.',
    page: 'source',
  },
  replica: {
    zh: '请源系统管理员恢复主从同步，或改连主库；同步追上后重新装载。',
    en: 'Ask the source’s administrator to mend the replication or connect to the primary; then load again.',
    page: 'source',
  },
  mapping: {
    zh: '向源系统核实结构变动，在“修改配置”中重新选择来源、匹配信息项后重新装载。',
    en: 'Ask what changed in the source’s structure, choose object and mapping again, load again.',
    page: 'plan',
  },
  structure: {
    zh: '在汇聚任务的“结构变更”中核对改了什么，接受变更或请源系统改回，再重新装载。',
    en: 'See on the plan what changed, accept it or have it taken back, load again.',
    page: 'plan',
  },
  agent: {
    zh: '请本部门检查前置机是否开机、能否访问平台，恢复后重新装载。',
    en: 'Have the department’s agent and its network checked; load again afterwards.',
    page: 'source',
  },
  values: {
    zh: '在装载记录中查看不合格的原因，请源系统更正，或修改匹配与上限后重新装载。',
    en: 'See in the load why rows were refused; have the source corrected, or change mapping or limit; load again.',
    page: 'load',
  },
  file: {
    zh: '请提供单位重新导出完整的文件、按约定编码放回原处，再重新装载。',
    en: 'Ask for a complete file in the agreed encoding, put it back in its place, load again.',
    page: 'plan',
  },
  confirm: {
    zh: '向源系统核实数据是否确有大量删除；确认无误后由责任人点“立即装载”，即可生效。',
    en: 'Ask whether so many rows were really deleted; if so, load by hand, which confirms it.',
    page: 'plan',
  },
  limit: {
    zh: '向源系统核实数据是否确有大量删除；确属删除的，在“修改配置”中调高减少上限后重新装载。',
    en: 'Ask whether so many rows were really deleted; if so, raise the limit in the plan and load again.',
    page: 'plan',
  },
  before: {
    zh: '先处理前置任务的问题，再重新装载本任务。',
    en: 'Settle the plans before this one, then load it.',
    page: 'plan',
  },
  again: { zh: '确认原因后，需要时点“立即装载”补装。', en: 'Load by hand if it is needed.', page: 'plan' },
  wait: { zh: '仍在进行，请留意进度；确需停止时可取消。', en: 'It still runs: watch it, or cancel it.', page: 'load' },
  operator: {
    zh: '请平台运营员处理后重新装载。',
    en: 'Tell the operator of the platform; load again afterwards.',
    page: 'load',
  },
} as const
export type NextStep = keyof typeof nextSteps

interface Cause {
  zh: string
  en: string
  step: NextStep
  /** It may go by: the schedule tries again by itself. */
  isPassing?: true
}

/** Why a load of the night failed, in office words, by the code of its message (contract/messages). */
export const causes: Record<string, Cause> = {
  'ingestion.source_password': { zh: '数据源账号或口令不对', en: 'Account or password refused', step: 'password' },
  'ingestion.source_refused': { zh: '数据源拒绝本平台连接', en: 'The source refuses the connection', step: 'admit' },
  'ingestion.source_forbidden': { zh: '账号没有读取权限', en: 'No right to read the table', step: 'admit' },
  'ingestion.host_not_allowed': { zh: '主机不在允许连接的范围', en: 'The host is not allowed', step: 'operator' },
  'ingestion.host_unknown': { zh: '找不到数据源主机', en: 'The host is unknown', step: 'reach', isPassing: true },
  'ingestion.source_unreachable': { zh: '连接不上数据源', en: 'The source cannot be reached', step: 'reach', isPassing: true },
  'ingestion.source_lost': { zh: '与数据源的连接中断', en: 'The connection broke', step: 'reach', isPassing: true },
  'ingestion.source_slow': { zh: '数据源长时间没有响应', en: 'The source did not answer in time', step: 'reach', isPassing: true },
  'ingestion.source_silent': { zh: '数据源没有任何响应', en: 'The source said nothing', step: 'reach', isPassing: true },
  'ingestion.source_standby': {
    zh: '名称节点是备用节点或在安全模式',
    en: 'The name node is on standby or in safe mode',
    step: 'reach',
    isPassing: true,
  },
  'ingestion.source_busy': { zh: '数据源连接数已满', en: 'The source has no connection left', step: 'quieter', isPassing: true },
  'ingestion.source_moved': { zh: '装载期间源数据一直在变动', en: 'The source kept changing', step: 'quieter', isPassing: true },
  'ingestion.replica_behind': { zh: '从库同步滞后，数据不是最新', en: 'The replica lags behind', step: 'replica', isPassing: true },
  'ingestion.source_gone': { zh: '数据源已被删除', en: 'The source no longer exists', step: 'mapping' },
  'ingestion.database_unknown': { zh: '源数据库不存在或已改名', en: 'The database is gone', step: 'mapping' },
  'ingestion.schema_unknown': { zh: '源模式不存在或已改名', en: 'The schema is gone', step: 'mapping' },
  'ingestion.object_unknown': { zh: '源表或文件不存在或已改名', en: 'The table or file is gone', step: 'mapping' },
  'file.path_not_allowed': { zh: '源文件不存在或已改名', en: 'The file is gone', step: 'mapping' },
  'ingestion.folder_unknown': { zh: '服务器文件夹不存在', en: 'The folder is gone', step: 'mapping' },
  'ingestion.column_gone': { zh: '源字段被删除或改名', en: 'A column is gone', step: 'mapping' },
  'ingestion.structure_drifted': { zh: '来源的结构有变动', en: 'The source changed its structure', step: 'structure' },
  'ingestion.structure_moved': {
    zh: '来源的结构在装载期间被改动',
    en: 'The structure changed during the load',
    step: 'structure',
    isPassing: true,
  },
  'ingestion.agent_away': { zh: '前置机没有联系平台', en: 'The agent has not called', step: 'agent', isPassing: true },
  'ingestion.agent_not_active': { zh: '前置机没有接入或已停用', en: 'The agent is not active', step: 'agent' },
  'ingestion.source_encoding': { zh: '数据库编码不受支持', en: 'The encoding of the database is not supported', step: 'admit' },
  'ingestion.source_date_style': { zh: '账号的日期格式不受支持', en: 'The date style of the account is not supported', step: 'admit' },
  'ingestion.source_error': { zh: '数据源报告错误', en: 'The source reported an error', step: 'reach' },
  'ingestion.entry_not_published': { zh: '目录已不在发布状态', en: 'The entry is no longer published', step: 'mapping' },
  'ingestion.quarantine_limit': { zh: '不合格的行超过上限', en: 'Too many rows were refused', step: 'values' },
  'ingestion.counts_differ': { zh: '行数对账不一致', en: 'Counts differ', step: 'operator' },
  'ingestion.contents_differ': { zh: '内容核对不一致', en: 'Contents differ', step: 'values' },
  'ingestion.rows_gone': { zh: '源数据行数骤减', en: 'Many rows are gone', step: 'confirm' },
  'ingestion.deletion_limit': { zh: '源数据大量减少', en: 'Many rows are gone', step: 'limit' },
  'ingestion.version_differs': { zh: '合并后的数据对账不一致', en: 'The merged data differ', step: 'operator' },
  'ingestion.key_needed': { zh: '目录没有主键，无法按主键更新', en: 'The entry has no key to find rows by', step: 'mapping' },
  'ingestion.mode_unfit': { zh: '数据源不支持所选汇聚方式', en: 'The source does not support the mode', step: 'mapping' },
  'ingestion.source_behind': { zh: '来源数据比上次还旧', en: 'The source is older than before', step: 'replica', isPassing: true },
  'ingestion.base_moved': { zh: '现有数据在装载期间被更换', en: 'The present data changed meanwhile', step: 'again', isPassing: true },
  'ingestion.plan_changed': { zh: '任务配置在装载期间被修改', en: 'The plan changed meanwhile', step: 'again', isPassing: true },
  'ingestion.key_twice': { zh: '来源中主键重复', en: 'Keys stand twice in the source', step: 'values' },
  'ingestion.watermark_unmapped': { zh: '更新时间字段没有对应信息项', en: 'The column of change is not mapped', step: 'mapping' },
  'ingestion.file_changed': { zh: '文件在读取时被改动', en: 'The file changed while it was read', step: 'file', isPassing: true },
  'ingestion.table_file_gone': { zh: '表引用的文件不在其文件夹里', en: 'A file of the table is not in its folder', step: 'file' },
  'ingestion.table_engine_elsewhere': {
    zh: '数据引擎取不到表的文件',
    en: 'The engine cannot get the files of the table',
    step: 'operator',
  },
  'ingestion.table_forked': { zh: '表有两个同号的最新版本', en: 'The table has two newest versions', step: 'file' },
  'ingestion.table_unreadable': { zh: '表的元数据无法读取', en: 'The metadata of the table do not read', step: 'file' },
  'ingestion.too_many_files': { zh: '来源的文件过多', en: 'Too many files at the source', step: 'file' },
  'ingestion.unreadable_file': { zh: '文件内容与格式不符', en: 'The file does not read as its dialect says', step: 'file' },
  'ingestion.upload_damaged': { zh: '上传的文件在平台磁盘上已损坏', en: 'The uploaded file is damaged on the disk', step: 'file' },
  'ingestion.statement_too_long': { zh: '语句在数据源上运行太久', en: 'A statement ran too long at the source', step: 'quieter' },
  'ingestion.outside_window': { zh: '不在数据源允许的读取时段', en: 'Outside the hours of the source', step: 'quieter' },
  'ingestion.source_stopped': { zh: '数据源被停止读取', en: 'The source was stopped', step: 'release' },
  'ingestion.too_slow': { zh: '装载超过时限', en: 'The load took too long', step: 'quieter' },
  'ingestion.engine_memory': { zh: '数据引擎内存不足', en: 'The engine ran out of memory', step: 'operator', isPassing: true },
  'ingestion.database_away': { zh: '平台控制库没有应答', en: 'The control plane did not answer', step: 'operator', isPassing: true },
  'ingestion.engine_busy': { zh: '数据引擎繁忙', en: 'The engine is busy', step: 'operator', isPassing: true },
  'ingestion.disk_full': { zh: '平台数据盘空间不足', en: 'The disk is full', step: 'operator' },
  'ingestion.folder_refused': { zh: '平台不能写入数据文件夹', en: 'The data folder is not writable', step: 'operator' },
  'ingestion.file_unreadable': { zh: '平台没有读取文件的权限', en: 'The file may not be read', step: 'operator' },
  'ingestion.engine_error': { zh: '数据引擎报告错误', en: 'The engine reported an error', step: 'operator' },
  'ingestion.internal': { zh: '平台内部错误', en: 'Internal error', step: 'operator' },
  // Of the schedule itself.
  'ingestion.turn_missed': { zh: '时段内没有轮到', en: 'Its window closed before its turn', step: 'again' },
  'ingestion.turn_blocked': { zh: '前置任务没有成功', en: 'A plan before it did not succeed', step: 'before' },
  'ingestion.turn_cancelled': { zh: '被人工取消', en: 'Cancelled by hand', step: 'again' },
  'ingestion.turn_late': { zh: '超过时段仍未结束', en: 'Not ended within its window', step: 'wait' },
}

/** A file that cannot be read says so by codes of its own. */
const ofFile: Cause = { zh: '文件不完整、编码或格式不对', en: 'The file is incomplete, or its encoding or format is wrong', step: 'file' }
const unknown: Cause = { zh: '装载失败', en: 'The load failed', step: 'operator' }

export const causeOf = (code: string): Cause => causes[code] ?? (code.startsWith('file.') ? ofFile : unknown)
