import { EntryContent } from '../contract/catalog.ts'
import type { z } from 'zod'
import type { Client, TestCity } from './city.ts'

/** A content that can be submitted as it is: what is given, and whatever else the law wants to see. */
export function buildContent(given: Partial<z.input<typeof EntryContent>> & { name: string }): EntryContent {
  return EntryContent.parse({
    abstract: `${given.name}的基本情况，用于部门间业务协同。`,
    formatType: 'mysql',
    items: [
      { code: 'id', name: '编号', dataType: 'C', length: 32, isKey: true, isRequired: true },
      { code: 'name', name: '名称', dataType: 'C', length: 200 },
      { code: 'updated_at', name: '更新时间', dataType: 'T' },
    ],
    secrecyReview: '经评估不涉及国家秘密和工作秘密，可以共享',
    privacyReview: '不涉及个人信息',
    ...given,
  })
}

export interface BuiltEntry {
  entryId: string
  revisionId: string
  steward: Client
  officer: Client
  bureau: Client
}

/** Walks a new entry through both gates by the routes that people use. The bureau is 厦门市数据管理局. */
export async function publishEntry(
  city: Pick<TestCity, 'as'>,
  orgName: string,
  given: Partial<z.input<typeof EntryContent>> & { name: string },
): Promise<BuiltEntry> {
  const steward = await city.as(orgName, 'steward')
  const officer = await city.as(orgName, 'data_officer')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const { id: revisionId, entryId } = await steward.call('create_entry', { body: { content: buildContent(given) } })
  await passGates({ entryId, revisionId, steward, officer, bureau })
  return { entryId, revisionId, steward, officer, bureau }
}

/** Submit, department, bureau. */
export async function passGates({ revisionId, steward, officer, bureau }: BuiltEntry): Promise<void> {
  const params = { revisionId }
  await steward.call('submit_revision', { params })
  await officer.call('pass_department_review', { params, body: {} })
  await bureau.call('publish_revision', { params, body: {} })
}
