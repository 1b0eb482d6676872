/** Messages about sources of a kind of their own, and about data that stay at their source. Each says what to do. */
export const sourceMessages = {
  'ingestion.source_encryption': {
    zh: '源端要求加密连接。SQL Server、MongoDB、Kafka：请在“服务器证书”中填入其证书或签发机构证书（PEM）；Oracle：请为采集账号放行不加密的连接，或改用前置机导出文件。',
    en: 'The source wants an encrypted line. SQL Server, MongoDB, Kafka: enter its certificate or its issuer’s (PEM). Oracle: allow this account a plain one.',
  },
  'ingestion.source_plain': {
    zh: '源端不支持加密连接。请源系统管理员开启 TLS（ssl = on）；确需不加密的，清空“服务器证书”。',
    en: 'The source does not encrypt. Ask its administrator for TLS (ssl = on), or empty the certificate for a plain line.',
  },
  'ingestion.source_certificate': {
    zh: '源端出示的证书与登记的不符，或已过期、不属于这台主机（代码 {code}）。没有发送口令。请与源系统管理员核对“服务器证书”。',
    en: 'The source shows a certificate that is not the registered one, has expired, or is another host’s ({code}). No password was sent.',
  },
  'ingestion.server_too_old': {
    zh: '服务器版本过低。SQL Server 须为 2016 及以上，Oracle 须为 12.1 及以上，MongoDB 须为 4.4 及以上，Kafka 须为 0.11 及以上；更早的版本请导出文件后装载。',
    en: 'The server is too old: SQL Server 2016, Oracle 12.1 and MongoDB 4.4, Kafka 0.11 or later can be read. Export files from older ones.',
  },
  'ingestion.table_iceberg': {
    zh: 'Iceberg 表，按其最新版本（快照 {snapshot}）读取；读取期间写入的更新版本不计入本次。',
    en: 'A table of Iceberg, read as of its newest version (snapshot {snapshot}); what is written meanwhile does not count.',
  },
  'ingestion.table_delta': {
    zh: 'Delta 表，按其最新版本（{version}）读取；读取期间写入的更新版本不计入本次。',
    en: 'A table of Delta, read as of its newest version ({version}); what is written meanwhile does not count.',
  },
  'ingestion.table_tried': {
    zh: '只用 ClickHouse 写出的表验证过，未用 Spark、Flink 写出的表验证。首次使用请先预览，装载后与来源核对行数和内容。',
    en: 'Tested against tables that ClickHouse wrote, not Spark or Flink. Preview it first, and compare rows and contents with the source after the first load.',
  },
  'ingestion.table_engine_elsewhere': {
    zh: '数据引擎（ClickHouse）不在平台所在的机器上，取不到平台为它打开的表文件。Iceberg、Delta 表只能由同一台机器上的引擎读取；请运维人员调整部署，或请来源方改为导出文件。',
    en: 'The data engine (ClickHouse) runs on another machine and cannot get the table’s files from this one. Tables of Iceberg and Delta need it beside the platform; else have files exported.',
  },
  'ingestion.table_forked': {
    zh: '这张表有两个同号的最新元数据文件（{object} 等），平台不能判断哪一个有效。请来源方清理写入失败的一个，或再成功写入一次后重试。',
    en: 'Two metadata files of this table have the same newest number ({object} is one); which one holds, its writer knows. Remove the one that failed, or write once more.',
  },
  'ingestion.table_unreadable': {
    zh: '这张表不能读取（{object}）：元数据或数据文件不符合格式规范、已损坏，或指向表的文件夹之外。本次没有写入任何数据，请来源方核对。',
    en: 'This table does not read ({object}): its metadata or files are not what the format asks for, damaged, or name places outside its folder. Nothing was written.',
  },
  'ingestion.table_file_gone': {
    zh: '表引用的文件“{object}”不在这张表的文件夹里：读取期间被清理，或指向文件夹之外（平台不读取文件夹之外的文件）。本次没有写入任何数据；请重新执行，仍失败的请来源方把表整体放入文件夹。',
    en: 'The table refers to “{object}”, which is not in its folder: removed meanwhile, or elsewhere, where it is not read. Nothing was written. Run again; if it stays, put the whole table into the folder.',
  },
  'ingestion.too_many_files': {
    zh: '此处文件达到 {count} 个，不能保证看到表的最新版本。请把文件夹或路径前缀缩小到少数几张表。',
    en: 'There are {count} files or more here, so a table’s newest version may not be among those seen. Narrow the folder or prefix to a few tables.',
  },
  'ingestion.not_sqlite': {
    zh: '这不是可读取的 SQLite 数据库，或文件已损坏（代码 {code}）。请核对路径，或请源系统重新导出。',
    en: 'This is no SQLite database that can be read, or it is damaged ({code}). Check the path or export it again.',
  },
  'ingestion.host_key': {
    zh: '服务器出示的主机密钥为 {code}，与登记的不一致（或尚未登记）。请与服务器管理员核对，一致后填入“主机密钥指纹”再检查。',
    en: 'The server shows the key {code}, which is not the registered one. Compare it with what its administrator says, then enter it.',
  },
  'ingestion.private_key': {
    zh: '私钥无法读取。请粘贴完整的 PEM 私钥（含首尾两行，不设密码），或改填口令。',
    en: 'The private key cannot be read. Paste the whole PEM key without a passphrase, or a password.',
  },
  'ingestion.remote_folder_unknown': {
    zh: '服务器上没有这个文件夹，请核对路径。',
    en: 'There is no such folder on the server. Check the path.',
  },
  'ingestion.source_standby': {
    zh: '这个名称节点现在不提供读取（{code}：备用节点或安全模式）。请稍后重试；主备已切换的，请改填主节点或 HttpFS 的地址。',
    en: 'This name node does not serve now ({code}: standby or safe mode). Try again later, or give the address of the active one or of HttpFS.',
  },
  'ingestion.topic_anew': {
    zh: 'Kafka 主题“{object}”已不是上次装载的那个主题（被删除后重建，或消息被截断），接着装载会漏数或重数，本次未生效。请与源系统核实后，选择“从头重新汇聚”。',
    en: 'Topic “{object}” is not the one that was loaded before: it was deleted and made anew, or truncated. Nothing was loaded. Ask its owner, then load afresh.',
  },
  'ingestion.sasl_mechanism': {
    zh: 'Kafka 不接受所选的认证方式（代码 {code}）。请向源系统管理员确认该监听端口的 SASL 方式，再修改“认证方式”。',
    en: 'Kafka does not take this way of logging in ({code}). Ask its administrator which SASL mechanism the listener has.',
  },
  'ingestion.message_unreadable': {
    zh: 'Kafka 中有一批消息无法解读（{code}）：校验和不符、压缩损坏，或为 Kafka 0.11 以前的旧格式。本次未生效，请源系统管理员检查。',
    en: 'A batch of Kafka’s messages cannot be read ({code}): damaged, or of the format before Kafka 0.11. Nothing was loaded; ask its administrator.',
  },
  'ingestion.reason_messages': {
    zh: '按最新的 {read} 条消息识别字段，其中 {broken} 条不是 JSON 对象。',
    en: 'The fields are those of the newest {read} messages, of which {broken} are no JSON object.',
  },
  'ingestion.redirect_refused': {
    zh: '该地址跳转到了别处，为安全起见没有跟随。请填写文件的最终地址（https）。',
    en: 'The address leads elsewhere and was not followed. Give the final address of the file.',
  },
  'ingestion.source_away': {
    zh: '数据留在源端（{org}“{source}”），源端暂时没有应答：{reason} 请稍后重试；持续不通的，请联系{org}的数据专员。',
    en: 'The data stay at their source (“{source}” of {org}), which does not answer: {reason} Try again later, or ask its data steward.',
  },
  'ingestion.source_lost_reading': {
    zh: '读取源端时连接中断或超时（代码 {code}）。',
    en: 'The connection to the source broke or took too long ({code}).',
  },
  'ingestion.logical_source': {
    zh: '这种数据源不支持逻辑接入，请改用汇聚任务。目前支持 PostgreSQL 及兼容数据库。',
    en: 'This kind of source cannot be read in place. Load it instead. PostgreSQL and what speaks its protocol can.',
  },
  'ingestion.logical_type': {
    zh: '字段“{column}”的类型与信息项“{item}”不符。逻辑接入不做转换，请修改目录的数据类型，或改用汇聚任务。',
    en: 'Column “{column}” is not of the type of “{item}”. Nothing is converted where nothing is collected: change the type, or load it.',
  },
} as const
