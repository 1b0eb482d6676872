import type { Grant, GrantQuery, GrantRows } from '../kernel/grant.ts'
import type { Ctx, Lake } from '../store/index.ts'

/** Opens the one door to content of the lake (architecture.md §2.3). app.ts hands it to every ctx. */
export function openLakeReader(lake: Lake): Pick<Ctx, 'read' | 'readBytes'> {
  void lake
  return {
    read: async (_grant: Grant, _query: GrantQuery): Promise<GrantRows> => {
      throw new Error('no grant can be minted yet')
    },
    readBytes: async () => {
      throw new Error('no grant can be minted yet')
    },
  }
}
