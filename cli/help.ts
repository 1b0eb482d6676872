import { roles } from '#contract/security.ts'
import { type Command, commands } from './command.ts'

const roomNames: Record<string, string> = {
  security: '安全保障',
  duty: '时限',
  catalog: '目录',
  ingestion: '汇聚',
  sharing: '共享',
  assessment: '台账与考核',
}

export function helpAll(): string {
  const lines = [
    '用法：datong <房间> <命令> [--选项 值 …]',
    '',
    '登录：datong login --login-name 登录名（口令从标准输入读取）',
    '环境变量：DATONG_URL 平台地址；DATONG_SESSION 会话文件；DATONG_LANGUAGE zh|en',
    '每个命令：--json 原样输出；--get 路径 只输出一个值；--body 文件 以 JSON 文件为内容；--file 上传或保存的文件',
    '',
  ]
  for (const [room, name] of Object.entries(roomNames)) {
    lines.push(`${room}  ${name}`)
    for (const command of commands.filter((candidate) => candidate.room === room))
      lines.push(`  ${command.name.padEnd(30)}${command.spec.summary}`)
    lines.push('')
  }
  return lines.join('\n')
}

export function helpOf(command: Command): string {
  const lines = [
    `datong ${command.room} ${command.name}`,
    command.spec.summary,
    `${command.spec.method} ${command.spec.path}`,
    `需要：${needsOf(command)}`,
    '',
  ]
  for (const flag of command.flags) {
    const values = flag.values.length > 0 ? `  ${flag.values.join(' | ')}` : flag.kind === 'json' ? '  JSON' : ''
    lines.push(`  --${flag.name.padEnd(24)}${flag.isRequired ? '必填' : '    '}${values}`)
  }
  if (command.spec.body === 'file') lines.push('  --file                    必填  要上传的文件')
  return lines.join('\n')
}

function needsOf({ spec: { needs } }: Command): string {
  if (needs === 'public' || needs === 'session' || needs === 'signature')
    return { public: '无', session: '已登录', signature: 'AK/SK 签名' }[needs]
  const held = Object.values(roles)
    .filter((role) => (role.scopes as readonly string[]).includes(needs))
    .map((role) => role.zh)
  return `${needs}（${held.join('、')}）`
}
