import { EntryContent, type Item } from '#contract/catalog.ts'
import type { App } from '../server/app.ts'
import { adoptEntries } from '../server/catalog/index.ts'
import { newId } from '../server/kernel/ids.ts'
import { emit, inTx } from '../server/store/index.ts'
import { buildCorpus, type CorpusEntry } from './build-corpus.ts'

export interface Scale {
  systems: number
  entries: number
  items: number
}

const perBatch = 250

/**
 * Brings the demo city to the true scale of Xiamen by adopting an existing catalog, as a city does that moves from an older
 * platform: systems and published entries in batches, each batch one transaction with one audit entry. What exists already
 * counts; the sums are exact.
 */
export async function enlargeCity(app: App, scale: Scale): Promise<void> {
  const ctx = app.system('demo.adopt_catalog')
  const orgs = await ctx.db.selectFrom('security.org').select(['id', 'name']).where('kind', '!=', 'bureau').orderBy('name').execute()
  const have = await ctx.db
    .selectFrom('catalog.entry')
    .select((eb) => [eb.fn.countAll<number>().as('entries'), eb.fn.sum<number>('item_count').as('items')])
    .executeTakeFirstOrThrow()
  const systemsThere = await ctx.db
    .selectFrom('catalog.system')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const systems = await adoptSystems(ctx, orgs, scale.systems - Number(systemsThere.count))
  const missing = scale.entries - Number(have.entries)
  const contents = withExactItems(buildCorpus(missing, { seed: 7, items: 20 }), scale.items - Number(have.items))
  for (let start = 0; start < missing; start += perBatch) {
    const batch = contents.slice(start, start + perBatch)
    await inTx(app.system('demo.adopt_catalog'), async (ctx) => {
      await adoptEntries(
        ctx,
        batch.map((content, index) => {
          const system = systems[(start + index) % systems.length]!
          return { providerOrgId: system.org_id, content: { ...content, systemId: system.id } }
        }),
      )
      emit(ctx, { action: 'catalog.entries_adopted', detail: { entries: batch.length } })
    })
  }
}

async function adoptSystems(
  outer: ReturnType<App['system']>,
  orgs: { id: string; name: string }[],
  count: number,
): Promise<{ id: string; org_id: string }[]> {
  const rows = Array.from({ length: Math.max(0, count) }, (_, index) => {
    const org = orgs[index % orgs.length]!
    return {
      id: newId(),
      code: `SYS-A${String(index + 1).padStart(5, '0')}`,
      org_id: org.id,
      name: `${org.name.replace('厦门市', '')}业务系统${Math.floor(index / orgs.length) + 1}`,
      short_name: '',
      description: '由原平台目录迁入。',
      state: 'in_use',
      network: 'government_extranet',
      protection_level: 2,
      duty: '',
      builder: '',
      no_data_reason: '',
    }
  })
  await inTx(outer, async (ctx) => {
    for (let start = 0; start < rows.length; start += perBatch)
      await ctx.db
        .insertInto('catalog.system')
        .values(rows.slice(start, start + perBatch))
        .execute()
    emit(ctx, { action: 'catalog.systems_adopted', detail: { systems: rows.length } })
  })
  return rows.map(({ id, org_id }) => ({ id, org_id }))
}

/** Contents of the corpus whose items add up to `total`: the last ones are given or relieved of a few. */
function withExactItems(corpus: CorpusEntry[], total: number): EntryContent[] {
  let left = total
  const used = new Set<string>()
  return corpus.map((entry, index) => {
    const rest = corpus.length - index - 1
    const wanted = rest === 0 ? left : Math.max(1, Math.min(left - rest, Math.round(left / (rest + 1)) + (entry.items.length - 20)))
    left -= wanted
    const name = used.has(entry.name) ? `${entry.name}（${index}）` : entry.name
    used.add(name)
    return toContent(entry, name, wanted)
  })
}

function toContent(entry: CorpusEntry, name: string, items: number): EntryContent {
  const listed = Array.from({ length: items }, (_, index): Partial<Item> => {
    const { name, code } = entry.items[index % entry.items.length]!
    return {
      code: `${/^[A-Za-z_]/.test(code) ? code : `X${code}`}_${index + 1}`.slice(0, 63),
      name,
      dataType: 'C',
      length: 100,
      isKey: index === 0,
    }
  })
  const cycle = {
    实时: 'realtime',
    每日: 'daily',
    每周: 'weekly',
    每月: 'monthly',
    每季度: 'quarterly',
    每半年: 'half_yearly',
    每年: 'yearly',
    不定期: 'irregular',
  }[entry.facets.updateCycle]
  const sharing = { 无条件共享: 'unconditional', 有条件共享: 'conditional', 不予共享: 'not_shared' }[entry.facets.sharingType]
  return EntryContent.parse({
    name,
    abstract: entry.abstract,
    subject: '01',
    topic: '100',
    items: listed,
    updateCycle: cycle,
    sharingType: sharing,
    sharingCondition: sharing === 'conditional' ? '经提供部门审批。' : '',
    sharingBasis: sharing === 'not_shared' ? '原平台登记的依据，待重新核定。' : '',
    openType:
      entry.facets.openingType === '无条件开放' ? 'open' : entry.facets.openingType === '有条件开放' ? 'on_application' : 'not_open',
    secrecyReview: '由原平台目录迁入。',
    privacyReview: '由原平台目录迁入。',
  })
}
