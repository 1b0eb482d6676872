import { destructionKinds } from '#contract/ingestion/retention.ts'
import { conflict } from '../../kernel/errors.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { evidenceHash } from './destroy-data.ts'
import { getDestruction } from './present-destruction.ts'
import type { DestructionRow } from './retention-store.ts'

/** The certificate 数据销毁证明 as one page of HTML that prints on A4; nothing of the records is in it. @throws conflict `state.refused` */
export async function printDestruction(ctx: Ctx, id: string) {
  const row = await getDestruction(ctx, id)
  if (row.state !== 'destroyed') throw conflict('state.refused', { state: '未销毁' })
  const name = `数据销毁证明-${row.number}.html`
  return { fileName: name, contentType: 'text/html; charset=utf-8', body: Buffer.from(pageOf(row, ctx.profile.name.zh)) }
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`)
const clock = (at: Date) => `${toLocalDate(at)} ${at.toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })}`
const methods = {
  entry: '解除挂接后删除全部数据表（含历次装载、切片与隔离数据）及上传的源文件，并逐一查验不存在',
  rows: '将未超期记录写入新表、切换后删除原表及历次装载的数据表，并逐一查验不存在',
  quarantine: '删除隔离数据表并清除人工更正的内容，逐一查验不存在',
}

function pageOf(row: DestructionRow, city: string): string {
  const { tables, files } = row.evidence!
  const facts: [string, string][] = [
    ['数据提供单位', row.org_name],
    ['公共数据目录', row.entry_name],
    ['销毁范围', `${destructionKinds[row.kind].zh}${row.cutoff ? `（${row.cutoff} 之前）` : ''}`],
    ['销毁原因', row.reason],
    ['依据', row.citation],
    ['提出', `${row.proposed_by}，${clock(row.proposed_at)}`],
    ['审批', `${row.decided_by}，${clock(row.decided_at!)}${row.opinion ? `，意见：${row.opinion}` : ''}`],
    ['销毁方法', methods[row.kind]],
    ['销毁完成', clock(row.destroyed_at!)],
    ['合计', `${tables.reduce((sum, table) => sum + table.rows, 0)} 行，${tables.length} 张表，${files.length} 个文件`],
    ['证据校验值（SHA-256，与审计记录一致）', evidenceHash(row.evidence!)],
  ]
  const lines = (rows: string[][]) => rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')
  const things = [
    ...tables.map(({ name, rows, bytes, digest }) => [name, String(rows), bytes === null ? '—' : String(bytes), digest]),
    ...files.map(({ name, bytes, sha256 }) => [name, '—', String(bytes), sha256]),
  ]
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>数据销毁证明 ${row.number}</title>
<style>@page{size:A4;margin:20mm}body{font:14px/1.6 serif;max-width:170mm;margin:auto}h1{text-align:center;font-size:22px}table{width:100%;border-collapse:collapse;margin:12px 0}td,th{border:1px solid #333;padding:4px 8px;text-align:left;vertical-align:top;word-break:break-all}.sign{display:flex;justify-content:space-between;margin-top:40px}</style>
<h1>${escaped(city)}公共数据销毁证明</h1><p>编号：${row.number}</p>
<table>${facts.map(([name, value]) => `<tr><th style="width:34%">${escaped(name)}</th><td>${escaped(value)}</td></tr>`).join('')}</table>
<table><tr><th>数据表或文件</th><th>行数</th><th>字节</th><th>销毁前摘要</th></tr>${lines(things)}</table>
<div class="sign"><span>经办人（签字）：</span><span>监督人（签字）：</span><span>单位（盖章）：</span></div></html>`
}
