/** Messages of ingestion. Each says what to do. {name} is filled from the error's params. */
export const ingestionMessages = {
  'ingestion.not_owner': {
    zh: '这是其他机构的数据，您只能查看状态，不能查看内容或修改。',
    en: 'This belongs to another organisation; you may see its state, not its content.',
  },
  'ingestion.source_name_taken': {
    zh: '本机构已有同名的数据源，请换一个名称。',
    en: 'Your organisation has a source of this name. Choose another.',
  },
  'ingestion.source_kind_fixed': {
    zh: '数据源的类型不能修改，请另行登记一个数据源。',
    en: 'The kind of a source cannot change. Register another one.',
  },
  'ingestion.secret_needed': {
    zh: '修改了主机、端口或账号，请重新填写口令（原口令不会发往新的地址）。',
    en: 'Host, port or account changed: enter the password again, as the stored one is never sent elsewhere.',
  },
  'ingestion.source_gone': { zh: '数据源已不存在，请修改汇聚任务。', en: 'The source no longer exists. Change the plan.' },
  'ingestion.host_not_allowed': {
    zh: '主机“{host}”不在本平台允许连接的范围内。请核对地址；如确需接入，请平台运营员把它加入允许名单（DATONG_SOURCE_HOSTS）。',
    en: 'Host “{host}” is not among those this node may reach. Check it, or ask the operator to add it to DATONG_SOURCE_HOSTS.',
  },
  'ingestion.host_unknown': {
    zh: '找不到主机“{host}”，请核对名称，或改填 IP 地址。',
    en: 'Host “{host}” is unknown. Check the name or give its address.',
  },
  'ingestion.source_password': {
    zh: '数据源拒绝了账号或口令，请核对后重新填写。',
    en: 'The source refused the account or password. Enter them again.',
  },
  'ingestion.source_refused': {
    zh: '数据源不允许本平台的地址或该账号连接，请源系统管理员放行本平台地址。',
    en: 'The source does not admit this account or address. Ask its administrator to allow it.',
  },
  'ingestion.database_unknown': { zh: '数据源中没有这个数据库，请核对库名。', en: 'There is no such database. Check its name.' },
  'ingestion.schema_unknown': { zh: '数据库中没有这个模式（schema），请核对名称。', en: 'There is no such schema. Check its name.' },
  'ingestion.source_forbidden': {
    zh: '该账号没有读取此表的权限，请源系统管理员授予只读权限（GRANT SELECT）。',
    en: 'The account may not read this table. Ask for GRANT SELECT.',
  },
  'ingestion.object_unknown': {
    zh: '数据源中没有“{object}”，请刷新列表后重新选择。',
    en: 'There is no “{object}” in the source. Reload the list.',
  },
  'ingestion.column_gone': {
    zh: '源表或文件中已没有字段“{column}”，结构可能有变动。请打开汇聚任务重新匹配信息项。',
    en: 'Column “{column}” is no longer there; the structure has changed. Map the items again.',
  },
  'ingestion.source_slow': {
    zh: '数据源响应超时。请避开业务高峰重试，或请源系统管理员检查。',
    en: 'The source took too long. Try again outside peak hours.',
  },
  'ingestion.source_busy': { zh: '数据源连接数已满，请稍后重试。', en: 'The source has no connection left. Try again later.' },
  'ingestion.database_away': {
    zh: '平台的控制库多次没有应答，本次没有写入任何数据，原有数据不受影响。请平台运营员检查控制库服务器，恢复后重新执行。',
    en: 'The control plane’s database did not answer several times. Nothing was replaced. Operators: look after the database server, then run the load again.',
  },
  'ingestion.source_lost': {
    zh: '与数据源的连接中断，本次没有写入任何数据，原有数据不受影响。请确认源系统正常后重新执行。',
    en: 'The connection to the source broke. Nothing was replaced. Run the load again when the source is back.',
  },
  'ingestion.source_unreachable': {
    zh: '连接不上数据源（{code}）。请确认地址、端口正确，源系统已启动，网络和防火墙已放行。',
    en: 'The source cannot be reached ({code}). Check address, port, firewall, and that it runs.',
  },
  'ingestion.replica_behind': {
    zh: '连接的是从库，同步已停止或滞后 {minutes} 分钟，读到的不是最新数据，本次未生效。请源系统管理员恢复同步，或改连主库。',
    en: 'This is a replica whose replication has stopped or lags {minutes} minutes. Nothing was replaced. Mend it or use the primary.',
  },
  'ingestion.source_error': {
    zh: '数据源报告错误（代码 {code}），请把代码告诉源系统管理员。',
    en: 'The source reported error {code}. Tell its administrator.',
  },
  'ingestion.source_encoding': {
    zh: '数据库编码为 {encoding}，目前只支持 UTF8。请源系统提供 UTF8 的库或视图，或导出文件后上传。',
    en: 'The database is encoded in {encoding}; only UTF8 is supported.',
  },
  'ingestion.source_date_style': {
    zh: '该账号的日期格式为 {style}，请源系统管理员执行 ALTER ROLE … SET DateStyle = ISO 后重试。',
    en: 'The account writes dates as {style}. Ask for ALTER ROLE … SET DateStyle = ISO.',
  },
  'ingestion.not_read_only': {
    zh: '连接正常，但该账号可以修改源数据。为免误伤业务库，建议换用只读账号。',
    en: 'Connected, but the account can change data. Use a read-only account.',
  },
  'ingestion.clock_skew': {
    zh: '连接正常，但数据源时钟与本平台相差 {detail} 秒，请校时。',
    en: 'Connected, but the clocks differ by {detail} seconds.',
  },
  'ingestion.folder_unknown': {
    zh: '服务器上没有这个文件夹，或它不在允许的范围内（DATONG_FILES）。请核对路径。',
    en: 'There is no such folder within DATONG_FILES. Check the path.',
  },
  'ingestion.not_an_upload_source': { zh: '只能向“上传文件”类型的数据源上传。', en: 'Files can only be uploaded to an upload source.' },
  'ingestion.file_name': {
    zh: '文件名不能含斜杠或控制字符，也不能以点开头，请改名后上传。',
    en: 'A file name has no slash or control character and no leading dot.',
  },
  'ingestion.file_changed': {
    zh: '文件在读取过程中被改动，本次没有写入任何数据。请待文件写完后重新执行。',
    en: 'The file changed while it was read. Run the load again when it is complete.',
  },
  'ingestion.upload_damaged': {
    zh: '上传的文件“{object}”在平台磁盘上已损坏，与上传时不一致，本次没有写入任何数据。请重新上传该文件，并请平台运营员检查磁盘。',
    en: 'The uploaded file “{object}” is damaged on the platform’s disk; nothing was written. Upload it again, and have the operator check the disk.',
  },

  'ingestion.entry_not_published': {
    zh: '目录尚未发布，请先完成目录的审核发布，再配置汇聚。',
    en: 'The entry is not published yet. Publish it first.',
  },
  'ingestion.item_unknown': { zh: '目录中没有信息项“{item}”，请重新匹配。', en: 'The entry has no item “{item}”.' },
  'ingestion.item_twice': { zh: '信息项“{item}”匹配了两次，请保留一个。', en: 'Item “{item}” is mapped twice.' },
  'ingestion.item_reserved': { zh: '信息项代码“{item}”为系统保留，请在目录中改用其他代码。', en: 'The code “{item}” is reserved.' },
  'ingestion.item_unmapped': { zh: '必填信息项“{item}”还没有匹配字段，请补充。', en: 'The required item “{item}” is not mapped.' },
  'ingestion.conversion_mismatch': {
    zh: '信息项“{item}”的数据类型与所选转换方式不符，请改为“自动”。',
    en: 'The conversion does not fit the type of “{item}”.',
  },
  'ingestion.format_unknown': {
    zh: '信息项“{item}”的日期格式不支持。可用：yyyy-MM-dd、yyyyMMdd、yyyy/M/d、yyyy.M.d、yyyy年M月d日，可后接时间。',
    en: 'The date format of “{item}” is not supported.',
  },
  'ingestion.already_running': { zh: '该任务正在装载，请等它结束或先取消。', en: 'This plan is loading already. Wait or cancel it.' },

  'ingestion.counts_differ': {
    zh: '对账不一致：源端 {read} 行，送出 {sent} 行，写入 {written} 行，隔离 {quarantined} 行。本次未生效，原有数据不受影响。请重新执行；若仍不一致，请告知平台运营员。',
    en: 'Counts differ: read {read}, sent {sent}, written {written}, quarantined {quarantined}. Nothing was replaced. Run it again.',
  },
  'ingestion.contents_differ': {
    zh: '内容核对不一致：有 {rows} 行（最多列出 100 行）与源端不同。本次未生效，原有数据不受影响。请核对所列主键的转换方式。',
    en: 'Contents differ in {rows} rows (at most 100 are named). Nothing was replaced. Check how these rows are converted.',
  },
  'ingestion.source_stopped': {
    zh: '数据源已被停止读取（{reason}）。排队的装载会在恢复读取后自动执行。',
    en: 'Reading from this source has been stopped ({reason}). Queued loads run once it is released.',
  },
  'ingestion.outside_window': {
    zh: '不在数据源允许的读取时段（{from}–{to}）内，到时自动执行。',
    en: 'Outside the hours in which the source may be read ({from}–{to}). The load will begin then.',
  },
  'ingestion.source_silent': {
    zh: '数据源连接未断但没有任何响应，等待 {seconds} 秒后已停止，原有数据不受影响。请确认源系统没有卡死、网络没有中断后重新执行。',
    en: 'The source keeps the connection but says nothing; the load was stopped after {seconds} s and nothing was replaced. Check that the source and the network are alive, then run the load again.',
  },
  'ingestion.statement_too_long': {
    zh: '语句在数据源上运行超过 {seconds} 秒，已停止。请为该表建立主键以便分片读取，或在数据源设置中放宽语句时限。',
    en: 'A statement ran longer than {seconds} s on the source and was stopped. Give the table a primary key so that it can be read in slices, or allow longer statements in the settings of the source.',
  },
  'ingestion.roles_unknown': {
    zh: '账号带有角色，但数据源不允许查看角色的权限，无法确认是否只读。请源系统管理员确认，或改用不带角色的只读账号。',
    en: 'The account has roles whose rights the source does not show. Ask its administrator whether it can only read, or use an account without roles.',
  },
  'ingestion.slice_differs': {
    zh: '分片 {slice} 两次读取都与数据源不一致：源端 {read} 行，写入 {written} 行，隔离 {quarantined} 行，或校验和、内容不同。本次未生效。请核对该范围内的数据后重新执行。',
    en: 'Slice {slice} differed from its source twice: {read} rows there, {written} written, {quarantined} refused, or other checksums or contents. Nothing was replaced. Check the data in this range and run it again.',
  },
  'ingestion.source_moved': {
    zh: '装载期间源数据一直在变动（前 {before} 行，后 {after} 行），无法对账。本次未生效。请避开写入高峰重新执行。',
    en: 'The source kept changing during the load ({before} rows before, {after} after). Run it again at a quieter time.',
  },
  'ingestion.quarantine_limit': {
    zh: '有 {quarantined} 行（{percent}%）不合格，超过本任务上限（{limit}），装载停止，本次未生效。请检查匹配和日期格式，或调高上限后重新执行。',
    en: '{quarantined} rows ({percent}%) were refused, above the limit ({limit}): the load was stopped. Check the mapping or raise the limit.',
  },
  'ingestion.too_slow': { zh: '装载超过时限，已停止。请缩小范围或避开高峰重试。', en: 'The load took too long and was stopped.' },
  'ingestion.engine_memory': {
    zh: '数据引擎内存不足，请稍后重试；若反复出现，请告知平台运营员。',
    en: 'The engine ran out of memory. Try again later.',
  },
  'ingestion.engine_busy': { zh: '数据引擎繁忙，请稍后重试。', en: 'The engine is busy. Try again later.' },
  'ingestion.disk_full': { zh: '数据盘空间不足，请平台运营员扩容后重新执行。', en: 'The disk is full. Ask the operator.' },
  'ingestion.folder_refused': {
    zh: '平台的运行账号不能写入自己的数据文件夹，本次没有写入任何数据。请平台运营员改好数据文件夹的权限（或重新以可写方式挂载）后重新执行。',
    en: 'The account that runs the platform may not write its own data folder; nothing was written. Have the operator mend its permissions (or mount it writable), then run the load again.',
  },
  'ingestion.file_unreadable': {
    zh: '平台没有读取该文件的权限。请把文件的读取权限给平台的运行账号后重试。',
    en: 'The platform may not read this file. Let the account that runs it read the file, then try again.',
  },
  'ingestion.unreadable_file': {
    zh: '文件内容与所选格式不符，无法读取。请核对分隔符、引号、编码和首行后重新执行。',
    en: 'The file does not read as its dialect says. Check delimiter, quote, encoding and header.',
  },
  'ingestion.engine_error': {
    zh: '数据引擎报告错误（代码 {code}），本次未生效。请把代码告诉平台运营员。',
    en: 'The engine reported error {code}. Tell the operator.',
  },
  'ingestion.internal': {
    zh: '系统内部错误，本次未生效，原有数据不受影响。请告知平台运营员。',
    en: 'Internal error. Nothing was replaced. Tell the operator.',
  },

  'ingestion.no_quarantine': { zh: '该任务没有隔离的行。', en: 'This plan has no quarantined rows.' },
  'ingestion.nothing_corrected': {
    zh: '还没有更正过的行。请先更正隔离的行，再回放。',
    en: 'No row has been corrected yet. Correct rows first.',
  },
  'ingestion.row_done': { zh: '这一行已经回放或放弃，不能再更正。', en: 'This row was replayed or discarded already.' },

  // Change streams: what a department sets up, and what became of it.
  'ingestion.not_a_stream': {
    zh: '此任务不是变更流。请把汇聚方式改为“变更流”，再启动。',
    en: 'This plan is not a change stream. Choose the mode “change stream” first.',
  },
  'ingestion.plan_is_a_stream': {
    zh: '此任务以变更流持续同步，不需要另行装载。请在变更流中启动、暂停或重新复制。',
    en: 'This plan follows its source as a change stream. Start, pause or copy anew there.',
  },
  'ingestion.stream_correct_at_source': {
    zh: '变更流的数据随数据源而变。请在数据源中更正这一行，更正会自动同步。',
    en: 'A stream follows its source. Correct the row there; the correction will arrive by itself.',
  },
  'ingestion.stream_source_kind': {
    zh: '这类数据源没有变更日志，不能以变更流汇聚。请改用其他汇聚方式。',
    en: 'A source of this kind has no log of changes. Choose another mode.',
  },
  'ingestion.stream_wal_level': {
    zh: '数据源的 wal_level 是“{level}”，变更流需要 logical。请数据源管理员设置 wal_level = logical 并重启数据库。',
    en: 'wal_level of the source is “{level}”. Its administrator sets wal_level = logical and restarts it.',
  },
  'ingestion.stream_role': {
    zh: '账号“{role}”没有复制权限。请数据源管理员执行 ALTER ROLE {role} REPLICATION，该权限不能修改数据。',
    en: 'Role “{role}” may not replicate. Its administrator runs: ALTER ROLE {role} REPLICATION; it gives no right to change data.',
  },
  'ingestion.stream_object_kind': {
    zh: '“{object}”不是普通表（视图和分区表不能以变更流汇聚）。请选择普通表，或改用比对方式。',
    en: '“{object}” is no ordinary table. Choose one, or load by comparison.',
  },
  'ingestion.stream_identity': {
    zh: '表 {table} 没有可用的主键或复制标识，无法对应被修改和删除的行。请数据源管理员建立主键，或用唯一索引设置 REPLICA IDENTITY。',
    en: 'Table {table} has no usable primary key or replica identity. Its administrator adds one.',
  },
  'ingestion.stream_full_identity': {
    zh: '表 {table} 的列“{column}”可能存放大值，日志中不含未修改的大值。请数据源管理员执行 ALTER TABLE {table} REPLICA IDENTITY FULL。',
    en: 'Column “{column}” of {table} may hold large values, which the log leaves out while unchanged. Run: ALTER TABLE {table} REPLICA IDENTITY FULL;',
  },
  'ingestion.stream_publication': {
    zh: '没有包含表 {table} 全部所需列的发布。请数据源管理员执行：CREATE PUBLICATION datong FOR TABLE {table};（发布增、删、改和清空，不设行过滤）',
    en: 'No publication has all that is needed of {table}. Run: CREATE PUBLICATION datong FOR TABLE {table}; (all operations, no row filter)',
  },
  'ingestion.stream_drift': {
    zh: '数据源的列“{column}”已删除、改名或改变类型，变更流已暂停。请核对目录与匹配，再“重新复制”。',
    en: 'Column “{column}” was dropped, renamed or retyped. Check entry and mapping, then copy anew.',
  },
  'ingestion.stream_value_missing': {
    zh: '日志中缺少列“{column}”的值（复制标识可能已修改），变更流已暂停。请恢复 REPLICA IDENTITY，再“重新复制”。',
    en: 'The log lacks values of “{column}”: the replica identity may have changed. Restore it, then copy anew.',
  },
  'ingestion.stream_binlog': {
    zh: '数据源的 {setting} 是“{value}”，变更流需要完整的行日志（log_bin 开启，binlog_format = ROW，不压缩事务，不排除本库）。请数据源管理员调整。',
    en: '{setting} of the source is “{value}”. A stream needs whole rows in the log: log_bin on, binlog_format = ROW, no compressed transactions, the database not left out.',
  },
  'ingestion.stream_commit_order': {
    zh: '此服务器不说明日志中哪些事务已可读（没有 binlog_snapshot_position；MariaDB 有）。无法保证不遗漏，请改用增量或比对方式。',
    en: 'This server does not tell which transactions of its log can be read (binlog_snapshot_position, as MariaDB does). Load incrementally or by comparison.',
  },
  'ingestion.stream_replication_right': {
    zh: '账号没有读取日志的权限。请数据源管理员执行：GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 账号；这些权限不能修改数据。',
    en: 'The account may not read the log. Run: GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO it; they give no right to change data.',
  },
  'ingestion.stream_no_key': {
    zh: '表 {table} 没有主键，无法对应被修改和删除的行。请数据源管理员建立主键，或改用比对方式。',
    en: 'Table {table} has no primary key. Its administrator adds one, or load by comparison.',
  },
  'ingestion.stream_key_type': {
    zh: '主键列“{column}”的类型 {type} 不能作为变更流的主键（可用：整数、定点数、字符、日期，不带 zerofill）。请改用比对方式。',
    en: 'Key column “{column}” is of type {type}: streams take integers, decimals, char, varchar and dates, without zerofill. Load by comparison.',
  },
  'ingestion.stream_key_text': {
    zh: '主键列“{column}”中有无法准确辨认的字符（列的字符集不是 utf8），变更流已暂停。请改用比对方式，或将该列改为 utf8mb4。',
    en: 'A key in “{column}” holds characters that cannot be told for certain: its character set is not utf8. Load by comparison, or convert the column.',
  },
  'ingestion.stream_cascade': {
    zh: '表 {table} 的外键 {constraint} 会级联修改或删除行，这些变化不写入日志。请改用比对方式，或去掉级联。',
    en: 'Foreign key {constraint} of {table} changes rows by cascade, which the log leaves out. Load by comparison, or drop the cascade.',
  },
  'ingestion.stream_altered': {
    zh: '数据源的表 {table} 被修改过结构，其间的变化无法从日志得知，变更流已暂停。请核对目录与匹配，再“重新复制”。',
    en: 'Table {table} was altered at the source, and the log does not tell what that did to its rows. Check entry and mapping, then copy anew.',
  },
  'ingestion.stream_not_visible': {
    zh: '数据源的事务已写入日志但仍未提交完成，正在自动重试。',
    en: 'Transactions of the source stand in its log and are not committed yet; trying again.',
  },
  'ingestion.stream_log_ending': {
    zh: '变更流所需的日志即将被数据源清理。请尽快继续同步，或请数据源管理员延长日志保留时间；被清理后须重新复制。',
    en: 'The source will soon throw away the log that the stream needs. Resume now, or have its retention extended; afterwards it has to be copied anew.',
  },
  'ingestion.stream_differs': {
    zh: '核对发现变更流的数据与数据源不一致（见“核对”列）。请查明原因，暂停后“重新复制”。',
    en: 'The stream’s data differ from the source (see “Proof”). Find out why, pause, and copy anew.',
  },
  'ingestion.stream_proof_overtaken': {
    zh: '核对期间数据源变化太快（清空了表，或同步未能跟上），未能得出结论。请稍后再核对。',
    en: 'The source moved too much during the proof: its table was emptied, or the stream fell behind. Prove again later.',
  },
  'ingestion.stream_plan_changed': {
    zh: '目录、匹配或数据源的表结构在复制之后有变化，变更流已暂停。请核对后“重新复制”。',
    en: 'Entry, mapping or the source table changed since the copy. Check them, then copy anew.',
  },
  'ingestion.stream_other_source': {
    zh: '数据源已不是原来的数据库（可能发生了主备切换或恢复），原日志位置不再有效。为免遗漏变更，请“重新复制”。',
    en: 'The source is not the server that the stream came from (failover or restore). Copy anew, so that no change is left out.',
  },
  'ingestion.stream_rewound': {
    zh: '数据源的日志（{at}）倒退到已同步位置（{position}）之前，可能从备份恢复过。请“重新复制”。',
    en: 'The source’s log ({at}) is before the place already applied ({position}): it was set back. Copy anew.',
  },
  'ingestion.stream_slot_lost': {
    zh: '数据源已不再保留本变更流所需的日志。为免遗漏变更，请“重新复制”。',
    en: 'The source no longer keeps the log that the stream needs. Copy anew.',
  },
  'ingestion.stream_slot_moved': {
    zh: '数据源上的复制槽被他人推进过，中间的变更不会再来。请“重新复制”，并请数据源管理员查明谁在使用它。',
    en: 'Somebody else moved the stream’s slot: changes were left out. Copy anew, and find out who uses it.',
  },
  'ingestion.stream_slot_busy': {
    zh: '数据源上的复制槽正被占用，正在自动重试。',
    en: 'The slot at the source is in use; trying again.',
  },
  'ingestion.stream_released': {
    zh: '数据源为变更流保留的日志已达 {mebibytes} MiB，超过上限。为保护数据源的磁盘，已释放日志。排除滞后原因后请“重新复制”。',
    en: 'The source kept {mebibytes} MiB of log for the stream, above the limit: it was released to protect its disk. Copy anew.',
  },
  'ingestion.stream_lake_behind': {
    zh: '数据湖中的数据比记录的位置旧（可能从备份恢复过）。为免遗漏变更，请“重新复制”。',
    en: 'The lake’s table is older than the recorded position: it was set back. Copy anew.',
  },

  // Why a row is in quarantine, and what to do.
  'ingestion.missing_value': { zh: '必填项没有值，请补填。', en: 'A required value is missing. Fill it in.' },
  'ingestion.not_a_number': { zh: '不是数字，请改为数字。', en: 'Not a number.' },
  'ingestion.not_whole': { zh: '应为整数，实际带有小数，请核对。', en: 'A whole number is needed.' },
  'ingestion.too_many_decimals': {
    zh: '小数位数超过目录规定，为免丢失精度未写入。请核对数值或修改目录的小数位数。',
    en: 'More decimals than the item allows; nothing is rounded.',
  },
  'ingestion.out_of_range': { zh: '数值超出目录规定的长度，请核对数值或修改目录的长度。', en: 'The number is too large for the item.' },
  'ingestion.not_a_date': { zh: '不是可识别的日期，请改为 yyyy-MM-dd。', en: 'Not a date. Use yyyy-MM-dd.' },
  'ingestion.not_a_time': { zh: '不是可识别的时间，请改为 yyyy-MM-dd HH:mm:ss。', en: 'Not a time. Use yyyy-MM-dd HH:mm:ss.' },
  'ingestion.no_such_date': { zh: '没有这一天或这一时刻（如 2 月 30 日），请核对。', en: 'There is no such day or time.' },
  'ingestion.date_out_of_range': { zh: '日期不在 1900 至 2299 年之间，请核对。', en: 'The date is not between 1900 and 2299.' },
  'ingestion.not_a_truth': { zh: '应为 是/否、true/false、1/0 之一，请核对。', en: 'Use yes/no, true/false or 1/0.' },
  'ingestion.too_long': { zh: '文字超过目录规定的长度，请核对内容或修改目录的长度。', en: 'The text is longer than the item allows.' },
  'ingestion.scientific_number': {
    zh: '号码被 Excel 显示成科学计数法，原号码已丢失。请在源表把该列设为文本后重新导出。',
    en: 'The number was turned into scientific notation by a spreadsheet. Export it again as text.',
  },
  'ingestion.rounded_number': {
    zh: '18 位号码的末几位被 Excel 置零，原号码已丢失。请在源表把该列设为文本后重新导出。',
    en: 'The last digits were zeroed by a spreadsheet. Export the column again as text.',
  },
} as const
