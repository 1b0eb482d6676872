/** Agents 前置机 and what they deliver. */
export const agentMessages = {
  'ingestion.agent_name_taken': { zh: '本单位已有名为“{name}”的前置机，请换一个名称。', en: 'There is an agent named “{name}” already.' },
  'ingestion.agent_signature': {
    zh: '前置机的签名不正确或已用过。请确认前置机与平台之间没有改写内容的代理，必要时重新接入。',
    en: 'The agent’s signature is wrong or was used before. Check for proxies that rewrite contents, or enrol the agent anew.',
  },
  'ingestion.agent_clock': {
    zh: '前置机的时钟与平台相差 {skew} 秒，超过 {limit} 秒。请校准前置机的时钟。',
    en: 'The agent’s clock is {skew} s off; at most {limit} s are allowed. Set its clock.',
  },
  'ingestion.agent_code': {
    zh: '接入码不正确、已用过或已过期（24 小时）。请在“前置机”页面重新登记，取得新的接入码。',
    en: 'The code is wrong, used or expired (24 hours). Register the agent again for a new one.',
  },
  'ingestion.agent_revoked': { zh: '该前置机已停用。请联系本单位数据专员。', en: 'The agent has been revoked. Ask your data steward.' },
  'ingestion.agent_unknown': { zh: '没有这台前置机，或不属于本单位。请从列表中选择。', en: 'No such agent of this organisation.' },
  'ingestion.agent_not_active': {
    zh: '前置机还没有接入，或已停用。请按接入码在部门内网启动前置机。',
    en: 'The agent has not enrolled yet, or was revoked. Start it in the department with its code.',
  },
  'ingestion.agent_away': {
    zh: '前置机已超过 2 分钟没有联系平台。任务会保留，线路恢复后自动继续；请部门检查前置机和网络。',
    en: 'The agent has not called for two minutes. Orders are kept and go on when the line is back. Check the agent and the network.',
  },
  'ingestion.agent_connection_unknown': {
    zh: '前置机的配置里没有这个连接名。请核对前置机 agent.json 的 connections。',
    en: 'The agent knows no connection of this name. Check connections in its agent.json.',
  },
  'ingestion.agent_connection_failed': {
    zh: '前置机连接不上部门的数据库。请部门检查数据库是否运行、账号是否有效。',
    en: 'The agent cannot reach the department’s database. Check that it runs and that the account is valid.',
  },
  'ingestion.agent_no_preview': {
    zh: '数据在部门内网，前置机只报送表结构，不报送数据。请装载后查看。',
    en: 'The data stay in the department; only structures are reported. Load the table to see its rows.',
  },
  'ingestion.delivery_over': { zh: '平台已不再等待这批数据。', en: 'Nobody waits for this delivery any more.' },
  'ingestion.delivery_incomplete': {
    zh: '第 {number} 个分片没有收到或内容不同，请重新传送。',
    en: 'Slice {number} is missing or another one.',
  },
  'ingestion.delivery_other': {
    zh: '前置机送达的数据与现在的汇聚任务不符（任务已修改）。请重新执行装载。',
    en: 'What was delivered does not fit the plan as it is now. Run the load again.',
  },
  'ingestion.no_program': {
    zh: '平台上没有可供升级的前置机程序，或这台前置机已在运行它、正在升级到它。请刷新页面查看。',
    en: 'The city has no program for this agent, or the agent runs it or is being upgraded to it. Reload the page.',
  },
  'ingestion.upgrade_over': { zh: '这次升级已结束或已被新的升级取代。', en: 'This upgrade is over.' },
  'ingestion.upgrade_replaced': { zh: '已由新的升级取代。', en: 'Replaced by a later upgrade.' },
  'ingestion.program_not_vouched': {
    zh: '升级命令的签名不是本前置机接入时登记的平台密钥所签，前置机没有执行。请检查线路；平台更换过密钥的，请重新登记前置机。',
    en: 'The order was not signed by the city that the agent enrolled with; it did nothing. Check the line; where the city has a new key, enrol anew.',
  },
  'ingestion.program_altered': {
    zh: '收到的程序与升级命令的摘要不符，前置机没有运行它。请检查中间有没有改写内容的代理，然后重新升级。',
    en: 'What arrived is not the ordered program; it was not run. Check for proxies that rewrite contents, then upgrade again.',
  },
  'ingestion.program_not_kept': {
    zh: '程序没能写入前置机的文件夹（{detail}）。请检查磁盘空间和权限，然后重新升级。',
    en: 'The program could not be written to the agent’s folder ({detail}). Check space and permissions, then upgrade again.',
  },
  'ingestion.program_ended': {
    zh: '新程序启动 {tries} 次都没能联系上平台就退出了（{detail}），前置机已恢复运行原来的程序。',
    en: 'The new program ended {tries} times before it reached the city ({detail}). The agent runs the former one again.',
  },
  'ingestion.program_silent': {
    zh: '新程序 {seconds} 秒内没能联系上平台，前置机已恢复运行原来的程序。请确认线路正常后重新升级。',
    en: 'The new program did not reach the city within {seconds} s. The agent runs the former one again. Check the line, then upgrade again.',
  },
} as const
