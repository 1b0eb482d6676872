export type { Ctx, Db, LakeEngine, Tx, TxCtx } from './ctx.ts'
export { isDatabaseAway } from './database-away.ts'
export { type ControlPlane, openDb } from './db.ts'
export { type EventFeed, type FeedEvent, openEventFeed } from './event-feed.ts'
export {
  appendEvents,
  type ChainCheck,
  type ChainHead,
  chainRecords,
  type EventInput,
  type EventRecord,
  emit,
  getChainHead,
  toEventRecord,
  verifyChain,
} from './events.ts'
export { openFiles, renameSynced } from './files.ts'
export { type KeyFile, openKeyFile, writeKeyFile } from './key-file/key-file.ts'
export { inTx } from './in-tx.ts'
export { type Lake, openLake } from './lake/lake.ts'
export { moveLake } from './lake/move/move-lake.ts'
export { dropEmbeddedLake, hasEmbeddedLake, readMoved, refuseOtherLake, writeMoved } from './lake/move/moved-home.ts'
export { findUnreadable } from './find-unreadable.ts'
export { damagedTables } from './lake/damage.ts'
export { LakeError } from './lake/lake-error.ts'
export { quoteText } from './lake/parameters.ts'
export { quoteIdentifier } from './lake/quote-identifier.ts'
export { lockHome } from './lock.ts'
export { schemaFingerprint } from './migrate.ts'
export type { Tables } from './tables.ts'
export type { Cell } from './spreadsheet/read-cell.ts'
export { openXlsx, type Xlsx, type XlsxRow } from './spreadsheet/read-xlsx.ts'
export { writeCsv } from './spreadsheet/write-csv.ts'
export { type CellValue, type SheetColumn, type SheetToWrite, writeXlsx } from './spreadsheet/write-xlsx.ts'
export { sql } from 'kysely'
